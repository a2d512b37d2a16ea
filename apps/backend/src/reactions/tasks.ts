/**
 * What each job does: a line per task, composed from the modules' services. The `tell.*` tasks
 * gather what a message says; the words are the product's.
 */
import { assert, money, type Currency } from '@opora/kernel';
import type { Catalog } from '../modules/catalog/index.ts';
import type { Ledger } from '../modules/ledger/index.ts';
import type { MessageWish } from '../modules/messaging/index.ts';
import type { Orders } from '../modules/orders/index.ts';
import { BALANCE, refusalKey, type Payments } from '../modules/payments/index.ts';
import type { Provisioning } from '../modules/provisioning/index.ts';
import {
  isPartOfMany,
  type AccessPolicy,
  type Subscription,
  type Subscriptions,
} from '../modules/subscriptions/index.ts';
import type { Task, Tasks } from '../platform/jobs/index.ts';
import { sum, text, type Payload } from './payload.ts';
import { methodLeft, noticesResumed, noticesStopped, type StaffParts } from './staff.ts';
import { charged, renewalDeclined, renewalEnded, renewalSoon } from './renewals.ts';

type Parts = StaffParts &
  Readonly<{
    catalog: Catalog;
    ledger: Ledger;
    orders: Orders;
    payments: Payments;
    subscriptions: Subscriptions;
    provisioning: Provisioning;
    product: Readonly<{ policy: AccessPolicy }>;
  }>;

export function createTasks(parts: Parts): Tasks {
  return {
    'subscriptions.extend': async (payload) => {
      await parts.subscriptions.extend(text(payload, 'orderId'));
    },
    'subscriptions.review': async (payload) => {
      await parts.subscriptions.review(text(payload, 'orderId'));
    },
    'subscriptions.refresh': (payload) =>
      parts.subscriptions.acts.refresh(text(payload, 'personId')),
    'subscriptions.extendAll': (payload) =>
      parts.subscriptions.everybody.step(text(payload, 'extensionId')),
    'payments.reconcile': (payload) => parts.payments.askedRuns.work(text(payload, 'runId')),
    'payments.forgetMethod': (payload) => parts.payments.methods.forget(text(payload, 'methodId')),
    'provisioning.deliver': (payload) =>
      parts.provisioning.deliver(text(payload, 'subscriptionId'), {
        again: payload['again'] === true,
        enable: payload['enable'] === true,
      }),
    'provisioning.observe': (payload) => parts.provisioning.observe(text(payload, 'username')),
    'messaging.send': (payload) => parts.messaging.send(text(payload, 'messageId')),
    'staff.methodLeft': (payload) => methodLeft(parts, payload),
    'staff.noticesStopped': (payload) => noticesStopped(parts, payload),
    'staff.noticesResumed': (payload) => noticesResumed(parts, payload),
    'tell.preparing': tell(parts, (payload) => preparing(parts, text(payload, 'orderId'))),
    'tell.delivered': tell(parts, (payload) =>
      delivered(parts, text(payload, 'orderId'), payload['isFirst'] === true),
    ),
    'tell.granted': tell(parts, (payload) => granted(parts, payload)),
    'tell.turned': tell(parts, (payload) => turned(parts, payload)),
    'tell.state': tell(parts, (payload) => Promise.resolve(stateChanged(payload))),
    'tell.surplus': tell(parts, (payload) => onBalance(parts, payload, 'surplus')),
    'tell.short': tell(parts, (payload) => onBalance(parts, payload, 'short')),
    'tell.toppedUp': tell(parts, (payload) => onBalance(parts, payload, 'toppedUp')),
    'tell.declined': tell(parts, (payload) => declined(parts, text(payload, 'paymentId'))),
    'tell.renewalSoon': tell(parts, (payload) => renewalSoon(parts, payload)),
    'tell.renewalDeclined': tell(parts, (payload) => renewalDeclined(parts, payload)),
    'tell.renewalEnded': tell(parts, (payload) => renewalEnded(parts, payload)),
    'tell.refunded': tell(parts, (payload) => refunded(parts, payload)),
  };
}

/** A message, or nothing when there is nothing left to say. */
function tell(parts: Parts, compose: (payload: Payload) => Promise<MessageWish | undefined>): Task {
  return async (payload) => {
    const wish = await compose(payload);
    if (wish !== undefined) await parts.db.transaction((tx) => parts.messaging.tell(tx, wish));
  };
}

async function preparing(parts: Parts, orderId: string): Promise<MessageWish | undefined> {
  if (await parts.provisioning.isDelivered(orderId)) return undefined;
  const order = await parts.orders.find(orderId);
  if (order.state !== 'paid') return undefined;
  return {
    key: `preparing:${orderId}`,
    personId: order.personId,
    template: 'paid.preparing',
    values: { price: sum(order.amount) },
  };
}

async function delivered(parts: Parts, orderId: string, isFirst: boolean): Promise<MessageWish> {
  const order = await parts.orders.find(orderId);
  const subscription = (await parts.subscriptions.ofPerson(order.personId)).find(
    ({ product }) => product === order.product,
  );
  assert(subscription !== undefined, `order ${orderId} was delivered without a subscription`);
  const common = {
    price: sum(order.amount),
    until: { date: subscription.expiresAt.toISOString() },
  };
  const payment =
    order.paymentId === undefined ? undefined : await parts.payments.find(order.paymentId);
  if (payment?.methodId !== undefined) {
    return {
      key: `delivered:${orderId}`,
      personId: order.personId,
      template: 'renewal.done',
      values: { ...common, ...(await charged(parts, { ...payment, methodId: payment.methodId })) },
    };
  }
  return {
    key: `delivered:${orderId}`,
    personId: order.personId,
    template: isFirst ? 'paid' : 'extended',
    values: isFirst ? { ...common, ...(await terms(parts, subscription)) } : common,
  };
}

