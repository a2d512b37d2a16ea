import {
  addMoney,
  type Currency,
  formatMajor,
  type Money,
  money,
  MoneyFormatError,
  parseMajor,
  percent,
  subtractMoney,
} from '@opora/kernel';
import { isFields } from '../fields.ts';
import { forbid, refuse } from './refusal.ts';

/** Money as PayPal writes it: decimal text and a code. Roubles are not taken. */
export type Sum = Readonly<{ currency_code: PaypalCurrency; value: string }>;

export const PAYPAL_CURRENCIES = ['USD', 'EUR'] as const satisfies readonly Currency[];
export type PaypalCurrency = (typeof PAYPAL_CURRENCIES)[number];

/** The vendor's fee, hundredths of a percent. */
const FEE_BPS = 349n;

/** A positive sum of two digits at most, in a currency of the account. */
export function readSum(given: unknown, field: string): Sum {
  if (!isFields(given)) return refuse(field, 'MISSING_REQUIRED_PARAMETER');
  const { currency_code: code, value } = given;
  const currency = PAYPAL_CURRENCIES.find((each) => each === code);
  if (currency === undefined) return forbid('CURRENCY_NOT_SUPPORTED', `${field}/currency_code`);
  if (typeof value !== 'string') return refuse(`${field}/value`, 'INVALID_PARAMETER_SYNTAX');
  const sum = exactly(value, currency, field);
  if (sum.minor <= 0n) forbid('CANNOT_BE_ZERO_OR_NEGATIVE', `${field}/value`);
  return toSum(sum);
}

function exactly(value: string, currency: PaypalCurrency, field: string): Money {
  try {
    return parseMajor(value, currency);
  } catch (error) {
    if (!(error instanceof MoneyFormatError)) throw error;
    return forbid('DECIMAL_PRECISION', `${field}/value`);
  }
}

export const toMoney = (sum: Sum): Money => parseMajor(sum.value, sum.currency_code);

export const toSum = (value: Money): Sum => ({
  currency_code: PAYPAL_CURRENCIES.find((each) => each === value.currency) ?? 'USD',
  value: formatMajor(value),
});

export const zero = (like: Sum): Sum => toSum(money(0n, like.currency_code));

export const plus = (a: Sum, b: Sum): Sum => toSum(addMoney(toMoney(a), toMoney(b)));

export const minus = (a: Sum, b: Sum): Sum => toSum(subtractMoney(toMoney(a), toMoney(b)));

/** What the vendor keeps of a captured sum. */
export const feeOf = (sum: Sum): Sum => toSum(percent(toMoney(sum), FEE_BPS, 'half_even'));
