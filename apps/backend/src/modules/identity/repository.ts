import type { Language } from '@opora/kernel';
import { sql, statement, type Tx } from '../../platform/db/index.ts';
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

const TOUCH = statement<PersonRow & { subject: string }>(`
  with known as (
    select given.subject, given.name, person.id, person.language, person.state,
           person.name as old_name
      from unnest($1::text[], $2::text[]) as given (subject, name)
      join person_identity as identity
        on identity.provider = '${TELEGRAM}' and identity.subject = given.subject
      join person on person.id = identity.person_id
  ), renamed as (
    update person set name = known.name from known
     where person.id = known.id and known.old_name <> known.name)
  select subject, id, name, language, state from known`);

/** Finds people by Telegram id and refreshes their names; who is new is absent. */
export async function touchTelegram(
  tx: Tx,
  users: readonly { subject: string; name: string }[],
): Promise<ReadonlyMap<string, Person>> {
  const rows = await TOUCH(tx, [
    users.map(({ subject }) => subject),
    users.map(({ name }) => name),
  ]);
  return new Map(rows.map((row) => [row.subject, toPerson(row)]));
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

/** Undefined for nobody; who has neither Telegram nor a mailbox is somebody all the same. */
export async function readContact(tx: Tx, personId: string): Promise<Contact | undefined> {
  const rows = await sql<ContactRow>`
    select person.name, person.language, known.subject, known.blocked_at, mailbox.display as email
      from person
      left join person_identity as known
             on known.person_id = person.id and known.provider = ${TELEGRAM}
      left join person_email as mailbox on mailbox.person_id = person.id
     where person.id = ${personId}`.execute(tx);
  return rows.rows.map((row) => ({
    personId,
    name: row.name,
    language: row.language === 'ru' ? ('ru' as const) : ('en' as const),
    telegramId: row.subject === null ? undefined : BigInt(row.subject),
    isBlocked: row.blocked_at !== null,
    email: row.email ?? undefined,
  }))[0];
}

type ContactRow = {
  name: string;
  language: string;
  subject: string | null;
  blocked_at: Date | null;
  email: string | null;
};

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
