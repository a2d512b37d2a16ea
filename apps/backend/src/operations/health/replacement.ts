/**
 * When an instance that hangs is killed: not at the first silence, one at a time, at growing
 * distances, and no more when it does not help. Whether it is started again is the keeper's
 * policy. Nobody is killed because a neighbour or the database is away: only who does not even say
 * that it lives hangs.
 */
import { judge, MEMORY_MS } from '../supervisor/restart-policy.ts';

/** Looks without an answer, the first two of them in the round that found it. */
export const HUNG_LOOKS = 3;
/** Others wait for so long: all at once would be the outage the monitor is there to prevent. */
const APART_MS = 10_000;

export interface Replacements {
  /** Whether this one may be killed now; a yes is remembered. */
  mayReplace(name: string, silentLooks: number, nowMs: number): boolean;
}

export function createReplacements(chance: () => number): Replacements {
  const done = new Map<string, number[]>();
  return {
    mayReplace(name, silentLooks, nowMs) {
      if (silentLooks < HUNG_LOOKS) return false;
      const last = Math.max(...[...done.values()].flat(), -Infinity);
      if (nowMs - last < APART_MS) return false;
      const own = (done.get(name) ?? []).filter((atMs) => nowMs - atMs < MEMORY_MS);
      const verdict = judge(
        own.map((atMs) => ({ atMs, readyAtMs: undefined })),
        chance(),
      );
      if (verdict.outcome === 'give_up') return false;
      const ownLast = own.at(-1);
      if (ownLast !== undefined && nowMs - ownLast < verdict.delayMs) return false;
      done.set(name, [...own, nowMs]);
      return true;
    },
  };
}
