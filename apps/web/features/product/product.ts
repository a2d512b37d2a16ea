import { isCurrency, money, type Language, type Money } from '@opora/kernel';

/** The product as its public page shows it: what `GET /api/v1/product` answers, checked and typed. */
export type Product = Readonly<{
  slug: string;
  name: Bilingual;
  promise: Bilingual;
  proof: Bilingual;
  /** Hue of the brand, degrees 0-359. */
  hue: number;
  botUrl: URL;
  supportUrl: URL;
  plans: readonly Plan[];
  questions: readonly Readonly<{ question: Bilingual; answer: Bilingual }>[];
}>;

export type Plan = Readonly<{
  id: string;
  code: string;
  title: Bilingual;
  termDays: number;
  devices: number;
  /** Null is unlimited. */
  trafficBytes: bigint | null;
  /** The product's own order: the first price is the one on the tag. Never empty. */
  prices: readonly [Money, ...Money[]];
}>;

export type Bilingual = Readonly<Record<Language, string>>;

/** The answer is not a product: a fault of ours or of the gateway, never of the visitor. */
export class ProductFormatError extends Error {
  override readonly name = 'ProductFormatError';
}

const PLANS_MAX = 24;
const PRICES_MAX = 8;
const QUESTIONS_MAX = 40;
const TEXT_MAX = 2000;
const TERM_DAYS_MAX = 3660;
const DEVICES_MAX = 1000;
const SLUG = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** Telegram's alphabet of a start parameter; with `plan_` before it, it stays within 64 signs. */
const CODE = /^[A-Za-z0-9_-]{1,59}$/;
const DIGITS = /^\d{1,20}$/;

/** Reads the wire form; throws `ProductFormatError` naming the first field that is wrong. */
export function parseProduct(json: unknown): Product {
  const from = fields(json, 'product');
  return {
    slug: match(from.slug, SLUG, 'slug'),
    name: bilingual(from.name, 'name'),
    promise: bilingual(from.promise, 'promise'),
    proof: bilingual(from.proof, 'proof'),
    hue: whole(from.hue, { min: 0, max: 359 }, 'hue'),
    botUrl: link(from.botUrl, ['https:', 'http:'], 'botUrl'),
    supportUrl: link(from.supportUrl, ['https:', 'http:', 'mailto:'], 'supportUrl'),
    plans: list(from.plans, PLANS_MAX, 'plans').map(plan),
    questions: list(from.questions, QUESTIONS_MAX, 'questions').map((entry, at) => {
      const where = `questions[${String(at)}]`;
      const { question, answer } = fields(entry, where);
      return { question: bilingual(question, where), answer: bilingual(answer, where) };
    }),
  };
}

function plan(entry: unknown, at: number): Plan {
  const where = `plans[${String(at)}]`;
  const from = fields(entry, where);
  const [first, ...others] = list(from.prices, PRICES_MAX, `${where}.prices`).map((value) =>
    price(value, `${where}.prices`),
  );
  if (first === undefined) throw wrong(`${where}.prices`);
  const traffic = BigInt(match(from.trafficBytes, DIGITS, `${where}.trafficBytes`));
  return {
    id: text(from.id, `${where}.id`),
    code: match(from.code, CODE, `${where}.code`),
    title: bilingual(from.title, `${where}.title`),
    termDays: whole(from.termDays, { min: 1, max: TERM_DAYS_MAX }, `${where}.termDays`),
    devices: whole(from.devices, { min: 1, max: DEVICES_MAX }, `${where}.devices`),
    trafficBytes: traffic === 0n ? null : traffic,
    prices: [first, ...others],
  };
}

function price(value: unknown, where: string): Money {
  const { minor, currency } = fields(value, where);
  const name = text(currency, where);
  if (!isCurrency(name)) throw wrong(where);
  return money(BigInt(match(minor, DIGITS, where)), name);
}

function bilingual(value: unknown, where: string): Bilingual {
  const { ru, en } = fields(value, where);
  return { ru: text(ru, where), en: text(en, where) };
}

/** Only addresses a page may safely link to: `javascript:` and its like are refused here, once. */
function link(value: unknown, protocols: readonly string[], where: string): URL {
  const url = URL.parse(text(value, where));
  if (url === null || !protocols.includes(url.protocol)) throw wrong(where);
  return url;
}

function whole(value: unknown, { min, max }: { min: number; max: number }, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw wrong(where);
  }
  return value;
}

function match(value: unknown, pattern: RegExp, where: string): string {
  const found = text(value, where);
  if (!pattern.test(found)) throw wrong(where);
  return found;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value.length > TEXT_MAX) throw wrong(where);
  return value;
}

function list(value: unknown, lengthMax: number, where: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > lengthMax) throw wrong(where);
  return value;
}

function fields(value: unknown, where: string): Partial<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw wrong(where);
  return { ...value };
}

function wrong(where: string): ProductFormatError {
  return new ProductFormatError(`the gateway's product is not as agreed: ${where}`);
}
