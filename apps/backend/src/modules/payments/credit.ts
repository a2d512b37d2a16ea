/** Money of a sale that goes to the customer's balance: always possible, at once, without a provider. */
import { addMoney, isPositive, type Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Order } from '../orders/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { BalanceTooSmall, PaymentStateConflict } from './errors.ts';
import { BALANCE, stateAfter, type Payment } from './payment.ts';
import { creditTransfer, holdTransfer, releaseTransfer } from './postings.ts';
import { hasSoldRest, updateCredited } from './repository-balance.ts';
import { sumOpenRefunds, type Refund } from './repository-refunds.ts';
import { insertEvents } from './repository.ts';
import { lockBalance } from './balance.ts';

/** Whether the payment's money is in a sale; else it is on the balance. */
export function isSoldBy({ id, provider }: Payment, order: Order): boolean {
  return provider === BALANCE || order.paymentId === id;
}

/** Throws `PaymentStateConflict` for money that is on the balance already. */
export function demandSold(payment: Payment, order: Order): void {
  if (isSoldBy(payment, order)) return;
  throw new PaymentStateConflict(`payment ${payment.id} is on the balance already`);
}

/** Posts a refund to the balance; the caller holds the payment's lock and wrote the refund. */
export async function creditBack(
  deps: PaymentsDeps,
  tx: Tx,
  given: { payment: Payment; order: Order; refund: Refund },
): Promise<void> {
  const { order, refund } = given;
  const { amount, id: refundId, createdAt: at } = refund;
  const credited = addMoney(given.payment.credited, amount);
  const state = stateAfter(given.payment, addMoney(given.payment.refunded, credited));
  const payment = { ...given.payment, credited, state };
  const { id: paymentId, personId } = payment;
  await updateCredited(tx, payment);
  const { product } = order;
  await deps.ledger.post(tx, [creditTransfer(payment, { refundId, amount, product, at })]);
  if (state === 'refunded') await closeRefunded(deps, tx, order);
  await insertEvents(tx, [{ paymentId, at, kind: state, detail: `${refundId} to the balance` }]);
  const event = { type: 'payment.refunded', paymentId, orderId: order.id, personId } as const;
  await deps.publish(tx, [{ ...event, amount, total: credited, target: 'balance' }]);
}

/** The order is refunded when every part of its price has gone back. */
export async function closeRefunded(
  deps: PaymentsDeps,
  tx: Tx,
  order: Pick<Order, 'id' | 'paymentId'>,
): Promise<void> {
  if (!(await hasSoldRest(tx, order))) await deps.orders.refunded(tx, order.id);
}

/**
 * A refund to the payer of money that is on the balance: it is held until the provider has said what
 * became of it, so that it cannot be spent meanwhile. Throws `BalanceTooSmall` when it was.
 */
export async function holdForRefund(
  deps: PaymentsDeps,
  tx: Tx,
  { payment, refund }: { payment: Payment; refund: Pick<Refund, 'id' | 'amount' | 'createdAt'> },
): Promise<void> {
  const { id, amount, createdAt: at } = refund;
  demandFree(await lockBalance(deps, tx, { ...payment, at }), amount);
  await deps.ledger.post(tx, [holdTransfer(payment, { id: `${id}:hold`, amount, at })]);
}

/** Throws `BalanceTooSmall`. */
export function demandFree(free: Money, amount: Money): void {
  if (free.minor >= amount.minor) return;
  throw new BalanceTooSmall('the balance does not hold that much', {
    facts: { freeMinor: free.minor.toString(), currency: free.currency },
  });
}

/** A refund is over: what is held for none that is still open goes back to the balance. */
export async function releaseRefundHold(
  deps: PaymentsDeps,
  tx: Tx,
  { payment, refundId, at }: { payment: Payment; refundId: string; at: Date },
): Promise<void> {
  const { id: paymentId, personId, amount } = payment;
  const { currency } = amount;
  const held = await deps.ledger.heldFor(tx, personId, { paymentId, currency });
  const open = await sumOpenRefunds(tx, payment);
  const rest = { minor: held.minor - open.minor, currency };
  if (!isPositive(rest)) return;
  const release = { id: `${refundId}:release`, amount: rest, at };
  await deps.ledger.post(tx, [releaseTransfer(payment, release)]);
}
