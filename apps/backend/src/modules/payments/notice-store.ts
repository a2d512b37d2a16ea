import { createBatcher, type Batcher } from '../../platform/batch/index.ts';
import type { Database, Doorbell } from '../../platform/db/index.ts';
import { upsertNotices, type StoredNotice } from './repository-notices.ts';

/** Notices committed together, and how many callers may wait for it. */
const BATCH = { sizeMax: 64, waitingMax: 2_000, writersMax: 2 };

/** Stores one verified notice; resolves after its commit. */
export type NoticeStore = Batcher<StoredNotice, void>;

export function createNoticeStore(deps: { db: Database; doorbell: Doorbell }): NoticeStore {
  return createBatcher({
    ...BATCH,
    keyOf: ({ provider, notice }) => `${provider} ${notice.dedupeKey}`,
    async write(items) {
      const waiting = await upsertNotices(deps.db.read, items);
      if ([...waiting.values()].some(Boolean)) deps.doorbell.ring();
      return items.map(() => undefined);
    },
  });
}
