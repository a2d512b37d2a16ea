/** What a file has of each row of its list: one reader a column, under the name of its head. */
import {
  moneyFromWire,
  type AuditWire,
  type DeliveryRow,
  type DifferenceWire,
  type MoneyWire,
  type NoticeRow,
  type OrderRow,
  type PaymentRow,
  type PersonRow,
  type ReconciliationRunWire,
  type RefusalRow,
  type SubscriptionRow,
  type TransferRow,
} from '@opora/contracts';
import { formatMajor } from '@opora/kernel';
import type { Cell } from '../csv.ts';

export type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

function major(wire: MoneyWire): Cell {
  return { number: formatMajor(moneyFromWire(wire)) };
}

const payments: Columns<PaymentRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  order: ({ orderId }) => orderId,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  provider: ({ provider }) => provider,
  reference: ({ reference }) => reference,
  amount: ({ amount }) => major(amount),
  refunded: ({ refunded }) => major(refunded),
  currency: ({ amount }) => amount.currency,
  state: ({ state }) => state,
  reason: (row) => row.reason,
  settled: ({ settledAt }) => settledAt,
};

const orders: Columns<OrderRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  kind: ({ kind }) => kind,
  plan: ({ plan }) => plan?.code ?? null,
  version: ({ plan }) => (plan === null ? null : { number: String(plan.version) }),
  amount: ({ amount }) => major(amount),
  currency: ({ amount }) => amount.currency,
  state: ({ state }) => state,
  paid: ({ paidAt }) => paidAt,
  delivered: ({ deliveredAt }) => deliveredAt,
};

const people: Columns<PersonRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  name: ({ name }) => name,
  telegram: ({ telegramUsername }) => telegramUsername,
  email: ({ email }) => email,
  language: ({ language }) => language,
  state: ({ state }) => state,
  subscription: ({ subscription }) => subscription?.state ?? null,
  until: ({ subscription }) => subscription?.endsAt ?? null,
};

const transfers: Columns<TransferRow> = {
  id: ({ id }) => id,
  posted: ({ postedAt }) => postedAt,
  debit: ({ debit }) => debit,
  credit: ({ credit }) => credit,
  amount: ({ amount }) => major(amount),
  currency: ({ amount }) => amount.currency,
  kind: ({ kind }) => kind,
  reference: ({ reference }) => reference,
};

const audit: Columns<AuditWire> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  actor: ({ actor }) => actor.id,
  name: ({ actor }) => actor.name,
  act: ({ act }) => act,
  result: ({ result }) => result,
  subject: ({ subjectId }) => subjectId,
  reason: (row) => row.reason,
  before: ({ before }) => (before === null ? null : JSON.stringify(before)),
  after: ({ after }) => (after === null ? null : JSON.stringify(after)),
  address: ({ remoteAddress }) => remoteAddress,
};

const subscriptions: Columns<SubscriptionRow> = {
  id: ({ id }) => id,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  plan: ({ plan }) => plan.code,
  state: ({ state }) => state,
  starts: ({ startsAt }) => startsAt,
  ends: ({ endsAt }) => endsAt,
  used_bytes: ({ trafficUsedBytes }) => ({ number: trafficUsedBytes }),
  traffic_bytes: ({ trafficBytes }) => ({ number: trafficBytes }),
  panel: ({ panelStatus }) => panelStatus,
  account: ({ panelUsername }) => panelUsername,
  delivered: ({ isDelivered }) => yesOrNo(isDelivered),
};

const deliveries: Columns<DeliveryRow> = {
  subscription: ({ subscriptionId }) => subscriptionId,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  order: ({ orderId }) => orderId,
  state: ({ state }) => state,
  since: ({ since }) => since,
  tries: ({ attempts }) => count(attempts),
  error: ({ lastError }) => lastError,
  next: ({ nextTryAt }) => nextTryAt,
};

const notices: Columns<NoticeRow> = {
  id: ({ id }) => id,
  received: ({ firstReceivedAt }) => firstReceivedAt,
  last: ({ lastReceivedAt }) => lastReceivedAt,
  provider: ({ provider }) => provider,
  event: ({ event }) => event,
  reference: ({ reference }) => reference,
  confirmed: ({ confirmed }) => yesOrNo(confirmed),
  state: ({ state }) => state,
  outcome: ({ outcome }) => outcome,
  receipts: ({ receipts }) => count(receipts),
  address: ({ remoteAddress }) => remoteAddress,
};

const refusals: Columns<RefusalRow> = {
  id: ({ id }) => id,
  received: ({ receivedAt }) => receivedAt,
  provider: ({ provider }) => provider,
  reason: (row) => row.reason,
  detail: ({ detail }) => detail,
  check: ({ check }) => check.en,
  address: ({ remoteAddress }) => remoteAddress,
};

const comparisons: Columns<ReconciliationRunWire> = {
  id: ({ id }) => id,
  provider: ({ provider }) => provider,
  day: ({ day }) => day,
  state: ({ state }) => state,
  theirs: ({ theirs }) => count(theirs),
  ours: ({ ours }) => count(ours),
  found: ({ found }) => count(found),
  repaired: ({ repaired }) => count(repaired),
  failure: ({ failure }) => failure,
  started: ({ startedAt }) => startedAt,
  finished: ({ finishedAt }) => finishedAt,
};

const differences: Columns<DifferenceWire> = {
  id: ({ id }) => id,
  provider: ({ provider }) => provider,
  day: ({ day }) => day,
  kind: ({ kind }) => kind,
  state: ({ state }) => state,
  reference: ({ reference }) => reference,
  payment: ({ paymentId }) => paymentId,
  our_state: ({ ours }) => ours?.state ?? null,
  our_amount: ({ ours }) => (ours === null ? null : major(ours.amount)),
  our_currency: ({ ours }) => ours?.amount.currency ?? null,
  their_state: ({ theirs }) => theirs?.state ?? null,
  their_amount: ({ theirs }) => (theirs === null ? null : major(theirs.amount)),
  their_currency: ({ theirs }) => theirs?.amount.currency ?? null,
  found: ({ foundAt }) => foundAt,
  last: ({ lastFoundAt }) => lastFoundAt,
};

function count(value: number): Cell {
  return { number: String(value) };
}

function yesOrNo(value: boolean): Cell {
  return value ? 'yes' : 'no';
}

export const columns = {
  payments,
  orders,
  people,
  transfers,
  audit,
  subscriptions,
  deliveries,
  notices,
  refusals,
  comparisons,
  differences,
} as const;
