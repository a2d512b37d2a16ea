/** What people prove themselves with: mailboxes, passwords, authenticators, recovery codes. */
import type { StaffRole } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Email } from './email.ts';

/** Everything the first step of a sign-in looks at, in one row. */
export type Account = Readonly<{
  personId: string;
  name: string;
  language: Language;
  display: string;
  phc: string | undefined;
  role: StaffRole | undefined;
  /** Not banned. */
  isActive: boolean;
  isActiveStaff: boolean;
  hasSecondFactor: boolean;
}>;

type AccountRow = {
  person_id: string;
  name: string;
  language: Language;
  display: string;
  phc: string | null;
  role: StaffRole | null;
  is_active: boolean;
  is_active_staff: boolean;
  has_second_factor: boolean;
};

const ACCOUNT = sql`
  select p.id as person_id, p.name, p.language, e.display, c.phc, m.role,
         p.state = 'active' as is_active,
         coalesce(m.state = 'active' and p.state = 'active', false) as is_active_staff,
         t.person_id is not null as has_second_factor
    from person_email e
    join person p on p.id = e.person_id
    left join staff_member m on m.person_id = p.id
    left join password_credential c on c.person_id = p.id
    left join totp_credential t on t.person_id = p.id`;

export async function accountByAddress(tx: Tx, address: string): Promise<Account | undefined> {
  const { rows } = await sql<AccountRow>`${ACCOUNT} where e.address = ${address}`.execute(tx);
  return rows.map(toAccount)[0];
}

export async function accountOf(tx: Tx, personId: string): Promise<Account | undefined> {
  const { rows } = await sql<AccountRow>`${ACCOUNT} where p.id = ${personId}`.execute(tx);
  return rows.map(toAccount)[0];
}

function toAccount(row: AccountRow): Account {
  return {
    personId: row.person_id,
    name: row.name,
    language: row.language,
    display: row.display,
    phc: row.phc ?? undefined,
    role: row.role ?? undefined,
    isActive: row.is_active,
    isActiveStaff: row.is_active_staff,
    hasSecondFactor: row.has_second_factor,
  };
}

/** False when the mailbox is somebody's already. */
export async function insertEmail(
  tx: Tx,
  email: Email & { personId: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into person_email (address, person_id, display, confirmed_at)
    values (${email.address}, ${email.personId}, ${email.display}, ${email.at})
    on conflict (address) do nothing returning address`.execute(tx);
  return rows.length === 1;
}

export async function upsertPassword(
  tx: Tx,
  password: { personId: string; phc: string; at: Date },
): Promise<void> {
  const { personId, phc, at } = password;
  await sql`
    insert into password_credential (person_id, phc, changed_at) values (${personId}, ${phc}, ${at})
    on conflict (person_id) do update set phc = excluded.phc, changed_at = excluded.changed_at
  `.execute(tx);
}

/** The same password under today's parameters; nothing when it was changed meanwhile. */
export async function rehashPassword(
  tx: Tx,
  change: { personId: string; old: string; phc: string },
): Promise<void> {
  await sql`update password_credential set phc = ${change.phc}
    where person_id = ${change.personId} and phc = ${change.old}`.execute(tx);
}

export async function readTotp(
  tx: Tx,
  personId: string,
): Promise<{ secret: string; lastStep: number } | undefined> {
  const { rows } = await sql<{ secret: string; last_step: bigint }>`
    select secret, last_step from totp_credential where person_id = ${personId}`.execute(tx);
  return rows.map((row) => ({ secret: row.secret, lastStep: Number(row.last_step) }))[0];
}

/** False when the person has an authenticator already. */
export async function insertTotp(
  tx: Tx,
  totp: { personId: string; secret: string; step: number; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into totp_credential (person_id, secret, confirmed_at, last_step)
    values (${totp.personId}, ${totp.secret}, ${totp.at}, ${totp.step})
    on conflict (person_id) do nothing returning person_id`.execute(tx);
  return rows.length === 1;
}

/** Uses up a step and all before it; of any number of callers with one code, one gets true. */
export async function useStep(tx: Tx, personId: string, step: number): Promise<boolean> {
  const { rows } = await sql`
    update totp_credential set last_step = ${step}
     where person_id = ${personId} and last_step < ${step} returning person_id`.execute(tx);
  return rows.length === 1;
}

export async function replaceRecoveryCodes(
  tx: Tx,
  codes: { personId: string; hashes: readonly string[]; at: Date },
): Promise<void> {
  await sql`delete from recovery_code where person_id = ${codes.personId}`.execute(tx);
  await sql`
    insert into recovery_code (hash, person_id, created_at)
    select hash, ${codes.personId}, ${codes.at} from unnest(${[...codes.hashes]}::text[]) as hash
  `.execute(tx);
}

/** Uses a code up; of any number of callers one gets true. */
export async function useRecoveryCode(
  tx: Tx,
  code: { personId: string; hash: string; at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    update recovery_code set used_at = ${code.at}
     where hash = ${code.hash} and person_id = ${code.personId} and used_at is null
    returning hash`.execute(tx);
  return rows.length === 1;
}

export async function countRecoveryCodes(tx: Tx, personId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from recovery_code
     where person_id = ${personId} and used_at is null`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Authenticator and recovery codes go; the next sign-in enrols again. */
export async function deleteSecondFactor(tx: Tx, personId: string): Promise<void> {
  await sql`delete from totp_credential where person_id = ${personId}`.execute(tx);
  await sql`delete from recovery_code where person_id = ${personId}`.execute(tx);
}

export async function deletePassword(tx: Tx, personId: string): Promise<void> {
  await sql`delete from password_credential where person_id = ${personId}`.execute(tx);
}
