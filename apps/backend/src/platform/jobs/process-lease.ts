import type { Clock } from '@opora/kernel';
import { sql, type Database } from '../db/index.ts';

/**
 * Work that one process at a time may do. The lease is a row with an end and a fence; a holder
 * renews it well before the end and stops its work when it could not.
 */
export interface ProcessLease {
  /** Takes or renews; the fence number when this process holds it, else undefined. */
  hold(): Promise<bigint | undefined>;
  release(): Promise<void>;
}

export function createProcessLease(deps: {
  db: Database;
  clock: Clock;
  name: string;
  /** Unique for this process. */
  holder: string;
  /** How long a dead holder blocks the others, milliseconds. */
  termMs: number;
}): ProcessLease {
  return {
    async hold() {
      const result = await sql<{ fence: bigint }>`
        insert into process_lease as lease (name, holder, fence, expires_at)
        values (${deps.name}, ${deps.holder}, 1, now() + ${deps.termMs} * interval '1 millisecond')
        on conflict (name) do update
          set holder = excluded.holder, expires_at = excluded.expires_at,
              fence = lease.fence + case when lease.holder = excluded.holder then 0 else 1 end
          where lease.holder = excluded.holder or lease.expires_at < now()
        returning fence`.execute(deps.db.read);
      return result.rows[0]?.fence;
    },
    async release() {
      await sql`update process_lease set expires_at = now()
        where name = ${deps.name} and holder = ${deps.holder}`.execute(deps.db.read);
    },
  };
}
