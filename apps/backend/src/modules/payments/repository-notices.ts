import { sql, statement, type Tx } from '../../platform/db/index.ts';
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

/** Outcomes after which a repeat changes nothing: the notice led to its money. */
const FINISHED = `n.outcome is not distinct from 'moved'`;

const UPSERT = statement<{ provider: string; dedupe_key: string; waiting: boolean }>(`
  insert into payment_notice as n
    (id, provider, dedupe_key, event, reference, confirmed, claims, headers, query, body,
     remote_address, first_received_at, last_received_at, due_at)
  select id, provider, dedupe_key, event, reference, confirmed, claims, headers, query, body,
         remote_address, at, at, now()
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[],
                $7::jsonb[], $8::jsonb[], $9::text[], $10::bytea[], $11::text[],
                $12::timestamptz[])
      as given (id, provider, dedupe_key, event, reference, confirmed, claims, headers, query,
                body, remote_address, at)
  on conflict (provider, dedupe_key) do update set
    receipts = n.receipts + 1,
    last_received_at = greatest(n.last_received_at, excluded.last_received_at),
    state = case when ${FINISHED} then n.state else 'waiting' end,
    outcome = case when ${FINISHED} then n.outcome end,
    confirmed = n.confirmed or excluded.confirmed,
    claims = coalesce(excluded.claims, n.claims),
    due_at = case when ${FINISHED} then n.due_at else excluded.due_at end,
    headers = case when ${FINISHED} then n.headers else excluded.headers end,
    query = case when ${FINISHED} then n.query else excluded.query end,
    body = case when ${FINISHED} then n.body else excluded.body end,
    remote_address = case when ${FINISHED} then n.remote_address else excluded.remote_address end
  returning n.provider, n.dedupe_key, n.state = 'waiting' as waiting`);

/**
 * One statement for a batch: new notices are inserted; a repeat of one that led to no money
 * (unproven, known already, quarantined) or waits is armed again with the newer bytes, a repeat of
 * a finished one only counts. The batch never holds two of one key. When a notice is due says the
 * database's clock, because it also says when one is claimed. Returns per key whether the row
 * waits now.
 */
export async function upsertNotices(
  tx: Tx,
  given: readonly StoredNotice[],
): Promise<ReadonlyMap<string, boolean>> {
  // In one order of keys, so that two batches cannot wait for each other's rows.
  const notices = given.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const rows = await UPSERT(tx, [
    notices.map(({ id }) => id),
    notices.map(({ provider }) => provider),
    notices.map(({ notice }) => notice.dedupeKey),
    notices.map(({ notice }) => notice.event),
    notices.map(({ notice }) => notice.reference),
    notices.map(({ notice }) => notice.confirmed),
    notices.map(({ notice }) => claimsAsJson(notice)),
    notices.map(({ raw }) => JSON.stringify(raw.headers)),
    notices.map(({ raw }) => raw.query),
    notices.map(({ raw }) => raw.body),
    notices.map(({ raw }) => raw.remoteAddress),
    notices.map(({ raw }) => raw.receivedAt),
  ]);
  return new Map(rows.map((row) => [`${row.provider} ${row.dedupe_key}`, row.waiting]));
}

function keyOf({ provider, notice }: StoredNotice): string {
  return `${provider} ${notice.dedupeKey}`;
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
  /** How often it had come when it was claimed: what is judged now covers so many. */
  receipts: number;
}>;

/** Takes due notices for `leaseSeconds`; a dead taker's come back when its lease has passed. */
export async function claimNotices(
  tx: Tx,
  limit: number,
  leaseSeconds: number,
): Promise<ClaimedNotice[]> {
  const rows = await sql<ClaimedNotice>`
    update payment_notice
       set attempts = attempts + 1, lease_until = now() + ${leaseSeconds} * interval '1 second'
     where id in (select id from payment_notice
                   where state = 'waiting' and due_at <= now()
                     and (lease_until is null or lease_until < now())
                   order by due_at limit ${limit} for update skip locked)
    returning id, provider, reference, event, attempts, receipts`.execute(tx);
  return rows.rows;
}

/** How long the oldest due notice waits to be taken, seconds by the database's clock; 0: none does. */
export async function noticeLateness(tx: Tx): Promise<number> {
  const { rows } = await sql<{ late: number | null }>`
    select extract(epoch from now() - min(due_at))::float8 as late from payment_notice
     where state = 'waiting' and due_at <= now()
       and (lease_until is null or lease_until < now())`.execute(tx);
  return rows[0]?.late ?? 0;
}

export type JudgedNotice = Readonly<{
  notice: ClaimedNotice;
  state: 'done' | 'quarantined';
  outcome: string;
}>;

/**
 * Finishes judged notices. The attempt number fences a taker whose lease had passed; one that came
 * again while it was being judged, and did not lead to its money, stays armed. (Receipts are
 * compared, not times: two may come in one millisecond, or through servers with other clocks.)
 */
export async function finishNotices(
  tx: Tx,
  judged: readonly JudgedNotice[],
  at: Date,
): Promise<void> {
  if (judged.length === 0) return;
  await sql`update payment_notice as n
      set state = case when given.outcome <> 'moved' and n.receipts > given.receipts
                       then 'waiting' else given.state end,
          outcome = case when given.outcome <> 'moved' and n.receipts > given.receipts
                         then null else given.outcome end,
          judged_at = ${at}, lease_until = null
     from unnest(${judged.map(({ notice }) => notice.id)}::text[],
                 ${judged.map(({ notice }) => notice.attempts)}::int[],
                 ${judged.map(({ notice }) => notice.receipts)}::int[],
                 ${judged.map(({ state }) => state)}::text[],
                 ${judged.map(({ outcome }) => outcome)}::text[])
            as given (id, attempts, receipts, state, outcome)
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