/** Templates of what staff changed, by the kind of the grant. */
const GRANTED = { extend: 'staff.extended', grant: 'staff.granted', revoke: 'staff.revoked' };
/** And when it was for everybody, because payments did not work. */
const GRANTED_TO_ALL = { extend: 'away.extended', withdraw: 'away.returned' };

async function granted(parts: Parts, payload: Payload): Promise<MessageWish> {
  const subscription = await parts.subscriptions.find(text(payload, 'subscriptionId'));
  const kind = text(payload, 'kind');
  const templates: Readonly<Record<string, string>> = isPartOfMany(text(payload, 'actId'))
    ? GRANTED_TO_ALL
    : GRANTED;
  const template = templates[kind];
  assert(template !== undefined, `staff does not ${kind}`);
  const until = { date: subscription.expiresAt.toISOString() };
  return {
    key: `granted:${text(payload, 'actId')}`,
    personId: subscription.personId,
    template,
    values: kind === 'grant' ? { until, ...(await terms(parts, subscription)) } : { until },
  };
}

/** What became of an order's money took days of its access, or gave them back. */
async function turned(parts: Parts, payload: Payload): Promise<MessageWish> {
  const id = text(payload, 'subscriptionId');
  const revision = Number(payload['revision']);
  const subscription = await parts.subscriptions.find(id);
  const grants = await parts.subscriptions.grants(parts.db.read, id, revision);
  const grant = grants.find((one) => one.revision === revision);
  const order = grants.find((one) => one.revision === grant?.ofRevision)?.orderId;
  assert(grant !== undefined && order !== undefined, `${id} has no turn ${String(revision)}`);
  const { disputedAt } = await parts.orders.find(order);
  const taken = disputedAt === undefined ? 'access.refunded' : 'access.disputed';
  return {
    key: `turned:${id}:${String(revision)}`,
    personId: subscription.personId,
    template: grant.kind === 'restore' ? 'access.restored' : taken,
    values: {
      order: { text: shortId(order) },
      until: { date: subscription.expiresAt.toISOString() },
    },
  };
}

/** What a customer is told with a new link. */
async function terms(parts: Parts, subscription: Subscription): Promise<MessageWish['values']> {
  const plan = await parts.catalog.version(subscription.planVersionId);
  const access = await parts.provisioning.access(subscription);
  return {
    devices: { number: plan.devices },
    traffic: { bytes: plan.trafficBytes.toString() },
    link: { text: access.subscriptionUrl ?? '' },
  };
}

function stateChanged(payload: Payload): MessageWish {
  return {
    key: `state:${text(payload, 'actId')}`,
    personId: text(payload, 'personId'),
    template: payload['isOpen'] === true ? 'staff.unbanned' : 'staff.banned',
    values: {},
  };
}

/** Templates of money that came to the balance, by why it did. */
const ON_BALANCE = { surplus: 'twice', short: 'late', toppedUp: 'toppedUp' };

async function onBalance(
  parts: Parts,
  payload: Payload,
  why: keyof typeof ON_BALANCE,
): Promise<MessageWish> {
  const payment = await parts.payments.find(text(payload, 'paymentId'));
  const { personId, amount } = payment;
  return {
    key: `${why}:${payment.id}`,
    personId,
    template: ON_BALANCE[why],
    values: {
      ...(why === 'toppedUp' ? {} : { order: { text: shortId(payment.orderId) } }),
      price: sum(amount),
      balance: await balanceOf(parts, personId, amount.currency),
    },
  };
}

async function declined(parts: Parts, paymentId: string): Promise<MessageWish | undefined> {
  const payment = await parts.payments.find(paymentId);
  const order = await parts.orders.find(payment.orderId);
  // Paid by another try meanwhile: the refusal is no news any more.
  if (order.state !== 'open') return undefined;
  return {
    key: `declined:${paymentId}`,
    personId: payment.personId,
    template: 'declined',
    values: {
      reason: { words: refusalKey(payment.reason) },
      deadline: { date: order.expiresAt.toISOString() },
    },
  };
}

async function refunded(parts: Parts, payload: Payload): Promise<MessageWish> {
  const payment = await parts.payments.find(text(payload, 'paymentId'));
  const order = await parts.orders.find(payment.orderId);
  const isPart = order.paymentId !== payment.id && payment.provider !== BALANCE;
  const isWhole = order.state === 'refunded' && !isPart;
  const access = { words: `refund.access.${isWhole ? parts.product.policy.onRefund : 'never'}` };
  const { currency } = payment.amount;
  const amount = money(BigInt(text(payload, 'amountMinor')), currency);
  if (payload['target'] === 'balance') {
    return {
      key: `credited:${payment.id}:${text(payload, 'totalMinor')}`,
      personId: payment.personId,
      template: 'refund.balance',
      values: {
        price: sum(amount),
        balance: await balanceOf(parts, payment.personId, currency),
        access,
      },
    };
  }
  return {
    key: `refunded:${payment.id}:${text(payload, 'totalMinor')}`,
    personId: payment.personId,
    template: 'refund',
    values: {
      price: sum(amount),
      method: { words: `method.${payment.provider}` },
      term: { words: 'refund.term' },
      access,
    },
  };
}

/** What is free of it now, as a message says it. */
async function balanceOf({ db, ledger }: Parts, personId: string, currency: Currency) {
  return sum(await ledger.balance(db.read, personId, currency));
}

/** The last six characters: what a customer reads to support. */
export function shortId(id: string): string {
  return id.slice(-6).toUpperCase();
}
