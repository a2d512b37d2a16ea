/** Figures over payments for the first page of staff: each statement is bounded by a span or a state. */
import { isCurrency, money, type Currency, type Money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';

export type Span = Readonly<{ from: Date; to: Date }>;

/** Money that came in a span, one sum per currency; the one of most payments first. */
export async function sumSettled(tx: Tx, { from, to }: Span): Promise<Money[]> {
  const { rows } = await sql<{ currency: string; minor: string }>`
    select currency, sum(amount_minor)::text as minor from payment
     where settled_at >= ${from} and settled_at < ${to} and provider <> 'balance'
     group by 1 order by count(*) desc, 1`.execute(tx);
  return rows.flatMap(({ currency, minor }) =>
    isCurrency(currency) ? [money(BigInt(minor), currency)] : [],
  );
}

/** Money in of each UTC day since `from`, in one currency. */
export async function sumByDay(
  tx: Tx,
  currency: Currency,
  from: Date,
): Promise<{ day: string; value: string }[]> {
  const { rows } = await sql<{ day: string; value: string }>`
    select to_char(settled_at at time zone 'UTC', 'YYYY-MM-DD') as day,
           sum(amount_minor)::text as value
      from payment
     where settled_at >= ${from} and currency = ${currency} and provider <> 'balance'
     group by 1 order by 1`.execute(tx);
  return rows;
}

export type ProviderFigures = Readonly<{
  provider: string;
  lastNoticeAt: Date | null;
  started: number;
  settled: number;
  declined: number;
  refusedNotices: number;
  pending: number;
  oldestPendingAt: Date | null;
}>;

type ProviderRow = {
  provider: string;
  last_notice_at: Date | null;
  started: bigint;
  settled: bigint;
  declined: bigint;
  refused: bigint;
  pending: bigint;
  oldest_pending_at: Date | null;
};

/** How each of these providers does: the payments started since `from`, and what is pending. */
export async function selectProviderFigures(
  tx: Tx,
  providers: readonly string[],
  from: Date,
): Promise<ProviderFigures[]> {
  const { rows } = await sql<ProviderRow>`
    select given.provider,
           (select max(last_received_at) from payment_notice as n
             where n.provider = given.provider) as last_notice_at,
           hour.started, hour.settled, hour.declined,
           (select count(*) from payment_refusal as r
             where r.provider = given.provider and r.received_at >= ${from}) as refused,
           waiting.pending, waiting.oldest_pending_at
      from unnest(${providers}::text[]) with ordinality as given (provider, place)
      cross join lateral (
        select count(*) as started, count(*) filter (where settled_at is not null) as settled,
               count(*) filter (where state = 'failed') as declined
          from payment as p where p.provider = given.provider and p.created_at >= ${from}) as hour
      cross join lateral (
        select count(*) as pending, min(created_at) as oldest_pending_at
          from payment as p
         where p.provider = given.provider and p.state in ('created', 'pending')) as waiting
     order by given.place`.execute(tx);
  return rows.map((row) => ({
    provider: row.provider,
    lastNoticeAt: row.last_notice_at,
    started: Number(row.started),
    settled: Number(row.settled),
    declined: Number(row.declined),
    refusedNotices: Number(row.refused),
    pending: Number(row.pending),
    oldestPendingAt: row.oldest_pending_at,
  }));
}

export type OpenFigures = Readonly<{
  unknown: Readonly<{ count: number; oldestAt: Date | null }>;
  refusedNotices: Readonly<{ day: number; lastAt: Date | null }>;
  quarantinedNotices: number;
  openRefunds: number;
  /** The buyers' banks ask the money back, and nobody knows yet whose it is. */
  openDisputes: number;
  /** Of the books of the providers and ours. */
  openDifferences: number;
}>;

/**
 * What waits for somebody. `unknown`: nobody knows whether the provider made the payment, because
 * its answer was lost; a call that is still under way (since `askedBefore`) is not counted.
 */
export async function selectOpenFigures(
  tx: Tx,
  span: { askedBefore: Date; refusedSince: Date },
): Promise<OpenFigures> {
  const { rows } = await sql<{
    unknown: bigint;
    unknown_oldest: Date | null;
    refused: bigint;
    refused_last: Date | null;
    quarantined: bigint;
    refunds: bigint;
    disputes: bigint;
    differences: bigint;
  }>`
    select
      (select count(*) from payment
        where state = 'created' and created_at < ${span.askedBefore}) as unknown,
      (select min(created_at) from payment
        where state = 'created' and created_at < ${span.askedBefore}) as unknown_oldest,
      (select count(*) from payment_refusal
        where received_at >= ${span.refusedSince}) as refused,
      (select max(received_at) from payment_refusal) as refused_last,
      (select count(*) from payment_notice where state = 'quarantined') as quarantined,
      (select count(*) from refund where state = 'requested') as refunds,
      (select count(*) from payment where state = 'disputed') as disputes,
      (select count(*) from reconciliation_difference where state = 'open') as differences`.execute(
    tx,
  );
  const row = rows[0];
  return {
    unknown: { count: Number(row?.unknown ?? 0n), oldestAt: row?.unknown_oldest ?? null },
    refusedNotices: { day: Number(row?.refused ?? 0n), lastAt: row?.refused_last ?? null },
    quarantinedNotices: Number(row?.quarantined ?? 0n),
    openRefunds: Number(row?.refunds ?? 0n),
    openDisputes: Number(row?.disputes ?? 0n),
    openDifferences: Number(row?.differences ?? 0n),
  };
}
