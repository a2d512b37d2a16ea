/**
 * The drill about the monitor: real incidents against a platform of its own, told to a chat and a
 * mailbox, and many more on a manual clock, judged by an independent model of what staff must read.
 */
import type { DrillDeps } from '../auth/stage.ts';
import { playReal, type RealName, type RealOutcome } from './real.ts';
import { rehearse, type Rehearsed, type RehearsedFault } from './rehearse.ts';

export type MonitorOptions = Readonly<{
  real: readonly RealName[];
  rehearsed: number;
  seed: number;
  planted: RehearsedFault | undefined;
}>;

export type MonitorReport = Readonly<{
  drill: 'monitor';
  options: MonitorOptions;
  real: RealOutcome;
  rehearsed: Readonly<{
    incidents: number;
    scripts: number;
    /** Of these the monitor was killed before anybody was told. */
    killed: number;
    missed: number;
    doubled: number;
    invented: number;
    untoldEnds: number;
    late: number;
  }>;
  violations: readonly string[];
  /** What was slower than the sheet says; of a busy machine it says little. */
  late: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const SEEN_WITHIN_MS = { crash: 1_000, hang: 10_000, other: 30_000 } as const;
const TOLD_WITHIN_MS = 5_000;
const SAID_MAX = 12;
/** A machine may be busy or small without anybody's doing; it says so, and that is right. */
const OF_THE_MACHINE = new Set(['cpu', 'memory', 'loop', 'late', 'resident', 'pool', 'slow']);

/** Throws `DrillRefused` when it cannot take place. */
export async function runMonitorDrill(
  options: MonitorOptions,
  deps: DrillDeps,
): Promise<MonitorReport> {
  const { rehearsed: incidents, seed, planted: fault } = options;
  const rehearsed = await rehearse({ incidents, seed, fault }, deps.say);
  const nothing = { incidents: [], besides: [], doubled: [], notTried: [] };
  const real = options.real.length === 0 ? nothing : await playReal(options.real, deps);
  return judgeMonitor(options, real, rehearsed);
}

export function judgeMonitor(
  options: MonitorOptions,
  real: RealOutcome,
  rehearsed: readonly Rehearsed[],
): MonitorReport {
  const sum = (of: (one: Rehearsed) => number): number =>
    rehearsed.reduce((total, one) => total + of(one), 0);
  const all = (of: (one: Rehearsed) => readonly string[]): string[] =>
    rehearsed.flatMap(of).slice(0, SAID_MAX);
  const late = real.incidents.flatMap(({ name, kind, seenMs, toldMs }) => [
    ...(seenMs !== null && seenMs > SEEN_WITHIN_MS[kind] ? [`${name}: seen late`] : []),
    ...(toldMs !== null && toldMs > TOLD_WITHIN_MS ? [`${name}: told late`] : []),
  ]);
  const violations = [
    ...real.incidents.flatMap(({ name, seenMs, toldMs, isEndTold }) => [
      ...(seenMs === null ? [`${name}: missed`] : []),
      ...(seenMs !== null && toldMs === null ? [`${name}: not told to everybody`] : []),
      ...(isEndTold ? [] : [`${name}: its end was not told`]),
    ]),
    ...real.doubled.map((words) => `told twice: ${words}`),
    ...real.besides
      .filter(({ kind }) => !OF_THE_MACHINE.has(kind))
      .map(({ kind, subject }) => `told of ${subject} (${kind}) without a cause`),
    ...all(({ missed }) => missed),
    ...all(({ doubled }) => doubled),
    ...all(({ invented }) => invented),
    ...all(({ untoldEnds }) => untoldEnds),
    ...all((one) => one.late),
  ];
  const count = sum(({ incidents }) => incidents);
  if (count < options.rehearsed) violations.push('too few incidents on the manual clock');
  return {
    drill: 'monitor',
    ...{ options, real },
    rehearsed: {
      ...{ incidents: count, scripts: rehearsed.length },
      killed: rehearsed.filter(({ isKilled }) => isKilled).length,
      missed: sum(({ missed }) => missed.length),
      doubled: sum(({ doubled }) => doubled.length),
      invented: sum(({ invented }) => invented.length),
      untoldEnds: sum(({ untoldEnds }) => untoldEnds.length),
      late: sum((one) => one.late.length),
    },
    ...{ violations, late },
    verdict: violations.length === 0 && late.length === 0 ? 'passed' : 'failed',
  };
}
