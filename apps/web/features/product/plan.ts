import {
  allocate,
  money,
  sameMoney,
  subtractMoney,
  type Language,
  type Money,
} from '@opora/kernel';
import type { Plan } from './product.ts';

const SHORT_TERM_DAYS = 31;
const MONTH_DAYS = 30;
const GIBIBYTE = 1024n ** 3n;

/**
 * What a longer term costs a month, exact to the minor unit and never rounded in our favour: of the
 * kernel's equal parts the largest. Undefined up to 31 days, where the price itself says it. A term
 * that is no whole number of months (100 days) gives the share of 30 days.
 */
export function perMonth(price: Money, termDays: number): Money | undefined {
  if (termDays <= SHORT_TERM_DAYS) return undefined;
  const months = wholeMonths(termDays);
  const weights =
    months === undefined
      ? [BigInt(MONTH_DAYS), BigInt(termDays - MONTH_DAYS)]
      : Array<bigint>(months).fill(1n);
  return allocate(price, weights)[0];
}

/** Calendar months in a term: 28-31 days each, so 90, 91 and 92 days are all three months. */
export function wholeMonths(termDays: number): number | undefined {
  const months = Math.round((termDays * 12) / 365);
  return months > 0 && termDays >= months * 28 && termDays <= months * 31 ? months : undefined;
}

/**
 * What the same months bought one at a time would cost more, or undefined when there is no monthly
 * plan with the same devices and traffic to compare with, or nothing is saved.
 */
export function saving(plan: Plan, plans: readonly Plan[]): Money | undefined {
  const months = wholeMonths(plan.termDays);
  const single = plans.find(
    (other) =>
      wholeMonths(other.termDays) === 1 &&
      other.devices === plan.devices &&
      other.trafficBytes === plan.trafficBytes &&
      other.prices[0].currency === plan.prices[0].currency,
  );
  if (months === undefined || months < 2 || single === undefined) return undefined;
  const monthly = single.prices[0];
  const apart = money(monthly.minor * BigInt(months), monthly.currency);
  const saved = subtractMoney(apart, plan.prices[0]);
  return saved.minor > 0n ? saved : undefined;
}

/** The other prices of a plan than the one on the tag. */
export function otherPrices(plan: Plan): readonly Money[] {
  return plan.prices.slice(1).filter((price) => !sameMoney(price, plan.prices[0]));
}

/** Bytes as a customer counts them: whole gibibytes, one decimal when they are not whole. */
export function formatTraffic(bytes: bigint, language: Language): string {
  const tenths = (bytes * 10n) / GIBIBYTE;
  const decimal = `${String(tenths / 10n)}.${String(tenths % 10n)}`;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'gigabyte',
    maximumFractionDigits: 1,
  }).format(decimal as Intl.StringNumericLiteral); // Intl takes exact decimal text; the type asks for the literal
}

/** The bot's address with a start parameter; whatever the address already carries stays. */
export function botLink(botUrl: URL, start: string): string {
  const url = new URL(botUrl);
  url.searchParams.set('start', start);
  return url.href;
}
