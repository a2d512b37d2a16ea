/** Payments, notices and refusals as staff lists them. */
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import type { Payment, PaymentState } from './payment.ts';
import { COLUMNS, toPayment, type PaymentRow } from './repository.ts';

export type PaymentFilter = Readonly<{
  personId?: string | undefined;
  orderId?: string | undefined;
  provider?: string | undefined;
  state?: PaymentState | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first. */
export async function selectPayments(
  tx: Tx,
  filter: PaymentFilter,
  page: PageWish,
): Promise<Page<Payment>> {
  const { personId, orderId, provider, state, from, to } = filter;
  const conditions = [
    personId === undefined ? undefined : sql`person_id = ${personId}`,
    orderId === undefined ? undefined : sql`order_id = ${orderId}`,
    provider === undefined ? undefined : sql`provider = ${provider}`,
    state === undefined ? undefined : sql`state = ${state}`,
    from === undefined ? undefined : sql`created_at >= ${from}`,
    to === undefined ? undefined : sql`created_at < ${to}`,
  ];
  const { rows } = await sql<PaymentRow>`select ${COLUMNS} from payment
    ${pageClause({ at: 'created_at', id: 'id' }, conditions, page)}`.execute(tx);
  return toPage(rows.map(toPayment), page, ({ createdAt, id }) => ({ at: createdAt, id }));
}

/** By our id (whole, or its last six characters) or by the vendor's own, exactly. */
export async function findPayments(tx: Tx, text: string, limit: number): Promise<Payment[]> {
  const ours = text.toLowerCase();
  const { rows } = await sql<PaymentRow>`select ${COLUMNS} from payment
     where id = ${ours} or right(id, 6) = ${ours} or reference = ${text}
     order by created_at desc limit ${limit}`.execute(tx);
  return rows.map(toPayment);
}

export type NoticeListed = Readonly<{
  id: string;
  provider: string;
  event: string;
  reference: string;
  confirmed: boolean;
  state: 'waiting' | 'done' | 'quarantined';
  outcome: string | undefined;
  receipts: number;
  firstReceivedAt: Date;
  lastReceivedAt: Date;
  judgedAt: Date | undefined;
  remoteAddress: string;
}>;

type NoticeRow = {
  id: string;
  provider: string;
  event: string;
  reference: string;
  confirmed: boolean;
  state: string;
  outcome: string | null;
  receipts: number;
  first_received_at: Date;
  last_received_at: Date;
  judged_at: Date | null;
  remote_address: string;
};

const NOTICE_COLUMNS = sql.raw(
  `id, provider, event, reference, confirmed, state, outcome, receipts, first_received_at,
   last_received_at, judged_at, remote_address`,
);

export type NoticeFilter = Readonly<{
  provider?: string | undefined;
  reference?: string | undefined;
  state?: NoticeListed['state'] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first, by when each came for the first time. */
export async function selectNotices(
  tx: Tx,
  filter: NoticeFilter,
  page: PageWish,
): Promise<Page<NoticeListed>> {
  const { provider, reference, state, from, to } = filter;
  const conditions = [
    provider === undefined ? undefined : sql`provider = ${provider}`,
    reference === undefined ? undefined : sql`reference = ${reference}`,
    // A literal, so that the planner sees that the small index of the rare ones fits.
    state === undefined ? undefined : sql`state = ${sql.lit(state)}`,
    from === undefined ? undefined : sql`first_received_at >= ${from}`,
    to === undefined ? undefined : sql`first_received_at < ${to}`,
  ];
  const { rows } = await sql<NoticeRow>`select ${NOTICE_COLUMNS} from payment_notice
    ${pageClause({ at: 'first_received_at', id: 'id' }, conditions, page)}`.execute(tx);
  return toPage(rows.map(toNotice), page, ({ firstReceivedAt, id }) => ({
    at: firstReceivedAt,
    id,
  }));
}

function toNotice(row: NoticeRow): NoticeListed {
  return {
    id: row.id,
    provider: row.provider,
    event: row.event,
    reference: row.reference,
    confirmed: row.confirmed,
    state: row.state as NoticeListed['state'], // a check constraint keeps it to the three
    outcome: row.outcome ?? undefined,
    receipts: row.receipts,
    firstReceivedAt: row.first_received_at,
    lastReceivedAt: row.last_received_at,
    judgedAt: row.judged_at ?? undefined,
    remoteAddress: row.remote_address,
  };
}

export type RefusalListed = Readonly<{
  id: string;
  provider: string;
  reason: string;
  detail: string;
  remoteAddress: string;
  receivedAt: Date;
}>;

type RefusalRow = {
  id: string;
  provider: string;
  reason: string;
  detail: string;
  remote_address: string;
  received_at: Date;
};

export type RefusalFilter = Readonly<{
  provider?: string | undefined;
  reason?: string | undefined;
  /** The vendor's id stands somewhere in the body: they were never read, so nothing better is known. */
  mentions?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first; the table is kept small by `REFUSALS_KEPT`. */
export async function selectRefusals(
  tx: Tx,
  filter: RefusalFilter,
  page: PageWish,
): Promise<Page<RefusalListed>> {
  const { provider, reason, mentions, from, to } = filter;
  const conditions = [
    provider === undefined ? undefined : sql`provider = ${provider}`,
    reason === undefined ? undefined : sql`reason = ${reason}`,
    mentions === undefined ? undefined : sql`position(convert_to(${mentions}, 'UTF8') in body) > 0`,
    from === undefined ? undefined : sql`received_at >= ${from}`,
    to === undefined ? undefined : sql`received_at < ${to}`,
  ];
  const { rows } = await sql<RefusalRow>`
    select id, provider, reason, detail, remote_address, received_at from payment_refusal
    ${pageClause({ at: 'received_at', id: 'id' }, conditions, page)}`.execute(tx);
  const listed = rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    reason: row.reason,
    detail: row.detail,
    remoteAddress: row.remote_address,
    receivedAt: row.received_at,
  }));
  return toPage(listed, page, ({ receivedAt, id }) => ({ at: receivedAt, id }));
}

/** A notice as it came, bytes and all. */
export type RawNotice = Readonly<{
  headers: Readonly<Record<string, string>>;
  query: string;
  body: Buffer;
  remoteAddress: string;
  receivedAt: Date;
}>;

type RawRow = {
  headers: Record<string, string>;
  query: string;
  body: Buffer;
  remote_address: string;
  received_at: Date;
};

export async function selectRaw(
  tx: Tx,
  id: string,
  table: 'accepted' | 'refused',
): Promise<RawNotice | undefined> {
  const { rows } = await (
    table === 'accepted'
      ? sql<RawRow>`select headers, query, body, remote_address, last_received_at as received_at
                      from payment_notice where id = ${id}`
      : sql<RawRow>`select headers, '' as query, body, remote_address, received_at
                      from payment_refusal where id = ${id}`
  ).execute(tx);
  return rows.map(({ headers, query, body, remote_address, received_at }) => ({
    headers,
    query,
    body,
    remoteAddress: remote_address,
    receivedAt: received_at,
  }))[0];
}
