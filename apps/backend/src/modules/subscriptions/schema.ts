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
    /** Grows with everything the panel must hear of: grants, a ban, an unban. */
    revision: p.integer(),
    /** The newest revision the panel has; told by the delivery itself. */
    deliveredRevision: p.integer().default(0),
    /** Since when the panel is behind, or has it all. */
    deliverySince: p.datetime(6).defaultRaw('now()'),
    createdAt: p.datetime(6),
  },
  indexes: [
    { name: 'subscription_created_idx', properties: ['createdAt', 'id'] },
    { name: 'subscription_expires_idx', properties: ['expiresAt'] },
    { name: 'subscription_since_idx', properties: ['deliverySince', 'id'] },
    {
      name: 'subscription_behind_idx',
      properties: ['deliverySince', 'id'],
      where: 'delivered_revision < revision',
    },
    {
      name: 'subscription_short_id_idx',
      expression: 'create index "subscription_short_id_idx" on "subscription" (right("id", 6))',
    },
  ],
  uniques: [{ name: 'subscription_person_product_key', properties: ['personId', 'product'] }],
});

/**
 * One paid order, one act of staff or one turn of an order's money, one change of the term: that each is unique is what makes
 * access exactly-once. A revoked term is a grant that ends at once: the evidence of principle 10.
 */
export const SubscriptionGrant = defineEntity({
  name: 'SubscriptionGrant',
  tableName: 'subscription_grant',
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    kind: p.text().default('order'),
    /** The paid order. */
    orderId: p.text().nullable(),
    /** The audit entry of the act. */
    actId: p.text().nullable(),
    subscriptionId: p.text(),
    revision: p.integer(),
    /** Of a withdrawal or a restoration: the grant it is about. */
    ofRevision: p.integer().nullable(),
    startsAt: p.datetime(6),
    endsAt: p.datetime(6),
    createdAt: p.datetime(6),
  },
  uniques: [
    { name: 'subscription_grant_order_key', properties: ['orderId'] },
    { name: 'subscription_grant_act_key', properties: ['actId'] },
    { name: 'subscription_grant_revision_key', properties: ['subscriptionId', 'revision'] },
  ],
  checks: [
    {
      name: 'subscription_grant_kind_check',
      expression: "kind in ('order', 'extend', 'grant', 'revoke', 'withdraw', 'restore')",
    },
    {
      name: 'subscription_grant_source_check',
      expression:
        "(kind = 'order') = (order_id is not null) and (kind in ('withdraw', 'restore')) = (of_revision is not null) and (kind in ('extend', 'grant', 'revoke')) <= (act_id is not null)",
    },
  ],
});

/** The customer's consent that the next term is charged to a saved method, and when that is due. */
export const RenewalRow = defineEntity({
  name: 'RenewalRow',
  tableName: 'renewal',
  properties: {
    subscriptionId: p.text().primary(),
    personId: p.text(),
    state: p.text(),
    /** Why it ended; null while it is on, and when its owner switched it off. */
    why: p.text().nullable(),
    provider: p.text(),
    methodId: p.text(),
    /** What was agreed: version, price, words, moment. Another price needs another consent. */
    planVersionId: p.text(),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    words: p.text(),
    agreedAt: p.datetime(6),
    changedAt: p.datetime(6),
    /** The end of the term whose charge was announced, and when. */
    toldTerm: p.datetime(6).nullable(),
    toldAt: p.datetime(6).nullable(),
    /** When it is looked at next; null: nothing is due. */
    nextAt: p.datetime(6).nullable(),
  },
  indexes: [
    { name: 'renewal_next_idx', properties: ['nextAt'], where: "state = 'on'" },
    { name: 'renewal_method_idx', properties: ['methodId'] },
  ],
  checks: [
    {
      name: 'renewal_state_check',
      expression:
        "state in ('on', 'off', 'ended') and (state = 'ended') = (why is not null) and (state = 'on') = (next_at is not null)",
    },
    { name: 'renewal_amount_check', expression: 'amount_minor > 0' },
  ],
});

export type SubscriptionTables = InferKyselyDB<
  typeof Subscription | typeof SubscriptionGrant | typeof RenewalRow,
  TableNames
>;
