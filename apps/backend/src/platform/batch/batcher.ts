/**
 * Callers that wait together are committed together. While one batch is being written the next
 * one gathers; nobody is answered before the batch they are in has been committed. A failing batch
 * is tried again one by one, so a poisonous item fails alone; when it failed for a reason that
 * passes by itself (the database is away), all are told at once instead of waiting one by one.
 *
 * Limits: `sizeMax` items a batch, `waitingMax` callers waiting; one more is refused.
 */
import { OperationalError } from '@opora/kernel';

/** Too many callers wait already: the honest answer is "later", not a longer queue. */
export class BatchFull extends OperationalError {
  readonly code = 'platform.batch_full';
}

export interface Batcher<T, R> {
  /** Resolves with the item's result after its batch was committed. */
  add(item: T): Promise<R>;
}

type Waiting<T, R> = { item: T; resolve: (result: R) => void; reject: (error: unknown) => void };

export function createBatcher<T, R>(options: {
  sizeMax: number;
  waitingMax: number;
  /** Batches being written at once; the second begins when a whole batch waits. */
  writersMax: number;
  /** Items with one key never share a batch: they touch the same row. Absent: all may. */
  keyOf?: (item: T) => string;
  /** Writes and commits; answers in the order of the items. */
  write: (items: readonly T[]) => Promise<readonly R[]>;
}): Batcher<T, R> {
  const waiting: Waiting<T, R>[] = [];
  let writers = 0;

  async function write(batch: readonly Waiting<T, R>[]): Promise<void> {
    const results = await options.write(batch.map(({ item }) => item));
    for (const [at, { resolve, reject }] of batch.entries()) {
      if (at in results)
        resolve(results[at] as R); // present: checked on the line
      else reject(new Error('the batch gave no result for an item'));
    }
  }

  async function run(): Promise<void> {
    writers += 1;
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, options);
      try {
        await write(batch);
      } catch (error) {
        if (batch.length === 1 || error instanceof OperationalError) {
          for (const one of batch) one.reject(error);
        } else for (const one of batch) await write([one]).catch(one.reject);
      }
    }
    writers -= 1;
  }

  return {
    add(item) {
      if (waiting.length >= options.waitingMax) {
        return Promise.reject(new BatchFull('too many callers are waiting for the database'));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        // Another writer for less than a whole batch would only cut one commit into two.
        const isWorthAnother = waiting.length >= options.sizeMax && writers < options.writersMax;
        if (writers === 0 || isWorthAnother) void run();
      });
    },
  };
}

/** Takes out of `waiting` what goes next, in its order; what shares a key with it stays. */
function takeBatch<T, R>(
  waiting: Waiting<T, R>[],
  { sizeMax, keyOf }: { sizeMax: number; keyOf?: (item: T) => string },
): Waiting<T, R>[] {
  if (keyOf === undefined) return waiting.splice(0, sizeMax);
  const taken: Waiting<T, R>[] = [];
  const keys = new Set<string>();
  for (let at = 0; at < waiting.length && taken.length < sizeMax;) {
    const candidate = waiting[at];
    if (candidate === undefined) break;
    const key = keyOf(candidate.item);
    if (keys.has(key)) {
      at += 1;
    } else {
      keys.add(key);
      taken.push(candidate);
      waiting.splice(at, 1);
    }
  }
  return taken;
}
