import { assert, isCurrency, money, type Money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';
import type { PaymentTables } from './schema.ts';

export type Refund = Readonly<{
  id: string;
  paymentId: string;
  idempotencyKey: string;
  amount: Money;
  reason: string;
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
  state: string;
  reference: string | null;
  created_at: Date;
};

const COLUMNS = sql.raw(
  'id, payment_id, idempotency_key, amount_minor, currency, reason, state, reference, created_at',
);
/** A refund is given this long for its first answer before it is asked about again. */
const RETRY_AFTER = '20 seconds';

function toRefund(row: RefundRow): Refund {
  assert(isCurrency(row.currency), `refund ${row.id} has currency ${row.currency}`);
  return {
    id: row.id,
    paymentId: row.payment_id,
    idempotencyKey: row.idempotency_key,
    amount: money(row.amount_minor, row.currency),
    reason: row.reason,
    state: row.state as Refund['state'], // a check constraint keeps it to the three
    reference: row.reference ?? undefined,
    createdAt: row.created_at,
  };
}

export async function insertRefund(tx: Tx, refund: Refund): Promise<void> {
  await tx
    .$extendTables<PaymentTables>()
    .insertInto('refund')
    .values({
      id: refund.id,
      payment_id: refund.paymentId,
      idempotency_key: refund.idempotencyKey,
      amount_minor: refund.amount.minor,
      currency: refund.amount.currency,
      reason: refund.reason,
      state: refund.state,
      created_at: refund.createdAt,
    })
    .execute();
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

export async function selectOpenRefunds(tx: Tx, limit: number): Promise<Refund[]> {
  const rows = await sql<RefundRow>`
    select ${COLUMNS} from refund
     where state = 'requested' and created_at < now() - ${RETRY_AFTER}::interval
     order by created_at limit ${limit}`.execute(tx);
  return rows.rows.map(toRefund);
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
           refusal = ${end.refusal ?? null}, finished_at = ${end.at}
     where id = ${end.id} and state = 'requested'
    returning ${COLUMNS}`.execute(tx);
  return rows.rows.map(toRefund)[0];
}
