/** Buying on the site: ways to pay, the order with its link, and what became of it. */
import {
  API,
  moneyFromWire,
  moneyToWire,
  type OrderProgressWire,
  type OrderWire,
  type SubscriptionWire,
} from '@opora/contracts';
import { sameMoney, type Clock, type Language, type Money } from '@opora/kernel';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import { PlanNotOffered, type Catalog, type Plan } from '../../catalog/index.ts';
import { PersonBanned, type Identity } from '../../identity/index.ts';
import {
  OrderKeyReused,
  OrderNotOpen,
  PriceChanged,
  TOP_UP_TITLE,
  TooManyOrders,
  type Order,
  type Orders,
} from '../../orders/index.ts';
import { ProviderNotConfigured, ProviderProtocolError, ProviderUnavailable } from '../errors.ts';
import { refusalKey, type Payment } from '../payment.ts';
import type { ProviderId } from '../provider.ts';
import type { Payments } from '../service.ts';

/** New orders of one person in an hour: whoever tries every plan and way needs fewer. */
const ORDERS_PER_HOUR = 30;
const HOUR_MS = 3_600_000;
const AGAIN_AFTER_MS = 600_000;

type Bilingual = Readonly<Record<Language, string>>;

export type CheckoutDeps = Readonly<{
  payments: Payments;
  orders: Orders;
  catalog: Catalog;
  identity: Identity;
  clock: Clock;
  log: Log;
  product: Readonly<{ slug: string; name: Bilingual; ways: readonly string[] }>;
  /** What a way to pay is called, and why a payment was declined: words of the product. */
  wayTitle: (provider: ProviderId) => Bilingual;
  reasonWords: (key: string) => Bilingual;
  /** The access that a paid order gave; undefined while it is being prepared. */
  accessOf: (order: Order) => Promise<SubscriptionWire | undefined>;
}>;

export function checkoutRoutes(deps: CheckoutDeps) {
  return (app: App): void => {
    serve(app, API.me.methods, async ({ params }) => {
      const plan = await offeredPlan(deps, params.planId);
      const items = waysOf(deps, plan).map(({ provider, price }) => ({
        provider,
        title: deps.wayTitle(provider),
        price: moneyToWire(price),
        resting: deps.payments.resting(provider),
      }));
      return { items };
    });

    serve(app, API.me.placeOrder, async ({ request, body, key }) => {
      const { personId } = request;
      const { state, language } = await deps.identity.person(personId);
      // An access token outlives the ban by minutes; what it would buy could not be used.
      if (state === 'banned') throw new PersonBanned(`${personId} is banned`);
      const plan = await planMeant(deps, { planId: body.planId, personId, key });
      const way = waysOf(deps, plan).find(({ provider }) => provider === body.provider);
      if (way === undefined) throw new ProviderNotConfigured(`${body.provider} is not offered`);
      if (!sameMoney(way.price, moneyFromWire(body.price))) {
        throw new PriceChanged(`plan ${plan.id} has another price than was seen`);
      }
      const order = await deps.orders.place({
        personId,
        product: deps.product.slug,
        planVersionId: plan.versionId,
        amount: way.price,
        key,
      });
      // A repeat after the money came: there is nothing to pay any more.
      if (order.state !== 'open') return presentOrder(order, plan.id, undefined);
      if (order.expiresAt <= deps.clock.now()) throw new OrderNotOpen(`${order.id} is too old`);
      return presentOrder(order, plan.id, await startPayment(deps, { order, plan, way, language }));
    });

    serve(app, API.me.order, async ({ request, params }) => {
      const order = await deps.orders.findOwn(params.orderId, request.personId);
      return presentProgress(deps, order, await deps.payments.newestOf(order.id));
    });

    serve(app, API.me.lookAtOrder, async ({ request, params }) => {
      const order = await deps.orders.findOwn(params.orderId, request.personId);
      const newest = await deps.payments.newestOf(order.id);
      const seen = newest === undefined ? undefined : await look(deps, newest);
      return presentProgress(deps, await deps.orders.find(order.id), seen);
    });
  };
}

async function offeredPlan(deps: CheckoutDeps, planId: string): Promise<Plan> {
  const plan = (await deps.catalog.offered(deps.product.slug)).find(({ id }) => id === planId);
  if (plan === undefined) throw new PlanNotOffered(`plan ${planId} is not offered`);
  return plan;
}

