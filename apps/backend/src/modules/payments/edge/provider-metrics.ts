/**
 * The figures of the page of providers as Prometheus metrics, over the last day. Gauges, because the
 * span moves; every worker shows the same numbers, so a query takes `max by (provider)`.
 */
import type { Gauge, Metrics } from '../../../platform/metrics/index.ts';
import { RUN_STATES } from '../repository-reconciliation.ts';
import type { ProviderOverview } from '../repository-overview.ts';
import type { Watched } from '../silence.ts';

const PREFIX = 'payment_provider_';

/** One number per provider; NaN: there is none. */
const FIGURES: Readonly<
  Record<string, readonly [help: string, of: (each: ProviderOverview, at: Date) => number]>
> = {
  created: ['Payments created.', ({ created }) => created],
  settled: ['Of those created, settled.', ({ settled }) => settled],
  notices_accepted: ['Notices accepted.', ({ noticesAccepted }) => noticesAccepted],
  notices_duplicate: ['Notices that came again.', ({ duplicates }) => duplicates],
  oldest_pending_seconds: [
    'Age of the oldest pending payment.',
    ({ oldestPendingAt }, at) =>
      oldestPendingAt === null ? 0 : seconds(at) - seconds(oldestPendingAt),
  ],
  last_notice_timestamp_seconds: [
    'When the last notice was accepted.',
    ({ lastNoticeAt }) => seconds(lastNoticeAt),
  ],
  settled_unannounced: [
    'Paid after the last notice, known by asking alone.',
    ({ settledUnannounced }) => settledUnannounced,
  ],
  silent: ['Notices do not come while payments are made (1).', ({ isSilent }) => Number(isSilent)],
  differences_open: ['Open differences of the books.', ({ openDifferences }) => openDifferences],
  reconciliation_timestamp_seconds: [
    'When the last comparison began.',
    ({ reconciliation }) => seconds(reconciliation?.startedAt ?? null),
  ],
  reconciliation_found: [
    'Differences the last comparison found.',
    ({ reconciliation }) => reconciliation?.found ?? Number.NaN,
  ],
};

/** Returns what shows the newest figures. */
export function createProviderMetrics(metrics: Metrics) {
  const gauge = (name: string, help: string, labels: readonly string[] = []): Gauge =>
    metrics.gauge(PREFIX + name, help, ['provider', ...labels]);
  const plain = Object.entries(FIGURES).map(
    ([name, [help, of]]) => ({ gauge: gauge(name, help), of }) as const,
  );
  const settle = gauge('settle_seconds', 'Time from created to settled.', ['quantile']);
  const refused = gauge('notices_refused', 'Notices refused.', ['reason']);
  const run = gauge('reconciliation_state', 'How the last comparison ended (1).', ['state']);
  const off = gauge('switched_off', 'Staff switched it off (1).');
  const read = metrics.gauge(`${PREFIX}figures_timestamp_seconds`, 'When these were read.');
  const reasons = new Map<string, [provider: string, reason: string]>();

  return ({ at, providers }: Watched, switchedOff: ReadonlyMap<string, unknown>): void => {
    // A reason that came no more is a zero, not the figure of yesterday.
    for (const labels of reasons.values()) refused.cell(...labels).set(0);
    for (const each of providers) {
      const { provider, settleMs, reconciliation } = each;
      for (const one of plain) one.gauge.cell(provider).set(one.of(each, at));
      settle.cell(provider, '0.5').set((settleMs?.median ?? Number.NaN) / 1000);
      settle.cell(provider, '0.95').set((settleMs?.p95 ?? Number.NaN) / 1000);
      for (const { reason, count } of each.refused) {
        reasons.set(`${provider} ${reason}`, [provider, reason]);
        refused.cell(provider, reason).set(count);
      }
      for (const state of RUN_STATES) {
        run.cell(provider, state).set(Number(reconciliation?.state === state));
      }
      off.cell(provider).set(Number(switchedOff.has(provider)));
    }
    read.cell().set(seconds(at));
  };
}

/** Seconds since 1970; NaN: never. */
function seconds(at: Date | null): number {
  return at === null ? Number.NaN : at.getTime() / 1000;
}
