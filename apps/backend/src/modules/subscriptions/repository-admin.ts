/** Subscriptions and what the panel still lacks, as staff lists them. */
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import { COLUMNS, toSubscription, type SubscriptionRow } from './repository.ts';
import type { Subscription } from './subscription.ts';

export type SubscriptionFilter = Readonly<{
  /** `pending`: the panel has never heard of it. */
  state?: 'active' | 'expired' | 'pending' | undefined;
  /** Ends after now and before this. */
  endsBefore?: Date | undefined;
}>;

const SELECT = sql`select ${COLUMNS} from subscription`;

/** Newest first; `at` tells which have ended. */
export async function selectSubscriptions(
  tx: Tx,
  filter: SubscriptionFilter & { at: Date },
  page: PageWish,
): Promise<Page<Subscription>> {
  const { state, at, endsBefore } = filter;
  const conditions = [
    state === 'pending' ? sql`delivered_revision = 0` : undefined,
    state === 'active' || endsBefore !== undefined ? sql`expires_at > ${at}` : undefined,
    state === 'expired' ? sql`expires_at <= ${at}` : undefined,
    endsBefore === undefined ? undefined : sql`expires_at <= ${endsBefore}`,
  ];
  const columns = { at: 'created_at', id: 'id' };
  const { rows } = await sql<SubscriptionRow>`${SELECT} ${pageClause(columns, conditions, page)}
    `.execute(tx);
  return toPage(rows.map(toSubscription), page, ({ createdAt, id }) => ({ at: createdAt, id }));
}

export type DeliveryFilter = Readonly<{
  /** `waiting`: the panel lacks something; `delivered`: it has everything. */
  state: 'waiting' | 'delivered';
  /** Behind since before this. */
  since?: Readonly<{ before?: Date; after?: Date }>;
}>;

/** What waits for the panel, or what it has; the newest change first. */
export async function selectByDelivery(
  tx: Tx,
  filter: DeliveryFilter,
  page: PageWish,
): Promise<Page<Subscription>> {
  const { before, after } = filter.since ?? {};
  const conditions = [
    filter.state === 'waiting'
      ? sql`delivered_revision < revision`
      : sql`delivered_revision >= revision`,
    before === undefined ? undefined : sql`delivery_since < ${before}`,
    after === undefined ? undefined : sql`delivery_since >= ${after}`,
  ];
  const columns = { at: 'delivery_since', id: 'id' };
  const { rows } = await sql<SubscriptionRow>`${SELECT} ${pageClause(columns, conditions, page)}
    `.execute(tx);
  return toPage(rows.map(toSubscription), page, ({ deliverySince, id }) => ({
    at: deliverySince,
    id,
  }));
}

export async function findSubscriptions(
  tx: Tx,
  text: string,
  limit: number,
): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`${SELECT}
     where id = ${text} or right(id, 6) = ${text}
     order by created_at desc limit ${limit}`.execute(tx);
  return rows.map(toSubscription);
}

/** The subscription of each of these people that ends last. */
export async function selectNewestOf(
  tx: Tx,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Subscription>> {
  const { rows } = await sql<SubscriptionRow>`
    select distinct on (person_id) ${COLUMNS} from subscription
     where person_id = any(${personIds}::text[]) order by person_id, expires_at desc`.execute(tx);
  return new Map(rows.map((row) => [row.person_id, toSubscription(row)]));
}

/** The newest paid order of each subscription: what a delivery is mostly about. */
export async function selectNewestOrders(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ subscription_id: string; order_id: string }>`
    select distinct on (subscription_id) subscription_id, order_id from subscription_grant
     where subscription_id = any(${ids}::text[]) and order_id is not null
     order by subscription_id, revision desc`.execute(tx);
  return new Map(rows.map((row) => [row.subscription_id, row.order_id]));
}

export async function countBehind(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from subscription where delivered_revision < revision`.execute(tx);
  return Number(rows[0]?.count ?? 0n);
}
