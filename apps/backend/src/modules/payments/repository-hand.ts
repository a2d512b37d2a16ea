import { assert, isCurrency, money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { HandDocument, HandPayment, HandState } from './hand-payment.ts';

type Row = {
  id: string;
  direction: string;
  order_id: string;
  person_id: string;
  amount_minor: bigint;
  currency: string;
  document_kind: string;
  document_number: string;
  reason: string;
  state: string;
  entered_by: string;
  entered_by_name: string;
  entered_at: Date;
  expires_at: Date;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: Date | null;
  payment_id: string | null;
  act_id: string;
};

const COLUMNS = sql.raw(
  `id, direction, order_id, person_id, amount_minor, currency, document_kind, document_number,
   reason, state, entered_by, entered_by_name, entered_at, expires_at, decided_by,
   decided_by_name, decided_at, payment_id, act_id`,
);
const IS_IN_USE = sql.raw(`state in ('waiting', 'settled')`);

function toHand(row: Row): HandPayment {
  assert(isCurrency(row.currency), `hand payment ${row.id} has currency ${row.currency}`);
  const { decided_by: decidedBy } = row;
  return {
    id: row.id,
    direction: row.direction as HandPayment['direction'], // a check constraint keeps it
    orderId: row.order_id,
    personId: row.person_id,
    amount: money(row.amount_minor, row.currency),
    document: {
      kind: row.document_kind as HandDocument['kind'], // written by us from the list
      number: row.document_number,
    },
    reason: row.reason,
    state: row.state as HandState, // a check constraint keeps it to the list
    enteredBy: { id: row.entered_by, name: row.entered_by_name },
    enteredAt: row.entered_at,
    expiresAt: row.expires_at,
    decidedBy:
      decidedBy === null ? undefined : { id: decidedBy, name: row.decided_by_name ?? decidedBy },
    decidedAt: row.decided_at ?? undefined,
    paymentId: row.payment_id ?? undefined,
    actId: row.act_id,
  };
}

/** False when its document is in use. */
export async function insertHand(tx: Tx, hand: HandPayment): Promise<boolean> {
  const { enteredBy, decidedBy, document } = hand;
  const { rows } = await sql<{ id: string }>`
    insert into hand_payment (${COLUMNS})
    values (${hand.id}, ${hand.direction}, ${hand.orderId}, ${hand.personId},
            ${hand.amount.minor.toString()}::bigint, ${hand.amount.currency}, ${document.kind},
            ${document.number}, ${hand.reason}, ${hand.state}, ${enteredBy.id}, ${enteredBy.name},
            ${hand.enteredAt}, ${hand.expiresAt}, ${decidedBy?.id ?? null},
            ${decidedBy?.name ?? null}, ${hand.decidedAt ?? null}, ${hand.paymentId ?? null},
            ${hand.actId})
    on conflict (document_kind, document_number) where ${IS_IN_USE} do nothing
    returning id`.execute(tx);
  return rows.length === 1;
}

/** Its document is free again once nobody may confirm it. */
export async function expireHand(tx: Tx, document: HandDocument, at: Date): Promise<void> {
  await sql`update hand_payment set state = 'expired'
    where document_kind = ${document.kind} and document_number = ${document.number}
      and state = 'waiting' and expires_at <= ${at}`.execute(tx);
}

export async function selectByDocument(
  tx: Tx,
  { kind, number }: HandDocument,
): Promise<HandPayment | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from hand_payment
     where document_kind = ${kind} and document_number = ${number} and ${IS_IN_USE}`.execute(tx);
  return rows.map(toHand)[0];
}

export async function selectByAct(tx: Tx, actId: string): Promise<HandPayment | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from hand_payment where act_id = ${actId}`.execute(tx);
  return rows.map(toHand)[0];
}

export async function selectHand(tx: Tx, id: string): Promise<HandPayment | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from hand_payment where id = ${id}`.execute(tx);
  return rows.map(toHand)[0];
}

export async function lockHand(tx: Tx, id: string): Promise<HandPayment | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from hand_payment where id = ${id} for update`.execute(tx);
  return rows.map(toHand)[0];
}

export async function decideHand(
  tx: Tx,
  hand: Pick<HandPayment, 'id' | 'state' | 'decidedBy' | 'decidedAt' | 'paymentId'>,
): Promise<void> {
  await sql`update hand_payment
      set state = ${hand.state}, decided_by = ${hand.decidedBy?.id ?? null},
          decided_by_name = ${hand.decidedBy?.name ?? null},
          decided_at = ${hand.decidedAt ?? null}, payment_id = ${hand.paymentId ?? null}
    where id = ${hand.id}`.execute(tx);
}

/** Those that wait first, then the newest. */
export async function selectHands(tx: Tx, limit: number): Promise<HandPayment[]> {
  const { rows } = await sql<Row>`
    (select ${COLUMNS} from hand_payment where state = 'waiting'
      order by entered_at desc limit ${limit})
    union all
    (select ${COLUMNS} from hand_payment where state <> 'waiting'
      order by entered_at desc, id desc limit ${limit})
    limit ${limit}`.execute(tx);
  return rows.map(toHand);
}
