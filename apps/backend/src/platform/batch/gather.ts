import { createBatcher } from './batcher.ts';

/** Keys read together, callers that may wait, and statements under way at once. */
const READ = { sizeMax: 64, waitingMax: 2_000, writersMax: 2 };

/**
 * Readers that wait together are answered by one statement: the first one goes at once, those that
 * come meanwhile share the next. A read begins after all of its callers have asked, so nobody is
 * shown less than was committed before. `read` is given keys that differ.
 */
export function createGatherer<K, V>(
  read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  const batcher = createBatcher<K, V | undefined>({
    ...READ,
    async write(keys) {
      const found = await read([...new Set(keys)]);
      return keys.map((key) => found.get(key));
    },
  });
  return (key) => batcher.add(key);
}
