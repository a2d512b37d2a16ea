import type { StaffRole } from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';
import { LastOwner } from './errors.ts';

/** Bounds of the contract's list. */
const STAFF_MAX = 500;
const INVITATIONS_MAX = 100;
/** The constraint that a trigger of the migration `staff` names. */
const KEEPS_OWNER = 'staff_member_keeps_owner';

export type StaffState = 'active' | 'disabled';
export type StaffMember = Readonly<{
  personId: string;
  name: string;
  email: string;
  role: StaffRole;
  state: StaffState;
  hasSecondFactor: boolean;
  lastSeenAt: Date | undefined;
  createdAt: Date;
}>;

export async function selectStaff(tx: Tx): Promise<StaffMember[]> {
  const { rows } = await sql<{
    person_id: string;
    name: string;
    display: string | null;
    role: StaffRole;
    state: StaffState;
    has_second_factor: boolean;
    last_seen_at: Date | null;
    created_at: Date;
  }>`
    select m.person_id, p.name, e.display, m.role, m.state, m.created_at,
           t.person_id is not null as has_second_factor,
           (select max(s.last_seen_at) from session s
             where s.person_id = m.person_id and s.kind = 'staff') as last_seen_at
      from staff_member m
      join person p on p.id = m.person_id
      left join person_email e on e.person_id = m.person_id
      left join totp_credential t on t.person_id = m.person_id
     order by m.created_at, m.person_id limit ${STAFF_MAX}`.execute(tx);
  return rows.map((row) => ({
    personId: row.person_id,
    name: row.name,
    email: row.display ?? '',
    role: row.role,
    state: row.state,
    hasSecondFactor: row.has_second_factor,
    lastSeenAt: row.last_seen_at ?? undefined,
    createdAt: row.created_at,
  }));
}

/** Rights as they are now, held until the transaction ends. */
export async function lockStaff(
  tx: Tx,
  personId: string,
  mode: 'share' | 'update',
): Promise<{ role: StaffRole; state: StaffState } | undefined> {
  const { rows } = await sql<{ role: StaffRole; state: StaffState }>`
    select role, state from staff_member where person_id = ${personId}
    ${mode === 'share' ? sql`for share` : sql`for update`}`.execute(tx);
  return rows[0];
}

/** A new member, or a disabled one who comes back; false for an active one. */
export async function insertStaff(
  tx: Tx,
  member: { personId: string; role: StaffRole; createdBy: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into staff_member (person_id, role, state, created_at, created_by)
    values (${member.personId}, ${member.role}, 'active', ${member.at}, ${member.createdBy})
    on conflict (person_id) do update set role = excluded.role, state = 'active'
     where staff_member.state = 'disabled'
    returning person_id`.execute(tx);
  return rows.length === 1;
}

/** Throws `LastOwner` when nobody would own the platform any more. */
export async function updateStaff(
  tx: Tx,
  change: { personId: string; role: StaffRole; state: StaffState },
): Promise<void> {
  try {
    await sql`update staff_member set role = ${change.role}, state = ${change.state}
      where person_id = ${change.personId}`.execute(tx);
  } catch (error) {
    if (error instanceof Error && 'constraint' in error && error.constraint === KEEPS_OWNER) {
      throw new LastOwner('the last active owner', { cause: error });
    }
    throw error;
  }
}

export async function hasOwner(tx: Tx): Promise<boolean> {
  const { rows } = await sql`select from staff_member where role = 'owner' limit 1`.execute(tx);
  return rows.length === 1;
}

export type Invitation = Readonly<{
  id: string;
  address: string;
  display: string;
  role: StaffRole;
  createdAt: Date;
  createdBy: string;
  expiresAt: Date;
}>;

type InvitationRow = {
  id: string;
  address: string;
  display: string;
  role: StaffRole;
  created_at: Date;
  created_by: string;
  expires_at: Date;
};

const INVITATION = sql.raw('id, address, display, role, created_at, created_by, expires_at');

/** The newest one counts: older ones to the same mailbox are void. */
export async function insertInvitation(tx: Tx, one: Invitation & { hash: string }): Promise<void> {
  await sql`update staff_invitation set ended_at = ${one.createdAt}
    where address = ${one.address} and ended_at is null`.execute(tx);
  await sql`
    insert into staff_invitation
      (id, hash, address, display, role, created_at, created_by, expires_at)
    values (${one.id}, ${one.hash}, ${one.address}, ${one.display}, ${one.role}, ${one.createdAt},
            ${one.createdBy}, ${one.expiresAt})`.execute(tx);
}

export async function selectInvitations(tx: Tx, at: Date): Promise<Invitation[]> {
  const { rows } = await sql<InvitationRow>`
    select ${INVITATION} from staff_invitation
     where ended_at is null and expires_at > ${at}
     order by created_at desc, id limit ${INVITATIONS_MAX}`.execute(tx);
  return rows.map(toInvitation);
}

export async function readInvitation(
  tx: Tx,
  hash: string,
  at: Date,
): Promise<Invitation | undefined> {
  const { rows } = await sql<InvitationRow>`
    select ${INVITATION} from staff_invitation
     where hash = ${hash} and ended_at is null and expires_at > ${at}`.execute(tx);
  return rows.map(toInvitation)[0];
}

/** Uses an invitation up; of any number of callers one gets it. */
export async function useInvitation(
  tx: Tx,
  hash: string,
  at: Date,
): Promise<Invitation | undefined> {
  const { rows } = await sql<InvitationRow>`
    update staff_invitation set ended_at = ${at}
     where hash = ${hash} and ended_at is null and expires_at > ${at}
    returning ${INVITATION}`.execute(tx);
  return rows.map(toInvitation)[0];
}

/** Invitations that an owner made who is none any more. */
export async function voidInvitationsBy(tx: Tx, createdBy: string, at: Date): Promise<void> {
  await sql`update staff_invitation set ended_at = ${at}
    where created_by = ${createdBy} and ended_at is null`.execute(tx);
}

/** One code at a time for the first owner, and one for each owner's way back. */
export async function insertOwnerCode(
  tx: Tx,
  code: { hash: string; personId: string | undefined; at: Date; expiresAt: Date },
): Promise<void> {
  await sql`update owner_code set used_at = ${code.at}
    where person_id is not distinct from ${code.personId ?? null}::text and used_at is null
  `.execute(tx);
  await sql`insert into owner_code (hash, person_id, expires_at)
    values (${code.hash}, ${code.personId ?? null}, ${code.expiresAt})`.execute(tx);
}

export async function isOwnerCode(tx: Tx, hash: string, at: Date): Promise<boolean> {
  const { rows } = await sql`select from owner_code
    where hash = ${hash} and used_at is null and expires_at > ${at}`.execute(tx);
  return rows.length === 1;
}

/** Uses a code up; of any number of callers one gets it. */
export async function useOwnerCode(
  tx: Tx,
  hash: string,
  at: Date,
): Promise<{ personId: string | undefined } | undefined> {
  const { rows } = await sql<{ person_id: string | null }>`
    update owner_code set used_at = ${at}
     where hash = ${hash} and used_at is null and expires_at > ${at}
    returning person_id`.execute(tx);
  return rows.map((row) => ({ personId: row.person_id ?? undefined }))[0];
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    address: row.address,
    display: row.display,
    role: row.role,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
  };
}
