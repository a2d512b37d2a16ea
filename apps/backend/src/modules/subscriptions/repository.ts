import { assert } from '@opora/kernel';
import { sql, statement, type Tx } from '../../platform/db/index.ts';
import type { SubscriptionTables } from './schema.ts';
import type { Grant, Subscription } from './subscription.ts';

export type SubscriptionRow = {
  id: string;
  person_id: string;
  product: string;
  plan_version_id: string;
  expires_at: Date;
  revision: number;
  delivered_revision: number;
  delivery_since: Date;
  created_at: Date;
};

const NAMES = `id, person_id, product, plan_version_id, expires_at, revision, delivered_revision,
  delivery_since, created_at`;
export const COLUMNS = sql.raw(NAMES);
const LISTED_MAX = 50;

export function toSubscription(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    personId: row.person_id,
    product: row.product,
    planVersionId: row.plan_version_id,
    expiresAt: row.expires_at,
    revision: row.revision,
    deliveredRevision: row.delivered_revision,
    deliverySince: row.delivery_since,
    createdAt: row.created_at,
  };
}

/** The person's subscription of that product, locked; made (with no time on it) at the first order. */
export async function lockOrInsert(tx: Tx, fresh: Subscription): Promise<Subscription> {
  await tx
    .$extendTables<SubscriptionTables>()
    .insertInto('subscription')
    .values({
      id: fresh.id,
      person_id: fresh.personId,
      product: fresh.product,
      plan_version_id: fresh.planVersionId,
      expires_at: fresh.expiresAt,
      revision: 0,
      delivery_since: fresh.deliverySince,
      created_at: fresh.createdAt,
    })
    .onConflict((conflict) => conflict.columns(['person_id', 'product']).doNothing())
    .execute();
  const subscription = await lockOfProduct(tx, fresh);
  assert(subscription !== undefined, `subscription of ${fresh.personId} vanished`);
  return subscription;
}

export async function lockSubscription(tx: Tx, id: string): Promise<Subscription | undefined> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription where id = ${id} for update`.execute(tx);
  return rows.rows.map(toSubscription)[0];
}

/** Undefined until the person had anything of this product. */
export async function lockOfProduct(
  tx: Tx,
  { personId, product }: { personId: string; product: string },
): Promise<Subscription | undefined> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription
     where person_id = ${personId} and product = ${product} for update`.execute(tx);
  return rows.rows.map(toSubscription)[0];
}

/** All of a person's, in the order of ids, so that two writers cannot deadlock. */
export async function lockOfPerson(tx: Tx, personId: string): Promise<Subscription[]> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription where person_id = ${personId}
     order by id limit ${LISTED_MAX} for update`.execute(tx);
  return rows.rows.map(toSubscription);
}

/** False when this order or act was granted before. */
export async function insertGrant(tx: Tx, grant: Grant): Promise<boolean> {
  const rows = await sql<{ revision: number }>`
    insert into subscription_grant
      (kind, order_id, act_id, subscription_id, revision, of_revision, starts_at, ends_at,
       created_at)
    values (${grant.kind}, ${grant.orderId ?? null}, ${grant.actId ?? null},
            ${grant.subscriptionId}, ${grant.revision}, ${grant.ofRevision ?? null},
            ${grant.startsAt}, ${grant.endsAt}, ${grant.createdAt})
    on conflict do nothing
    returning revision`.execute(tx);
  return rows.rows.length === 1;
}

export async function hasGrant(tx: Tx, orderId: string): Promise<boolean> {
  const rows = await sql<{ found: boolean }>`
    select exists (select 1 from subscription_grant where order_id = ${orderId}) as found
    `.execute(tx);
  return rows.rows[0]?.found === true;
}

/** A new term, or only a new revision; the panel is behind from now on, unless it was already. */
export async function updateExtended(
  tx: Tx,
  change: { id: string; planVersionId: string; expiresAt: Date; revision: number; at: Date },
): Promise<void> {
  await sql`update subscription
      set expires_at = ${change.expiresAt}, revision = ${change.revision},
          plan_version_id = ${change.planVersionId},
          delivery_since = case when delivered_revision < revision then delivery_since
                                else ${change.at} end
    where id = ${change.id}`.execute(tx);
}

/** What the panel has by now; an older answer that comes late changes nothing. */
export async function updateDelivered(
  tx: Tx,
  told: { id: string; revision: number; at: Date },
): Promise<void> {
  await sql`update subscription
      set delivered_revision = ${told.revision},
          delivery_since = case when ${told.revision} >= revision then ${told.at}
                                else delivery_since end
    where id = ${told.id} and delivered_revision < ${told.revision}`.execute(tx);
}

export async function selectSubscription(tx: Tx, id: string): Promise<Subscription | undefined> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription where id = ${id}`.execute(tx);
  return rows.rows.map(toSubscription)[0];
}

/** Somebody else's subscription is none. */
export async function selectOwn(
  tx: Tx,
  id: string,
  personId: string,
): Promise<Subscription | undefined> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription
     where id = ${id} and person_id = ${personId}`.execute(tx);
  return rows.rows.map(toSubscription)[0];
}

const OF_PEOPLE = statement<SubscriptionRow>(
  `select ${NAMES} from subscription where person_id = any($1::text[])
    order by created_at limit $2`,
);

/** By person, oldest first; a person without one is absent. */
export async function selectOfPeople(
  tx: Tx,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, Subscription[]>> {
  const rows = await OF_PEOPLE(tx, [personIds, personIds.length * LISTED_MAX]);
  return Map.groupBy(rows.map(toSubscription), ({ personId }) => personId);
}

export async function selectPage(
  tx: Tx,
  after: string | undefined,
  limit: number,
): Promise<Subscription[]> {
  const rows = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription where id > ${after ?? ''} order by id limit ${limit}
    `.execute(tx);
  return rows.rows.map(toSubscription);
}

export async function selectKnown(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from subscription where id = any(${ids}::text[])`.execute(tx);
  return rows.rows.map(({ id }) => id);
}

export async function selectGrants(tx: Tx, id: string, upToRevision: number): Promise<Grant[]> {
  const rows = await tx
    .$extendTables<SubscriptionTables>()
    .selectFrom('subscription_grant')
    .select(['kind', 'order_id', 'act_id', 'subscription_id', 'revision', 'of_revision'])
    .select(['starts_at', 'ends_at', 'created_at'])
    .where('subscription_id', '=', id)
    .where('revision', '<=', upToRevision)
    .orderBy('revision')
    .execute();
  return rows.map((row) => ({
    kind: row.kind as Grant['kind'], // a check constraint keeps it to the list
    orderId: row.order_id ?? undefined,
    actId: row.act_id ?? undefined,
    subscriptionId: row.subscription_id,
    revision: row.revision,
    ofRevision: row.of_revision ?? undefined,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    createdAt: row.created_at,
  }));
}
