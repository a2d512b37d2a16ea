import { OWN_SESSIONS_MAX } from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';
import { isAfterCut } from './repository-revocations.ts';
import type { Moment } from './repository-sessions.ts';

/** One place where somebody is signed in. */
export type OwnSession = Readonly<{
  id: string;
  since: Date;
  seenAt: Date;
  userAgent: string | undefined;
  address: string;
}>;

type Own = Readonly<{ personId: string; sessionId: string }>;
type Why = Readonly<{ reason: string; at: Date }>;

/** Living ones: neither ended nor outlived, and for staff used within the idle time. */
export async function selectOwnSessions(
  tx: Tx,
  personId: string,
  { at, idleSince }: Moment,
): Promise<OwnSession[]> {
  type Row = {
    id: string;
    created_at: Date;
    seen_at: Date;
    user_agent: string | null;
    address: string;
  };
  const { rows } = await sql<Row>`
    select id, created_at, greatest(last_seen_at, rotated_at) as seen_at, user_agent, address
      from session
     where person_id = ${personId} and revoked_at is null and ${isAfterCut('created_at')}
       and expires_at > ${at} and refresh_expires_at > ${at}
       and (kind = 'customer' or last_seen_at > ${idleSince})
     order by seen_at desc, id desc limit ${OWN_SESSIONS_MAX}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    since: row.created_at,
    seenAt: row.seen_at,
    userAgent: row.user_agent ?? undefined,
    address: row.address,
  }));
}

/** False: it is somebody else's, or has ended. */
export async function revokeOwnSession(tx: Tx, own: Own, why: Why): Promise<boolean> {
  const ended = await sql`update session set revoked_at = ${why.at}, revoked_reason = ${why.reason}
    where id = ${own.sessionId} and person_id = ${own.personId} and revoked_at is null`.execute(tx);
  return (ended.numAffectedRows ?? 0n) > 0n;
}

export async function revokeOtherSessions(tx: Tx, own: Own, why: Why): Promise<void> {
  await sql`update session set revoked_at = ${why.at}, revoked_reason = ${why.reason}
    where id <> ${own.sessionId} and person_id = ${own.personId} and revoked_at is null`.execute(
    tx,
  );
}
