/**
 * Jobs in PostgreSQL: added in the caller's transaction, run at least once by any worker, so every
 * handler is idempotent. graphile-worker does the queue; the lease here is ours, because its own
 * lock on a killed worker's jobs lasts four hours.
 *
 * Limits: a dead worker's jobs are free within about 20 s (at once when the supervisor saw it die),
 * retries wait a jittered, growing time up to 15 minutes; money and access are tried for ever.
 */
export { createJobs, JOBS_CHANNEL, type Job, type Jobs } from './jobs.ts';
export { createProcessLease, type ProcessLease } from './process-lease.ts';
export { keepWorking, type Working } from './keep-working.ts';
export { startWorker, type Task, type TaskContext, type Tasks } from './worker.ts';
