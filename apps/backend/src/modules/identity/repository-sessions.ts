import { sql, type Tx } from '../../platform/db/index.ts';
import type { IdentityTables } from './schema.ts';

export async function insertLoginLink(
  tx: Tx,
  link: { hash: string; personId: string; expiresAt: Date },
): Promise<void> {
  await tx
    .$extendTables<IdentityTables>()
    .insertInto('login_link')
    .values({ hash: link.hash, person_id: link.personId, expires_at: link.expiresAt })
    .execute();
}

/** Uses a link up; the person it belongs to, or undefined when it is used, old or unknown. */
export async function useLoginLink(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const rows = await sql<{ person_id: string }>`
    update login_link set used_at = ${at}
     where hash = ${hash} and used_at is null and expires_at > ${at}
    returning person_id`.execute(tx);
  return rows.rows[0]?.person_id;
}

export async function insertSession(
  tx: Tx,
  session: {
    id: string;
    personId: string;
    createdAt: Date;
    expiresAt: Date;
    refreshHash: string;
    refreshExpiresAt: Date;
  },
): Promise<void> {
  await tx
    .$extendTables<IdentityTables>()
    .insertInto('session')
    .values({
      id: session.id,
      person_id: session.personId,
      created_at: session.createdAt,
      expires_at: session.expiresAt,
      refresh_hash: session.refreshHash,
      refresh_expires_at: session.refreshExpiresAt,
      rotated_at: session.createdAt,
    })
    .execute();
}

/** One conditional update: exactly one of any number of callers with this token wins. */
export async function rotateSession(
  tx: Tx,
  change: {
    id: string;
    hash: string;
    successorHash: string;
    sealedSuccessor: string;
    at: Date;
    expiresAt: Date;
  },
): Promise<{ personId: string; refreshExpiresAt: Date } | undefined> {
  const rows = await sql<{ person_id: string; refresh_expires_at: Date }>`
    update session
       set previous_hash = refresh_hash, refresh_hash = ${change.successorHash},
           sealed_successor = ${change.sealedSuccessor}, rotated_at = ${change.at},
           refresh_expires_at = least(${change.expiresAt}, expires_at)
     where id = ${change.id} and refresh_hash = ${change.hash} and revoked_at is null
       and refresh_expires_at > ${change.at} and expires_at > ${change.at}
    returning person_id, refresh_expires_at`.execute(tx);
  return rows.rows.map((row) => ({
    personId: row.person_id,
    refreshExpiresAt: row.refresh_expires_at,
  }))[0];
}

export type SessionRow = Readonly<{
  personId: string;
  revokedAt: Date | undefined;
  refreshHash: string;
  previousHash: string | undefined;
  sealedSuccessor: string | undefined;
  rotatedAt: Date;
  refreshExpiresAt: Date;
}>;

export async function readSession(tx: Tx, id: string): Promise<SessionRow | undefined> {
  const row = await tx
    .$extendTables<IdentityTables>()
    .selectFrom('session')
    .select([
      'person_id',
      'revoked_at',
      'refresh_hash',
      'previous_hash',
      'sealed_successor',
      'rotated_at',
      'refresh_expires_at',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    personId: row.person_id,
    revokedAt: row.revoked_at ?? undefined,
    refreshHash: row.refresh_hash,
    previousHash: row.previous_hash ?? undefined,
    sealedSuccessor: row.sealed_successor ?? undefined,
    rotatedAt: row.rotated_at,
    refreshExpiresAt: row.refresh_expires_at,
  };
}

export async function revokeSession(
  tx: Tx,
  id: string,
  why: { reason: string; at: Date },
): Promise<void> {
  await sql`update session set revoked_at = ${why.at}, revoked_reason = ${why.reason}
    where id = ${id} and revoked_at is null`.execute(tx);
}
