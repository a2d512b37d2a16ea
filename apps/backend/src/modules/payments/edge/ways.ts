/** Ways to pay a plan: a provider, the balance, or both; and asking for the chosen one. */
import { moneyToWire } from '@opora/contracts';
import { compareMoney, sameMoney, type Language, type Money } from '@opora/kernel';
import type { Plan } from '../../catalog/index.ts';
import { PriceChanged, type Order } from '../../orders/index.ts';
import { ProviderNotConfigured, UnsupportedByProvider } from '../errors.ts';
import { BALANCE, type Payment } from '../payment.ts';
import type { ProviderId } from '../provider.ts';
import type { CheckoutDeps } from './deps.ts';

type Way = Readonly<{ provider: ProviderId; price: Money }>;

/** Configured providers in the order of the product, each at its own price. */
export function waysOf({ payments, product }: CheckoutDeps, plan: Plan): Way[] {
  return product.ways.flatMap((way) => {
    const provider = payments.offered.find((each) => each === way);
    const price = provider === undefined ? undefined : payments.priceAt(provider, plan.prices);
    return provider === undefined || price === undefined ? [] : [{ provider, price }];
  });
}

/** What the chosen way is, when all that the customer saw of it still holds. */
export function demandWay(
  deps: CheckoutDeps,
  plan: Plan,
  wish: { provider: string; seen: Money; renewalWords?: string | undefined },
): ProviderId | typeof BALANCE {
  const { provider, seen, renewalWords } = wish;
  const way = waysOf(deps, plan).find((each) => each.provider === provider);
  const isBalance = provider === BALANCE;
  if (way === undefined && !isBalance)
    throw new ProviderNotConfigured(`${provider} is not offered`);
  const prices = way === undefined ? plan.prices : [way.price];
  const isAgreed = renewalWords === undefined || renewalWords === deps.renewalWords;
  if (!prices.some((price) => sameMoney(price, seen)) || !isAgreed) {
    throw new PriceChanged(`plan ${plan.id} has another price or other terms than were seen`);
  }
  if (renewalWords !== undefined && (way === undefined || !keeps(deps, way.provider))) {
    throw new UnsupportedByProvider(`${provider} keeps nothing for renewals`);
  }
  return way?.provider ?? BALANCE;
}

/** The buyer may let us charge the way again, and the product asks for it. */
export function keeps({ payments, product }: CheckoutDeps, provider: ProviderId): boolean {
  return product.renewals && payments.keepsMethods(provider);
}

/** What the way is asked for when the balance pays first. */
export function restOf(deps: CheckoutDeps, price: Money, wallet: readonly Money[]) {
  const balance = wallet.find(({ currency }) => currency === price.currency);
  const rest = balance && deps.payments.restBeside(price, balance);
  return rest === undefined ? null : moneyToWire(rest);
}

/** The own money a plan could be bought with: what covers a price of it, else what is there. */
export function balanceFor({ prices }: Plan, wallet: readonly Money[]) {
  const able = prices.flatMap((price) =>
    wallet
      .filter(({ currency }) => currency === price.currency)
      .map((amount) => ({ amount, price, covers: compareMoney(amount, price) >= 0 })),
  );
  const best = able.find(({ covers }) => covers) ?? able[0];
  if (best === undefined) return null;
  return { ...best, amount: moneyToWire(best.amount), price: moneyToWire(best.price) };
}

type Start = Readonly<{
  order: Order;
  plan: Plan;
  way: ProviderId | typeof BALANCE;
  language: Language;
  saveWords: string | undefined;
  /** What the customer saw is left beside the balance; undefined: it has no part. */
  rest: Money | undefined;
}>;

export async function startPayment(deps: CheckoutDeps, wish: Start): Promise<Payment> {
  const { order, way, language, saveWords, rest } = wish;
  const { payments } = deps;
  const usesBalance = way === BALANCE || rest !== undefined;
  // What waits beside a link that was left would be missing here.
  if (usesBalance) await payments.freeHeld(order.personId, order.id);
  if (way === BALANCE) return payments.payFromBalance(order.id);
  const payment = await payments.start({
    orderId: order.id,
    provider: way,
    language,
    description: `${deps.product.name[language]}: ${wish.plan.title[language]}`,
    fromBalance: usesBalance,
    saveWords,
  });
  // The balance moved since the page was made: nobody pays a sum they did not see.
  if (rest !== undefined && !sameMoney(payment.amount, rest)) {
    throw new PriceChanged(`order ${order.id} has another rest than was seen`);
  }
  return payment;
}
