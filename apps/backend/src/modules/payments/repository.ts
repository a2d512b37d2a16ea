import { assert, isCurrency, money, type Money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import { BALANCE, type Payment, type PaymentState } from './payment.ts';
import { DECLINE_ADVICE, type DeclineAdvice } from './provider.ts';
import type { PaymentTables } from './schema.ts';

export type PaymentRow = {
  id: string;
  order_id: string;
  person_id: string;
  provider: string;
  reference: string | null;
  state: string;
  amount_minor: bigint;
  currency: string;
  refunded_minor: bigint;
  credited_minor: bigint;
  checkout_url: string | null;
  reason: string | null;
  created_at: Date;
  settled_at: Date | null;
  checks: number;
  save_words: string | null;
  method_id: string | null;
  advice: string | null;
  second_of: string | null;
  receipt_to: string | null;
  description: string | null;
  language: string | null;
};

export const COLUMNS = sql.raw(
  `id, order_id, person_id, provider, reference, state, amount_minor, currency, refunded_minor,
   credited_minor, checkout_url, reason, created_at, settled_at, checks, save_words, method_id,
   advice, second_of, receipt_to, description, language`,
);

export function toPayment(row: PaymentRow): Payment {
  assert(isCurrency(row.currency), `payment ${row.id} has currency ${row.currency}`);
  return {
    id: row.id,
    orderId: row.order_id,
    personId: row.person_id,
    provider: row.provider as Payment['provider'], // written by us from the registry's ids
    reference: row.reference ?? undefined,
    state: row.state as PaymentState, // a check constraint keeps it to the list
    amount: money(row.amount_minor, row.currency),
    refunded: money(row.refunded_minor, row.currency),
    credited: money(row.credited_minor, row.currency),
    checkoutUrl: row.checkout_url ?? undefined,
    reason: row.reason ?? undefined,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
    checks: row.checks,
    saveWords: row.save_words ?? undefined,
    methodId: row.method_id ?? undefined,
    advice: DECLINE_ADVICE.find((each) => each === row.advice),
    secondOf: row.second_of ?? undefined,
    receiptTo: row.receipt_to ?? undefined,
    asked:
      row.description === null
        ? undefined
        : { description: row.description, language: row.language === 'ru' ? 'ru' : 'en' },
  };
}

/** `nextCheckAt`: when its provider is asked; undefined when there is nobody to ask. */
export async function insertPayment(
  tx: Tx,
  payment: Payment,
  nextCheckAt: Date | undefined,
): Promise<void> {
  await tx
    .$extendTables<PaymentTables>()
    .insertInto('payment')
    .values({
      id: payment.id,
      order_id: payment.orderId,
      person_id: payment.personId,
      provider: payment.provider,
      state: payment.state,
      amount_minor: payment.amount.minor,
      currency: payment.amount.currency,
      created_at: payment.createdAt,
      settled_at: payment.settledAt ?? null,
      next_check_at: nextCheckAt ?? null,
      save_words: payment.saveWords ?? null,
      method_id: payment.methodId ?? null,
      second_of: payment.secondOf ?? null,
      receipt_to: payment.receiptTo ?? null,
      description: payment.asked?.description ?? null,
      language: payment.asked?.language ?? null,
    })
    .execute();
}

export async function selectPayment(tx: Tx, id: string): Promise<Payment | undefined> {
  const rows = await sql<PaymentRow>`select ${COLUMNS} from payment where id = ${id}`.execute(tx);
  return rows.rows.map(toPayment)[0];
}

/**
 * The payment of an order that a customer may still pay: its link is shown again, not a new one. One
 * that keeps the method is never shown to somebody who did not agree to that, nor the other way; one
 * of another sum counted on another part of the balance.
 */
export async function selectPayable(
  tx: Tx,
  wish: { orderId: string; provider: string; amount: Money; saveWords: string | undefined },
): Promise<Payment | undefined> {
  const rows = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where order_id = ${wish.orderId} and provider = ${wish.provider}
       and state in ('created', 'pending') and method_id is null
       and amount_minor = ${wish.amount.minor.toString()}::bigint
       and save_words is not distinct from ${wish.saveWords ?? null}
     order by created_at desc limit 1`.execute(tx);
  return rows.rows.map(toPayment)[0];
}

/** All of an order's, newest first; a renewal has one for each try. */
export async function selectOfOrder(tx: Tx, orderId: string, limit: number): Promise<Payment[]> {
  const rows = await sql<PaymentRow>`
    select ${COLUMNS} from payment where order_id = ${orderId}
     order by created_at desc, id desc limit ${limit}`.execute(tx);
  return rows.rows.map(toPayment);
}

/** The newest that a provider was asked for; what the balance paid only when there is no other. */
export async function selectNewest(tx: Tx, orderId: string): Promise<Payment | undefined> {
  const rows = await sql<PaymentRow>`
    select ${COLUMNS} from payment where order_id = ${orderId}
     order by provider = ${BALANCE}, created_at desc limit 1`.execute(tx);
  return rows.rows.map(toPayment)[0];
}

/**
 * Locks the payments that the provider's facts speak about: by our id where the vendor stored it,
 * else by the vendor's reference. In the order of ids, so that two writers cannot deadlock.
 */
export async function lockPayments(
  tx: Tx,
  provider: string,
  keys: { ids: readonly string[]; references: readonly string[] },
): Promise<Payment[]> {
  const rows = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where id = any(${keys.ids}::text[])
        or (provider = ${provider} and reference = any(${keys.references}::text[]))
     order by id for update`.execute(tx);
  return rows.rows.map(toPayment);
}

export type PaymentChange = Readonly<{
  id: string;
  reference: string;
  state: PaymentState;
  refundedMinor: bigint;
  reason: string | undefined;
  advice: DeclineAdvice | undefined;
  /** Set once, by the first fact with money. */
  settledAt: Date | undefined;
  nextCheckAt: Date | undefined;
}>;

export async function updatePayments(tx: Tx, changes: readonly PaymentChange[]): Promise<void> {
  await sql`update payment as p
      set reference = given.reference, state = given.state, refunded_minor = given.refunded,
          reason = coalesce(given.reason, p.reason),
          settled_at = coalesce(p.settled_at, given.settled_at), advice = given.advice,
          next_check_at = given.next_check_at
     from unnest(${changes.map(({ id }) => id)}::text[],
                 ${changes.map(({ reference }) => reference)}::text[],
                 ${changes.map(({ state }) => state)}::text[],
                 ${changes.map(({ refundedMinor }) => refundedMinor.toString())}::bigint[],
                 ${changes.map(({ reason }) => reason ?? null)}::text[],
                 ${changes.map(({ settledAt }) => settledAt ?? null)}::timestamptz[],
                 ${changes.map(({ nextCheckAt }) => nextCheckAt ?? null)}::timestamptz[],
                 ${changes.map(({ advice }) => advice ?? null)}::text[])
            as given (id, reference, state, refunded, reason, settled_at, next_check_at, advice)
    where p.id = given.id`.execute(tx);
}

/** After `start` answered: the link and the vendor's id, unless a notice was quicker. */
export async function updateStarted(
  tx: Tx,
  payment: { id: string; reference: string | undefined; checkoutUrl: string | undefined },
): Promise<void> {
  await sql`update payment
      set reference = coalesce(${payment.reference ?? null}, reference), checkout_url = ${payment.checkoutUrl ?? null},
          state = case when state = 'created' then 'pending' else state end
    where id = ${payment.id} and (reference is null or reference = ${payment.reference ?? null})
    `.execute(tx);
}

export async function updateRefusedStart(tx: Tx, id: string, reason: string): Promise<void> {
  await sql`update payment set state = 'failed', reason = ${reason}, next_check_at = null
    where id = ${id} and state = 'created'`.execute(tx);
}

/** Payments due for a question; the next date is written first, so a crash only delays. */
export async function claimDue(
  tx: Tx,
  limit: number,
  schedule: { baseSeconds: number; capSeconds: number },
): Promise<Payment[]> {
  const rows = await sql<PaymentRow>`
    update payment
       set checks = checks + 1,
           next_check_at = now() + least(${schedule.capSeconds}::float8,
             ${schedule.baseSeconds}::float8 * power(2, least(checks, 20)))
             * (0.5 + random() / 2) * interval '1 second'
     where id in (select id from payment
                   where next_check_at is not null and next_check_at <= now()
                   order by next_check_at limit ${limit} for update skip locked)
    returning ${COLUMNS}`.execute(tx);
  return rows.rows.map(toPayment);
}

/** Given up after weeks without a word: nothing is asked any more, a late notice still counts. */
export async function stopChecking(tx: Tx, id: string): Promise<void> {
  await sql`update payment set next_check_at = null,
      state = case when state in ('created', 'pending') then 'expired' else state end
    where id = ${id}`.execute(tx);
}

export async function insertEvents(
  tx: Tx,
  events: readonly { paymentId: string; at: Date; kind: string; detail: string }[],
): Promise<void> {
  if (events.length === 0) return;
  await sql`insert into payment_event (payment_id, at, kind, detail)
    select * from unnest(${events.map(({ paymentId }) => paymentId)}::text[],
                         ${events.map(({ at }) => at)}::timestamptz[],
                         ${events.map(({ kind }) => kind)}::text[],
                         ${events.map(({ detail }) => detail)}::text[])`.execute(tx);
}

export async function selectEvents(
  tx: Tx,
  paymentId: string,
): Promise<{ at: Date; kind: string; detail: string }[]> {
  return tx
    .$extendTables<PaymentTables>()
    .selectFrom('payment_event')
    .select(['at', 'kind', 'detail'])
    .where('payment_id', '=', paymentId)
    .orderBy('id')
    .limit(500)
    .execute();
}
