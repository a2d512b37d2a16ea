/**
 * One incident for one cause: what only follows from another trouble is not told beside it. What is
 * muted is `unknown`, so it neither opens nor closes; when the cause is gone it is judged again. Pure.
 */
import type { Standing, Standings, TroubleKind } from './standing.ts';

type Cause = (standings: Standings) => boolean;

/** Both must be well before anybody may be blamed who needs the database. */
const isDatabaseAway: Cause = (standings) =>
  isGone(standings.get('postgres#0')) || isGone(standings.get('database#0'));
const isNobodyAt =
  (role: string): Cause =>
  (standings) => {
    const all = [...standings].filter(([subject]) => subject.startsWith(`${role}#`));
    return all.length > 0 && all.every(([, standing]) => isGone(standing));
  };
const isBusy: Cause = (standings) => typeof standings.get('cpu:machine') === 'object';

/** By what is muted: the kind of trouble, and about whom; absent: about anybody. */
const CAUSES: readonly Readonly<{ kind: TroubleKind; name?: string; causes: readonly Cause[] }>[] =
  [
    { kind: 'queue', causes: [isDatabaseAway, isNobodyAt('worker')] },
    { kind: 'undelivered', causes: [isDatabaseAway, isNobodyAt('worker')] },
    { kind: 'audit', causes: [isDatabaseAway, isNobodyAt('worker')] },
    { kind: 'pool', causes: [isDatabaseAway] },
    { kind: 'loop', causes: [isBusy] },
    { kind: 'late', causes: [isDatabaseAway, isBusy] },
    { kind: 'errors', causes: [isDatabaseAway] },
    ...['auth', 'api', 'bot'].flatMap((name) =>
      (['errors', 'late'] as const).map((kind) => ({ kind, name, causes: [isNobodyAt(name)] })),
    ),
  ];

export function withoutConsequences(standings: Standings): Standings {
  const isMuted = (subject: string, standing: Standing): boolean => {
    if (typeof standing === 'string') return false;
    // The server stands on the role that keeps it.
    if (subject === 'postgres#0') return isGone(standings.get('database#0'));
    const name = subject.slice(subject.indexOf(':') + 1);
    return CAUSES.some(
      (one) =>
        one.kind === standing.kind &&
        (one.name === undefined || one.name === name) &&
        one.causes.some((cause) => cause(standings)),
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
