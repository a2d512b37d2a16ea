import { formatMajor, type Money, money } from '@opora/kernel';
import { refuse } from './refusal.ts';

/** Money as Stripe writes it: a whole number of the smallest unit and a small-letter code. */
export type Sum = Readonly<{ amount: number; currency: StripeCurrency }>;

/** The ones the platform sells in; Stripe itself takes some 135. */
export const STRIPE_CURRENCIES = ['usd', 'eur', 'rub'] as const;
export type StripeCurrency = (typeof STRIPE_CURRENCIES)[number];

const CODES = { usd: 'USD', eur: 'EUR', rub: 'RUB' } as const;
const LEAST: Readonly<Record<StripeCurrency, number>> = { usd: 50, eur: 50, rub: 5_000 };
const AMOUNT_MAX = 99_999_999;

/** Refuses a currency the account does not take and a sum outside the vendor's limits. */
export function readSum(
  given: Readonly<{ amount: number; currency: string | null; param: string }>,
  accepted: readonly string[],
): Sum {
  const { amount, param } = given;
  const currency = STRIPE_CURRENCIES.find((each) => each === given.currency?.toLowerCase());
  if (currency === undefined || !accepted.includes(currency)) {
    return refuse('currency', `Invalid currency: ${given.currency ?? ''}`);
  }
  if (amount < LEAST[currency]) {
    refuse(param, 'The total amount is below the minimum charge', 'amount_too_small');
  }
  if (amount > AMOUNT_MAX)
    refuse(param, 'Amount must be no more than 99999999', 'amount_too_large');
  return { amount, currency };
}

export const toMoney = ({ amount, currency }: Sum): Money => money(BigInt(amount), CODES[currency]);

/** `4.99`: what the merchant's form holds. */
export const majorText = (sum: Sum): string => formatMajor(toMoney(sum));
