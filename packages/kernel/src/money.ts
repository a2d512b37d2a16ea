import { assert } from './assert.ts';

/** The closed table of currencies: digits after the point, and the sign people know. */
export const CURRENCIES = {
  RUB: { scale: 2, sign: '₽' },
  USD: { scale: 2, sign: '$' },
  EUR: { scale: 2, sign: '€' },
  XTR: { scale: 0, sign: '★' },
  USDT: { scale: 6, sign: 'USDT' },
} as const;

export type Currency = keyof typeof CURRENCIES;
export type Language = 'ru' | 'en';

/** An exact sum: whole minor units (kopecks, cents, stars) of one currency. */
export type Money = Readonly<{ minor: bigint; currency: Currency }>;

export type Rounding = 'half_even' | 'down' | 'up';

/** A vendor's or a person's text that is not a sum of that currency. */
export class MoneyFormatError extends Error {
  override readonly name = 'MoneyFormatError';
}

/** Longest decimal text we read: far above any sum, short enough to be harmless. */
const MAJOR_TEXT_MAX = 32;
const NO_BREAK_SPACE = '\u00a0';

export function money(minor: bigint, currency: Currency): Money {
  return { minor, currency };
}

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(CURRENCIES, text);
}

/** Digits after the decimal point. */
export function currencyScale(currency: Currency): number {
  return CURRENCIES[currency].scale;
}

export function addMoney(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `cannot add ${a.currency} and ${b.currency}`);
  return money(a.minor + b.minor, a.currency);
}

export function subtractMoney(a: Money, b: Money): Money {
  return addMoney(a, money(-b.minor, b.currency));
}

export function sameMoney(a: Money, b: Money): boolean {
  return a.currency === b.currency && a.minor === b.minor;
}

/** Negative, zero or positive, as a sort wants it; different currencies are a bug. */
export function compareMoney(a: Money, b: Money): number {
  const difference = subtractMoney(a, b).minor;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isPositive(value: Money): boolean {
  return value.minor > 0n;
}

/** Reads a vendor's decimal text (`"499.00"`) exactly; more digits than the currency has is an error. */
export function parseMajor(text: string, currency: Currency): Money {
  const scale = currencyScale(currency);
  const match =
    text.length <= MAJOR_TEXT_MAX ? /^(-?)(\d{1,20})(?:\.(\d{1,12}))?$/.exec(text) : null;
  const fraction = match?.[3] ?? '';
  const surplus = fraction.slice(scale);
  if (match === null || /[^0]/.test(surplus)) {
    throw new MoneyFormatError(`not a sum in ${currency}: ${JSON.stringify(text.slice(0, 40))}`);
  }
  const digits = (match[2] ?? '') + fraction.slice(0, scale).padEnd(scale, '0');
  return money(BigInt(`${match[1] ?? ''}${digits}`), currency);
}

/** The exact decimal text with all the currency's digits: what vendors are sent. */
export function formatMajor(value: Money): string {
  const scale = currencyScale(value.currency);
  const digits = (value.minor < 0n ? -value.minor : value.minor)
    .toString()
    .padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = value.minor < 0n ? '-' : '';
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}

/**
 * What a customer reads: `199 ₽`, `1 788,50 ₽`, `$2.50`, `150 ★`. Whole sums lose their zeros.
 * Stars and USDT are written by us because Intl throws on one and misprints the other. Staff reads
 * `all` digits, so that the sums of a column stand under each other.
 */
export function formatMoney(
  value: Money,
  language: Language,
  digitsShown: 'needed' | 'all' = 'needed',
): string {
  const major = formatMajor(value);
  const text = digitsShown === 'all' ? major : trimWholeZeros(major);
  if (value.currency === 'XTR' || value.currency === 'USDT') {
    return `${text}${NO_BREAK_SPACE}${CURRENCIES[value.currency].sign}`;
  }
  const digits = text.includes('.') ? currencyScale(value.currency) : 0;
  return currencyFormat(language, value.currency, digits).format(text as Intl.StringNumericLiteral); // Intl takes exact decimal text; the type asks for the literal
}

/** Formats are few and costly to make: one per language, currency and number of digits. */
const currencyFormats = new Map<string, Intl.NumberFormat>();

function currencyFormat(language: Language, currency: Currency, digits: number): Intl.NumberFormat {
  const key = `${language} ${currency} ${String(digits)}`;
  let format = currencyFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    currencyFormats.set(key, format);
  }
  return format;
}

function trimWholeZeros(major: string): string {
  return major.replace(/\.0+$/, '');
}

/** Splits a sum by weights; the parts add up to the whole, the first parts take the remainder. */
export function allocate(value: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  assert(total > 0n && weights.every((weight) => weight >= 0n), 'weights must be positive in sum');
  const parts = weights.map((weight) => (value.minor * weight) / total);
  const step = value.minor < 0n ? -1n : 1n;
  let left = value.minor - parts.reduce((sum, part) => sum + part, 0n);
  for (let at = 0; left !== 0n; at = (at + 1) % parts.length) {
    if (weights[at] === 0n) continue;
    parts[at] = (parts[at] ?? 0n) + step;
    left -= step;
  }
  return parts.map((minor) => money(minor, value.currency));
}

/** `bps` hundredths of a percent of a sum, with the rounding named by the caller. */
export function percent(value: Money, bps: bigint, rounding: Rounding): Money {
  return money(divide(value.minor * bps, 10_000n, rounding), value.currency);
}

function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator;
  const rest = numerator % denominator;
  if (rest === 0n || rounding === 'down') return quotient;
  const away = quotient + (numerator < 0n ? -1n : 1n);
  if (rounding === 'up') return away;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice === denominator) return quotient % 2n === 0n ? quotient : away;
  return twice > denominator ? away : quotient;
}
