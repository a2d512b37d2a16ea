/** What the facts about payments mean for balances; part of the settling transaction. */
import { compareMoney, money, subtractMoney, type Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Order } from '../orders/index.ts';
import { coverRest, releaseHeld } from './balance.ts';
import type { PaymentsDeps } from './deps.ts';
import { noMoney, type Judgement, type Payment } from './payment.ts';
import type { Sources } from './postings.ts';

type Step = Readonly<{
  payment: Payment;
  move: Extract<Judgement, { outcome: 'moved' }>;
}>;
type Facts = Readonly<{
  steps: readonly Step[];
  orders: ReadonlyMap<string, Order>;
  at: Date;
}>;

/**
 * Locks every balance these facts may take from, gives back what was held beside payments that
 * failed, and lets balances pay the rest of orders whose payment is a part. `short` are the
 * payments whose order cannot be paid with them. Facts about whole payments cost no query here.
 */
export async function openBalance(
  deps: PaymentsDeps,
  tx: Tx,
  { steps, orders, at }: Facts,
): Promise<{ short: ReadonlySet<string> }> {
  const parts = new Set(steps.filter((step) => isPart(step, orders)));
  await deps.ledger.lock(
    tx,
    steps
      .filter((step) => step.move.moneyBack !== undefined || parts.has(step))
      .map(({ payment: { personId, amount } }) => ({ personId, currency: amount.currency, at })),
  );
  const over = [...parts].filter(({ move }) => isOver(move));
  await releaseHeld(deps, tx, { orderIds: over.map(({ payment }) => payment.orderId), at });
  const short = new Set<string>();
  const paid = new Set<string>();
  for (const step of steps) {
    const { payment, move } = step;
    const order = orders.get(payment.orderId);
    const isFirst = order?.state === 'open' && !paid.has(order.id);
    if (move.moneyIn === undefined || !isFirst) continue;
    const isEnough = !parts.has(step) || (await coverRest(deps, tx, { payment, order, at }));
    if (isEnough) paid.add(order.id);
    else short.add(payment.id);
  }
  return { short };
}

/** It came to its end without money. */
export function isOver({ to }: Step['move']): boolean {
  return to === 'failed' || to === 'cancelled' || to === 'expired';
}

function isPart({ payment, move }: Step, orders: ReadonlyMap<string, Order>): boolean {
  const order = orders.get(payment.orderId);
  const isNews = move.moneyIn !== undefined || isOver(move);
  return isNews && order !== undefined && compareMoney(payment.amount, order.amount) < 0;
}

/** Where money that went back to the payer is taken from. The caller holds the balance's lock. */
export async function sourcesOf(
  { ledger }: Pick<PaymentsDeps, 'ledger'>,
  tx: Tx,
  { payment, isSold }: { payment: Payment; isSold: boolean },
): Promise<Sources> {
  const { id, personId, amount, refunded, credited } = payment;
  const { currency } = amount;
  const nothing = noMoney(currency);
  const given = subtractMoney(subtractMoney(amount, refunded), credited);
  return {
    sold: isSold ? atLeastZero(given) : nothing,
    held: isSold ? nothing : await ledger.heldFor(tx, personId, { paymentId: id, currency }),
    free: await ledger.balance(tx, personId, currency),
  };
}

/** A provider may have given back what had gone to the balance before. */
function atLeastZero({ minor, currency }: Money): Money {
  return money(minor > 0n ? minor : 0n, currency);
}
