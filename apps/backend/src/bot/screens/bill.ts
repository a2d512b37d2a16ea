/** A link to pay an order, and what became of it. Money itself is the payments' matter. */
import { subtractMoney } from '@opora/kernel';
import { OrderNotOpen, orderTitle, type Order } from '../../modules/orders/index.ts';
import {
  BalanceTooSmall,
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
import type { Action } from '../actions.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import { missing } from '../errors.ts';
import type { Shown } from '../view.ts';
import { showBalance } from './balance.ts';
import {
  billClosedView,
  paidPreparingView,
  payLinkView,
  payUnavailableView,
  waitingView,
} from './checkout.view.ts';
import { showMenu } from './home.ts';
import { showSubscription } from './subscription.ts';

/** How an order is paid: with the consent to renewals ticked, and with the balance first. */
export type How = Readonly<{ renews: boolean; mixed: boolean }>;

/** Asks for a link; `other` is where the button beside it leads. */
export async function bill(
  deps: ScreenDeps,
  turn: Turn,
  wish: How & { order: Order; way: ProviderId; other: Action },
): Promise<Shown> {
  const { order, way, renews, mixed, other } = wish;
  const { language } = turn.speech;
  try {
    const title = await orderTitle(deps.catalog, order);
    // What waits beside a link that was left would be missing here.
    if (mixed) await deps.payments.freeHeld(turn.person.id, order.id);
    const payment = await deps.payments.start({
      orderId: order.id,
      provider: way,
      language,
      description: `${deps.product.name[language]}: ${title[language]}`,
      fromBalance: mixed,
      saveWords: renews ? RENEWAL_WORDS : undefined,
    });
    if (payment.checkoutUrl === undefined) return await check(deps, turn, payment.id);
    turn.log.info({ orderId: order.id, paymentId: payment.id, way }, 'a link to pay was given');
    return {
      view: payLinkView(turn.speech, {
        paymentId: payment.id,
        checkoutUrl: payment.checkoutUrl,
        other,
        price: payment.amount,
        part: mixed ? subtractMoney(order.amount, payment.amount) : undefined,
        deadline: order.expiresAt,
      }),
    };
  } catch (error) {
    // Paid by another device a moment ago: what they bought is the answer.
    if (error instanceof OrderNotOpen) return showSubscription(deps, turn);
    // Spent by another device: what is left of it is.
    if (error instanceof BalanceTooSmall) return showBalance(deps, turn);
    if (!isOutOfReach(error)) throw error;
    turn.log.warn({ err: error, orderId: order.id, way }, 'no link to pay');
    return unavailable(turn, way);
  }
}

export function unavailable(turn: Turn, way: string): Shown {
  return { view: payUnavailableView(turn.speech, way) };
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
    if (order.kind === 'top_up') return showBalance(deps, turn);
    if (order.state !== 'paid' || (await deps.provisioning.isDelivered(order.id))) {
      return showSubscription(deps, turn);
    }
    return {
      view: paidPreparingView(turn.speech, { price: order.amount, paymentId: payment.id }),
    };
  }
  // It came too late for the part the balance was to pay: all of it is there.
  if (payment.settledAt !== undefined) return showBalance(deps, turn);
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
