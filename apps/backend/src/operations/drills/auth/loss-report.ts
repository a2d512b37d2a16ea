/** What the drill about the loss of auth says: judged from outside, by what its people saw. Pure. */
import { countsOf } from '../counts.ts';
import { percentile, toTenths } from '../percentile.ts';
import type { Sample } from './load.ts';

export type LossOptions = Readonly<{
  rate: number;
  sessions: number;
  kills: number;
  /** Between two kills: an instance must have served half a minute, or the supervisor gives it up. */
  everyMs: number;
  instances: number;
}>;

export type LossReport = Readonly<{
  drill: 'auth-loss';
  options: LossOptions;
  kills: number;
  requests: number;
  /** Of those: signing in by a link, and renewing. */
  enters: number;
  refreshes: number;
  failed: number;
  /** Statuses of what failed, with their counts; 0: no answer. */
  failures: Readonly<Record<string, number>>;
  /** Calls that were not sent because two hundred were on their way. */
  skipped: number;
  ratePerS: number;
  /** Tries that instances of auth answered meanwhile, by the balancer's own count. */
  authAnswered: number;
  /** For each kill the p99 of the second it fell in; their median. */
  p99AtKillsMs: number | null;
  p99Ms: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const P99_AT_KILL_MAX_MS = 100;
const SECOND_MS = 1_000;

export function judgeLoss(facts: {
  options: LossOptions;
  samples: readonly Sample[];
  /** When each kill fell, from the start of the load. */
  killsAtMs: readonly number[];
  skipped: number;
  durationMs: number;
  authAnswered: number;
}): LossReport {
  const { options, samples, killsAtMs, authAnswered } = facts;
  const bad = samples.filter(({ status }) => status !== 200);
  const count = (kind: Sample['kind']): number => samples.filter((one) => one.kind === kind).length;
  const [enters, refreshes] = [count('enter'), count('refresh')];
  const p99s = killsAtMs.flatMap((killMs) => {
    const near = samples.filter(({ atMs }) => atMs >= killMs && atMs < killMs + SECOND_MS);
    return p99Of(near) ?? [];
  });
  const p99AtKillsMs = percentile(p99s, 0.5) ?? null;
  const violations = [
    ...(bad.length === 0
      ? []
      : [`${String(bad.length)} of ${String(samples.length)} calls failed`]),
    ...(killsAtMs.length === options.kills ? [] : ['not every kill took place']),
    ...(p99AtKillsMs !== null && p99AtKillsMs <= P99_AT_KILL_MAX_MS
      ? []
      : [`the second of a kill has a p99 of ${String(p99AtKillsMs)} ms (median)`]),
    // Every sign-in and renewal is auth's own work: fewer answers would mean somebody else gave them.
    ...(authAnswered >= enters + refreshes ? [] : ['auth answered less than was asked of it']),
    ...(enters > 0 && refreshes > 0 ? [] : ['nobody signed in or renewed']),
  ];
  return {
    drill: 'auth-loss',
    options,
    kills: killsAtMs.length,
    requests: samples.length,
    enters,
    refreshes,
    failed: bad.length,
    failures: countsOf(bad.map(({ status }) => String(status))),
    skipped: facts.skipped,
    ratePerS: Math.round((samples.length / facts.durationMs) * 1000),
    authAnswered,
    p99AtKillsMs,
    p99Ms: p99Of(samples) ?? 0,
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

function p99Of(samples: readonly Sample[]): number | undefined {
  const found = percentile(
    samples.map(({ tookMs }) => tookMs),
    0.99,
  );
  return found === undefined ? undefined : toTenths(found);
}
