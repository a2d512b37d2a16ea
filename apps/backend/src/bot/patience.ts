/** Nobody looks at a still screen: what takes long is announced, what is optional is left out. */
import type { Clock } from '@opora/kernel';

/** Answers later than this are slow: the tap is answered and "typing" shown before. */
const SLOW_MS = 700;
/** A reason of ours: without one an error with its stack is built for each answer. */
const IN_TIME = 'in time';

/** Runs `onSlow` once when `work` is not done in time; never fails because of it. */
export async function withPatience<T>(
  clock: Clock,
  work: Promise<T>,
  onSlow: () => Promise<void>,
): Promise<T> {
  const done = new AbortController();
  void clock.sleep(SLOW_MS, done.signal).then(async () => {
    if (!done.signal.aborted) await onSlow().catch(() => undefined);
  });
  try {
    return await work;
  } finally {
    done.abort(IN_TIME);
  }
}

/** The result, or undefined when it failed or took longer than `maxMs`. For extras only. */
export async function inTime<T>(
  clock: Clock,
  maxMs: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const done = new AbortController();
  const late = clock.sleep(maxMs, done.signal).then(() => undefined);
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    done.abort(IN_TIME);
  }
}
