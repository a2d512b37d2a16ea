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
