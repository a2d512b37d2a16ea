import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** What a person may use and until when: the sum of its grants. */
export const Subscription = defineEntity({
  name: 'Subscription',
  tableName: 'subscription',
  properties: {
    id: p.text().primary(),
    personId: p.text(),
    product: p.text(),
    planVersionId: p.text(),
    expiresAt: p.datetime(6),
    /** Grows with each grant; a delivery says which revision the panel has. */
    revision: p.integer(),
    createdAt: p.datetime(6),
  },
  uniques: [{ name: 'subscription_person_product_key', properties: ['personId', 'product'] }],
});

/** One paid order, one extension: the unique order is what makes access exactly-once. */
export const SubscriptionGrant = defineEntity({
  name: 'SubscriptionGrant',
  tableName: 'subscription_grant',
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    orderId: p.text(),
    subscriptionId: p.text(),
    revision: p.integer(),
    startsAt: p.datetime(6),
    endsAt: p.datetime(6),
    createdAt: p.datetime(6),
  },
  uniques: [
    { name: 'subscription_grant_order_key', properties: ['orderId'] },
    { name: 'subscription_grant_revision_key', properties: ['subscriptionId', 'revision'] },
  ],
});

export type SubscriptionTables = InferKyselyDB<
  typeof Subscription | typeof SubscriptionGrant,
  TableNames
>;
