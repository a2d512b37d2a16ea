import { assert, type Clock, type Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { AuditEntry, AuditWish } from './entry.ts';
import { AuditKeyReused } from './errors.ts';
import {
  insertEntry,
  selectByKey,
  selectEntries,
  type AuditFilter,
  type AuditKey,
} from './repository.ts';

export interface Audit {
  /**
   * Writes an entry in the transaction of the act it tells of: no act without its entry. With a key
   * it is also what makes the act happen once: `isFirst: false` means it was done before, and the
   * caller changes nothing more. Throws `AuditKeyReused` when the key belongs to another act.
   */
  record(tx: Tx, wish: AuditWish): Promise<{ id: string; isFirst: boolean }>;
  /** Newest first; at most `page.limit`. */
  list(
    filter: AuditFilter,
    page: { after?: AuditKey | undefined; before?: AuditKey | undefined; limit: number },
  ): Promise<AuditEntry[]>;
}

export function createAudit(deps: { db: Database; clock: Clock; ids: Ids }): Audit {
  return {
    async record(tx, wish) {
      const { actor, subject, key } = wish;
      const entry: AuditEntry = {
        id: deps.ids.next('aud'),
        at: deps.clock.now(),
        actorId: actor.id,
        actorName: actor.name,
        act: wish.act,
        subject,
        personId: wish.personId,
        reason: wish.reason,
        before: wish.before,
        after: wish.after,
        result: wish.result ?? 'done',
        requestId: actor.requestId,
        remoteAddress: actor.remoteAddress,
      };
      if (await insertEntry(tx, entry, key)) return { id: entry.id, isFirst: true };
      assert(key !== undefined, 'an entry without a key can meet no other');
      const earlier = await selectByKey(tx, key);
      const isSame =
        earlier?.act === wish.act &&
        earlier.subject.id === subject.id &&
        earlier.actorId === actor.id &&
        earlier.reason === wish.reason;
      if (!isSame) throw new AuditKeyReused(`the key of ${String(earlier?.id)} came again`);
      return { id: earlier.id, isFirst: false };
    },
    list: (filter, page) => selectEntries(deps.db.read, filter, page),
  };
}
