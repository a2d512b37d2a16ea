/** Ends of tokens: the rows of ended sessions and the cuts, told to the gateway as one list. */
import type { CutWire } from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';

export type CutKind = CutWire['kind'];

/** True for a session that no cut of everybody ended; asked with every question about sessions. */
export const isAfterCut = (createdAt: string) => sql<boolean>`${sql.ref(createdAt)} >= coalesce(
  (select max(issued_before) from revocation where kind = 'everybody'), '-infinity')`;

export async function insertCut(
  tx: Tx,
  cut: Readonly<{ id: string; kind: CutKind; subject: string; issuedBefore: Date; at: Date }>,
): Promise<void> {
  await sql`insert into revocation (id, kind, subject, issued_before, at)
    values (${cut.id}, ${cut.kind}, ${cut.subject}, ${cut.issuedBefore}, ${cut.at})`.execute(tx);
}

export type Revocation = Readonly<{
  kind: CutKind | 'session';
  /** Of the session, the token or the person. */
  subject: string;
  issuedBefore: Date | undefined;
  at: Date;
}>;

/** Sessions and API keys that were ended and cuts that were made since, oldest first, `most` of them together. */
export async function selectRevoked(tx: Tx, since: Date, most: number): Promise<Revocation[]> {
  const { rows } = await sql<{
    kind: Revocation['kind'];
    subject: string;
    issued_before: Date | null;
    at: Date;
  }>`
    (select 'session' as kind, id as subject, null::timestamptz as issued_before, revoked_at as at
       from session where revoked_at >= ${since} order by revoked_at, id limit ${most})
    union all
    (select kind, subject, issued_before, at
       from revocation where at >= ${since} order by at, id limit ${most})
    union all
    (select 'token', id, null::timestamptz, revoked_at
       from api_key where revoked_at >= ${since} order by revoked_at, id limit ${most})
    order by at, subject limit ${most}`.execute(tx);
  return rows.map((row) => ({
    kind: row.kind,
    subject: row.subject,
    issuedBefore: row.issued_before ?? undefined,
    at: row.at,
  }));
}

export async function deleteOldCuts(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`delete from revocation where at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0n);
}
