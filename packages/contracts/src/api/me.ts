/** The customer's cabinet: own subscriptions, orders and payments, nobody else's. */
import { z } from 'zod';
import { MoneyWire, OrderWire, SubscriptionsWire, SubscriptionWire } from '../wire.ts';
import { exampleAt, exampleIds, Id, Instant, pageOf, PageQuery, Words } from './shapes.ts';
import { endpoint } from './endpoint.ts';

export const DEVICES_MAX = 50;
export const METHODS_MAX = 16;

export const DeviceWire = z.object({
  id: z.string().min(1).max(128),
  name: z.string().max(128),
  seenAt: Instant,
});
export type DeviceWire = z.infer<typeof DeviceWire>;

/** One way to pay; `resting` ones are shown and cannot be chosen (their breaker is open). */
export const PayMethodWire = z.object({
  provider: z.string().max(32),
  title: Words,
  price: MoneyWire,
  resting: z.boolean(),
  /** What this way is asked for when the balance pays first; null: the balance has no part in it. */
  rest: MoneyWire.nullable(),
  /** The buyer may let us keep this way for renewals. */
  keeps: z.boolean(),
});
export type PayMethodWire = z.infer<typeof PayMethodWire>;

/** What a customer reads of a payment: `unknown` is never called failed. */
export const OWN_PAYMENT_STATES = [
  'waiting',
  'unknown',
  'paid',
  'declined',
  'expired',
  'surplus',
  'partly_refunded',
  'refunded',
] as const;

export const OwnPaymentWire = z.object({
  id: Id,
  orderId: Id,
  at: Instant,
  plan: Words,
  amount: MoneyWire,
  refunded: MoneyWire,
  provider: z.string().max(32),
  state: z.enum(OWN_PAYMENT_STATES),
  /** What proves the payment to a bank or an employer; null until the money is ours. */
  receipt: z
    .object({
      paidAt: Instant,
      /** What the way to pay is called. */
      method: Words,
      /** The payment service's own id. */
      reference: z.string().max(128),
    })
    .nullable(),
});
export type OwnPaymentWire = z.infer<typeof OwnPaymentWire>;

/** An order on its way: the return page asks until it is `ready` or ended. */
export const ORDER_PROGRESS = [
  'waiting',
  'unknown',
  'declined',
  'preparing',
  'ready',
  'expired',
  /** Money came too late for the part the balance was to pay: all of it is on the balance. */
  'on_balance',
] as const;

export const OrderProgressWire = z.object({
  order: OrderWire,
  plan: Words,
  progress: z.enum(ORDER_PROGRESS),
  /** Words of the refusal when `declined`. */
  reason: Words.nullable(),
  subscription: SubscriptionWire.nullable(),
});
export type OrderProgressWire = z.infer<typeof OrderProgressWire>;

const order = {
  id: exampleIds.order,
  planId: exampleIds.plan,
  state: 'open' as const,
  amount: { minor: '19900', currency: 'RUB' as const },
  createdAt: exampleAt,
  expiresAt: exampleAt,
  checkoutUrl: 'https://yoomoney.example/checkout/2e7a',
};
const plan = { ru: '1 месяц', en: '1 month' };
const progress = { order, plan, progress: 'waiting' as const, reason: null, subscription: null };
const orderParams = z.strictObject({ orderId: Id });
const subscriptionParams = z.strictObject({ subscriptionId: Id });

