/**
 * One incident for one cause: what only follows from another trouble is not told beside it. What is
 * muted is `unknown`, so it neither opens nor closes; when the cause is gone it is judged again. Pure.
 */
import type { Standing, Standings, TroubleKind } from './standing.ts';

/** When each service was last in trouble, and when now is; monotonic milliseconds. */
export type Lately = Readonly<{ troubledMs: ReadonlyMap<string, number>; nowMs: number }>;

/** Shares of answers tell of the last two minutes, and who was away needs a moment to catch up. */
const AFTERMATH_MS = 150_000;

/** Its server is looked at again so soon after the role that keeps it is back. */
const KEEPER_BACK_MS = 15_000;

type Cause = (standings: Standings, lately: Lately) => boolean;

const isDatabaseAway: Cause = (_standings, lately) =>
  isTroubled('postgres#0', lately) || isTroubled('database#0', lately);
const isNobodyAt =
  (role: string): Cause =>
  (standings) => {
    const all = [...standings].filter(([subject]) => subject.startsWith(`${role}#`));
    return all.length > 0 && all.every(([, standing]) => isGone(standing));
  };
/** An instance in trouble is the incident, not the answers that it failed. */
const isAnyTroubledAt =
  (role: string): Cause =>
  (standings, lately) =>
    [...standings.keys()].some((name) => name.startsWith(`${role}#`) && isTroubled(name, lately));
const isBusy: Cause = (standings) => typeof standings.get('cpu:machine') === 'object';

/** By what is muted: the kind of trouble, and about whom; absent: about anybody. */
const CAUSES: readonly Readonly<{
  kind: TroubleKind;
  name?: string;
  causes: readonly Cause[];
}>[] = [
  { kind: 'queue', causes: [isDatabaseAway, isNobodyAt('worker')] },
  { kind: 'undelivered', causes: [isDatabaseAway, isNobodyAt('worker')] },
  { kind: 'audit', causes: [isDatabaseAway, isNobodyAt('worker')] },
  { kind: 'pool', causes: [isDatabaseAway] },
  { kind: 'loop', causes: [isBusy] },
  { kind: 'late', causes: [isDatabaseAway, isBusy] },
  { kind: 'errors', causes: [isDatabaseAway] },
  ...['auth', 'api', 'bot'].flatMap((name) =>
    (['errors', 'late'] as const).map((kind) => ({ kind, name, causes: [isAnyTroubledAt(name)] })),
  ),
];

export function withoutConsequences(standings: Standings, lately: Lately): Standings {
  const isMuted = (subject: string, standing: Standing): boolean => {
    if (typeof standing === 'string') return false;
    // The server stands on the role that keeps it.
    if (subject === 'postgres#0') return isTroubled('database#0', lately, KEEPER_BACK_MS);
    const name = subject.slice(subject.indexOf(':') + 1);
    return CAUSES.some(
      (one) =>
        one.kind === standing.kind &&
        (one.name === undefined || one.name === name) &&
        one.causes.some((cause) => cause(standings, lately)),
    );
  };
  return new Map(
    [...standings].map(([subject, standing]) => [
      subject,
      isMuted(subject, standing) ? 'unknown' : standing,
    ]),
  );
}

function isGone(standing: Standing | undefined): boolean {
  return typeof standing === 'object' && standing.isUnavailable;
}

function isTroubled(
  name: string,
  { troubledMs, nowMs }: Lately,
  withinMs: number = AFTERMATH_MS,
): boolean {
  const atMs = troubledMs.get(name);
  return atMs !== undefined && nowMs - atMs < withinMs;
}
