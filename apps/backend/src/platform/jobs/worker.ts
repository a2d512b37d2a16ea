import { EventEmitter } from 'node:events';
import type { Clock } from '@opora/kernel';
import { Logger, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import { keepLease } from './lease.ts';

export type TaskContext = Readonly<{
  /** 1 for the first try. */
  attempt: number;
}>;

/** Handles one job; throwing makes it run again later. The payload is what `Jobs.add` was given. */
export type Task = (
  payload: Readonly<Record<string, unknown>>,
  context: TaskContext,
) => Promise<void>;
export type Tasks = Readonly<Record<string, Task>>;

export type WorkerHandle = Readonly<{
  /** What `locked_by` of its jobs says: the supervisor frees them when this process dies. */
  poolId: string;
  /** It cannot go on (its database is away): its running jobs are the last, as after `onEnded`. */
  abandon(): void;
  stop(): Promise<void>;
}>;

const CONCURRENCY = 10;
/** Jobs taken ahead: what a kill delays, so it stays small. */
const LOCAL_QUEUE = 20;
const POLL_MS = 1_000;
/** Longer than a look-up or a panel call may take; shorter than a role's own hard stop. */
const SHUTDOWN_MAX_MS = 20_000;

export type WorkerDeps = Readonly<{
  db: Database;
  tasks: Tasks;
  clock: Clock;
  log: Log;
  pace: 'normal' | 'drill';
  /** The lease could not be kept: end the process, because others take its jobs over. */
  onLost: () => void;
}>;

/**
 * Runs tasks until stopped. `onEnded` is called when the runner ended by itself, as it does when
 * the database goes away in the wrong moment: its finished jobs are over, a new one may start.
 */
export async function startWorker(
  deps: WorkerDeps & Readonly<{ onEnded: () => void }>,
): Promise<WorkerHandle> {
  const events: WorkerEvents = new EventEmitter();
  const pool = new Promise<string>((resolve) => {
    events.on('pool:create', ({ workerPool }) => {
      resolve(workerPool.id);
    });
  });
  // The pool reads int8 as bigint, which graphile-worker cannot write into the JSON of a failure.
  events.on('job:start', ({ job }) => {
    const id: unknown = job.id;
    Object.assign(job, { id: String(id) });
  });
  const running = new Set<Promise<void>>();
  let hasFailed = false;
  // Its own shutdown then waits for ever for the write that failed, holding its jobs.
  const abandon = (): void => {
    hasFailed = true;
    deps.onEnded();
  };
  events.on('pool:fatalError', abandon);
  const runner = await run({
    pgPool: deps.db.pool,
    taskList: taskList(deps, running),
    parsedCronItems: [],
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    events,
    logger: loggerTo(deps.log),
    // Ends of jobs are written in batches because only then a failed write ends the runner in
    // order; written one by one it would be an unhandled rejection.
    preset: {
      worker: {
        localQueue: { size: LOCAL_QUEUE },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  let stopping = false;
  let isOver = false;
  boundShutdown(events, deps, () => isOver || (hasFailed && running.size === 0));
  runner.promise.then(
    () => {
      isOver = true;
      if (!stopping) deps.onEnded();
    },
    (error: unknown) => {
      isOver = true;
      deps.log.warn({ error }, 'the job runner ended');
      deps.onEnded();
    },
  );
  const poolId = await pool;
  const lease = keepLease({ ...deps, poolId });
  return {
    poolId,
    abandon,
    async stop() {
      stopping = true;
      // One that has ended by itself refuses to be stopped; that is what was wanted.
      const stopped = runner.stop().catch(() => undefined);
      await (hasFailed || deps.db.isAway ? Promise.allSettled(running) : stopped);
      await lease.stop();
    },
  };
}

/**
 * A runner that shuts itself down waits for its jobs. One that hangs would keep them locked as long
 * as its lease is beaten, so it gets a bound: then the process ends and others take over.
 */
function boundShutdown(events: WorkerEvents, deps: WorkerDeps, isOver: () => boolean): void {
  events.on('pool:gracefulShutdown', () => {
    void deps.clock.sleep(SHUTDOWN_MAX_MS).then(() => {
      if (isOver()) return;
      deps.log.error('the job runner hangs in its shutdown: ending, others take the jobs over');
      deps.onLost();
    });
  });
}

function loggerTo(log: Log): Logger {
  return new Logger((scope) => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ ...scope }, message);
    else log.debug({ ...scope }, message);
  });
}

/** Whom and what a job is about, for its lines: all that its payload calls an id. */
function idsIn(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => name.endsWith('Id')));
}

function taskList(deps: WorkerDeps, running: Set<Promise<void>>): TaskList {
  const { tasks, clock, log } = deps;
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload, helpers) => {
        const values = payload as Readonly<Record<string, unknown>>; // jobs.ts writes objects only
        const { attempts } = helpers.job;
        const about = { job: name, ...idsIn(values), attempt: attempts };
        const sinceMs = clock.monotonicMs();
        const run = task(values, { attempt: attempts });
        running.add(run);
        try {
          await run;
          log.info({ ...about, ms: Math.round(clock.monotonicMs() - sinceMs) }, 'job done');
        } catch (error) {
          log.warn({ ...about, error }, 'job will run again');
          throw error;
        } finally {
          running.delete(run);
        }
      },
    ]),
  );
}
