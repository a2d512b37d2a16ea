/**
 * What waits in the database, as metrics of the worker: the oldest due work of money and of the rest,
 * the oldest paid order without its access, the oldest entry of the audit log without its seal. The
 * monitor, which never asks the database, judges them. Every worker shows the same numbers; NaN says
 * that they could not be read.
 */
import type { Clock } from '@opora/kernel';
import type { AuditChain } from '../../modules/audit/index.ts';
import type { Orders } from '../../modules/orders/index.ts';
import type { Payments } from '../../modules/payments/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';

const EVERY_MS = 10_000;

type Parts = Readonly<{
  db: Database;
  jobs: Jobs;
  payments: Pick<Payments, 'admin'>;
  orders: Pick<Orders, 'admin'>;
  auditChain: Pick<AuditChain, 'oldestUnsealed'>;
  clock: Clock;
}>;

/** Ages in seconds; 0: nothing waits. */
export type Backlog = Readonly<{
  /** Due and not taken: jobs and notices of money and access, and all other jobs. */
  payments: number;
  others: number;
  undelivered: number;
  unsealed: number;
}>;

export async function readBacklog(parts: Parts): Promise<Backlog> {
  const { db, clock } = parts;
  const [jobs, notices, { oldest }, unsealed] = await Promise.all([
    parts.jobs.lateness(db.read),
    parts.payments.admin.noticeLateness(),
    parts.orders.admin.undelivered(),
    parts.auditChain.oldestUnsealed(),
  ]);
  const nowMs = clock.now().getTime();
  const age = (since: Date | undefined): number =>
    since === undefined ? 0 : Math.max(0, nowMs - since.getTime()) / 1000;
  return {
    payments: Math.max(jobs.money, notices),
    others: jobs.others,
    undelivered: age(oldest?.paidAt),
    unsealed: age(unsealed),
  };
}

export function runBacklogWatch(deps: Parts & Readonly<{ metrics: Metrics; log: Log }>): {
  stop(): Promise<void>;
} {
  const { metrics, clock, log } = deps;
  const due = metrics.gauge('jobs_oldest_due_seconds', 'Age of the oldest due work.', ['class']);
  const shown: Readonly<Record<keyof Backlog, { set(value: number): void }>> = {
    payments: due.cell('payments'),
    others: due.cell('others'),
    undelivered: metrics
      .gauge('orders_oldest_undelivered_seconds', 'Age of the oldest order without its access.')
      .cell(),
    unsealed: metrics
      .gauge('audit_oldest_unsealed_seconds', 'Age of the oldest audit entry without a seal.')
      .cell(),
  };
  const show = (backlog: Backlog): void => {
    shown.payments.set(backlog.payments);
    shown.others.set(backlog.others);
    shown.undelivered.set(backlog.undelivered);
    shown.unsealed.set(backlog.unsealed);
  };
  const unknown = { payments: NaN, others: NaN, undelivered: NaN, unsealed: NaN };
  const stopping = new AbortController();
  const running = (async () => {
    show(unknown);
    while (!stopping.signal.aborted) {
      const backlog = await readBacklog(deps).catch((error: unknown) => {
        log.warn({ error }, 'what waits could not be read');
        return unknown;
      });
      show(backlog);
      await clock.sleep(EVERY_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