/** A repeat means the version its first time meant, whatever is sold by now. */
async function planMeant(
  deps: CheckoutDeps,
  wish: { planId: string; personId: string; key: string },
): Promise<Plan> {
  const known = await deps.orders.ofKey(wish.personId, wish.key);
  if (known === undefined) {
    const since = new Date(deps.clock.now().getTime() - HOUR_MS);
    if ((await deps.orders.placedSince(wish.personId, since)) >= ORDERS_PER_HOUR) {
      throw new TooManyOrders('too many orders in an hour', { retryAfterMs: AGAIN_AFTER_MS });
    }
    return offeredPlan(deps, wish.planId);
  }
  const version = known.planVersionId;
  const plan = version === undefined ? undefined : await deps.catalog.version(version);
  if (plan?.id !== wish.planId) throw new OrderKeyReused(`${wish.key} belongs to ${known.id}`);
  return plan;
}

type Way = Readonly<{ provider: ProviderId; price: Money }>;

/** Configured providers in the order of the product, each at its own price. */
function waysOf({ payments, product }: CheckoutDeps, plan: Plan): Way[] {
  return product.ways.flatMap((way) => {
    const provider = payments.offered.find((each) => each === way);
    const price = provider === undefined ? undefined : payments.priceAt(provider, plan.prices);
    return provider === undefined || price === undefined ? [] : [{ provider, price }];
  });
}

function startPayment(
  deps: CheckoutDeps,
  wish: { order: Order; plan: Plan; way: Way; language: Language },
): Promise<Payment> {
  const { language } = wish;
  return deps.payments.start({
    orderId: wish.order.id,
    provider: wish.way.provider,
    language,
    description: `${deps.product.name[language]}: ${wish.plan.title[language]}`,
  });
}

/** A provider that cannot be asked leaves it open what became of the payment. */
type Seen = Payment | Readonly<{ payment: Payment; isUnknown: true }>;

async function look(deps: CheckoutDeps, payment: Payment): Promise<Seen> {
  try {
    return await deps.payments.look(payment.id);
  } catch (error) {
    const isAway = error instanceof ProviderUnavailable || error instanceof ProviderProtocolError;
    if (!isAway) throw error;
    deps.log.warn({ err: error, paymentId: payment.id }, 'the payment could not be looked up');
    return { payment, isUnknown: true };
  }
}

async function presentProgress(
  deps: CheckoutDeps,
  order: Order,
  seen: Seen | undefined,
): Promise<OrderProgressWire> {
  const { planVersionId } = order;
  const plan = planVersionId === undefined ? undefined : await deps.catalog.version(planVersionId);
  const hasAccess = order.kind === 'plan' && order.state !== 'open';
  const access = !hasAccess ? undefined : await deps.accessOf(order);
  const payment = seen !== undefined && 'payment' in seen ? seen.payment : seen;
  // A top-up is all there when it is paid.
  const isReady = access !== undefined || order.kind === 'top_up';
  const progress = progressOf(order, seen, { isReady, at: deps.clock.now() });
  return {
    order: presentOrder(order, plan?.id ?? null, payment),
    plan: plan?.title ?? TOP_UP_TITLE,
    progress,
    reason: progress === 'declined' ? deps.reasonWords(refusalKey(payment?.reason)) : null,
    subscription: access ?? null,
  };
}

/** Never "declined" or "expired" while money may still be on its way. */
function progressOf(
  order: Order,
  seen: Seen | undefined,
  now: { isReady: boolean; at: Date },
): OrderProgressWire['progress'] {
  if (order.state === 'paid') return now.isReady ? 'ready' : 'preparing';
  if (order.state === 'refunded') return now.isReady ? 'ready' : 'expired';
  if (order.state === 'cancelled') return 'expired';
  if (seen === undefined) return order.expiresAt <= now.at ? 'expired' : 'waiting';
  if ('payment' in seen) return 'unknown';
  switch (seen.state) {
    case 'created':
      return 'unknown';
    case 'pending':
    case 'authorised':
      return 'waiting';
    case 'failed':
      return 'declined';
    case 'cancelled':
    case 'expired':
      return 'expired';
    case 'settled':
    case 'partly_refunded':
    case 'refunded':
    case 'disputed':
      // The order is read before the payment: its own state follows in the same transaction.
      return 'preparing';
  }
}

function presentOrder(
  order: Order,
  planId: string | null,
  payment: Payment | undefined,
): OrderWire {
  const isPayable = order.state === 'open' && payment?.state === 'pending';
  return {
    id: order.id,
    planId,
    state: order.state,
    amount: moneyToWire(order.amount),
    createdAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    checkoutUrl: isPayable ? (payment.checkoutUrl ?? null) : null,
  };
}
