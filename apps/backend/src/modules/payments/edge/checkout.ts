/** Buying on the site: ways to pay, the order with its link, and what became of it. */
import { API, moneyFromWire, moneyToWire, type OrderProgressWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import { PlanNotOffered, type Plan } from '../../catalog/index.ts';
import { OrderKeyReused, TOP_UP_TITLE, type Order } from '../../orders/index.ts';
import { ProviderProtocolError, ProviderUnavailable } from '../errors.ts';
import { refusalKey, type Payment } from '../payment.ts';
import { spendable } from '../wallet.ts';
import type { CheckoutDeps } from './deps.ts';
import { demandBuyer, demandCalm, presentOrder, presentPlaced } from './placing.ts';
import { balanceFor, demandWay, keeps, restOf, startPayment, waysOf } from './ways.ts';

export function checkoutRoutes(deps: CheckoutDeps) {
  return (app: App): void => {
    serve(app, API.me.methods, async ({ request, params }) => {
      const plan = await offeredPlan(deps, params.planId);
      const resting = await deps.payments.resting();
      const wallet = spendable(await deps.payments.wallet(request.personId));
      const items = waysOf(deps, plan).map(({ provider, price }) => ({
        provider,
        title: deps.wayTitle(provider),
        price: moneyToWire(price),
        resting: resting.has(provider),
        rest: restOf(deps, price, wallet),
        keeps: keeps(deps, provider),
      }));
      const isOffered = items.some((way) => way.keeps);
      return {
        items,
        balance: balanceFor(plan, wallet),
        renewalWords: isOffered ? deps.renewalWords : null,
      };
    });

    serve(app, API.me.placeOrder, async ({ request, body, key }) => {
      const { personId } = request;
      const language = await demandBuyer(deps.identity, personId);
      const plan = await planMeant(deps, { planId: body.planId, personId, key });
      const seen = moneyFromWire(body.price);
      const way = demandWay(deps, plan, { ...body, seen });
      const order = await deps.orders.place({
        personId,
        product: deps.product.slug,
        planVersionId: plan.versionId,
        amount: seen,
        key,
      });
      return presentPlaced(deps.clock, { order, planId: plan.id }, () =>
        startPayment(deps, {
          ...{ order, plan, way, language, saveWords: body.renewalWords },
          rest: body.rest && moneyFromWire(body.rest),
        }),
      );
    });

    serve(app, API.me.order, async ({ request, params }) => {
      const { id } = await deps.orders.findOwn(params.orderId, request.personId);
      const newest = await deps.payments.newestOf(id);
      return presentProgress(deps, await deps.orders.find(id), newest);
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
    await demandCalm(deps, wish.personId);
    return offeredPlan(deps, wish.planId);
  }
  const version = known.planVersionId;
  const plan = version === undefined ? undefined : await deps.catalog.version(version);
  if (plan?.id !== wish.planId) throw new OrderKeyReused(`${wish.key} belongs to ${known.id}`);
  return plan;
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

/** `order` was read after `seen`. */
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
    case 'refunded':
      return 'expired';
    case 'settled':
    case 'partly_refunded':
    case 'disputed':
      // The order was read after the payment, so it is not about to follow: the money was too little.
      return 'on_balance';
  }
}
