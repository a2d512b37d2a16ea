/** How each provider did in a span, for the overview of staff: one statement for all of them. */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { RunState } from './repository-reconciliation.ts';

/** A payment that is settled this long should have had its notice. */
export const SILENT_AFTER_MS = 600_000;
/** Fewer payments without a notice may be chance. */
export const SILENT_PAYMENTS_MIN = 2;
/** Most reasons of refusal that are counted apart, of one provider. */
const REASONS_MAX = 20;

export type ProviderOverview = Readonly<{
  provider: string;
  created: number;
  /** Of those created in the span. */
  settled: number;
  /** From created to settled; null: none was settled. */
  settleMs: Readonly<{ median: number; p95: number }> | null;
  noticesAccepted: number;
  /** Notices that came again. */
  duplicates: number;
  refused: readonly Readonly<{ reason: string; count: number }>[];
  oldestPendingAt: Date | null;
  lastNoticeAt: Date | null;
  /** Paid after the last notice, and known by asking alone. */
  settledUnannounced: number;
  /** Notices stopped coming while payments are being made. */
  isSilent: boolean;
  /** Null: never compared. */
  reconciliation: Readonly<{ day: string; state: RunState; startedAt: Date; found: number }> | null;
  openDifferences: number;
}>;

type Row = {
  provider: string;
  created: bigint;
  settled: bigint;
  median_ms: number | null;
  p95_ms: number | null;
  accepted: bigint;
  duplicates: bigint;
  refused: { reason: string; count: number }[] | null;
  oldest_pending_at: Date | null;
  last_notice_at: Date | null;
  unannounced: bigint;
  run_day: string | null;
  run_state: RunState | null;
  run_started_at: Date | null;
  run_found: number | null;
  differences: bigint;
};

/**
 * A payment counts as unannounced when the newest notice of its provider is older than itself: no
 * notice can be about a payment that was not there yet, whatever the notice calls it.
 */
export async function selectProviderOverview(
  tx: Tx,
  providers: readonly string[],
  { from, to }: Readonly<{ from: Date; to: Date }>,
): Promise<ProviderOverview[]> {
  const settledBefore = new Date(to.getTime() - SILENT_AFTER_MS);
  const { rows } = await sql<Row>`
    select given.provider, sold.created, sold.settled, sold.median_ms, sold.p95_ms,
           sold.unannounced, came.accepted, came.duplicates, last.last_notice_at,
           door.refused, waiting.oldest_pending_at,
           run.day as run_day, run.state as run_state, run.started_at as run_started_at,
           run.found as run_found,
           (select count(*) from reconciliation_difference as d
             where d.provider = given.provider and d.state = 'open') as differences
      from unnest(${providers}::text[]) with ordinality as given (provider, place)
      cross join lateral (
        select max(last_received_at) as last_notice_at from payment_notice as n
         where n.provider = given.provider) as last
      cross join lateral (
        select count(*) as created, count(settled_at) as settled,
               percentile_cont(0.5) within group (order by took) as median_ms,
               percentile_cont(0.95) within group (order by took) as p95_ms,
               count(*) filter (where settled_at <= ${settledBefore}
                 and created_at > coalesce(last.last_notice_at, '-infinity')) as unannounced
          from (select created_at, settled_at,
                       (extract(epoch from settled_at - created_at) * 1000)::float8 as took
                  from payment as p
                 where p.provider = given.provider
                   and p.created_at >= ${from} and p.created_at <= ${to}) as span) as sold
      cross join lateral (
        select count(*) as accepted, coalesce(sum(receipts - 1), 0)::bigint as duplicates
          from payment_notice as n
         where n.provider = given.provider and n.last_received_at >= ${from}) as came
      cross join lateral (
        select json_agg(json_build_object('reason', reason, 'count', count)
                        order by count desc, reason) as refused
          from (select reason, count(*) as count from payment_refusal as r
                 where r.provider = given.provider and r.received_at >= ${from}
                 group by 1 order by 2 desc, 1 limit ${REASONS_MAX}) as reasons) as door
      cross join lateral (
        select min(created_at) as oldest_pending_at from payment as p
         where p.provider = given.provider and p.state in ('created', 'pending')) as waiting
      left join lateral (
        select day, state, started_at, found from reconciliation_run as r
         where r.provider = given.provider order by started_at desc limit 1) as run on true
     order by given.place`.execute(tx);
  return rows.map(overviewOf);
}

function overviewOf(row: Row): ProviderOverview {
  const unannounced = Number(row.unannounced);
  return {
    provider: row.provider,
    created: Number(row.created),
    settled: Number(row.settled),
    settleMs:
      row.median_ms === null || row.p95_ms === null
        ? null
        : { median: Math.round(row.median_ms), p95: Math.round(row.p95_ms) },
    noticesAccepted: Number(row.accepted),
    duplicates: Number(row.duplicates),
    refused: row.refused ?? [],
    oldestPendingAt: row.oldest_pending_at,
    lastNoticeAt: row.last_notice_at,
    settledUnannounced: unannounced,
    isSilent: unannounced >= SILENT_PAYMENTS_MIN,
    reconciliation: lastRun(row),
    openDifferences: Number(row.differences),
  };
}

function lastRun(row: Row): ProviderOverview['reconciliation'] {
  const { run_day: day, run_state: state, run_started_at: startedAt, run_found: found } = row;
  if (day === null || state === null || startedAt === null || found === null) return null;
  return { day, state, startedAt, found };
}
