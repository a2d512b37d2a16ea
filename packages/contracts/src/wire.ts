/** Shapes that cross the wire: what the API sends, what the web and the bot's pages read. */
import { CURRENCIES, money, type Currency, type Money } from '@opora/kernel';
import { z } from 'zod';

/** Bounds of every answer: plans of a product, prices of a plan, questions, rows of a list. */
export const PLANS_MAX = 24;
export const PRICES_MAX = 8;
export const QUESTIONS_MAX = 40;
export const LIST_MAX = 100;
export const GUIDES_MAX = 8;

const currency = z.enum(Object.keys(CURRENCIES) as [Currency, ...Currency[]]); // its own keys
const instant = z.iso.datetime();
/** Only while the database is away: when this was so. */
const asOf = instant.optional();
const id = z.string().regex(/^[a-z]{3}_[0-9a-z]{26}$/);
/** A whole number above 2^53, as digits. */
const digits = z.string().regex(/^(0|[1-9]\d{0,18})$/);
const words = z.object({ ru: z.string().max(2000), en: z.string().max(2000) });

export const MoneyWire = z.object({
  minor: z.string().regex(/^(0|-?[1-9]\d{0,18})$/),
  currency,
});
export type MoneyWire = z.infer<typeof MoneyWire>;

export function moneyToWire(value: Money): MoneyWire {
  return { minor: value.minor.toString(), currency: value.currency };
}

/** `wire` has passed `MoneyWire`. */
export function moneyFromWire(wire: MoneyWire): Money {
  return money(BigInt(wire.minor), wire.currency);
}

/** RFC 9457; facts of a refusal stand beside the fixed members. */
export const ProblemWire = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});
export type ProblemWire = z.infer<typeof ProblemWire>;

export const PlanWire = z.object({
  id,
  /** Telegram's alphabet of a start parameter; with `plan_` before it, it stays within 64 signs. */
  code: z.string().regex(/^[A-Za-z0-9_-]{1,59}$/),
  version: z.int().positive(),
  title: words,
  termDays: z.int().positive(),
  /** Devices at once. */
  devices: z.int().positive(),
  /** Traffic of the term, bytes; "0": unlimited. */
  trafficBytes: digits,
  /** In the product's order: the first one is on the tag. */
  prices: z.array(MoneyWire).min(1).max(PRICES_MAX),
});
export type PlanWire = z.infer<typeof PlanWire>;

/** Only addresses a page may safely link to: `javascript:` and its like are refused here, once. */
const webLink = z.url({ protocol: /^https?$/ });

/** An address that only ever opens an app: nothing that a browser would run or read itself. */
const appLink = z
  .string()
  .regex(/^(?!(?:javascript|data|vbscript|file|blob):)[a-z][a-z0-9+.-]*:\/\/.*\{link\}/);

/** How one kind of device is connected: install, add, switch on. */
export const GuideWire = z.object({
  platform: z.string().regex(/^[a-z]{2,16}$/),
  name: z.string().max(64),
  app: z.string().max(64),
  installUrl: webLink,
  /** Opens the app; the personal link goes in the place of `{link}`. */
  deepLink: appLink,
});
export type GuideWire = z.infer<typeof GuideWire>;

/** `GET /api/v1/product`: what is sold here, for the site and the cabinet. */
export const ProductWire = z.object({
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  name: words,
  promise: words,
  /** The one fact under the promise. */
  proof: words,
  /** Hue of the brand, degrees. */
  hue: z.int().min(0).max(359),
  languages: z.array(z.enum(['ru', 'en'])).min(1),
  botUrl: webLink,
  /** A chat or a mailbox (`mailto:`). */
  supportUrl: z.url({ protocol: /^(https?|mailto)$/ }),
  plans: z.array(PlanWire).max(PLANS_MAX),
  connect: z.array(GuideWire).max(GUIDES_MAX),
  questions: z.array(z.object({ question: words, answer: words })).max(QUESTIONS_MAX),
  asOf,
});
export type ProductWire = z.infer<typeof ProductWire>;

export const SUBSCRIPTION_STATES = ['pending', 'active', 'grace', 'expired', 'cancelled'] as const;

export const SubscriptionWire = z.object({
  id,
  plan: PlanWire.pick({ id: true, code: true, title: true }),
  state: z.enum(SUBSCRIPTION_STATES),
  startsAt: instant,
  endsAt: instant,
  devices: z.int().positive(),
  trafficBytes: digits,
  trafficUsedBytes: digits,
  /** The personal link to connect with; null until the panel has made it. */
  accessUrl: z.url().nullable(),
});
export type SubscriptionWire = z.infer<typeof SubscriptionWire>;

/** `GET /api/v1/me/subscriptions`. */
export const SubscriptionsWire = z.object({
  items: z.array(SubscriptionWire).max(LIST_MAX),
  asOf,
});
export type SubscriptionsWire = z.infer<typeof SubscriptionsWire>;

export const ORDER_STATES = ['open', 'paid', 'expired', 'cancelled', 'refunded'] as const;

export const OrderWire = z.object({
  id,
  /** Null for a top-up of the balance. */
  planId: id.nullable(),
  state: z.enum(ORDER_STATES),
  amount: MoneyWire,
  createdAt: instant,
  expiresAt: instant,
  /** Where the customer pays; null when there is nothing to pay (any more). */
  checkoutUrl: z.url().nullable(),
});
export type OrderWire = z.infer<typeof OrderWire>;
