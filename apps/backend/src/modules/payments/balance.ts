/**
 * The balance pays: an order wholly, or the part that a provider is not asked for. What the balance
 * pays is a payment like any other, of nobody's provider; while the rest is on its way it is
 * `authorised` and its money held, so that it cannot be spent twice. Every function here runs under
 * the order's lock and takes the balance's lock before it reads it.
 */
import { assert, compareMoney, isPositive, sameMoney, subtractMoney } from '@opora/kernel';
import type { Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { OrderNotOpen, topUpBounds, type Order } from '../orders/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { BalanceTooSmall, PaymentStateConflict } from './errors.ts';
import { BALANCE, noMoney, type Payment } from './payment.ts';
import { balanceSale, holdTransfer, releaseTransfer } from './postings.ts';
import { endHeld, lockHeld, selectPaidByBalance } from './repository-balance.ts';
import { insertEvents, insertPayment } from './repository.ts';

/** Pays an open order wholly, at once and once: a second press finds what the first one paid. */
export async function payFromBalance(deps: PaymentsDeps, orderId: string): Promise<Payment> {
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    const paid = order?.state === 'paid' ? await selectPaidByBalance(tx, orderId) : undefined;
    if (paid !== undefined) return paid;
    demandPayable(order, orderId, at);
    await releaseHeld(deps, tx, { orderIds: [order.id], at });
    const payment = await spend(deps, tx, { order, amount: order.amount, at });
    if (payment === undefined) {
      throw new BalanceTooSmall(`the balance does not cover order ${order.id}`);
    }
    await deps.orders.moneyIn(tx, [{ orderId, paymentId: payment.id, at }]);
    const { id, personId, amount } = payment;
    await deps.publish(tx, [
      { type: 'payment.settled', paymentId: id, orderId, personId, outcome: 'paid', amount },
    ]);
    return payment;
  });
}

/** Throws `OrderNotOpen` for what cannot be bought (any more). */
function demandPayable(order: Order | undefined, id: string, at: Date): asserts order is Order {
  if (order?.state !== 'open' || order.expiresAt <= at) {
    throw new OrderNotOpen(`order ${id} is not open any more`);
  }
  if (order.kind === 'top_up') {
    throw new PaymentStateConflict(`order ${id} brings money to the balance, not from it`);
  }
}

/**
 * What a provider would be asked for when the balance pays first: never less than the least a
 * provider takes. Undefined when the balance has no part in it, or needs no provider.
 */
export function restBeside(price: Money, balance: Money): Money | undefined {
  if (!isPositive(balance) || compareMoney(balance, price) >= 0) return undefined;
  const { least } = topUpBounds(price.currency);
  const rest = subtractMoney(price, balance);
  const asked = compareMoney(rest, least) < 0 ? least : rest;
  return compareMoney(asked, price) < 0 ? asked : undefined;
}

/** Sets the balance's part aside, or gives it free again; returns what the provider is asked for. */
export async function partFromProvider(
  deps: PaymentsDeps,
  tx: Tx,
  wish: { order: Order; fromBalance: boolean; at: Date },
): Promise<Money> {
  const { order, fromBalance, at } = wish;
  if (!fromBalance) {
    await releaseHeld(deps, tx, { orderIds: [order.id], at });
    return order.amount;
  }
  demandPayable(order, order.id, at);
  const [held] = await lockHeld(tx, [order.id]);
  if (held !== undefined) return subtractMoney(order.amount, held.amount);
  const rest = restBeside(order.amount, await lockBalance(deps, tx, { ...order, at }));
  if (rest === undefined) throw new BalanceTooSmall(`no part of order ${order.id} can be paid`);
  const payment = newBalancePayment(deps, order, { amount: subtractMoney(order.amount, rest), at });
  await insertPayment(tx, payment, order.expiresAt);
  const { id, amount } = payment;
  await deps.ledger.post(tx, [holdTransfer(payment, { id: `${id}:hold`, amount, at })]);
  await insertEvents(tx, [
    { paymentId: id, at, kind: 'authorised', detail: `held for order ${order.id}` },
  ]);
  return rest;
}

