import type { Ids } from '@opora/kernel';

/** Retries always allowed at once, and the share of active requests above that. */
const ALWAYS_ALLOWED = 3;
const SHARE_OF_ACTIVE = 0.2;

/** Full jitter: anywhere between nothing and `min(capMs, baseMs * 2^attempt)`, milliseconds. */
export function fullJitterMs(
  ids: Pick<Ids, 'chance'>,
  wait: { baseMs: number; capMs: number; attempt: number },
): number {
  return ids.chance() * Math.min(wait.capMs, wait.baseMs * 2 ** wait.attempt);
}

/** Retries in flight at once: a bad minute must not double the load. */
export interface RetryBudget {
  /** Takes a place among `active` requests; false: fail now. A taken place must be given back. */
  take(active: number): boolean;
  giveBack(): void;
  /** How often it said no. */
  readonly exhausted: number;
}

export function createRetryBudget(): RetryBudget {
  let retrying = 0;
  let exhausted = 0;
  return {
    take(active) {
      const allowed = retrying < Math.max(ALWAYS_ALLOWED, active * SHARE_OF_ACTIVE);
      if (allowed) retrying += 1;
      else exhausted += 1;
      return allowed;
    },
    giveBack() {
      retrying -= 1;
    },
    get exhausted() {
      return exhausted;
    },
  };
}
