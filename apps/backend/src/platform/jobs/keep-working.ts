import { sql } from '../db/index.ts';
import { startWorker, type WorkerDeps, type WorkerHandle } from './worker.ts';

const AGAIN_AFTER_MS = 1_000;

export interface Working {
  /** Another runner takes over: the present one may have lost something. */
  renew(): void;
  stop(): Promise<void>;
}

/**
 * Keeps a runner going: starts one, and another when it ended or could not start. One whose database
 * goes away is given up with the connection, and followed when it is back: that never ends this
 * process. What the last runner left locked is freed before the next one begins.
 */
export function keepWorking(
  deps: WorkerDeps & Readonly<{ onPool: (poolId: string) => void }>,
): Working {
  const stopping = new AbortController();
  const leftBehind: string[] = [];
  let present: WorkerHandle | undefined;
  const renew = (): void => present?.abandon();
  deps.db.breaker.onChange((state) => {
    if (state === 'open') renew();
  });

  async function workOnce(): Promise<void> {
    await free(leftBehind);
    const ended = Promise.withResolvers<'ended'>();
    const worker = await startWorker({ ...deps, onEnded: () => ended.resolve('ended') });
    present = worker;
    deps.onPool(worker.poolId);
    stopping.signal.addEventListener('abort', () => ended.resolve('ended'), { once: true });
    if (stopping.signal.aborted) ended.resolve('ended');
    await ended.promise;
    present = undefined;
    leftBehind.push(worker.poolId);
    await worker.stop();
    await free(leftBehind);
  }

  async function free(pools: string[]): Promise<void> {
    if (pools.length === 0) return;
    await sql`select graphile_worker.force_unlock_workers(${pools}::text[])`.execute(deps.db.read);
    pools.length = 0;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (!deps.db.isAway) await workOnce();
      } catch (error) {
        deps.log.warn({ error }, 'jobs cannot run now; trying again');
      }
      await deps.clock.sleep(AGAIN_AFTER_MS, stopping.signal);
    }
  }

  const done = run();
  return {
    renew,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
