import { assert, isCurrency, money, type Money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';

export type Refund = Readonly<{
  id: string;
  paymentId: string;
  idempotencyKey: string;
  amount: Money;
  reason: string;
  target: 'provider' | 'balance';
  state: 'requested' | 'refunded' | 'refused';
  reference: string | undefined;
  createdAt: Date;
}>;

type RefundRow = {
  id: string;
  payment_id: string;
  idempotency_key: string;
  amount_minor: bigint;
  currency: string;
  reason: string;
  target: string;
  state: string;
  reference: string | null;
  created_at: Date;
};

const COLUMNS = sql.raw(
  'id, payment_id, idempotency_key, amount_minor, currency, reason, target, state, reference, created_at',
);
const LISTED_MAX = 100;
/** A refund is given this long for its first answer before it is asked about again. */
const FIRST_TRY_SECONDS = 20;

function toRefund(row: RefundRow): Refund {
  assert(isCurrency(row.currency), `refund ${row.id} has currency ${row.currency}`);
  return {
    id: row.id,
    paymentId: row.payment_id,
    idempotencyKey: row.idempotency_key,
    amount: money(row.amount_minor, row.currency),
    reason: row.reason,
    target: row.target as Refund['target'], // and another one to the two
    state: row.state as Refund['state'], // a check constraint keeps it to the three
    reference: row.reference ?? undefined,
    createdAt: row.created_at,
  };
}

export type RefundListed = Refund &
  Readonly<{ refusal: string | undefined; finishedAt: Date | undefined }>;

/** Refunds of one payment, oldest first. */
export async function selectRefunds(tx: Tx, paymentId: string): Promise<RefundListed[]> {
  const rows = await sql<RefundRow & { refusal: string | null; finished_at: Date | null }>`
    select ${COLUMNS}, refusal, finished_at from refund
     where payment_id = ${paymentId} order by created_at, id limit ${LISTED_MAX}`.execute(tx);
  return rows.rows.map((row) => ({
    ...toRefund(row),
    refusal: row.refusal ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  }));
}

export async function insertRefund(tx: Tx, refund: Refund): Promise<void> {
  const isDone = refund.state !== 'requested';
  await sql`insert into refund (id, payment_id, idempotency_key, amount_minor, currency, reason,
                                target, state, created_at, finished_at, next_try_at)
    values (${refund.id}, ${refund.paymentId}, ${refund.idempotencyKey},
            ${refund.amount.minor.toString()}::bigint, ${refund.amount.currency}, ${refund.reason},
            ${refund.target}, ${refund.state}, ${refund.createdAt},
            ${isDone ? refund.createdAt : null},
            case when ${isDone} then null
                 else now() + ${FIRST_TRY_SECONDS} * interval '1 second' end)`.execute(tx);
}

export async function selectRefundByKey(tx: Tx, key: string): Promise<Refund | undefined> {
  const rows = await sql<RefundRow>`
    select ${COLUMNS} from refund where idempotency_key = ${key}`.execute(tx);
  return rows.rows.map(toRefund)[0];
}

/** Sum of refunds that were asked for and are not yet in the payment's own figure. */
export async function sumOpenRefunds(tx: Tx, payment: Payment): Promise<Money> {
  const rows = await sql<{ total: string }>`
    select coalesce(sum(amount_minor), 0)::text as total from refund
     where payment_id = ${payment.id} and state = 'requested'`.execute(tx);
  return money(BigInt(rows.rows[0]?.total ?? '0'), payment.amount.currency);
}

/** Sum of our refunds to the payer that are finished: the provider's figure covers at least these. */
export async function sumFinishedRefunds(tx: Tx, paymentId: string): Promise<bigint> {
  const rows = await sql<{ total: string }>`
    select coalesce(sum(amount_minor), 0)::text as total from refund
     where payment_id = ${paymentId} and state = 'refunded' and target = 'provider'`.execute(tx);
  return BigInt(rows.rows[0]?.total ?? '0');
}

/** Money went back of these payments: whose refund that was is asked at once. */
export async function wakeRefunds(tx: Tx, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  await sql`update refund set next_try_at = least(next_try_at, now())
    where payment_id = any(${[...paymentIds]}::text[]) and state = 'requested'
      and next_try_at is not null`.execute(tx);
}

/** Open refunds that are due; the next date is written first, so one that fails blocks no other. */
export async function claimRefunds(
  tx: Tx,
  limit: number,
  schedule: { baseSeconds: number; capSeconds: number },
): Promise<Refund[]> {
  const rows = await sql<RefundRow>`
    update refund
       set tries = tries + 1,
           next_try_at = now() + least(${schedule.capSeconds}::float8,
             ${schedule.baseSeconds}::float8 * power(2, least(tries, 20)))
             * (0.5 + random() / 2) * interval '1 second'
     where id in (select id from refund
                   where state = 'requested' and next_try_at <= now()
                   order by next_try_at limit ${limit} for update skip locked)
    returning ${COLUMNS}`.execute(tx);
  return rows.rows.map(toRefund);
}

/** Nobody asks any more; the refund stays `requested`, so its sum cannot be given back again. */
export async function leaveToStaff(tx: Tx, id: string): Promise<void> {
  await sql`update refund set next_try_at = null where id = ${id} and state = 'requested'`.execute(
    tx,
  );
}

export async function finishRefund(
  tx: Tx,
  end: {
    id: string;
    state: 'refunded' | 'refused';
    reference: string | undefined;
    refusal: string | undefined;
    at: Date;
  },
): Promise<Refund | undefined> {
  const rows = await sql<RefundRow>`
    update refund set state = ${end.state}, reference = ${end.reference ?? null},
           refusal = ${end.refusal ?? null}, finished_at = ${end.at}, next_try_at = null
     where id = ${end.id} and state = 'requested'
    returning ${COLUMNS}`.execute(tx);
  return rows.rows.map(toRefund)[0];
}
