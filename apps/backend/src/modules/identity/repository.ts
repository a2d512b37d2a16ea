import type { Language } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import { PersonNotFound } from './errors.ts';
import type { Contact, Person } from './person.ts';
import type { IdentityTables } from './schema-staff.ts';

const TELEGRAM = 'telegram';

type PersonRow = { id: string; name: string; language: string; state: string };

function toPerson(row: PersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    language: row.language === 'ru' ? 'ru' : 'en',
    state: row.state === 'banned' ? 'banned' : 'active',
  };
}

/** Finds a person by Telegram id and refreshes the name; undefined for somebody new. */
export async function touchTelegram(
  tx: Tx,
  user: { subject: string; name: string },
): Promise<Person | undefined> {
  const rows = await sql<PersonRow>`
    update person set name = ${user.name}
     where id = (select person_id from person_identity
                  where provider = ${TELEGRAM} and subject = ${user.subject})
    returning id, name, language, state`.execute(tx);
  const row = rows.rows[0];
  return row === undefined ? undefined : toPerson(row);
}

/** Inserts a person with the identity; undefined when somebody else was quicker. */
export async function insertTelegram(
  tx: Tx,
  user: {
    personId: string;
    subject: string;
    name: string;
    username: string | undefined;
    language: Language;
    at: Date;
  },
): Promise<Person | undefined> {
  const db = tx.$extendTables<IdentityTables>();
  const identity = await db
    .insertInto('person_identity')
    .values({
      provider: TELEGRAM,
      subject: user.subject,
      person_id: user.personId,
      username: user.username ?? null,
      created_at: user.at,
    })
    .onConflict((conflict) => conflict.columns(['provider', 'subject']).doNothing())
    .returning('person_id')
    .executeTakeFirst();
  if (identity === undefined) return undefined;
  await db
    .insertInto('person')
    .values({
      id: user.personId,
      name: user.name,
      language: user.language,
      state: 'active',
      created_at: user.at,
    })
    .execute();
  return { id: user.personId, name: user.name, language: user.language, state: 'active' };
}

export async function readPerson(tx: Tx, id: string): Promise<Person> {
  const row = await tx
    .$extendTables<IdentityTables>()
    .selectFrom('person')
    .select(['id', 'name', 'language', 'state'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new PersonNotFound(`no person ${id}`);
  return toPerson(row);
}

export async function updateLanguage(tx: Tx, id: string, language: Language): Promise<void> {
  await tx
    .$extendTables<IdentityTables>()
    .updateTable('person')
    .set({ language })
    .where('id', '=', id)
    .execute();
}

export async function readContact(tx: Tx, personId: string): Promise<Contact | undefined> {
  const row = await tx
    .$extendTables<IdentityTables>()
    .selectFrom('person_identity')
    .innerJoin('person', 'person.id', 'person_identity.person_id')
    .select([
      'person.name',
      'person.language',
      'person_identity.subject',
      'person_identity.blocked_at',
    ])
    .where('person_identity.person_id', '=', personId)
    .where('person_identity.provider', '=', TELEGRAM)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    personId,
    name: row.name,
    language: row.language === 'ru' ? 'ru' : 'en',
    telegramId: BigInt(row.subject),
    isBlocked: row.blocked_at !== null,
  };
}

/** Marks or unmarks that a Telegram user blocked the bot; returns the person, if known. */
export async function markBlocked(
  tx: Tx,
  subject: string,
  blockedAt: Date | null,
): Promise<string | undefined> {
  const row = await tx
    .$extendTables<IdentityTables>()
    .updateTable('person_identity')
    .set({ blocked_at: blockedAt })
    .where('provider', '=', TELEGRAM)
    .where('subject', '=', subject)
    .returning('person_id')
    .executeTakeFirst();
  return row?.person_id;
}

/** Somebody who came by mail or by an invitation, not by Telegram. */
export async function insertPerson(
  tx: Tx,
  person: { id: string; name: string; language: Language; at: Date },
): Promise<void> {
  await tx
    .$extendTables<IdentityTables>()
    .insertInto('person')
    .values({
      id: person.id,
      name: person.name,
      language: person.language,
      state: 'active',
      created_at: person.at,
    })
    .execute();
}

/** The person as they are now, held until the transaction ends; throws `PersonNotFound`. */
export async function lockPerson(tx: Tx, id: string, mode: 'share' | 'update'): Promise<Person> {
  const { rows } = await sql<PersonRow>`
    select id, name, language, state from person where id = ${id}
    ${mode === 'share' ? sql`for share` : sql`for update`}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new PersonNotFound(`no person ${id}`);
  return toPerson(row);
}

export async function updateState(tx: Tx, id: string, state: Person['state']): Promise<void> {
  await sql`update person set state = ${state} where id = ${id}`.execute(tx);
}
