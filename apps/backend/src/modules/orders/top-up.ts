/** How much may be put on a balance at once, and the least that a provider is asked for beside it. */
import { compareMoney, money, type Currency, type Money } from '@opora/kernel';
import { TopUpOutOfBounds } from './errors.ts';

type Bounds = Readonly<{ least: Money; most: Money }>;

/** Minor units. Below the least, vendors' own minimums and fees begin. */
const BOUNDS: Readonly<Record<Currency, readonly [least: bigint, most: bigint]>> = {
  RUB: [100_00n, 50_000_00n],
  USD: [1_00n, 500_00n],
  EUR: [1_00n, 500_00n],
  XTR: [50n, 25_000n],
  USDT: [1_000_000n, 500_000_000n],
};

/** Round sums that are offered, minor units; any other within the bounds may be asked for. */
const OFFERS: Readonly<Record<Currency, readonly bigint[]>> = {
  RUB: [200_00n, 500_00n, 1_000_00n, 2_000_00n],
  USD: [3_00n, 5_00n, 10_00n, 20_00n],
  EUR: [3_00n, 5_00n, 10_00n, 20_00n],
  XTR: [150n, 300n, 500n, 1_000n],
  USDT: [3_000_000n, 5_000_000n, 10_000_000n, 20_000_000n],
};

/** The sums a customer chooses from, smallest first. */
export function topUpOffers(currency: Currency): readonly Money[] {
  return OFFERS[currency].map((minor) => money(minor, currency));
}

export function topUpBounds(currency: Currency): Bounds {
  const [least, most] = BOUNDS[currency];
  return { least: money(least, currency), most: money(most, currency) };
}

/** Throws `TopUpOutOfBounds`. */
export function demandTopUp(amount: Money): void {
  const { least, most } = topUpBounds(amount.currency);
  if (compareMoney(amount, least) >= 0 && compareMoney(amount, most) <= 0) return;
  throw new TopUpOutOfBounds('a top-up of that sum is not offered', {
    facts: {
      leastMinor: least.minor.toString(),
      mostMinor: most.minor.toString(),
      currency: amount.currency,
    },
  });
}
