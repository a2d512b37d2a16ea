/** What customers are told of renewals: before a charge, after a decline, and when they end. */
import { assert } from '@opora/kernel';
import type { MessageWish } from '../modules/messaging/index.ts';
import { refusalKey, type Payments } from '../modules/payments/index.ts';
import type { Renewal, Subscriptions } from '../modules/subscriptions/index.ts';
import { sum, text, type Payload } from './payload.ts';

type Parts = Readonly<{ payments: Payments; subscriptions: Subscriptions }>;

export async function renewalSoon(
  parts: Parts,
  payload: Payload,
): Promise<MessageWish | undefined> {
  const renewal = await find(parts, payload);
  // Switched off since: nothing is coming.
  if (renewal.state !== 'on') return undefined;
  return {
    key: `renewal.soon:${renewal.subscriptionId}:${text(payload, 'term')}`,
    personId: renewal.personId,
    template: 'renewal.soon',
    values: {
      ...(await charged(parts, renewal)),
      at: { date: text(payload, 'at') },
      until: { date: text(payload, 'term') },
    },
  };
}

export async function renewalDeclined(parts: Parts, payload: Payload): Promise<MessageWish> {
  const renewal = await find(parts, payload);
  const payment = await parts.payments.find(text(payload, 'paymentId'));
  return {
    key: `renewal.declined:${payment.id}`,
    personId: renewal.personId,
    template: 'renewal.declined',
    values: {
      ...(await charged(parts, renewal)),
      reason: { words: refusalKey(payment.reason) },
      at: { date: text(payload, 'at') },
    },
  };
}

export async function renewalEnded(
  parts: Parts,
  payload: Payload,
): Promise<MessageWish | undefined> {
  const renewal = await find(parts, payload);
  const why = text(payload, 'why');
  // They did it themselves, and saw it.
  if (why === 'method_removed') return undefined;
  return {
    key: `renewal.ended:${renewal.subscriptionId}:${text(payload, 'term')}:${why}`,
    personId: renewal.personId,
    template: 'renewal.ended',
    values: { why: { words: `renewal.why.${why}` }, until: { date: text(payload, 'term') } },
  };
}

/** The sum and what it is charged to. */
export async function charged(
  parts: Parts,
  { amount, methodId }: Pick<Renewal, 'amount' | 'methodId'>,
): Promise<MessageWish['values']> {
  const method = await parts.payments.methods.find(methodId);
  return { price: sum(amount), method: { text: method?.title ?? '' } };
}

async function find(parts: Parts, payload: Payload): Promise<Renewal> {
  const id = text(payload, 'subscriptionId');
  const renewal = (await parts.subscriptions.renewals.of([id])).get(id);
  assert(renewal !== undefined, `no renewal of ${id}`);
  return renewal;
}
