/** What the drill about a hanging and a gray instance of auth says. Pure. */
import { countsOf } from '../counts.ts';
import type { Load } from './load.ts';

export type HangOptions = Readonly<{
  rate: number;
  sessions: number;
  /** How often an instance is stopped. */
  stops: number;
  instances: number;
}>;

/** From the beginning of the fault until the balancer had taken the instance out; null: it never did. */
export type Ejection = Readonly<{ fault: Fault; tookMs: number | null }>;
export type Fault = 'hang' | 'gray-errors' | 'gray-slow';

export type HangReport = Readonly<{
  drill: 'auth-hang';
  options: HangOptions;
  ejections: readonly Ejection[];
  requests: number;
  failed: number;
  /** By what was asked and its status; 0: no answer. */
  failures: Readonly<Record<string, number>>;
  skipped: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const EJECTED_WITHIN_MS = { hang: 2_000, 'gray-errors': 5_000, 'gray-slow': 5_000 } as const;
const FAILED_SHARE_MAX = 0.001;

export function judgeHang(facts: {
  options: HangOptions;
  ejections: readonly Ejection[];
  loads: readonly Load[];
}): HangReport {
  const { options, ejections, loads } = facts;
  const samples = loads.flatMap((load) => load.samples);
  const bad = samples.filter(({ status }) => status !== 200);
  const hangs = ejections.filter(({ fault }) => fault === 'hang').length;
  const violations = [
    ...ejections.flatMap(late),
    ...(hangs === options.stops ? [] : ['not every stop took place']),
    ...(['gray-errors', 'gray-slow'] as const).flatMap((fault) =>
      ejections.some((each) => each.fault === fault) ? [] : [`${fault} did not take place`],
    ),
    ...(samples.length > 0 && bad.length <= samples.length * FAILED_SHARE_MAX
      ? []
      : [`${String(bad.length)} of ${String(samples.length)} calls failed`]),
  ];
  return {
    drill: 'auth-hang',
    options,
    ejections,
    requests: samples.length,
    failed: bad.length,
    failures: countsOf(bad.map(({ kind, status }) => `${kind} ${String(status)}`)),
    skipped: loads.reduce((sum, { skipped }) => sum + skipped, 0),
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

function late({ fault, tookMs }: Ejection): string[] {
  if (tookMs === null) return [`${fault}: the instance was never taken out`];
  const most = EJECTED_WITHIN_MS[fault];
  return tookMs <= most
    ? []
    : [`${fault}: taken out after ${String(tookMs)} ms, not ${String(most)}`];
}
