import { assert, isCurrency, money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Order } from './order.ts';
import type { OrderTables } from './schema.ts';

export const COLUMNS = [
  'id',
  'person_id',
  'kind',
  'product',
  'plan_version_id',
  'amount_minor',
  'currency',
  'state',
  'payment_id',
  'created_at',
  'expires_at',
  'paid_at',
  'delivered_at',
  'disputed_at',
  'order_key',
] as const;

export type OrderRow = Pick<
  {
    id: string;
    person_id: string;
    kind: string;
    product: string;
    plan_version_id: string | null;
    amount_minor: bigint;
    currency: string;
    state: string;
    payment_id: string | null;
    created_at: Date;
    expires_at: Date;
    paid_at: Date | null;
    delivered_at: Date | null;
    disputed_at: Date | null;
    order_key: string | null;
  },
  (typeof COLUMNS)[number]
>;

export function toOrder(row: OrderRow): Order {
  assert(isCurrency(row.currency), `order ${row.id} has currency ${row.currency}`);
  return {
    id: row.id,
    personId: row.person_id,
    kind: row.kind as Order['kind'], // a check constraint keeps it to the two
    product: row.product,
    planVersionId: row.plan_version_id ?? undefined,
    amount: money(row.amount_minor, row.currency),
    state: row.state as Order['state'], // a check constraint keeps it to the four
    paymentId: row.payment_id ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    paidAt: row.paid_at ?? undefined,
    deliveredAt: row.delivered_at ?? undefined,
    disputedAt: row.disputed_at ?? undefined,
    key: row.order_key ?? undefined,
  };
}

/** False when this person has an order of this key: it is the one they mean. */
export async function insertOrder(tx: Tx, order: Order): Promise<boolean> {
  const row = await tx
    .$extendTables<OrderTables>()
    .insertInto('customer_order')
    .values({
      id: order.id,
      person_id: order.personId,
      kind: order.kind,
      product: order.product,
      plan_version_id: order.planVersionId ?? null,
      amount_minor: order.amount.minor,
      currency: order.amount.currency,
      state: order.state,
      created_at: order.createdAt,
      expires_at: order.expiresAt,
      order_key: order.key ?? null,
    })
    .onConflict((conflict) => conflict.columns(['person_id', 'order_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function selectByKey(
  tx: Tx,
  personId: string,
  key: string,
): Promise<Order | undefined> {
  const row = await tx
    .$extendTables<OrderTables>()
    .selectFrom('customer_order')
    .select(COLUMNS)
    .where('person_id', '=', personId)
    .where('order_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

export async function countPlaced(tx: Tx, personId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from customer_order
    where person_id = ${personId} and created_at >= ${since}`.execute(tx);
  return Number(rows[0]?.count ?? 0n);
}

/** Somebody else's order is none. */
export async function selectOwn(tx: Tx, id: string, personId: string): Promise<Order | undefined> {
  const row = await tx
    .$extendTables<OrderTables>()
    .selectFrom('customer_order')
    .select(COLUMNS)
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

export async function selectOrders(tx: Tx, ids: readonly string[]): Promise<Order[]> {
  const rows = await sql<OrderRow>`
    select ${sql.raw(COLUMNS.join(', '))} from customer_order
     where id = any(${ids}::text[])`.execute(tx);
  return rows.rows.map(toOrder);
}

export async function selectOrder(tx: Tx, id: string): Promise<Order | undefined> {
  const row = await tx
    .$extendTables<OrderTables>()
    .selectFrom('customer_order')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

/** Locks the orders in one order of ids, so that two transactions cannot wait for each other. */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<Order[]> {
  const rows = await sql<OrderRow>`
    select ${sql.raw(COLUMNS.join(', '))} from customer_order
     where id = any(${ids}::text[]) order by id for update`.execute(tx);
  return rows.rows.map(toOrder);
}

/** A top-up has nothing to deliver but its money, which is there now. */
export async function updatePaid(
  tx: Tx,
  paid: readonly { orderId: string; paymentId: string | undefined; at: Date }[],
): Promise<void> {
  await sql`update customer_order as o
      set state = 'paid', payment_id = given.payment_id, paid_at = given.at,
          delivered_at = case when o.kind = 'top_up' then given.at end
     from unnest(${paid.map(({ orderId }) => orderId)}::text[],
                 ${paid.map(({ paymentId }) => paymentId ?? null)}::text[],
                 ${paid.map(({ at }) => at)}::timestamptz[]) as given (id, payment_id, at)
    where o.id = given.id`.execute(tx);
}

export async function updateDelivered(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  // In the order of ids, as everybody locks orders.
  await sql`update customer_order as o set delivered_at = ${at}
     from (select id from customer_order where id = any(${ids}::text[]) order by id for update)
            as locked
    where o.id = locked.id and o.delivered_at is null`.execute(tx);
}

/** Of a repeat the first time counts. */
export async function updateDisputed(tx: Tx, id: string, since: Date | undefined): Promise<void> {
  await sql`update customer_order
      set disputed_at = case when ${since ?? null}::timestamptz is null then null
                             else coalesce(disputed_at, ${since ?? null}) end
    where id = ${id}`.execute(tx);
}

export async function updateState(
  tx: Tx,
  id: string,
  change: { from: Order['state']; to: Order['state'] },
): Promise<boolean> {
  const row = await tx
    .$extendTables<OrderTables>()
    .updateTable('customer_order')
    .set({ state: change.to })
    .where('id', '=', id)
    .where('state', '=', change.from)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
