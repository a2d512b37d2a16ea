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
  stop(): Promise<void>;
}>;

const CONCURRENCY = 10;
/** Jobs taken ahead: what a kill delays, so it stays small. */
const LOCAL_QUEUE = 20;
const POLL_MS = 1_000;

/**
 * Runs tasks until stopped. `onLost` is called when the lease could not be kept or the runner
 * ended: the caller must end the process, because others take its jobs over.
 */
export async function startWorker(deps: {
  db: Database;
  tasks: Tasks;
  clock: Clock;
  log: Log;
  pace: 'normal' | 'drill';
  onLost: () => void;
}): Promise<WorkerHandle> {
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
  const runner = await run({
    pgPool: deps.db.pool,
    taskList: taskList(deps.tasks, deps.log),
    parsedCronItems: [],
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    events,
    logger: new Logger((scope) => (level, message) => {
      if (level === 'error' || level === 'warning') deps.log.warn({ ...scope }, message);
      else deps.log.debug({ ...scope }, message);
    }),
    preset: { worker: { localQueue: { size: LOCAL_QUEUE } } },
  });
  let stopping = false;
  runner.promise.then(
    () => {
      if (!stopping) deps.onLost();
    },
    (error: unknown) => {
      deps.log.error({ error }, 'the job runner ended');
      deps.onLost();
    },
  );
  const poolId = await pool;
  const lease = keepLease({ ...deps, poolId });
  return {
    poolId,
    async stop() {
      stopping = true;
      await runner.stop();
      await lease.stop();
    },
  };
}

function taskList(tasks: Tasks, log: Log): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload, helpers) => {
        try {
          const values = payload as Readonly<Record<string, unknown>>; // jobs.ts writes objects only
          await task(values, { attempt: helpers.job.attempts });
        } catch (error) {
          log.warn({ task: name, attempt: helpers.job.attempts, error }, 'job will run again');
          throw error;
        }
      },
    ]),
  );
}
