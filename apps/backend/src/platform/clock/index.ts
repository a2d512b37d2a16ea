/**
 * The one place that reads the machine's time and sets its timers. Everything else is given a
 * `Clock`, so tests decide what time it is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@opora/kernel';

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    // An aborted wait is an answer, not a failure: loops look at their own signal.
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
