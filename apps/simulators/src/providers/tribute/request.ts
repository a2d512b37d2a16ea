import { isCurrency } from '@opora/kernel';
import type { Fields } from '../fields.ts';
import { refuse } from './refusal.ts';

export const CURRENCIES = ['rub', 'eur', 'usd'] as const;
export type TributeCurrency = (typeof CURRENCIES)[number];

export const PERIODS = [
  'onetime',
  'weekly',
  'monthly',
  'quarterly',
  'halfyearly',
  'yearly',
] as const;
export type Period = (typeof PERIODS)[number];

/** What `POST /shop/orders` asks for, read and checked. Sums are whole kopecks or cents. */
export type OrderRequest = Readonly<{
  amount: number;
  currency: TributeCurrency;
  title: string;
  description: string;
  period: Period;
  successUrl: string | undefined;
  failUrl: string | undefined;
  email: string | undefined;
  comment: string | undefined;
  customerId: string | undefined;
  /** Charged instead of `amount` the first time; recurring orders only. */
  firstPeriodAmount: number | undefined;
}>;

const AMOUNT_MIN = 100;
const AMOUNT_MAX = 100_000_000;
/** UTF-16 units, as the vendor counts: JavaScript's own length. */
const TITLE_MAX = 100;
const DESCRIPTION_MAX = 300;
const CUSTOMER_ID_MAX = 256;
const TEXT_MAX = 2_048;

/** Throws `Refusal` naming the first field at fault. */
export function readOrderRequest(body: Fields): OrderRequest {
  const currency = CURRENCIES.find((each) => each === body['currency']);
  if (currency === undefined || !isCurrency(currency.toUpperCase())) {
    return refuse('currency must be rub, eur or usd');
  }
  const period = PERIODS.find((each) => each === (body['period'] ?? 'onetime'));
  if (period === undefined) return refuse('unknown period');
  if (body['trialPeriod'] !== undefined) refuse('trialPeriod is not simulated');
  const first = body['firstPeriodAmount'];
  if (first !== undefined && period === 'onetime') refuse('firstPeriodAmount needs a period');
  return {
    amount: readAmount(body['amount'], 'amount'),
    currency,
    title: readText(body, 'title', TITLE_MAX) ?? refuse('title is missing'),
    description: readText(body, 'description', DESCRIPTION_MAX) ?? refuse('description is missing'),
    period,
    successUrl: readUrl(body, 'successUrl'),
    failUrl: readUrl(body, 'failUrl'),
    email: readText(body, 'email', TEXT_MAX),
    comment: readText(body, 'comment', TEXT_MAX),
    customerId: readText(body, 'customerId', CUSTOMER_ID_MAX),
    firstPeriodAmount: first === undefined ? undefined : readAmount(first, 'firstPeriodAmount'),
  };
}

function readAmount(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return refuse(`${name} must be a whole number of minor units`);
  }
  if (value < AMOUNT_MIN || value > AMOUNT_MAX) return refuse(`${name} is out of limits`);
  return value;
}

function readText(body: Fields, name: string, max: number): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > max) {
    return refuse(`${name} must be a text of at most ${String(max)} characters`);
  }
  return value;
}

function readUrl(body: Fields, name: string): string | undefined {
  const text = readText(body, name, TEXT_MAX);
  if (text === undefined) return undefined;
  // `javascript:` and the like must never reach a link.
  const known = ['http:', 'https:', 'tg:'].includes(URL.parse(text)?.protocol ?? '');
  return known ? text : refuse(`${name} must be an absolute address`);
}
