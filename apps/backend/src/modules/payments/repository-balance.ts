/** Payments by the balance: rows of `payment` whose provider is nobody. */
import { assert } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';
import { COLUMNS, toPayment, type PaymentRow } from './repository.ts';

/** More orders than anybody opens within the hour of their offers. */
const HELD_MAX = 50;

const IS_HELD = sql.raw(`provider = 'balance' and state = 'authorised'`);

/** What is held for these orders, locked. The caller holds the orders' locks. */
export async function lockHeld(tx: Tx, orderIds: readonly string[]): Promise<Payment[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where ${IS_HELD} and order_id = any(${orderIds}::text[]) order by id for update`.execute(tx);
  return rows.map(toPayment);
}

export async function selectHeld(tx: Tx, orderId: string): Promise<Payment | undefined> {
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment where ${IS_HELD} and order_id = ${orderId}`.execute(tx);
  return rows.map(toPayment)[0];
}

/** What is held of a person's balance beside providers, `HELD_MAX` at most. */
export async function selectHeldOf(tx: Tx, personId: string): Promise<Payment[]> {
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where ${IS_HELD} and person_id = ${personId} order by order_id limit ${HELD_MAX}`.execute(tx);
  return rows.map(toPayment);
}

/** A held part becomes a payment, or nothing again. */
export async function endHeld(
  tx: Tx,
  id: string,
  end: { state: 'settled' | 'cancelled'; at: Date },
): Promise<void> {
  const settledAt = end.state === 'settled' ? end.at : null;
  const { rows } = await sql`
    update payment set state = ${end.state}, settled_at = ${settledAt}, next_check_at = null
     where id = ${id} and ${IS_HELD} returning id`.execute(tx);
  assert(rows.length === 1, `payment ${id} is not held`);
}

/** What the balance paid of an order; undefined when it paid nothing. */
export async function selectPaidByBalance(tx: Tx, orderId: string): Promise<Payment | undefined> {
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where order_id = ${orderId} and provider = 'balance' and settled_at is not null
     limit 1`.execute(tx);
  return rows.map(toPayment)[0];
}

/** Whether any part of an order's price is still with us, given back neither way. */
export async function hasSoldRest(
  tx: Tx,
  order: { id: string; paymentId: string | undefined },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from payment
     where order_id = ${order.id} and settled_at is not null
       and (id = ${order.paymentId ?? null} or provider = 'balance')
       and refunded_minor + credited_minor < amount_minor limit 1`.execute(tx);
  return rows.length > 0;
}

/** Given back to the balance; the state says whether anything is left. */
export async function updateCredited(tx: Tx, payment: Payment): Promise<void> {
  await sql`update payment
      set credited_minor = ${payment.credited.minor.toString()}::bigint, state = ${payment.state}
    where id = ${payment.id}`.execute(tx);
}
