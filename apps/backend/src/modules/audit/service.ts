import { assert, type Clock, type Ids } from '@opora/kernel';
import type { Database, Page, PageWish, Tx } from '../../platform/db/index.ts';
import type { Acted, AuditEntry, AuditWish } from './entry.ts';
import { AuditKeyReused } from './errors.ts';
import {
  insertEntry,
  selectByIds,
  selectByKey,
  selectEntries,
  selectLastActs,
  type AuditFilter,
  type LastAct,
} from './repository.ts';

export interface Audit {
  /**
   * Writes an entry in the transaction of the act it tells of: no act without its entry. With a key
   * it is also what makes the act happen once: `isFirst: false` means it was done before, and the
   * caller changes nothing more. Throws `AuditKeyReused` when the key belongs to another act.
   */
  record(tx: Tx, wish: AuditWish): Promise<Acted>;
  /** Entries by their ids; an unknown one is missing from the answer. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, AuditEntry>>;
  /** The newest done act of each kind since `from`, of each of these people. */
  lastActs(actorIds: readonly string[], from: Date): Promise<readonly LastAct[]>;
  /** Newest first. */
  list(filter: AuditFilter, page: PageWish): Promise<Page<AuditEntry>>;
}

export function createAudit(deps: { db: Database; clock: Clock; ids: Ids }): Audit {
  return {
    async record(tx, wish) {
      const { actor, subject, key } = wish;
      const entry: AuditEntry = {
        id: wish.id ?? deps.ids.next('aud'),
        at: deps.clock.now(),
        actorId: actor.id,
        actorName: actor.name,
        act: wish.act,
        subject,
        personId: wish.personId,
        reason: wish.reason,
        before: wish.before,
        after: wish.asked === undefined ? wish.after : { ...wish.asked, ...wish.after },
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
        earlier.reason === wish.reason &&
        Object.entries(wish.asked ?? {}).every(([name, value]) => earlier.after?.[name] === value);
      if (!isSame) throw new AuditKeyReused(`the key of ${String(earlier?.id)} came again`);
      return { id: earlier.id, isFirst: false };
    },
    read: async (ids) =>
      new Map((await selectByIds(deps.db.read, ids)).map((entry) => [entry.id, entry])),
    lastActs: (actorIds, from) => selectLastActs(deps.db.read, actorIds, from),
    list: (filter, page) => selectEntries(deps.db.read, filter, page),
  };
}
