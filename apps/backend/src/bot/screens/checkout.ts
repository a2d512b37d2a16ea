/** From a price to a link to pay, and what became of it. Money itself is the payments' matter. */
import { sameMoney, type DomainError, type Money } from '@opora/kernel';
import type { Plan } from '../../modules/catalog/index.ts';
import { OrderNotFound, OrderNotOpen, orderTitle, type Order } from '../../modules/orders/index.ts';
import {
  PaymentNotFound,
  ProviderNotConfigured,
  ProviderProtocolError,
  ProviderRefused,
  ProviderSwitchedOff,
  ProviderUnavailable,
  type Payment,
  type ProviderId,
} from '../../modules/payments/index.ts';
import { RENEWAL_WORDS } from '../../modules/subscriptions/index.ts';
import { readCheckout, saveCheckout } from '../chat-state.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import {
  billClosedView,
  chooseWayView,
  paidPreparingView,
  payLinkView,
  payUnavailableView,
  waitingView,
} from './checkout.view.ts';
import { showMenu } from './home.ts';
import { findOnSale, renewableWays, showChangedPlans, showPlans } from './plans.ts';
import type { PlanOnSale } from './plans.view.ts';
import { showSubscription } from './subscription.ts';

/** "Pay": one way leads straight to its link, several are offered, each at its own price. */
export async function pay(
  deps: ScreenDeps,
  turn: Turn,
  { versionId, renews }: { versionId: string; renews: boolean },
): Promise<Shown> {
  const plan = await findOnSale(deps, versionId);
  if (plan === undefined) return showChangedPlans(deps, turn);
  const { ways, resting } = await waysOf(deps, plan, renews);
  const [only, ...others] = ways;
  if (only === undefined) return unavailable(turn, resting[0] ?? deps.product.ways[0] ?? '');
  const order = await openOrder(deps, turn, { plan, price: only.price });
  // Those that rest are named and cannot be chosen; a single one that does not is the bill.
  if (others.length + resting.length > 0) {
    return { view: chooseWayView(turn.speech, { price: plan.price, ways, resting, renews }) };
  }
  return bill(deps, turn, { order, way: only.provider, renews, hasOtherWays: false });
}

/**
 * A way was chosen for the plan this chat is about. A way that takes another currency needs an order
 * of its own: an order has one sum.
 */
export async function payBy(
  deps: ScreenDeps,
  turn: Turn,
  { way: code, renews }: { way: string; renews: boolean },
): Promise<Shown> {
  const known = await orderOfChat(deps, turn);
  const plan = await findOnSale(deps, known?.planVersionId ?? '');
  if (plan === undefined) return showChangedPlans(deps, turn);
  const { ways } = await waysOf(deps, plan, renews);
  const way = ways.find(({ provider }) => provider === code);
  // An old button of a way that rests by now.
  if (way === undefined) return pay(deps, turn, { versionId: plan.versionId, renews });
  const order = await openOrder(deps, turn, { plan, price: way.price });
  const hasOtherWays = ways.length > 1;
  return bill(deps, turn, { order, way: way.provider, renews, hasOtherWays });
}

/** "Try again": the same order when it can still be paid, else the window. */
export async function payAgain(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const order = await orderOfChat(deps, turn);
  if (order?.planVersionId === undefined) return showPlans(deps, turn);
  return pay(deps, turn, { versionId: order.planVersionId, renews: false });
}

/** "Check": asks now, and says only what is known. Somebody else's payment is an unknown one. */
export async function check(deps: ScreenDeps, turn: Turn, paymentId: string): Promise<Shown> {
  const known = await findOwn(deps, turn, paymentId);
  if (known === undefined) {
    return { ...showMenu(deps, turn), toast: turn.speech.plain('toast.stale') };
  }
  const payment = await look(deps, turn, known);
  const order = await deps.orders.find(payment.orderId);
  if (order.state !== 'open') {
    if (order.state !== 'paid' || (await deps.provisioning.isDelivered(order.id))) {
      return showSubscription(deps, turn);
    }
    return {
      view: paidPreparingView(turn.speech, { price: order.amount, paymentId: payment.id }),
    };
  }
  if (isClosed(payment)) return { view: billClosedView(turn.speech) };
  const { checkoutUrl } = payment;
  return {
    view: waitingView(turn.speech, {
      paymentId: payment.id,
      ...(checkoutUrl === undefined ? {} : { checkoutUrl }),
    }),
    toast: turn.speech.plain('toast.notYet'),
  };
}

