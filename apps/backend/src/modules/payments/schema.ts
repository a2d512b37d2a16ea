import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

const STATES =
  "('created', 'pending', 'authorised', 'settled', 'failed', 'cancelled', 'expired', 'partly_refunded', 'refunded', 'disputed')";

/** Money asked for one order through one provider. Its id is our idempotency key there. */
export const Payment = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: p.text().primary(),
    orderId: p.text(),
    personId: p.text(),
    provider: p.text(),
    /** The provider's own id: with the provider, the key of money (principle 2). */
    reference: p.text().nullable(),
    state: p.text().default('created'),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    refundedMinor: p.bigint('bigint').default(0),
    /** Given back to the customer's balance; what the provider gave back is beside it. */
    creditedMinor: p.bigint('bigint').default(0),
    checkoutUrl: p.text().nullable(),
    /** Vendor's reason of a cancellation, for staff and for the customer's words. */
    reason: p.text().nullable(),
    createdAt: p.datetime(6),
    settledAt: p.datetime(6).nullable(),
    /** When the janitor asks the provider next; null: nothing is expected any more. */
    nextCheckAt: p.datetime(6).nullable(),
    checks: p.integer().default(0),
    /** The words by which the buyer agreed that the method is kept; null: it is not kept. */
    saveWords: p.text().nullable(),
    /** The saved method it charges; null: the buyer pays by themselves. */
    methodId: p.text().nullable(),
    /** What the vendor's decline means for the next try of the method. */
    advice: p.text().nullable(),
    /** The payment whose link was paid once more by this money; null: it has a link of its own. */
    secondOf: p.text().nullable(),
    /** The buyer's own mailbox for the fiscal receipt, as it was when this began; null: the shop's. */
    receiptTo: p.text().nullable(),
    /** The words and the language its provider was asked in; null: nobody was. */
    description: p.text().nullable(),
    language: p.text().nullable(),
  },
  uniques: [{ name: 'payment_provider_reference_key', properties: ['provider', 'reference'] }],
  indexes: [
    // What is held of a balance: one part at most for an order.
    {
      name: 'payment_held_key',
      expression:
        'create unique index "payment_held_key" on "payment" ("order_id") where "provider" = \'balance\' and "state" = \'authorised\'',
    },
    { name: 'payment_order_idx', properties: ['orderId'] },
    { name: 'payment_own_idx', properties: ['personId', 'id'] },
    {
      name: 'payment_next_check_idx',
      properties: ['nextCheckAt'],
      where: 'next_check_at is not null',
    },
    { name: 'payment_created_idx', properties: ['createdAt', 'id'] },
    { name: 'payment_state_idx', properties: ['state', 'createdAt', 'id'] },
    { name: 'payment_person_idx', properties: ['personId', 'createdAt'] },
    { name: 'payment_settled_idx', properties: ['settledAt'], where: 'settled_at is not null' },
    {
      name: 'payment_short_id_idx',
      expression: 'create index "payment_short_id_idx" on "payment" (right("id", 6))',
    },
    { name: 'payment_vendor_reference_idx', properties: ['reference'] },
  ],
  checks: [
    { name: 'payment_state_check', expression: `state in ${STATES}` },
    {
      name: 'payment_refunded_check',
      expression: 'amount_minor > 0 and refunded_minor >= 0 and refunded_minor <= amount_minor',
    },
    {
      // Not of the sum: a provider may give back what had gone to the balance before.
      name: 'payment_credited_check',
      expression: 'credited_minor >= 0 and credited_minor <= amount_minor',
    },
  ],
});

/** What a person let us charge again. The vendor's token is sealed; nobody reads it here. */
export const SavedMethod = defineEntity({
  name: 'SavedMethod',
  tableName: 'saved_method',
  properties: {
    id: p.text().primary(),
    personId: p.text(),
    provider: p.text(),
    /** The payment it was saved with: its facts come more than once. */
    paymentId: p.text(),
    token: p.text(),
    /** What its owner knows it by: `•• 4477`. */
    title: p.text(),
    expiresAt: p.datetime(6).nullable(),
    state: p.text().default('active'),
    /** The one that is meant when none is named. */
    isDefault: p.boolean(),
    /** By which words the owner agreed, and when. */
    words: p.text(),
    agreedAt: p.datetime(6),
    createdAt: p.datetime(6),
    endedAt: p.datetime(6).nullable(),
  },
  uniques: [{ name: 'saved_method_payment_key', properties: ['paymentId'] }],
  indexes: [
    { name: 'saved_method_person_idx', properties: ['personId', 'createdAt'] },
    {
      name: 'saved_method_default_key',
      expression:
        'create unique index "saved_method_default_key" on "saved_method" ("person_id") where is_default',
    },
  ],
  checks: [
    {
      name: 'saved_method_state_check',
      expression:
        "state in ('active', 'removed', 'refused') and (state = 'active') = (ended_at is null) and (state = 'active' or not is_default)",
    },
  ],
});

