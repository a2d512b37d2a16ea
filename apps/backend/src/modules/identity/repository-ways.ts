/** The ways somebody has into their account, and what shows that they are at the keyboard just now. */
import { sql, type Tx } from '../../platform/db/index.ts';
import { isAfterCut } from './repository-revocations.ts';
import type { Email } from './email.ts';

/** False when this very word was used before. */
export async function insertTelegramProof(tx: Tx, hash: string, expiresAt: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into used_telegram_proof (hash, expires_at) values (${hash}, ${expiresAt})
    on conflict (hash) do nothing returning hash`.execute(tx);
  return rows.length === 1;
}

export async function deleteOldTelegramProofs(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`delete from used_telegram_proof where expires_at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0n);
}

/** When a living session's person last showed who they are; undefined: it has ended. */
export type Freshness = Readonly<{
  kind: 'customer' | 'staff';
  provedAt: Date;
  secondFactorAt: Date | undefined;
  isActiveStaff: boolean;
}>;

export async function readFreshness(
  tx: Tx,
  own: { sessionId: string; personId: string; at: Date },
): Promise<Freshness | undefined> {
  const { rows } = await sql<{
    kind: 'customer' | 'staff';
    proved_at: Date;
    second_factor_at: Date | null;
    is_active_staff: boolean;
  }>`
    select s.kind, greatest(s.created_at, s.proved_at) as proved_at, s.second_factor_at,
           coalesce(m.state = 'active', false) as is_active_staff
      from session s left join staff_member m on m.person_id = s.person_id
     where s.id = ${own.sessionId} and s.person_id = ${own.personId}
       and s.revoked_at is null and s.expires_at > ${own.at}
       and ${isAfterCut('s.created_at')}`.execute(tx);
  return rows.map((row) => ({
    kind: row.kind,
    provedAt: row.proved_at,
    secondFactorAt: row.second_factor_at ?? undefined,
    isActiveStaff: row.is_active_staff,
  }))[0];
}

export async function markProved(tx: Tx, sessionId: string, at: Date): Promise<void> {
  await sql`update session set proved_at = ${at} where id = ${sessionId}`.execute(tx);
}

export type Ways = Readonly<{
  email: Email | undefined;
  telegram: Readonly<{ subject: string; username: string | undefined }> | undefined;
  hasPassword: boolean;
  passkeys: number;
}>;

export async function readWays(tx: Tx, personId: string): Promise<Ways> {
  const { rows } = await sql<{
    address: string | null;
    display: string | null;
    subject: string | null;
    username: string | null;
    has_password: boolean;
    passkeys: number;
  }>`
    select e.address, e.display, t.subject, t.username, c.person_id is not null as has_password,
           (select count(*)::int from passkey where person_id = p.id) as passkeys
      from person p
      left join person_email e on e.person_id = p.id
      left join person_identity t on t.person_id = p.id and t.provider = 'telegram'
      left join password_credential c on c.person_id = p.id
     where p.id = ${personId}`.execute(tx);
  const [row] = rows;
  const { address = null, display = null, subject = null, username = null } = row ?? {};
  return {
    email: address === null || display === null ? undefined : { address, display },
    telegram: subject === null ? undefined : { subject, username: username ?? undefined },
    hasPassword: row?.has_password ?? false,
    passkeys: row?.passkeys ?? 0,
  };
}

export async function deleteEmail(tx: Tx, personId: string): Promise<void> {
  await sql`delete from person_email where person_id = ${personId}`.execute(tx);
}

/** False when this Telegram is somebody's already. */
export async function connectTelegram(
  tx: Tx,
  known: { personId: string; subject: string; username: string | undefined; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into person_identity (provider, subject, person_id, username, created_at)
    values ('telegram', ${known.subject}, ${known.personId}, ${known.username ?? null}, ${known.at})
    on conflict (provider, subject) do nothing returning subject`.execute(tx);
  return rows.length === 1;
}

export async function disconnectTelegram(tx: Tx, personId: string): Promise<void> {
  await sql`delete from person_identity
    where person_id = ${personId} and provider = 'telegram'`.execute(tx);
}

/** Telegram and passkeys that came since: whoever took the account over may have brought them. */
export async function forgetWaysSince(tx: Tx, personId: string, since: Date): Promise<void> {
  await sql`delete from passkey
    where person_id = ${personId} and created_at >= ${since}`.execute(tx);
  await sql`delete from person_identity
    where person_id = ${personId} and created_at >= ${since}`.execute(tx);
}