async function bill(
  deps: ScreenDeps,
  turn: Turn,
  wish: { order: Order; way: ProviderId; renews: boolean; hasOtherWays: boolean },
): Promise<Shown> {
  const { order, way, renews, hasOtherWays } = wish;
  const { language } = turn.speech;
  try {
    const title = await orderTitle(deps.catalog, order);
    const payment = await deps.payments.start({
      orderId: order.id,
      provider: way,
      language,
      description: `${deps.product.name[language]}: ${title[language]}`,
      saveWords: renews ? RENEWAL_WORDS : undefined,
    });
    if (payment.checkoutUrl === undefined) return await check(deps, turn, payment.id);
    turn.log.info({ orderId: order.id, paymentId: payment.id, way }, 'a link to pay was given');
    return {
      view: payLinkView(turn.speech, {
        paymentId: payment.id,
        checkoutUrl: payment.checkoutUrl,
        hasOtherWays,
        renews,
        versionId: order.planVersionId ?? '',
        price: order.amount,
        deadline: order.expiresAt,
      }),
    };
  } catch (error) {
    // Paid by another device a moment ago: what they bought is the answer.
    if (error instanceof OrderNotOpen) return showSubscription(deps, turn);
    if (!isOutOfReach(error)) throw error;
    turn.log.warn({ err: error, orderId: order.id, way }, 'no link to pay');
    return unavailable(turn, way);
  }
}

function unavailable(turn: Turn, way: string): Shown {
  return { view: payUnavailableView(turn.speech, way) };
}

/** The chat's order when it is this plan's, at this price, and can still be paid; else a new one. */
async function openOrder(
  deps: ScreenDeps,
  turn: Turn,
  { plan, price }: { plan: PlanOnSale; price: Money },
): Promise<Order> {
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const known = await orderOfChat(deps, turn);
  if (known?.planVersionId === plan.versionId && sameMoney(known.amount, price)) return known;
  const { version } = await readCheckout(deps.db.read, chat);
  const order = await deps.orders.place({
    personId: turn.person.id,
    product: deps.product.slug,
    planVersionId: plan.versionId,
    amount: price,
  });
  const checkout = { orderId: order.id, versionId: plan.versionId };
  await saveCheckout(deps.db.read, chat, { checkout, version, at: deps.clock.now() });
  return order;
}

/** The order the chat is about, while it is this person's, open and in time. */
async function orderOfChat(deps: ScreenDeps, turn: Turn): Promise<Order | undefined> {
  const chat = { botId: deps.botId, chatId: turn.chatId };
  const { checkout } = await readCheckout(deps.db.read, chat);
  if (checkout === undefined) return undefined;
  const order = await deps.orders.find(checkout.orderId).catch(missing(OrderNotFound));
  const isUsable =
    order?.personId === turn.person.id &&
    order.state === 'open' &&
    order.expiresAt > deps.clock.now();
  return isUsable ? order : undefined;
}

async function findOwn(
  deps: ScreenDeps,
  turn: Turn,
  paymentId: string,
): Promise<Payment | undefined> {
  const payment = await deps.payments.find(paymentId).catch(missing(PaymentNotFound));
  return payment?.personId === turn.person.id ? payment : undefined;
}

/** The payment as the provider sees it; as we knew it when the provider is out of reach. */
async function look(deps: ScreenDeps, turn: Turn, known: Payment): Promise<Payment> {
  try {
    return await deps.payments.look(known.id);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    turn.log.warn({ err: error, paymentId: known.id }, 'the payment could not be looked up');
    return known;
  }
}

type Way = Readonly<{ provider: ProviderId; price: Money }>;

/** Ways of the product that are configured and have a price, in the product's order. */
async function waysOf(
  deps: ScreenDeps,
  plan: Pick<Plan, 'prices'>,
  renews: boolean,
): Promise<{ ways: Way[]; resting: ProviderId[] }> {
  const { product, payments } = deps;
  const usable = renews ? renewableWays(deps) : payments.offered;
  const all = product.ways.flatMap((way): Way[] => {
    const provider = usable.find((each) => each === way);
    const price = provider === undefined ? undefined : payments.priceAt(provider, plan.prices);
    return provider === undefined || price === undefined ? [] : [{ provider, price }];
  });
  const now = await payments.resting();
  return {
    ways: all.filter(({ provider }) => !now.has(provider)),
    resting: all.flatMap(({ provider }) => (now.has(provider) ? [provider] : [])),
  };
}

function isClosed(payment: Payment): boolean {
  return ['failed', 'cancelled', 'expired'].includes(payment.state);
}

function isOutOfReach(error: unknown): boolean {
  return [
    ProviderUnavailable,
    ProviderRefused,
    ProviderNotConfigured,
    ProviderProtocolError,
    ProviderSwitchedOff,
  ].some((kind) => error instanceof kind);
}

/** Turns one kind of refusal into "there is none"; every other one goes on. */
function missing(kind: new (message: string) => DomainError): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof kind) return undefined;
    throw error;
  };
}
