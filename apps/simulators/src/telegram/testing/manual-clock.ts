import type { Clock } from '@opora/kernel';

/** Time that only moves when a test says so. */
export interface ManualClock extends Clock {
  /** Moves both clocks and wakes who slept long enough. */
  advance(ms: number): void;
  /** Resolves when somebody sleeps for exactly `ms`: then it is safe to advance. */
  asleepFor(ms: number): Promise<void>;
}

type Sleeper = { ms: number; until: number; wake: () => void };

export function createManualClock(start = '2026-11-20T11:02:00Z'): ManualClock {
  const zero = Date.parse(start);
  let passed = 0;
  const sleepers = new Set<Sleeper>();
  const waiting = new Set<{ ms: number; tell: () => void }>();
  return {
    now: () => new Date(zero + passed),
    monotonicMs: () => passed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          ms,
          until: passed + ms,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
        for (const each of [...waiting]) {
          if (each.ms !== ms) continue;
          waiting.delete(each);
          each.tell();
        }
      }),
    advance(ms) {
      passed += ms;
      for (const sleeper of [...sleepers]) if (sleeper.until <= passed) sleeper.wake();
    },
    asleepFor: (ms) =>
      new Promise((resolve) => {
        if ([...sleepers].some((sleeper) => sleeper.ms === ms)) resolve();
        else waiting.add({ ms, tell: resolve });
      }),
  };
}
