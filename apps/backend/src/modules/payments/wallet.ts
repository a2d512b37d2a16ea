/**
 * What a customer can pay with: their balance, and what of it was set aside beside a provider that
 * has not been paid. Who pays something else with it takes that part back first; when the provider
 * is paid after all, the balance covers the rest as far as it can.
 */
import { addMoney, isPositive, type Currency, type Money } from '@opora/kernel';
import { topUpOffers } from '../orders/index.ts';
import { releaseHeld } from './balance.ts';
import type { PaymentsDeps } from './deps.ts';
import type { ProviderId } from './provider.ts';
import { selectHeldOf } from './repository-balance.ts';

export type Wallet = Readonly<{
  /** On the balance, per currency; only what is something. */
  free: readonly Money[];
  /** Set aside for orders that nobody has paid yet. */
  held: readonly Money[];
}>;

export async function walletOf(
  { db, ledger }: Pick<PaymentsDeps, 'db' | 'ledger'>,
  personId: string,
): Promise<Wallet> {
  const [free, held] = await Promise.all([
    ledger.balances(db.read, personId),
    selectHeldOf(db.read, personId),
  ]);
  return { free: free.filter(isPositive), held: added(held.map(({ amount }) => amount)) };
}

/** What an order could be paid with: both together, per currency. */
export function spendable({ free, held }: Wallet): readonly Money[] {
  return added([...free, ...held]);
}

/** Takes back what is held for other open orders, so that this one can be paid with it. */
export async function freeHeld(
  deps: PaymentsDeps,
  personId: string,
  exceptOrder: string,
): Promise<void> {
  const held = await selectHeldOf(deps.db.read, personId);
  const orderIds = held.map(({ orderId }) => orderId).filter((id) => id !== exceptOrder);
  if (orderIds.length === 0) return;
  await deps.db.transaction(async (tx) => {
    await deps.orders.lock(tx, orderIds);
    await releaseHeld(deps, tx, { orderIds, at: deps.clock.now() });
  });
}

/** A way to put money on the balance, and the sums it is offered in; all of one currency. */
export type TopUpWay = Readonly<{
  provider: ProviderId;
  currency: Currency;
  sums: readonly Money[];
}>;

/**
 * The given ways that can top up, in their order: each in the first of the currencies it takes. The
 * currencies are those something is sold in: other money could buy nothing.
 */
export function topUpWays(
  priceAt: (provider: ProviderId, prices: readonly Money[]) => Money | undefined,
  given: { ways: readonly ProviderId[]; currencies: readonly Currency[] },
): TopUpWay[] {
  const samples = given.currencies.flatMap((currency) => topUpOffers(currency).slice(0, 1));
  return given.ways.flatMap((provider) => {
    const currency = priceAt(provider, samples)?.currency;
    return currency === undefined ? [] : [{ provider, currency, sums: topUpOffers(currency) }];
  });
}

function added(sums: readonly Money[]): Money[] {
  const byCurrency = new Map<Currency, Money>();
  for (const sum of sums) {
    const before = byCurrency.get(sum.currency);
    byCurrency.set(sum.currency, before === undefined ? sum : addMoney(before, sum));
  }
  return [...byCurrency.values()];
}
