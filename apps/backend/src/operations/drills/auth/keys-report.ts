/** What the drill about new keys says: judged from outside, by what its people saw. Pure. */
import { countsOf } from '../counts.ts';
import type { Load } from './load.ts';

export type KeysOptions = Readonly<{
  rate: number;
  sessions: number;
  /** Rotations of both sets, one after the other. */
  rotations: number;
  /** The planted fault: new keys are used before everybody knows them. */
  atOnce: boolean;
}>;

export type KeysReport = Readonly<{
  drill: 'keys';
  options: KeysOptions;
  rotations: number;
  requests: number;
  enters: number;
  refreshes: number;
  failed: number;
  /** Statuses of what failed, with their counts; 0: no answer. */
  failures: Readonly<Record<string, number>>;
  skipped: number;
  durationS: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

export function judgeKeys(
  facts: Load &
    Readonly<{
      options: KeysOptions;
      durationMs: number;
      /** The signing key in use before, and after each rotation. */
      keysInUse: readonly string[];
    }>,
): KeysReport {
  const { options, samples, keysInUse } = facts;
  const bad = samples.filter(({ status }) => status !== 200);
  const count = (kind: string): number => samples.filter((one) => one.kind === kind).length;
  const [enters, refreshes] = [count('enter'), count('refresh')];
  const rotations = new Set(keysInUse).size - 1;
  const violations = [
    ...(bad.length === 0
      ? []
      : [`${String(bad.length)} of ${String(samples.length)} calls failed`]),
    ...(rotations === options.rotations ? [] : ['not every rotation brought a new key']),
    ...(enters > 0 && refreshes > 0 ? [] : ['nobody signed in or renewed']),
  ];
  return {
    drill: 'keys',
    options,
    rotations,
    requests: samples.length,
    enters,
    refreshes,
    failed: bad.length,
    failures: countsOf(bad.map(({ status }) => String(status))),
    skipped: facts.skipped,
    durationS: Math.round(facts.durationMs / 1000),
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}
