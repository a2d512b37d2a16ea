/**
 * Bugs a drill can plant to prove that it would notice them, one switch each (OPORA_PLANTED_BUG,
 * refused outside the drill's pace). Each replaces one seam of the composition by the mistake a
 * hurried person would make there. One more, a missing unique key, the drill plants in the
 * database itself.
 */
import type { Clock } from '@opora/kernel';
import type { NoticeStore } from '../../modules/payments/index.ts';
import type { Panel } from '../../modules/provisioning/index.ts';
import type { LockSubscription } from '../../modules/subscriptions/index.ts';
import { afterCommit, sql, type Database, type Tx } from '../../platform/db/index.ts';

/** How late the write comes that was acknowledged at once. */
const LATE_WRITE_MS = 1_500;
/** How long a careless reader thinks between its read and its write: two meet also when busy. */
const THINKING_MS = 2_000;
const DAY_MS = 86_400_000;

/** Answers "stored" at once and writes later: a kill in between loses the notice. */
export function acknowledgeBeforeCommit(store: NoticeStore, clock: Clock): NoticeStore {
  return {
    add(item) {
      void clock
        .sleep(LATE_WRITE_MS)
        .then(() => store.add(item))
        .catch(() => undefined);
      return Promise.resolve();
    },
  };
}

/** A repeat of any known notice changes nothing, also when the first one proved nothing. */
export function forgetToRearm(store: NoticeStore, db: Database): NoticeStore {
  return {
    async add(item) {
      const known = await sql`select 1 from payment_notice
        where provider = ${item.provider} and dedupe_key = ${item.notice.dedupeKey}`.execute(
        db.read,
      );
      if (known.rows.length === 0) await store.add(item);
    },
  };
}

/**
 * Jobs that follow a fact are added once it is committed, in a transaction of their own: a process
 * that dies in between has taken money and gives nothing for it.
 */
export function reactAfterCommit<Event>(
  publish: (tx: Tx, events: readonly Event[]) => Promise<void>,
  db: Database,
): (tx: Tx, events: readonly Event[]) => Promise<void> {
  return (tx, events) => {
    afterCommit(tx, () => {
      db.transaction((other) => publish(other, events)).catch(() => undefined);
    });
    return Promise.resolve();
  };
}

/** Reads the subscription without keeping its lock: two extensions may start from one expiry. */
export function loseUpdates(lock: LockSubscription, db: Database, clock: Clock): LockSubscription {
  return async (_tx, fresh) => {
    const read = await db.transaction((other) => lock(other, fresh));
    await clock.sleep(THINKING_MS);
    return read;
  };
}

/** For a reader of copies: no read is ever late, so everybody waits as long as the database says nothing. */
export function neverLate(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (_ms, signal) => clock.sleep(DAY_MS, signal),
  };
}

/** After a lost answer the access is given again on top, as a relative "extend" would. */
export function deliverTwice(panel: Panel): Panel {
  const lost = new Map<string, number>();
  return {
    ...panel,
    async ensure(wanted) {
      const again = lost.get(wanted.username) ?? 0;
      try {
        const account = await panel.ensure({
          ...wanted,
          expiresAt: new Date(wanted.expiresAt.getTime() + again * DAY_MS),
        });
        return { ...account, expiresAt: wanted.expiresAt };
      } catch (error) {
        lost.set(wanted.username, again + 30);
        throw error;
      }
    },
  };
}
