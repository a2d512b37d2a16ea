/** From a price to the bill: by the balance, by a provider, by both. */
import { subtractMoney, type Money } from '@opora/kernel';
import type { Plan } from '../../modules/catalog/index.ts';
import { OrderNotOpen } from '../../modules/orders/index.ts';
import { BalanceTooSmall, spendable, type ProviderId } from '../../modules/payments/index.ts';
import { offeredOrder, openOrder, orderOfChat } from '../chat-order.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { bill, unavailable, type How } from './bill.ts';
import {
  chooseWayView,
  offerBalanceView,
  paidFromBalanceView,
  waysAction,
} from './checkout.view.ts';
import { findOnSale, renewableWays, showChangedPlans, showPlans } from './plans.ts';
import type { PlanOnSale } from './plans.view.ts';
import { showSubscription } from './subscription.ts';
import { showTopUp } from './top-up.ts';

type Wish = How & Readonly<{ versionId: string }>;

/** "Pay": what is on the balance is offered first, to whom something is there. */
export async function pay(
  deps: ScreenDeps,
  turn: Turn,
  { versionId, renews }: { versionId: string; renews: boolean },
): Promise<Shown> {
  const plan = await findOnSale(deps, versionId);
  if (plan === undefined) return showChangedPlans(deps, turn);
  const balance = (await balances(deps, turn)).find(
    ({ currency }) => currency === plan.price.currency,
  );
  const wish = { versionId, renews, mixed: false };
  if (balance === undefined) return chooseWay(deps, turn, wish);
  const rest = deps.payments.restBeside(plan.price, balance);
  // Nothing of the balance can be kept for renewals, so it pays wholly only without them.
  const isWhole = balance.minor >= plan.price.minor && !renews;
  if (!isWhole && rest === undefined) return chooseWay(deps, turn, wish);
  // What the button pays: pressed again it is the same order.
  await openOrder(deps, turn, { versionId, amount: plan.price });
  return {
    view: offerBalanceView(turn.speech, {
      ...{ price: plan.price, balance, versionId, renews },
      mixed: rest && { rest, part: subtractMoney(plan.price, rest) },
    }),
  };
}

/** One way leads straight to its link, several are offered, each at its own price. */
export async function chooseWay(deps: ScreenDeps, turn: Turn, wish: Wish): Promise<Shown> {
  const plan = await findOnSale(deps, wish.versionId);
  if (plan === undefined) return showChangedPlans(deps, turn);
  const { ways, resting } = await waysOf(deps, turn, { ...wish, plan });
  const [only, ...others] = ways;
  if (only === undefined) return unavailable(turn, resting[0] ?? deps.product.ways[0] ?? '');
  const { versionId } = plan;
  const order = await openOrder(deps, turn, { versionId, amount: only.price });
  // Those that rest are named and cannot be chosen; a single one that does not is the bill.
  if (others.length + resting.length > 0) {
    const asked = ways.map(({ provider, asked: price }) => ({ provider, price }));
    const rest = ways.find(({ price }) => price.currency === plan.price.currency)?.asked;
    return {
      view: chooseWayView(turn.speech, {
        price: wish.mixed ? (rest ?? only.asked) : plan.price,
        ...{ ways: asked, resting, how: wish },
      }),
    };
  }
  const { renews, mixed } = wish;
  return bill(deps, turn, {
    ...{ order, way: only.provider, renews, mixed },
    other: { type: 'plans' },
  });
}

/**
 * A way was chosen for the plan this chat is about. A way that takes another currency needs an order
 * of its own: an order has one sum.
 */
export async function payBy(
  deps: ScreenDeps,
  turn: Turn,
  { way: code, ...how }: How & { way: string },
): Promise<Shown> {
  const known = await orderOfChat(deps, turn);
  const plan = await findOnSale(deps, known?.planVersionId ?? '');
  if (plan === undefined) return showChangedPlans(deps, turn);
  const { versionId } = plan;
  const { ways } = await waysOf(deps, turn, { ...how, plan });
  const way = ways.find(({ provider }) => provider === code);
  // An old button of a way that rests by now, or of a balance that was spent.
  if (way === undefined) return pay(deps, turn, { versionId, renews: how.renews });
  const order = await openOrder(deps, turn, { versionId, amount: way.price });
  const other = ways.length > 1 ? waysAction(how, versionId) : ({ type: 'plans' } as const);
  return bill(deps, turn, { ...how, order, way: way.provider, other });
}

/** The balance pays it wholly, at once and once; a second press finds what the first one bought. */
export async function payFromBalance(
  deps: ScreenDeps,
  turn: Turn,
  versionId: string,
): Promise<Shown> {
  const plan = await findOnSale(deps, versionId);
  if (plan === undefined) return showChangedPlans(deps, turn);
  const order = await offeredOrder(deps, turn, { versionId, amount: plan.price });
  try {
    await deps.payments.freeHeld(turn.person.id, order.id);
    const payment = await deps.payments.payFromBalance(order.id);
    const { id: paymentId, amount: price } = payment;
    turn.log.info({ orderId: order.id, paymentId }, 'the balance paid an order');
    const left = await deps.ledger.balance(deps.db.read, turn.person.id, price.currency);
    return { view: paidFromBalanceView(turn.speech, { price, left, paymentId }) };
  } catch (error) {
    if (error instanceof OrderNotOpen) return showSubscription(deps, turn);
    if (!(error instanceof BalanceTooSmall)) throw error;
    return pay(deps, turn, { versionId, renews: false });
  }
}

/** "Try again": the same order when it can still be paid, else the window. */
export async function payAgain(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const order = await orderOfChat(deps, turn);
  if (order?.kind === 'top_up') return showTopUp(deps, turn);
  if (order?.planVersionId === undefined) return showPlans(deps, turn);
  return pay(deps, turn, { versionId: order.planVersionId, renews: false });
}

async function balances(deps: ScreenDeps, turn: Turn): Promise<readonly Money[]> {
  return spendable(await deps.payments.wallet(turn.person.id));
}

/** `asked`: of the price, what the provider is asked for. */
type Way = Readonly<{ provider: ProviderId; price: Money; asked: Money }>;

/** Ways of the product that are configured and have a price, in the product's order. */
async function waysOf(
  deps: ScreenDeps,
  turn: Turn,
  { plan, renews, mixed }: How & { plan: PlanOnSale & Pick<Plan, 'prices'> },
): Promise<{ ways: Way[]; resting: ProviderId[] }> {
  const { product, payments } = deps;
  // A vendor that charges by itself would take the rest of this sum for every term to come.
  const usable = renews
    ? renewableWays(deps, plan).filter((way) => !mixed || !payments.chargesItself(way))
    : payments.offered;
  const wallet = mixed ? await balances(deps, turn) : [];
  const askedOf = (price: Money): Money | undefined => {
    if (!mixed) return price;
    const balance = wallet.find(({ currency }) => currency === price.currency);
    return balance && payments.restBeside(price, balance);
  };
  const all = product.ways.flatMap((way): Way[] => {
    const provider = usable.find((each) => each === way);
    const price = provider === undefined ? undefined : payments.priceAt(provider, plan.prices);
    const asked = price && askedOf(price);
    return provider && price && asked ? [{ provider, price, asked }] : [];
  });
  const now = await payments.resting();
  return {
    ways: all.filter(({ provider }) => !now.has(provider)),
    resting: all.flatMap(({ provider }) => (now.has(provider) ? [provider] : [])),
  };
}
