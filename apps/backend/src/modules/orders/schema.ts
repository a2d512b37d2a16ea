import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** What a customer wants to buy, at the price it had. (`order` is a word of SQL's own.) */
export const CustomerOrder = defineEntity({
  name: 'CustomerOrder',
  tableName: 'customer_order',
  properties: {
    id: p.text().primary(),
    personId: p.text(),
    product: p.text(),
    /** `plan`, or `top_up`: money for the balance. */
    kind: p.text().default('plan'),
    planVersionId: p.text().nullable(),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    state: p.text().default('open'),
    /** The payment that paid it; a second one becomes balance. Null in a top-up: all is balance. */
    paymentId: p.text().nullable(),
    createdAt: p.datetime(6),
    /** Until when we offer to pay; money that comes later is still money. */
    expiresAt: p.datetime(6),
    paidAt: p.datetime(6).nullable(),
    /** When the panel had what was bought; told by the delivery itself. */
    deliveredAt: p.datetime(6).nullable(),
    /** Since when the buyer's bank asks the money back; null: it does not (any more). */
    disputedAt: p.datetime(6).nullable(),
    /** The caller's key: asked twice, it is the same order (principle 8). Null: from the bot. */
    orderKey: p.text().nullable(),
  },
  uniques: [{ name: 'customer_order_key', properties: ['personId', 'orderKey'] }],
  indexes: [
    { name: 'customer_order_person_idx', properties: ['personId', 'createdAt'] },
    { name: 'customer_order_created_idx', properties: ['createdAt', 'id'] },
    { name: 'customer_order_state_idx', properties: ['state', 'createdAt', 'id'] },
    {
      name: 'customer_order_undelivered_idx',
      properties: ['paidAt'],
      where: "state = 'paid' and delivered_at is null",
    },
    { name: 'customer_order_version_idx', properties: ['planVersionId'] },
    {
      name: 'customer_order_short_id_idx',
      expression: 'create index "customer_order_short_id_idx" on "customer_order" (right("id", 6))',
    },
  ],
  checks: [
    {
      name: 'customer_order_state_check',
      expression: "state in ('open', 'paid', 'cancelled', 'refunded')",
    },
    { name: 'customer_order_amount_check', expression: 'amount_minor > 0' },
    {
      name: 'customer_order_kind_check',
      expression: "kind in ('plan', 'top_up') and (kind = 'plan') = (plan_version_id is not null)",
    },
    // An image from before top-ups would name a payment here: it is refused, and a newer one does it.
    {
      name: 'customer_order_paid_check',
      expression:
        "(state in ('paid', 'refunded')) = (paid_at is not null) and (payment_id is not null) = (paid_at is not null and kind = 'plan')",
    },
  ],
});

export type OrderTables = InferKyselyDB<typeof CustomerOrder, TableNames>;
