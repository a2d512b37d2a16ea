import { afterCommit, sql, type Doorbell, type Tx } from '../db/index.ts';

export type Job = Readonly<{
  /** `noun.verb` of a task: `provisioning.deliver`. */
  task: string;
  payload: Readonly<Record<string, string | number | boolean | null>>;
  /** Jobs of one queue run one after another, in any worker, in the order they were added. */
  queue?: string;
  /**
   * Jobs with one key are one job: the newest payload replaces a waiting one. For hints only, never
   * for money or access: graphile-worker loses a job that is added while its elder is being taken
   * (`add_jobs` looks for a taken elder and inserts in two statements).
   */
  key?: string;
  runAt?: Date;
  /** Smaller runs first: 0 money and access, 5 messages, 10 the rest. */
  priority?: number;
}>;

export interface Jobs {
  /** Adds jobs inside the caller's transaction: rolled back with it. Workers hear of its commit. */
  add(tx: Tx, jobs: readonly Job[]): Promise<void>;
  /** Makes failed jobs of a task due at once: what they waited for has come back. */
  wake(tx: Tx, task: string): Promise<void>;
  /** When the next job of each of these queues is due; nothing for an empty queue. */
  dueIn(tx: Tx, queues: readonly string[]): Promise<ReadonlyMap<string, Date>>;
  /**
   * How long the oldest due job waits to be taken, seconds by the database's clock, 0 when none does:
   * of money and access (the smallest priority), and of the rest.
   */
  lateness(tx: Tx): Promise<Readonly<{ money: number; others: number }>>;
}

/**
 * A job that gives up is lost work, so it practically never does: with the growing wait this is
 * years. A killed worker costs an attempt too.
 */
const ATTEMPTS_MAX = 32_000;
/** Jobs woken in one go; the rest comes by its own schedule. */
const WAKE_MAX = 10_000;

/** The channel on which graphile-worker waits to be told of new jobs. */
export const JOBS_CHANNEL = 'jobs:insert';

/** `doorbell` rings on `JOBS_CHANNEL`. A lost ring costs a worker's poll, never a job. */
export function createJobs(deps: { doorbell: Doorbell }): Jobs {
  return {
    async add(tx, jobs) {
      if (jobs.length === 0) return;
      const specs = jobs.map((job) => ({
        identifier: job.task,
        payload: job.payload,
        queue_name: job.queue ?? null,
        run_at: job.runAt,
        max_attempts: ATTEMPTS_MAX,
        job_key: job.key ?? null,
        priority: job.priority ?? 0,
        flags: null,
      }));
      await sql`select quiet.add_jobs_v1(${JSON.stringify(specs)}::json)`.execute(tx);
      afterCommit(tx, deps.doorbell.ring);
    },
    async wake(tx, task) {
      await sql`select count(*) from graphile_worker.reschedule_jobs(array(
          select id from graphile_worker.jobs
           where task_identifier = ${task} and attempts > 0 and locked_at is null
             and run_at > now() limit ${WAKE_MAX}::int), now())`.execute(tx);
    },
    async dueIn(tx, queues) {
      if (queues.length === 0) return new Map();
      const { rows } = await sql<{ queue_name: string; run_at: Date }>`
        select queue_name, min(run_at) as run_at from graphile_worker.jobs
         where queue_name = any(${queues}::text[]) group by 1`.execute(tx);
      return new Map(rows.map((row) => [row.queue_name, row.run_at]));
    },
    async lateness(tx) {
      const { rows } = await sql<{ money: number | null; others: number | null }>`
        select extract(epoch from now() - min(run_at) filter (where priority = 0))::float8 as money,
               extract(epoch from now() - min(run_at) filter (where priority > 0))::float8 as others
          from graphile_worker.jobs where run_at <= now() and locked_at is null`.execute(tx);
      return { money: rows[0]?.money ?? 0, others: rows[0]?.others ?? 0 };
    },
  };
}
