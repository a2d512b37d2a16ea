/** Orders as staff lists and counts them. */
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import type { Order } from './order.ts';
import { COLUMNS, toOrder, type OrderRow } from './repository.ts';

export type OrderFilter = Readonly<{
  personId?: string | undefined;
  /** `expired`: open, and its offer has ended. */
  state?: Order['state'] | 'expired' | undefined;
  /** Paid, and not delivered yet. */
  isUndelivered?: boolean | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

const SELECT = sql`select ${sql.raw(COLUMNS.join(', '))} from customer_order`;

/** Newest first; `at` tells which offers have ended. */
export async function selectOrders(
  tx: Tx,
  filter: OrderFilter & { at: Date },
  page: PageWish,
): Promise<Page<Order>> {
  const { personId, from, to } = filter;
  const conditions = [
    personId === undefined ? undefined : sql`person_id = ${personId}`,
    inState(filter.state, filter.at),
    filter.isUndelivered === true ? sql`state = 'paid' and delivered_at is null` : undefined,
    from === undefined ? undefined : sql`created_at >= ${from}`,
    to === undefined ? undefined : sql`created_at < ${to}`,
  ];
  const columns = { at: 'created_at', id: 'id' };
  const { rows } = await sql<OrderRow>`${SELECT} ${pageClause(columns, conditions, page)}
    `.execute(tx);
  return toPage(rows.map(toOrder), page, ({ createdAt, id }) => ({ at: createdAt, id }));
}

function inState(state: OrderFilter['state'], at: Date) {
  if (state === undefined) return undefined;
  if (state === 'expired') return sql`state = 'open' and expires_at <= ${at}`;
  return state === 'open' ? sql`state = 'open' and expires_at > ${at}` : sql`state = ${state}`;
}

export async function findOrders(tx: Tx, text: string, limit: number): Promise<Order[]> {
  const { rows } = await sql<OrderRow>`${SELECT}
     where id = ${text} or right(id, 6) = ${text}
     order by created_at desc limit ${limit}`.execute(tx);
  return rows.map(toOrder);
}

/** How many orders were placed at each version of a plan. */
export async function countByVersion(
  tx: Tx,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; count: bigint }>`
    select plan_version_id as id, count(*) as count from customer_order
     where plan_version_id = any(${versionIds}::text[]) group by 1`.execute(tx);
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}

/** Orders placed in a span, and how many of them are paid by now. */
export async function countPlaced(
  tx: Tx,
  span: { from: Date; to: Date },
): Promise<{ placed: number; paid: number }> {
  const { rows } = await sql<{ placed: bigint; paid: bigint }>`
    select count(*) as placed, count(*) filter (where paid_at is not null) as paid
      from customer_order where created_at >= ${span.from} and created_at < ${span.to}`.execute(tx);
  return { placed: Number(rows[0]?.placed ?? 0n), paid: Number(rows[0]?.paid ?? 0n) };
}

/** Orders that are paid and not delivered: how many, and which has waited longest. */
export async function selectUndelivered(
  tx: Tx,
): Promise<{ count: number; oldest: Order | undefined }> {
  const waiting = sql`state = 'paid' and delivered_at is null`;
  const [count, oldest] = await Promise.all([
    sql<{ count: bigint }>`select count(*) from customer_order where ${waiting}`.execute(tx),
    sql<OrderRow>`${SELECT} where ${waiting} order by paid_at limit 1`.execute(tx),
  ]);
  return { count: Number(count.rows[0]?.count ?? 0n), oldest: oldest.rows.map(toOrder)[0] };
}