/**
 * A payment came that is smaller than its open order's price: the balance pays the rest, from what
 * was held for it or, when it came too late for that, from what is there now. False: it cannot.
 */
export async function coverRest(
  deps: PaymentsDeps,
  tx: Tx,
  { payment, order, at }: { payment: Payment; order: Order; at: Date },
): Promise<boolean> {
  const rest = subtractMoney(order.amount, payment.amount);
  const [held] = await lockHeld(tx, [order.id]);
  if (held === undefined || !sameMoney(held.amount, rest)) {
    await releaseHeld(deps, tx, { orderIds: [order.id], at });
    return (await spend(deps, tx, { order, amount: rest, at })) !== undefined;
  }
  await endHeld(tx, held.id, { state: 'settled', at });
  const sale = { from: 'held', product: order.product, at } as const;
  await deps.ledger.post(tx, [balanceSale(held, sale)]);
  await insertEvents(tx, [settledEvent(held, at)]);
  return true;
}

/** What is held for these orders is the customers' own again. The caller holds the orders' locks. */
export async function releaseHeld(
  deps: PaymentsDeps,
  tx: Tx,
  { orderIds, at }: { orderIds: readonly string[]; at: Date },
): Promise<void> {
  for (const held of await lockHeld(tx, orderIds)) {
    const { id, amount } = held;
    await endHeld(tx, id, { state: 'cancelled', at });
    await deps.ledger.post(tx, [releaseTransfer(held, { id: `${id}:release`, amount, at })]);
    await insertEvents(tx, [
      { paymentId: id, at, kind: 'cancelled', detail: 'on the balance again' },
    ]);
  }
}

/** The janitor's: nobody will pay the rest in time, so the held part goes back. */
export async function releaseAbandoned(deps: PaymentsDeps, orderId: string): Promise<void> {
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    assert(order !== undefined, `something is held for order ${orderId}, which is none`);
    if (order.state === 'open' && order.expiresAt > at) return;
    await releaseHeld(deps, tx, { orderIds: [orderId], at });
  });
}

/** What is free of the balance in the order's currency, under its lock. */
export async function lockBalance(
  deps: Pick<PaymentsDeps, 'ledger'>,
  tx: Tx,
  { personId, amount: { currency }, at }: Pick<Payment, 'personId' | 'amount'> & { at: Date },
): Promise<Money> {
  await deps.ledger.lock(tx, [{ personId, currency, at }]);
  return deps.ledger.balance(tx, personId, currency);
}

/** A settled payment of the balance and its sale; undefined, and nothing done, when it is too small. */
async function spend(
  deps: PaymentsDeps,
  tx: Tx,
  wish: { order: Order; amount: Money; at: Date },
): Promise<Payment | undefined> {
  const { order, amount, at } = wish;
  if (compareMoney(await lockBalance(deps, tx, { ...order, at }), amount) < 0) return undefined;
  const held = newBalancePayment(deps, order, { amount, at });
  const payment: Payment = { ...held, state: 'settled', settledAt: at };
  await insertPayment(tx, payment, undefined);
  const sale = { from: 'balance', product: order.product, at } as const;
  await deps.ledger.post(tx, [balanceSale(payment, sale)]);
  await insertEvents(tx, [settledEvent(payment, at)]);
  return payment;
}

function newBalancePayment(
  deps: PaymentsDeps,
  order: Order,
  { amount, at }: { amount: Money; at: Date },
): Payment {
  const nothing = noMoney(amount.currency);
  return {
    ...{ id: deps.ids.next('pay'), orderId: order.id, personId: order.personId },
    ...{ provider: BALANCE, state: 'authorised', amount, refunded: nothing, credited: nothing },
    ...{ reference: undefined, checkoutUrl: undefined, reason: undefined },
    ...{ createdAt: at, settledAt: undefined, checks: 0 },
    ...{ saveWords: undefined, methodId: undefined, advice: undefined, secondOf: undefined },
    receiptTo: undefined,
    asked: undefined,
  };
}

function settledEvent({ id, amount }: Payment, at: Date) {
  const sum = `${amount.minor.toString()} minor ${amount.currency}`;
  return { paymentId: id, at, kind: 'settled', detail: `${sum} from the balance` };
}
