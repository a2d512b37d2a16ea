/** Storing updates: once each, committed before anybody is told that they were taken. */
import { assert, type Clock } from '@opora/kernel';
import { createBatcher } from '../platform/batch/index.ts';
import type { Database, Doorbell } from '../platform/db/index.ts';
import { insertUpdates, type StoredUpdate } from './repository.ts';

export interface Inbox {
  /** Resolves after the commit; a repeat of a stored update is `duplicate`. */
  store(update: StoredUpdate): Promise<'stored' | 'duplicate'>;
  /** All in one commit, or none; at most a hundred, as many as Telegram gives at once. */
  storeTogether(updates: readonly StoredUpdate[]): Promise<void>;
}

const BATCH_MAX = 100;
const WAITING_MAX = 2_000;
/** One writer: updates of a chat that wait together are stored in the order they came. */
const WRITERS_MAX = 1;

export function createInbox(deps: { db: Database; clock: Clock; doorbell: Doorbell }): Inbox {
  async function commit(updates: readonly StoredUpdate[]): Promise<ReadonlySet<bigint>> {
    const fresh = await insertUpdates(deps.db.read, updates, deps.clock.now());
    if (fresh.size > 0) deps.doorbell.ring();
    return fresh;
  }

  const batcher = createBatcher<StoredUpdate, 'stored' | 'duplicate'>({
    sizeMax: BATCH_MAX,
    waitingMax: WAITING_MAX,
    writersMax: WRITERS_MAX,
    keyOf: ({ botId, updateId }) => `${botId.toString()}:${updateId.toString()}`,
    async write(updates) {
      const fresh = await commit(updates);
      return updates.map(({ updateId }) => (fresh.has(updateId) ? 'stored' : 'duplicate'));
    },
  });
  return {
    store: (update) => batcher.add(update),
    async storeTogether(updates) {
      assert(updates.length <= BATCH_MAX, 'more updates at once than Telegram gives');
      if (updates.length > 0) await commit(updates);
    },
  };
}
