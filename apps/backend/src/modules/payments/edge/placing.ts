/** What orders of plans and top-ups share on the site: who may place them, and what is answered. */
import { moneyToWire, type OrderWire } from '@opora/contracts';
import type { Clock, Language } from '@opora/kernel';
import { PersonBanned, type Identity } from '../../identity/index.ts';
import { OrderNotOpen, TooManyOrders, type Order, type Orders } from '../../orders/index.ts';
import type { Payment } from '../payment.ts';

/** New orders of one person in an hour: whoever tries every plan and way needs fewer. */
const ORDERS_PER_HOUR = 30;
const HOUR_MS = 3_600_000;
const AGAIN_AFTER_MS = 600_000;

/** Their language; throws `PersonBanned`: what they would buy could not be used. */
export async function demandBuyer(identity: Identity, personId: string): Promise<Language> {
  const { state, language } = await identity.person(personId);
  // An access token outlives the ban by minutes.
  if (state === 'banned') throw new PersonBanned(`${personId} is banned`);
  return language;
}

/** Before a new order; throws `TooManyOrders`. */
export async function demandCalm(
  { orders, clock }: Readonly<{ orders: Orders; clock: Clock }>,
  personId: string,
): Promise<void> {
  const since = new Date(clock.now().getTime() - HOUR_MS);
  if ((await orders.placedSince(personId, since)) < ORDERS_PER_HOUR) return;
  throw new TooManyOrders('too many orders in an hour', { retryAfterMs: AGAIN_AFTER_MS });
}

/**
 * The order with the link to pay it. A repeat after the money came has nothing to pay any more; one
 * after the end of the offer throws `OrderNotOpen`.
 */
export async function presentPlaced(
  clock: Clock,
  placed: { order: Order; planId: string | null },
  pay: () => Promise<Payment | undefined>,
): Promise<OrderWire> {
  const { order, planId } = placed;
  if (order.state !== 'open') return presentOrder(order, planId, undefined);
  if (order.expiresAt <= clock.now()) throw new OrderNotOpen(`${order.id} is too old`);
  return presentOrder(order, planId, await pay());
}

export function presentOrder(
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
