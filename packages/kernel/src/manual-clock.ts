import type { Clock } from './clock.ts';

/** Time that only moves when somebody says so: for tests, and for drills that rehearse hours. */
export interface ManualClock extends Clock {
  /** Moves both faces, waking who slept long enough in the order of their times. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. */
  readonly sleepers: number;
}

type Sleeper = { untilMs: number; wake: () => void };

export function createManualClock(start = '2026-11-20T12:00:00.000Z'): ManualClock {
  const startMs = Date.parse(start);
  const sleeping = new Set<Sleeper>();
  let passedMs = 0;
  return {
    now: () => new Date(startMs + passedMs),
    monotonicMs: () => passedMs,
    get sleepers() {
      return sleeping.size;
    },
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          untilMs: passedMs + ms,
          wake() {
            sleeping.delete(sleeper);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    async advance(ms) {
      const target = passedMs + ms;
      // What was just started must reach its first sleep before time moves.
      await settled();
      for (;;) {
        const next = [...sleeping]
          .filter((sleeper) => sleeper.untilMs <= target)
          .toSorted((one, other) => one.untilMs - other.untilMs)[0];
        if (next === undefined) break;
        passedMs = Math.max(passedMs, next.untilMs);
        next.wake();
        await settled();
      }
      passedMs = target;
      await settled();
    },
  };
}

/** Lets what was woken run until it waits again. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
