import type { Clock } from '@opora/kernel';

type Sleeper = { due: number; wake: () => void };

/** Time that stands still until the test moves it. */
export interface ManualClock extends Clock {
  set(at: string): void;
  /** Moves on by `ms`, waking sleepers in their order and letting the network run in between. */
  advance(ms: number): Promise<void>;
}

export function createManualClock(at: string): ManualClock {
  let now = new Date(at).getTime();
  let passed = 0;
  const sleepers = new Set<Sleeper>();
  const breath = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return {
    now: () => new Date(now),
    monotonicMs: () => passed,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = {
          due: passed + ms,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    set(to) {
      now = new Date(to).getTime();
    },
    async advance(ms) {
      const end = passed + ms;
      for (;;) {
        await breath();
        const next = [...sleepers].sort((a, b) => a.due - b.due)[0];
        const to = next === undefined || next.due > end ? end : Math.max(next.due, passed);
        now += to - passed;
        passed = to;
        if (next === undefined || next.due > end) return;
        next.wake();
      }
    },
  };
}
