/** What the drill about ended sessions says. Pure. */
import { countsOf } from '../counts.ts';
import { percentile } from '../percentile.ts';

export type RevocationOptions = Readonly<{
  /** Sessions that are ended while all is well, and while the feed is cut. */
  sessions: number;
  cutSessions: number;
  /** Tries with ended sessions while no instance of auth answers. */
  tries: number;
}>;

export type RevocationReport = Readonly<{
  drill: 'revocation';
  options: RevocationOptions;
  /** From the answer to "leave" until the last call was sent that was let in, with the feed. */
  ended: number;
  p50Ms: number;
  p99Ms: number;
  /** The same while the feed does not answer. */
  endedWithoutFeed: number;
  worstWithoutFeedMs: number;
  /** Tries across an outage, by their status. */
  tried: number;
  accepted: number;
  statuses: Readonly<Record<string, number>>;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const WITH_FEED_MS = 1_000;
const WITHOUT_FEED_MS = 10_000;

export function judgeRevocation(facts: {
  options: RevocationOptions;
  withFeedMs: readonly number[];
  withoutFeedMs: readonly number[];
  statuses: readonly number[];
}): RevocationReport {
  const { options, statuses } = facts;
  const ended = facts.withFeedMs;
  const at = (share: number): number => Math.round(percentile(ended, share) ?? Infinity);
  const worst = Math.round(Math.max(0, ...facts.withoutFeedMs));
  const accepted = statuses.filter((status) => status < 400 && status > 0).length;
  const refused = statuses.filter((status) => status === 401).length;
  const violations = [
    ...(at(0.99) <= WITH_FEED_MS ? [] : [`p99 of an end is ${String(at(0.99))} ms`]),
    ...(worst <= WITHOUT_FEED_MS
      ? []
      : [`without the feed an ended session lived for ${String(worst)} ms`]),
    ...(accepted === 0 ? [] : [`${String(accepted)} tries of ended sessions were accepted`]),
    ...(ended.length === options.sessions ? [] : ['not every session was ended']),
    ...(facts.withoutFeedMs.length === options.cutSessions ? [] : ['the feed was not cut']),
    // A limit or a fault that refuses is no proof that the end was known.
    ...(statuses.length === options.tries && refused === statuses.length
      ? []
      : [`only ${String(refused)} of ${String(options.tries)} tries were refused as ended`]),
  ];
  return {
    drill: 'revocation',
    options,
    ended: ended.length,
    ...{ p50Ms: at(0.5), p99Ms: at(0.99) },
    endedWithoutFeed: facts.withoutFeedMs.length,
    worstWithoutFeedMs: worst,
    ...{ tried: statuses.length, accepted },
    statuses: countsOf(statuses.map(String)),
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}
