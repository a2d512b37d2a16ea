import type { StaffRole } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import { isAfterCut } from './repository-revocations.ts';
import type { IdentityTables } from './schema-staff.ts';

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

/**
 * The session a link opened since `since`, and whose: for a press whose answer was lost on its way.
 * Locks the link, so that two repeats are one after the other.
 */
export async function readUsedLink(
  tx: Tx,
  hash: string,
  since: Date,
): Promise<{ personId: string; sessionId: string } | undefined> {
  const { rows } = await sql<{ person_id: string; session_id: string }>`
    select person_id, session_id from login_link
     where hash = ${hash} and used_at >= ${since} and session_id is not null
       for update`.execute(tx);
  return rows.map((row) => ({ personId: row.person_id, sessionId: row.session_id }))[0];
}

export async function setLinkSession(tx: Tx, hash: string, sessionId: string): Promise<void> {
  await sql`update login_link set session_id = ${sessionId} where hash = ${hash}`.execute(tx);
}

export type SessionKind = 'customer' | 'staff';

export async function insertSession(
  tx: Tx,
  session: {
    id: string;
    personId: string;
    kind: SessionKind;
    amr: readonly string[];
    secondFactorAt: Date | undefined;
    createdAt: Date;
    expiresAt: Date;
    refreshHash: string;
    refreshExpiresAt: Date;
    userAgent: string | undefined;
    address: string;
  },
): Promise<void> {
  const { id, personId, kind, createdAt, expiresAt } = session;
  await sql`
    insert into session
      (id, person_id, kind, amr, second_factor_at, created_at, last_seen_at, expires_at,
       refresh_hash, refresh_expires_at, rotated_at, user_agent, address)
    values (${id}, ${personId}, ${kind}, ${session.amr.join(' ')}, ${session.secondFactorAt ?? null},
            ${createdAt}, ${createdAt}, ${expiresAt}, ${session.refreshHash},
            ${session.refreshExpiresAt}, ${createdAt}, ${session.userAgent ?? null},
            ${session.address})`.execute(tx);
}

/** What a successor of a session's token is issued from. */
export type Rotated = Readonly<{
  personId: string;
  amr: readonly string[];
  refreshExpiresAt: Date;
}>;

/**
 * One conditional update: exactly one of any number of callers with this token wins. A session of
 * staff must have been seen since `idleSince`, and its token lives as long as the session.
 */
export async function rotateSession(
  tx: Tx,
  change: {
    id: string;
    hash: string;
    successorHash: string;
    sealedSuccessor: string;
    at: Date;
    idleSince: Date;
    expiresAt: Date;
  },
): Promise<Rotated | undefined> {
  const rows = await sql<{ person_id: string; amr: string; refresh_expires_at: Date }>`
    update session
       set previous_hash = refresh_hash, refresh_hash = ${change.successorHash},
           sealed_successor = ${change.sealedSuccessor}, rotated_at = ${change.at},
           refresh_expires_at = case kind when 'staff' then expires_at
                                else least(${change.expiresAt}, expires_at) end
     where id = ${change.id} and refresh_hash = ${change.hash} and revoked_at is null
       and ${isAfterCut('created_at')} and refresh_expires_at > ${change.at} and expires_at > ${change.at}
       and (kind = 'customer' or last_seen_at > ${change.idleSince})
    returning person_id, amr, refresh_expires_at`.execute(tx);
  return rows.rows.map((row) => ({
    personId: row.person_id,
    amr: row.amr.split(' '),
    refreshExpiresAt: row.refresh_expires_at,
  }))[0];
}

export type SessionRow = Readonly<{
  personId: string;
  amr: readonly string[];
  /** Its own end, or that of everybody. */
  endedAt: Date | undefined;
  refreshHash: string;
  previousHash: string | undefined;
  sealedSuccessor: string | undefined;
  rotatedAt: Date;
  refreshExpiresAt: Date;
}>;

