/**
 * The product that is sold: data of `products/<slug>/`, checked here once. The folder holds words
 * and numbers only; plans seed the database, which is the truth afterwards.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CURRENCIES, isCurrency, money, type Currency } from '@opora/kernel';
import { z } from 'zod';
import { ConfigurationInvalid } from './load.ts';

const TEXT_MAX = 2_000;
const PLANS_MAX = 24;
const QUESTIONS_MAX = 40;
/** Telegram's alphabet of a start parameter; with `plan_` before it, it stays within 64 signs. */
const PLAN_CODE = /^[A-Za-z0-9_-]{1,59}$/;

const text = (max: number) => z.string().trim().min(1).max(max);
const bilingual = (max: number) => z.strictObject({ ru: text(max), en: text(max) }).readonly();
const https = z.url({ protocol: /^https$/ });
const currency = z.custom<Currency>((value) => typeof value === 'string' && isCurrency(value), {
  error: `one of ${Object.keys(CURRENCIES).join(', ')}`,
});
const price = z.strictObject({ minor: z.bigint().positive(), currency }).readonly();
const templates = z.record(z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/), z.string()).readonly();
const locale = z.strictObject({ messages: templates, buttons: templates }).readonly();

const plan = z
  .strictObject({
    code: z.string().regex(PLAN_CODE),
    title: bilingual(28),
    termDays: z.number().int().min(1).max(3_660),
    devices: z.number().int().min(1).max(1_000),
    trafficBytes: z.bigint().nonnegative(),
    prices: z.array(price).min(1).max(8).readonly(),
  })
  .readonly();

/** What a refund and a dispute do to access: `docs/concepts/access.md`. */
const accessChange = z.enum(['immediately', 'at_period_end', 'never']);
const policy = z.strictObject({ onRefund: accessChange, onDispute: accessChange }).readonly();

/** 5 000 roubles, or about as much; a currency that is not named always needs two people. */
const HAND_LIMITS = [money(500_000n, 'RUB'), money(5_000n, 'USD'), money(50_000_000n, 'USDT')];

const guide = z
  .strictObject({
    platform: z.enum(['ios', 'android', 'windows', 'macos']),
    name: text(14), // fits a button of two columns
    app: text(28),
    installUrl: https,
    /** Opens the app with the link in place of `{link}`; needs a page of ours that forwards to it. */
    deepLink: z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/.*\{link\}/),
  })
  .readonly();

export const productSchema = z
  .strictObject({
    slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
    name: bilingual(64),
    promise: bilingual(200),
    proof: bilingual(200),
    /** What an empty chat shows; Telegram takes 512 characters, and 120 for the short one. */
    description: bilingual(512),
    shortDescription: bilingual(120),
    supportUrl: https,
    brand: z
      .strictObject({ name: bilingual(64), hue: z.number().int().min(0).max(359) })
      .readonly(),
    /** What the bot charges in. */
    currency,
    /** Ways to pay, in the order they are offered. */
    ways: z
      .array(z.string().regex(/^[a-z]{2,16}$/))
      .min(1)
      .max(8)
      .readonly(),
    /** Customers may let us charge the next term; false: nothing is ever kept or offered. */
    renewals: z.boolean(),
    /** Customers may make API keys that read their own data. */
    customerKeys: z.boolean().default(false),
    policy,
    /** Up to these sums one member of staff enters a payment by hand; above, a second confirms it. */
    handLimits: z.array(price).max(8).readonly().default(HAND_LIMITS),
    plans: z.array(plan).min(1).max(PLANS_MAX).readonly(),
    connect: z.array(guide).min(1).max(8).readonly(),
    questions: z
      .array(
        z.strictObject({ question: bilingual(TEXT_MAX), answer: bilingual(TEXT_MAX) }).readonly(),
      )
      .max(QUESTIONS_MAX)
      .readonly(),
    /** The short rules the bot and the site show; plain text. */
    terms: bilingual(600),
    locales: z.strictObject({ ru: locale, en: locale }).readonly(),
  })
  .refine((product) => isUnique(product.plans.map(({ code }) => code)), 'plan codes must differ')
  .refine(
    (product) =>
      product.plans.every((each) => each.prices.some((one) => one.currency === product.currency)),
    'every plan needs a price in the currency of the product',
  )
  .readonly();

export type Product = z.infer<typeof productSchema>;

/**
 * Reads and checks `products/<slug>/product.ts` (its export `product`); throws
 * `ConfigurationInvalid` with every fault of the folder.
 */
export async function loadProduct(root: string, slug: string): Promise<Product> {
  const file = join(root, 'products', slug, 'product.ts');
  if (!existsSync(file))
    throw invalid([`no product ${slug}: products/${slug}/product.ts is missing`]);
  const folder: unknown = await import(pathToFileURL(file).href);
  const given =
    typeof folder === 'object' && folder !== null && 'product' in folder
      ? folder.product
      : undefined;
  const parsed = productSchema.safeParse(given);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  if (parsed.data.slug !== slug) throw invalid([`slug: ${parsed.data.slug} is not its folder`]);
  return parsed.data;
}

function invalid(problems: readonly string[]): ConfigurationInvalid {
  return new ConfigurationInvalid(problems.map((problem) => ({ key: 'OPORA_PRODUCT', problem })));
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
