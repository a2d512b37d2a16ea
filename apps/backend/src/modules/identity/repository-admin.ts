/** People as staff looks for them; every list is bounded and walks an index. */
import type { Language } from '@opora/kernel';
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import { readEmail } from './email.ts';
import { EmailInvalid, PersonNotFound } from './errors.ts';

/** A person in short, for rows of other lists. */
export type PersonBrief = Readonly<{
  id: string;
  name: string;
  telegramUsername: string | undefined;
}>;

export type PersonListed = PersonBrief &
  Readonly<{
    language: Language;
    state: 'active' | 'banned';
    telegramId: string | undefined;
    email: string | undefined;
    /** The person blocked our bot. */
    blockedAt: Date | undefined;
    createdAt: Date;
  }>;

export type PeopleFilter = Readonly<{
  state?: 'active' | 'banned' | undefined;
  /** Only these; what a search found. */
  ids?: readonly string[] | undefined;
}>;

type Row = {
  id: string;
  name: string;
  language: string;
  state: string;
  created_at: Date;
  telegram_id: string | null;
  telegram_username: string | null;
  blocked_at: Date | null;
  email: string | null;
};

/** An alias or a contained part needs this many characters, or everybody fits. */
const NAME_MIN = 2;

const LISTED = sql`
  select person.id, person.name, person.language, person.state, person.created_at,
         telegram.subject as telegram_id, telegram.username as telegram_username,
         telegram.blocked_at, email.display as email
    from person
    left join lateral (select subject, username, blocked_at from person_identity
                        where person_id = person.id and provider = 'telegram' limit 1)
              as telegram on true
    left join person_email as email on email.person_id = person.id`;

export async function selectBriefs(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PersonBrief>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`${LISTED} where person.id = any(${[...new Set(ids)]}::text[])
    `.execute(tx);
  return new Map(rows.map((row) => [row.id, toListed(row)]));
}

/** Newest first. */
export async function selectPeople(
  tx: Tx,
  filter: PeopleFilter,
  page: PageWish,
): Promise<Page<PersonListed>> {
  const conditions = [
    filter.state === undefined ? undefined : sql`person.state = ${filter.state}`,
    filter.ids === undefined ? undefined : sql`person.id = any(${filter.ids}::text[])`,
  ];
  const columns = { at: 'person.created_at', id: 'person.id' };
  const { rows } = await sql<Row>`${LISTED} ${pageClause(columns, conditions, page)}`.execute(tx);
  return toPage(rows.map(toListed), page, ({ createdAt, id }) => ({ at: createdAt, id }));
}

/** Throws `PersonNotFound`. */
export async function readListed(tx: Tx, id: string): Promise<PersonListed> {
  const { rows } = await sql<Row>`${LISTED} where person.id = ${id}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new PersonNotFound(`no person ${id}`);
  return toListed(row);
}

/**
 * Ids of people that fit: the whole id or its last six characters, an exact e-mail, Telegram id or
 * username, or a part of the name; best first, at most `limit`.
 */
export async function findPeople(tx: Tx, text: string, limit: number): Promise<string[]> {
  const exact = text.toLowerCase();
  const address = addressIn(text);
  const username = exact.replace(/^@/, '');
  const part = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const named =
    [...text].length < NAME_MIN
      ? sql``
      : sql`union all (select id, 2 as rank, created_at from person where name ilike ${part}
                        order by created_at desc limit ${limit})`;
  const { rows } = await sql<{ id: string }>`
    select id from (
      (select id, 0 as rank, created_at from person
        where id = ${exact} or right(id, 6) = ${exact} limit ${limit})
      union all
      (select person_id, 1, created_at from person_identity
        where (provider = 'telegram' and subject = ${text})
           or lower(username) = ${username} limit ${limit})
      union all
      (select person_id, 1, confirmed_at from person_email where address = ${address ?? null})
      ${named}) as found
     group by id order by min(rank), max(created_at) desc limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** The one spelling under which a mailbox is kept; undefined: the text is none. */
function addressIn(text: string): string | undefined {
  try {
    return readEmail(text).address;
  } catch (error) {
    if (error instanceof EmailInvalid) return undefined;
    throw error;
  }
}

/** How many people came in each UTC day since `from`, and until the same hour a week ago. */
export async function countPeople(
  tx: Tx,
  span: { from: Date; today: Date; weekAgo: { from: Date; to: Date } },
): Promise<{ today: number; weekAgo: number; days: { day: string; count: bigint }[] }> {
  const { from, today, weekAgo } = span;
  const { rows } = await sql<{ day: string; count: bigint; week_ago: bigint; today: bigint }>`
    select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as count,
           count(*) filter (where created_at >= ${weekAgo.from} and created_at < ${weekAgo.to})
             as week_ago,
           count(*) filter (where created_at >= ${today}) as today
      from person where created_at >= ${from} group by 1 order by 1`.execute(tx);
  const sum = (key: 'today' | 'week_ago'): number =>
    rows.reduce((total, row) => total + Number(row[key]), 0);
  return { today: sum('today'), weekAgo: sum('week_ago'), days: rows };
}

function toListed(row: Row): PersonListed {
  return {
    id: row.id,
    name: row.name,
    language: row.language === 'ru' ? 'ru' : 'en',
    state: row.state === 'banned' ? 'banned' : 'active',
    telegramId: row.telegram_id ?? undefined,
    telegramUsername: row.telegram_username ?? undefined,
    email: row.email ?? undefined,
    blockedAt: row.blocked_at ?? undefined,
    createdAt: row.created_at,
  };
}