export async function readSession(tx: Tx, id: string): Promise<SessionRow | undefined> {
  const { rows } = await sql<{
    person_id: string;
    amr: string;
    ended_at: Date | null;
    refresh_hash: string;
    previous_hash: string | null;
    sealed_successor: string | null;
    rotated_at: Date;
    refresh_expires_at: Date;
  }>`
    select person_id, amr, refresh_hash, previous_hash, sealed_successor, rotated_at,
           refresh_expires_at, least(revoked_at, (select min(at) from revocation
             where kind = 'everybody' and issued_before > session.created_at)) as ended_at
      from session where id = ${id}`.execute(tx);
  return rows.map((row) => ({
    personId: row.person_id,
    amr: row.amr.split(' '),
    endedAt: row.ended_at ?? undefined,
    refreshHash: row.refresh_hash,
    previousHash: row.previous_hash ?? undefined,
    sealedSuccessor: row.sealed_successor ?? undefined,
    rotatedAt: row.rotated_at,
    refreshExpiresAt: row.refresh_expires_at,
  }))[0];
}

export async function revokeSession(
  tx: Tx,
  id: string,
  why: { reason: string; at: Date },
): Promise<void> {
  await sql`update session set revoked_at = ${why.at}, revoked_reason = ${why.reason}
    where id = ${id} and revoked_at is null`.execute(tx);
}

/** Ends every session of a person at once; returns how many lived. */
export async function revokeSessionsOf(
  tx: Tx,
  personId: string,
  why: { reason: string; at: Date },
): Promise<number> {
  const ended = await sql`
    update session set revoked_at = ${why.at}, revoked_reason = ${why.reason}
     where person_id = ${personId} and revoked_at is null`.execute(tx);
  return Number(ended.numAffectedRows ?? 0n);
}

/** The time of a question and the ends that count then. */
export type Moment = Readonly<{ at: Date; idleSince: Date }>;

export type StaffSession = Readonly<{
  personId: string;
  name: string;
  role: StaffRole;
  secondFactorAt: Date | undefined;
}>;

/**
 * The one question behind every call of staff: session alive, not idle, person and member active,
 * and which role now. Marks the session as seen.
 */
export async function touchStaffSession(
  tx: Tx,
  id: string,
  moment: Moment,
): Promise<StaffSession | undefined> {
  const { rows } = await sql<{
    person_id: string;
    name: string;
    role: StaffRole;
    second_factor_at: Date | null;
  }>`
    update session s set last_seen_at = greatest(s.last_seen_at, ${moment.at})
      from staff_member m, person p
     where s.id = ${id} and s.kind = 'staff' and s.revoked_at is null
       and ${isAfterCut('s.created_at')}
       and s.expires_at > ${moment.at} and s.last_seen_at > ${moment.idleSince}
       and m.person_id = s.person_id and m.state = 'active'
       and p.id = s.person_id and p.state = 'active'
    returning s.person_id, p.name, m.role, s.second_factor_at`.execute(tx);
  return rows.map((row) => ({
    personId: row.person_id,
    name: row.name,
    role: row.role,
    secondFactorAt: row.second_factor_at ?? undefined,
  }))[0];
}

export async function markSecondFactor(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update session set second_factor_at = ${at} where id = ${id}`.execute(tx);
}

/** A living session as its owner's pages show it. */
export type SessionView = Readonly<{
  sessionId: string;
  personId: string;
  name: string;
  language: Language;
  email: string | undefined;
  staff: Readonly<{ role: StaffRole; secondFactorAt: Date | undefined }> | undefined;
}>;

/** Those of the sessions that live, at most one view each. */
export async function viewSessions(
  tx: Tx,
  ids: readonly string[],
  moment: Moment,
): Promise<SessionView[]> {
  const { rows } = await sql<{
    id: string;
    person_id: string;
    name: string;
    language: Language;
    display: string | null;
    role: StaffRole | null;
    second_factor_at: Date | null;
  }>`
    select s.id, s.person_id, p.name, p.language, e.display, m.role, s.second_factor_at
      from session s
      join person p on p.id = s.person_id and p.state = 'active'
      left join person_email e on e.person_id = s.person_id
      left join staff_member m
        on m.person_id = s.person_id and m.state = 'active' and s.kind = 'staff'
     where s.id = any(${ids}) and s.revoked_at is null and s.expires_at > ${moment.at}
       and ${isAfterCut('s.created_at')}
       and (s.kind = 'customer' or (m.role is not null and s.last_seen_at > ${moment.idleSince}))
  `.execute(tx);
  return rows.map((row) => ({
    sessionId: row.id,
    personId: row.person_id,
    name: row.name,
    language: row.language,
    email: row.display ?? undefined,
    staff:
      row.role === null
        ? undefined
        : { role: row.role, secondFactorAt: row.second_factor_at ?? undefined },
  }));
}
