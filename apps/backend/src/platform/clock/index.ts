/**
 * The one place that reads the machine's time and sets its timers. Everything else is given a
 * `Clock`, so tests decide what time it is.
 */
import type { Clock } from '@opora/kernel';

export { withinTurns, type Turns } from './within-turns.ts';

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    // Own timer instead of the promise of Node's: that one builds an error with a stack for each
    // aborted wait, and most waits here are deadlines that are aborted when the work was in time.
    new Promise<void>((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    }),
};