/**
 * The inbox: every notice as it came, bytes and all. A row is its own job: `waiting` ones are
 * claimed in batches with a lease and an attempt number. A repeat re-arms what was not proven.
 */
export const PaymentNotice = defineEntity({
  name: 'PaymentNotice',
  tableName: 'payment_notice',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    dedupeKey: p.text(),
    event: p.text(),
    reference: p.text(),
    confirmed: p.boolean(),
    /** What a confirmed notice claims (state, sums), as JSON; null when it proves nothing. */
    claims: p.json<Record<string, unknown>>().nullable(),
    headers: p.json<Record<string, string>>(),
    query: p.text(),
    body: p.blob(),
    remoteAddress: p.text(),
    state: p.text().default('waiting'),
    /** Once judged: `moved` (led to its money), `duplicate`, `unproven`, `unknown_order` ... */
    outcome: p.text().nullable(),
    receipts: p.integer().default(1),
    firstReceivedAt: p.datetime(6),
    lastReceivedAt: p.datetime(6),
    judgedAt: p.datetime(6).nullable(),
    dueAt: p.datetime(6),
    attempts: p.integer().default(0),
    leaseUntil: p.datetime(6).nullable(),
  },
  uniques: [{ name: 'payment_notice_dedupe_key', properties: ['provider', 'dedupeKey'] }],
  indexes: [
    { name: 'payment_notice_due_idx', properties: ['dueAt'], where: "state = 'waiting'" },
    { name: 'payment_notice_reference_idx', properties: ['provider', 'reference'] },
    { name: 'payment_notice_received_idx', properties: ['firstReceivedAt', 'id'] },
    {
      name: 'payment_notice_quarantined_idx',
      properties: ['firstReceivedAt', 'id'],
      where: "state = 'quarantined'",
    },
    { name: 'payment_notice_newest_idx', properties: ['provider', 'lastReceivedAt'] },
  ],
  checks: [
    {
      name: 'payment_notice_state_check',
      expression: "state in ('waiting', 'done', 'quarantined')",
    },
  ],
});

/** What was refused at the door, for the operator; bounded by `REFUSALS_KEPT`. */
export const PaymentRefusal = defineEntity({
  name: 'PaymentRefusal',
  tableName: 'payment_refusal',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    reason: p.text(),
    detail: p.text(),
    remoteAddress: p.text(),
    headers: p.json<Record<string, string>>(),
    body: p.blob(),
    receivedAt: p.datetime(6),
  },
  indexes: [{ name: 'payment_refusal_received_idx', properties: ['receivedAt'] }],
});

/** The timeline of a payment: what staff reads top to bottom. Append only. */
export const PaymentEvent = defineEntity({
  name: 'PaymentEvent',
  tableName: 'payment_event',
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    paymentId: p.text(),
    at: p.datetime(6),
    kind: p.text(),
    detail: p.text(),
  },
  indexes: [{ name: 'payment_event_payment_idx', properties: ['paymentId', 'id'] }],
});

/** Money given back; its id is the idempotency key at the provider. */
export const Refund = defineEntity({
  name: 'Refund',
  tableName: 'refund',
  properties: {
    id: p.text().primary(),
    paymentId: p.text(),
    /** The caller's key: a repeated request is the same refund (principle 8). */
    idempotencyKey: p.text(),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    reason: p.text(),
    /** `provider`: to the card it came from; `balance`: to the customer's balance. */
    target: p.text().default('provider'),
    state: p.text().default('requested'),
    reference: p.text().nullable(),
    refusal: p.text().nullable(),
    createdAt: p.datetime(6),
    finishedAt: p.datetime(6).nullable(),
    /** When the provider is asked again; null: finished, or left to staff. */
    nextTryAt: p.datetime(6).nullable(),
    tries: p.integer().default(0),
  },
  uniques: [{ name: 'refund_idempotency_key', properties: ['idempotencyKey'] }],
  indexes: [
    { name: 'refund_payment_idx', properties: ['paymentId'] },
    { name: 'refund_open_idx', properties: ['createdAt'], where: "state = 'requested'" },
    { name: 'refund_next_try_idx', properties: ['nextTryAt'], where: 'next_try_at is not null' },
  ],
  checks: [
    {
      name: 'refund_state_check',
      expression: "amount_minor > 0 and state in ('requested', 'refunded', 'refused')",
    },
    { name: 'refund_target_check', expression: "target in ('provider', 'balance')" },
  ],
});

/** Ways to pay that staff switched off: a row is there while one is off. */
export const ProviderSwitch = defineEntity({
  name: 'ProviderSwitch',
  tableName: 'provider_switch',
  properties: {
    provider: p.text().primary(),
    offSince: p.datetime(6),
    /** The audit entry of the act: who and why. */
    actId: p.text(),
  },
});

export type PaymentTables = InferKyselyDB<
  | typeof Payment
  | typeof SavedMethod
  | typeof PaymentNotice
  | typeof PaymentRefusal
  | typeof PaymentEvent
  | typeof Refund
  | typeof ProviderSwitch,
  TableNames
>;
