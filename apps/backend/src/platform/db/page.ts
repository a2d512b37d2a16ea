/**
 * Pages of long lists, newest first, by the key of a row and never by its number: a row that comes
 * or goes moves no other. A cursor is `<time>_<id>`; times are kept to the millisecond.
 */
import { DomainError } from '@opora/kernel';
import { sql } from './tx.ts';

/** An address somebody wrote by hand, or one of an older version. */
export class CursorInvalid extends DomainError {
  readonly code = 'http.cursor_invalid';
  readonly kind = 'invalid';
}

export type PageKey = Readonly<{ at: Date; id: string }>;

/** Rows older than `after`, or newer than `before`, or the newest ones; at most `limit`. */
export type PageWish = Readonly<{
  after?: PageKey | undefined;
  before?: PageKey | undefined;
  limit: number;
}>;

export type Page<Row> = Readonly<{
  items: readonly Row[];
  /** Cursors of the neighbouring pages; null at the ends. */
  older: string | null;
  newer: string | null;
}>;

const CURSOR = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)_([A-Za-z0-9_.:-]{1,170})$/;

/** The wish behind the query of a list; throws `CursorInvalid`. */
export function pageWish(query: {
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
}): PageWish {
  const { after, before, limit } = query;
  return {
    after: after === undefined ? undefined : readCursor(after),
    before: before === undefined ? undefined : readCursor(before),
    limit,
  };
}

function readCursor(cursor: string): PageKey {
  const [, time = '', id = ''] = CURSOR.exec(cursor) ?? [];
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) throw new CursorInvalid('not a cursor of ours');
  return { at, id };
}

function cursorOf({ at, id }: PageKey): string {
  return `${at.toISOString()}_${id}`;
}

type Condition = ReturnType<typeof sql>;

/** `where`, `order by` and `limit` of one page, and one row more to see whether there is another. */
export function pageClause(
  columns: { at: string; id: string },
  conditions: readonly (Condition | undefined)[],
  page: PageWish,
): Condition {
  const [at, id] = [sql.ref(columns.at), sql.ref(columns.id)];
  const { after, before, limit } = page;
  const all = [
    ...conditions,
    after === undefined ? undefined : sql`(${at}, ${id}) < (${after.at}, ${after.id})`,
    before === undefined ? undefined : sql`(${at}, ${id}) > (${before.at}, ${before.id})`,
  ].filter((condition) => condition !== undefined);
  const where = all.length === 0 ? sql`` : sql`where ${sql.join(all, sql` and `)}`;
  const direction = sql.raw(isBackwards(page) ? 'asc' : 'desc');
  return sql`${where} order by ${at} ${direction}, ${id} ${direction} limit ${limit + 1}`;
}

/** What `pageClause` selected, as a page: newest first, with the cursors of its neighbours. */
export function toPage<Row>(
  rows: readonly Row[],
  page: PageWish,
  keyOf: (row: Row) => PageKey,
): Page<Row> {
  const hasMore = rows.length > page.limit;
  const shown = rows.slice(0, page.limit);
  const items = isBackwards(page) ? shown.toReversed() : shown;
  const [first, last] = [items.at(0), items.at(-1)];
  const hasOlder = isBackwards(page) || hasMore;
  const hasNewer = isBackwards(page) ? hasMore : page.after !== undefined;
  return {
    items,
    older: last === undefined || !hasOlder ? null : cursorOf(keyOf(last)),
    newer: first === undefined || !hasNewer ? null : cursorOf(keyOf(first)),
  };
}

function isBackwards({ after, before }: PageWish): boolean {
  return after === undefined && before !== undefined;
}
