/** The customer's own money: balance and top-ups, saved ways to pay and the renewals that use them. */
import { z } from 'zod';
import { MoneyWire, OrderWire } from '../wire.ts';
import { endpoint } from './endpoint.ts';
import { exampleAt, exampleIds, Id, Instant, Sums, Words } from './shapes.ts';

export const WAYS_MAX = 16;
const ENTRIES_MAX = 20;
const OFFERS_MAX = 8;
const SAVED_MAX = 50;
const RENEWALS_MAX = 100;

/** What moves a balance: the kinds of the ledger's transfers. */
export const BALANCE_ENTRY_KINDS = [
  'payment',
  'sale',
  'refund',
  'sale_refund',
  'hold',
  'release',
  'adjustment',
] as const;

/** Below zero: it went away. */
export const BalanceEntryWire = z.object({
  at: Instant,
  amount: MoneyWire,
  kind: z.enum(BALANCE_ENTRY_KINDS),
});
export type BalanceEntryWire = z.infer<typeof BalanceEntryWire>;

/** A way to top up: all its sums are of the one currency it takes here. */
export const TopUpWayWire = z.object({
  provider: z.string().max(32),
  title: Words,
  sums: z.array(MoneyWire).min(1).max(OFFERS_MAX),
  /** Any sum between the two may be asked for. */
  least: MoneyWire,
  most: MoneyWire,
  resting: z.boolean(),
});
export type TopUpWayWire = z.infer<typeof TopUpWayWire>;

/** A way to pay that is kept; the number of a card never is, only what it is called. */
export const SavedMethodWire = z.object({
  id: Id,
  provider: z.string().max(32),
  /** What the way is called, and what its owner knows it by: `•• 4477`. */
  way: Words,
  title: z.string().max(128),
  savedAt: Instant,
  expiresAt: Instant.nullable(),
});
export type SavedMethodWire = z.infer<typeof SavedMethodWire>;

export const RenewalWire = z.object({
  subscriptionId: Id,
  plan: Words,
  endsAt: Instant,
  isOn: z.boolean(),
  /** What is charged next while it is on, when, and to which of the saved ways. */
  next: z.object({ amount: MoneyWire, at: Instant, methodId: Id }).nullable(),
  /** The price a consent would be about now; null: it cannot be switched on here. */
  offer: MoneyWire.nullable(),
  /** Off, and a way whose vendor charges by itself can have it: that is agreed to in the bot. */
  inBot: z.object({ way: Words, link: z.url() }).nullable(),
});
export type RenewalWire = z.infer<typeof RenewalWire>;

const sum = { minor: '50000', currency: 'RUB' as const };
const way = { ru: 'Карта или СБП', en: 'Card or SBP' };
const subscriptionParams = z.strictObject({ subscriptionId: Id });
const renewal: RenewalWire = {
  subscriptionId: exampleIds.subscription,
  plan: { ru: '1 месяц', en: '1 month' },
  endsAt: exampleAt,
  isOn: true,
  next: {
    amount: { minor: '19900', currency: 'RUB' },
    at: exampleAt,
    methodId: exampleIds.method,
  },
  offer: { minor: '19900', currency: 'RUB' },
  inBot: null,
};
/** What the owner saw before they agreed: price and version of the words. */
const Consent = z.strictObject({ price: MoneyWire, words: z.string().min(1).max(32) });

export const ownMoney = {
  balance: endpoint({
    method: 'GET',
    path: '/api/v1/me/balance',
    permission: 'session',
    about: 'The own balance, what is held beside unpaid orders, and its last moves.',
    answer: z.object({
      free: Sums,
      held: Sums,
      entries: z.array(BalanceEntryWire).max(ENTRIES_MAX),
    }),
    example: {
      answer: {
        free: [sum],
        held: [],
        entries: [{ at: exampleAt, amount: sum, kind: 'payment' }],
      },
    },
  }),
  topUpWays: endpoint({
    method: 'GET',
    path: '/api/v1/me/top-ups/methods',
    permission: 'session',
    about: 'Ways to top up the balance, with the sums that are offered.',
    answer: z.object({ items: z.array(TopUpWayWire).max(WAYS_MAX) }),
    example: {
      answer: {
        items: [
          {
            provider: 'yookassa',
            title: way,
            sums: [sum],
            least: { minor: '10000', currency: 'RUB' },
            most: { minor: '5000000', currency: 'RUB' },
            resting: false,
          },
        ],
      },
    },
  }),
  topUp: endpoint({
    method: 'POST',
    path: '/api/v1/me/top-ups',
    permission: 'session',
    about: 'Chooses a sum and a way; answers with the link to the payment page.',
    keyed: true,
    body: z.strictObject({ provider: z.string().max(32), amount: MoneyWire }),
    answer: OrderWire,
    status: 201,
    example: {
      body: { provider: 'yookassa', amount: sum },
      answer: {
        id: exampleIds.order,
        planId: null,
        state: 'open',
        amount: sum,
        createdAt: exampleAt,
        expiresAt: exampleAt,
        checkoutUrl: 'https://yoomoney.example/checkout/2e7a',
      },
    },
  }),
  renewals: endpoint({
    method: 'GET',
    path: '/api/v1/me/renewals',
    permission: 'session',
    about: 'Ways to pay that are kept, and which subscriptions renew with them.',
    answer: z.object({
      /** False: the product offers no renewals. */
      isOffered: z.boolean(),
      /** The version of the words of a consent. */
      words: z.string().max(32),
      methods: z.array(SavedMethodWire).max(SAVED_MAX),
      renewals: z.array(RenewalWire).max(RENEWALS_MAX),
    }),
    example: {
      answer: {
        isOffered: true,
        words: '2026-11',
        methods: [
          {
            ...{ id: exampleIds.method, provider: 'yookassa', way, title: '•• 4477' },
            ...{ savedAt: exampleAt, expiresAt: null },
          },
        ],
        renewals: [renewal],
      },
    },
  }),
  switchRenewalOn: endpoint({
    method: 'PUT',
    path: '/api/v1/me/subscriptions/{subscriptionId}/renewal',
    permission: 'session',
    about: 'Agrees that the next terms are charged to the saved way, at the price that was seen.',
    params: subscriptionParams,
    body: Consent,
    answer: RenewalWire,
    example: {
      params: { subscriptionId: exampleIds.subscription },
      body: { price: { minor: '19900', currency: 'RUB' }, words: '2026-11' },
      answer: renewal,
    },
  }),
  switchRenewalOff: endpoint({
    method: 'DELETE',
    path: '/api/v1/me/subscriptions/{subscriptionId}/renewal',
    permission: 'session',
    about: 'Takes the consent back: from the answer on nothing new is charged.',
    params: subscriptionParams,
    answer: RenewalWire,
    example: {
      params: { subscriptionId: exampleIds.subscription },
      answer: { ...renewal, isOn: false, next: null },
    },
  }),
  removeMethod: endpoint({
    method: 'DELETE',
    path: '/api/v1/me/saved-methods/{methodId}',
    permission: 'session',
    about: 'Removes a kept way to pay and ends the renewals that rest on it.',
    params: z.strictObject({ methodId: Id }),
    answer: z.object({ removed: z.literal(true) }),
    example: { params: { methodId: exampleIds.method }, answer: { removed: true } },
  }),
} as const;
