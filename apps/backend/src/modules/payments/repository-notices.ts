import { sql, type Tx } from '../../platform/db/index.ts';
import type { WebhookRefusal } from './errors.ts';
import type { Notice, RawWebhook } from './provider.ts';

/** Refused notices kept for the operator, over all providers. */
export const REFUSALS_KEPT = 1_000;
/** Bytes of a refused body that are kept. */
const REFUSED_BODY_KEPT = 16_384;

export type StoredNotice = Readonly<{
  id: string;
  provider: string;
  notice: Notice;
  raw: RawWebhook;
}>;

/**
 * One statement for a batch: new notices are inserted; a repeat of an unproven or unfinished one
 * is armed again (with the newer bytes), a repeat of a finished one only counts. The batch never
 * holds two of one key. Returns per key whether the row waits now.
 */
export async function upsertNotices(
  tx: Tx,
  notices: readonly StoredNotice[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await sql<{ provider: string; dedupe_key: string; waiting: boolean }>`
    insert into payment_notice as n
      (id, provider, dedupe_key, event, reference, confirmed, claims, headers, query, body,
       remote_address, first_received_at, last_received_at, due_at)
    select id, provider, dedupe_key, event, reference, confirmed, claims, headers, query, body,
           remote_address, at, at, at
      from unnest(
        ${notices.map(({ id }) => id)}::text[],
        ${notices.map(({ provider }) => provider)}::text[],
        ${notices.map(({ notice }) => notice.dedupeKey)}::text[],
        ${notices.map(({ notice }) => notice.event)}::text[],
        ${notices.map(({ notice }) => notice.reference)}::text[],
        ${notices.map(({ notice }) => notice.confirmed)}::boolean[],
        ${notices.map(({ notice }) => claimsAsJson(notice))}::jsonb[],
        ${notices.map(({ raw }) => JSON.stringify(raw.headers))}::jsonb[],
        ${notices.map(({ raw }) => raw.query)}::text[],
        ${notices.map(({ raw }) => raw.body)}::bytea[],
        ${notices.map(({ raw }) => raw.remoteAddress)}::text[],
        ${notices.map(({ raw }) => raw.receivedAt)}::timestamptz[])
      as given (id, provider, dedupe_key, event, reference, confirmed, claims, headers, query,
                body, remote_address, at)
    on conflict (provider, dedupe_key) do update set
      receipts = n.receipts + 1,
      last_received_at = excluded.last_received_at,
      state = case when n.outcome = 'unproven' then 'waiting' else n.state end,
      outcome = case when n.outcome = 'unproven' then null else n.outcome end,
      confirmed = n.confirmed or excluded.confirmed,
      claims = coalesce(excluded.claims, n.claims),
      due_at = case when n.outcome = 'unproven' or n.state = 'waiting'
                    then excluded.due_at else n.due_at end,
      headers = case when n.outcome = 'unproven' then excluded.headers else n.headers end,
      body = case when n.outcome = 'unproven' then excluded.body else n.body end,
      remote_address = case when n.outcome = 'unproven'
                            then excluded.remote_address else n.remote_address end
    returning n.provider, n.dedupe_key, n.state = 'waiting' as waiting`.execute(tx);
  return new Map(rows.rows.map((row) => [`${row.provider} ${row.dedupe_key}`, row.waiting]));
}

function claimsAsJson(notice: Notice): string | null {
  return notice.claims === undefined
    ? null
    : JSON.stringify(notice.claims, (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      );
}

export type ClaimedNotice = Readonly<{
  id: string;
  provider: string;
  reference: string;
  event: string;
  attempts: number;
  lastReceivedAt: Date;
}>;

/** Takes due notices for `leaseSeconds`; a dead taker's come back when its lease has passed. */
export async function claimNotices(
  tx: Tx,
  limit: number,
  leaseSeconds: number,
): Promise<ClaimedNotice[]> {
  const rows = await sql<{
    id: string;
    provider: string;
    reference: string;
    event: string;
    attempts: number;
    last_received_at: Date;
  }>`
    update payment_notice
       set attempts = attempts + 1, lease_until = now() + ${leaseSeconds} * interval '1 second'
     where id in (select id from payment_notice
                   where state = 'waiting' and due_at <= now()
                     and (lease_until is null or lease_until < now())
                   order by due_at limit ${limit} for update skip locked)
    returning id, provider, reference, event, attempts, last_received_at`.execute(tx);
  return rows.rows.map(({ last_received_at, ...row }) => ({
    ...row,
    lastReceivedAt: last_received_at,
  }));
}

export type JudgedNotice = Readonly<{
  notice: ClaimedNotice;
  state: 'done' | 'quarantined';
  outcome: string;
}>;

/**
 * Finishes judged notices. The attempt number fences a taker whose lease had passed; a notice that
 * came again while an unproven one was being judged stays armed.
 */
export async function finishNotices(
  tx: Tx,
  judged: readonly JudgedNotice[],
  at: Date,
): Promise<void> {
  if (judged.length === 0) return;
  await sql`update payment_notice as n
      set state = case when given.outcome = 'unproven' and n.last_received_at > given.seen
                       then 'waiting' else given.state end,
          outcome = case when given.outcome = 'unproven' and n.last_received_at > given.seen
                         then null else given.outcome end,
          judged_at = ${at}, lease_until = null
     from unnest(${judged.map(({ notice }) => notice.id)}::text[],
                 ${judged.map(({ notice }) => notice.attempts)}::int[],
                 ${judged.map(({ notice }) => notice.lastReceivedAt)}::timestamptz[],
                 ${judged.map(({ state }) => state)}::text[],
                 ${judged.map(({ outcome }) => outcome)}::text[])
            as given (id, attempts, seen, state, outcome)
    where n.id = given.id and n.attempts = given.attempts`.execute(tx);
}

/** Puts notices back whose provider could not be asked; the wait grows with the attempts. */
export async function postponeNotices(
  tx: Tx,
  notices: readonly ClaimedNotice[],
  wait: { baseSeconds: number; capSeconds: number },
): Promise<void> {
  await sql`update payment_notice as n
      set lease_until = null,
          due_at = now() + least(${wait.capSeconds}::float8,
            ${wait.baseSeconds}::float8 * power(2, least(n.attempts, 20)))
            * (0.5 + random() / 2) * interval '1 second'
     from unnest(${notices.map(({ id }) => id)}::text[],
                 ${notices.map(({ attempts }) => attempts)}::int[]) as given (id, attempts)
    where n.id = given.id and n.attempts = given.attempts`.execute(tx);
}

/** Keeps a refused notice for the operator and drops the oldest beyond the bound. */
export async function insertRefusal(
  tx: Tx,
  refusal: {
    id: string;
    provider: string;
    reason: WebhookRefusal;
    detail: string;
    raw: RawWebhook;
  },
): Promise<void> {
  await sql`
    with old as (
      delete from payment_refusal where id in (
        select id from payment_refusal order by received_at desc offset ${REFUSALS_KEPT - 1}
        for update skip locked)
    )
    insert into payment_refusal
      (id, provider, reason, detail, remote_address, headers, body, received_at)
    values (${refusal.id}, ${refusal.provider}, ${refusal.reason}, ${refusal.detail},
            ${refusal.raw.remoteAddress}, ${JSON.stringify(refusal.raw.headers)}::jsonb,
            ${refusal.raw.body.subarray(0, REFUSED_BODY_KEPT)}::bytea,
            ${refusal.raw.receivedAt})`.execute(tx);
}