export const me = {
  subscriptions: endpoint({
    method: 'GET',
    path: '/api/v1/me/subscriptions',
    permission: 'session',
    about: 'Own subscriptions with link, devices and traffic.',
    answer: SubscriptionsWire,
    example: {
      answer: {
        items: [
          {
            id: exampleIds.subscription,
            plan: { id: exampleIds.plan, code: 'month', title: plan },
            state: 'active',
            startsAt: exampleAt,
            endsAt: exampleAt,
            devices: 3,
            trafficBytes: '107374182400',
            trafficUsedBytes: '15032385536',
            accessUrl: 'https://sub.example.com/Ab3',
          },
        ],
      },
    },
  }),
  devices: endpoint({
    method: 'GET',
    path: '/api/v1/me/subscriptions/{subscriptionId}/devices',
    permission: 'session',
    about: 'Devices that use a subscription.',
    params: subscriptionParams,
    answer: z.object({ items: z.array(DeviceWire).max(DEVICES_MAX), limit: z.int().positive() }),
    example: {
      params: { subscriptionId: exampleIds.subscription },
      answer: { items: [{ id: 'hw-1', name: 'iPhone 15', seenAt: exampleAt }], limit: 3 },
    },
  }),
  removeDevice: endpoint({
    method: 'DELETE',
    path: '/api/v1/me/subscriptions/{subscriptionId}/devices/{deviceId}',
    permission: 'session',
    about: 'Frees a place; the other devices keep working.',
    params: subscriptionParams.extend({ deviceId: z.string().min(1).max(128) }),
    answer: z.object({ removed: z.literal(true) }),
    example: {
      params: { subscriptionId: exampleIds.subscription, deviceId: 'hw-1' },
      answer: { removed: true },
    },
  }),
  payments: endpoint({
    method: 'GET',
    path: '/api/v1/me/payments',
    permission: 'session',
    about: 'Own payments, newest first.',
    query: PageQuery,
    answer: pageOf(OwnPaymentWire),
    example: {
      query: { limit: 20 },
      answer: {
        items: [
          {
            id: exampleIds.payment,
            orderId: exampleIds.order,
            at: exampleAt,
            plan,
            amount: order.amount,
            refunded: { minor: '0', currency: 'RUB' },
            provider: 'yookassa',
            state: 'paid',
            receipt: {
              paidAt: exampleAt,
              method: { ru: 'Карта или СБП', en: 'Card or SBP' },
              reference: '2e7a1111-000f-5000-8000-112233445566',
            },
          },
        ],
        older: null,
        newer: null,
      },
    },
  }),
  methods: endpoint({
    method: 'GET',
    path: '/api/v1/me/plans/{planId}/methods',
    permission: 'session',
    about: 'Ways to pay for a plan, with their prices.',
    params: z.strictObject({ planId: Id }),
    answer: z.object({
      items: z.array(PayMethodWire).max(METHODS_MAX),
      /** Own money that could pay for it, with what it would pay: the price, or a part of it. */
      balance: z.object({ amount: MoneyWire, price: MoneyWire, covers: z.boolean() }).nullable(),
      /** The version of the words by which the buyer agrees to renewals; null: not offered. */
      renewalWords: z.string().max(32).nullable(),
    }),
    example: {
      params: { planId: exampleIds.plan },
      answer: {
        items: [
          {
            provider: 'yookassa',
            title: { ru: 'Карта или СБП', en: 'Card or SBP' },
            price: order.amount,
            resting: false,
            rest: { minor: '10000', currency: 'RUB' },
            keeps: true,
          },
        ],
        balance: {
          ...{ amount: { minor: '9900', currency: 'RUB' }, price: order.amount, covers: false },
        },
        renewalWords: '2026-11',
      },
    },
  }),
  placeOrder: endpoint({
    method: 'POST',
    path: '/api/v1/me/orders',
    permission: 'session',
    about: 'Chooses a plan and a way to pay; answers with the link to the payment page.',
    keyed: true,
    /**
     * `provider` `balance`: the balance pays it wholly and at once. `price`: what the customer saw;
     * another one is refused, never asked for. `rest`: the balance pays first, and this sum, which
     * they saw too, is left for the provider. `renewalWords`: they agreed to renewals by these words.
     */
    body: z.strictObject({
      planId: Id,
      provider: z.string().max(32),
      price: MoneyWire,
      rest: MoneyWire.optional(),
      renewalWords: z.string().max(32).optional(),
    }),
    answer: OrderWire,
    status: 201,
    example: {
      body: { planId: exampleIds.plan, provider: 'yookassa', price: order.amount },
      answer: order,
    },
  }),
  order: endpoint({
    method: 'GET',
    path: '/api/v1/me/orders/{orderId}',
    permission: 'session',
    about: 'How far an own order is: waiting, paid and being prepared, ready.',
    params: orderParams,
    answer: OrderProgressWire,
    example: { params: { orderId: exampleIds.order }, answer: progress },
  }),
  lookAtOrder: endpoint({
    method: 'POST',
    path: '/api/v1/me/orders/{orderId}/look',
    permission: 'session',
    about: 'Asks the payment service now, as after "I have paid". Never charges again.',
    params: orderParams,
    answer: OrderProgressWire,
    example: { params: { orderId: exampleIds.order }, answer: progress },
  }),
  setLanguage: endpoint({
    method: 'PUT',
    path: '/api/v1/me/language',
    permission: 'session',
    about: 'The language in which we write to this person.',
    body: z.strictObject({ language: z.enum(['ru', 'en']) }),
    answer: z.object({ language: z.enum(['ru', 'en']) }),
    example: { body: { language: 'ru' }, answer: { language: 'ru' } },
  }),
} as const;
