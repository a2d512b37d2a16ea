import { sql, type Tx } from '../../platform/db/index.ts';
import type { AuditEntry } from './entry.ts';
import { COLUMNS, toEntry, type Row } from './repository.ts';

/** Of the sealers one works: any number may ask. */
const SEALER_LOCK = 7_213_004;

export type Seal = Readonly<{ seq: bigint; entryId: string; hash: Buffer }>;
type SealRow = { seq: string; entry_id: string; hash: Buffer };

/** False: another sealer is at work, and its work is ours. Held until the transaction ends. */
export async function takeSealing(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select pg_try_advisory_xact_lock(${SEALER_LOCK}) as taken`.execute(tx);
  return rows[0]?.taken === true;
}

export async function lastSeal(tx: Tx): Promise<Seal | undefined> {
  const { rows } = await sql<SealRow>`
    select seq, entry_id, hash from audit_seal order by seq desc limit 1`.execute(tx);
  return rows.map(toSeal)[0];
}

/** Entries that committed and are in no chain yet, oldest first. */
export async function selectUnsealed(tx: Tx, most: number): Promise<AuditEntry[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from audit_entry
     where id in (select entry_id from audit_unsealed)
     order by at, id limit ${most}`.execute(tx);
  return rows.map(toEntry);
}

export async function insertSeals(tx: Tx, seals: readonly Seal[], at: Date): Promise<void> {
  const rows = seals.map(({ seq, entryId, hash }) => sql`(${seq}, ${entryId}, ${hash}, ${at})`);
  await sql`insert into audit_seal (seq, entry_id, hash, sealed_at)
    values ${sql.join(rows)}`.execute(tx);
  const ids = sql.join(seals.map(({ entryId }) => entryId));
  await sql`delete from audit_unsealed where entry_id in (${ids})`.execute(tx);
}

/** One link as it is now: its seal, and its entry unless that is gone. */
export type Link = Seal & Readonly<{ entry: AuditEntry | undefined }>;

/** The chain from after `seq` on, in its order. */
export async function selectLinks(tx: Tx, after: bigint, most: number): Promise<Link[]> {
  const { rows } = await sql<SealRow & { [Column in keyof Row]: Row[Column] | null }>`
    select seal.seq, seal.entry_id, seal.hash, entry.*
      from audit_seal as seal left join audit_entry as entry on entry.id = seal.entry_id
     where seal.seq > ${after} order by seal.seq limit ${most}`.execute(tx);
  return rows.map((row) => ({
    ...toSeal(row),
    entry: row.id === null ? undefined : toEntry(row as Row), // joined as a whole, or not at all
  }));
}

/** Entries outside the chain: how many wait, since when, and how many nobody waits for. */
export async function countUnsealed(
  tx: Tx,
): Promise<{ waiting: number; oldest: Date | undefined; lost: number }> {
  const { rows } = await sql<{ waiting: number; oldest: Date | null; lost: number }>`
    select count(*) filter (where unsealed.entry_id is not null)::int as waiting,
           min(entry.at) filter (where unsealed.entry_id is not null) as oldest,
           count(*) filter (where unsealed.entry_id is null)::int as lost
      from audit_entry as entry
      left join audit_unsealed as unsealed on unsealed.entry_id = entry.id
     where not exists (select from audit_seal as seal where seal.entry_id = entry.id)`.execute(tx);
  const [found] = rows;
  return {
    waiting: found?.waiting ?? 0,
    oldest: found?.oldest ?? undefined,
    lost: found?.lost ?? 0,
  };
}

/** When the oldest entry was written that waits for its seal. */
export async function oldestUnsealed(tx: Tx): Promise<Date | undefined> {
  const { rows } = await sql<{ oldest: Date | null }>`
    select min(entry.at) as oldest from audit_unsealed as unsealed
      join audit_entry as entry on entry.id = unsealed.entry_id`.execute(tx);
  return rows[0]?.oldest ?? undefined;
}

function toSeal({ seq, entry_id, hash }: SealRow): Seal {
  return { seq: BigInt(seq), entryId: entry_id, hash };
}
