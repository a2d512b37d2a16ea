import { sql } from '../db/index.ts';
import { startWorker, type WorkerDeps } from './worker.ts';

const AGAIN_AFTER_MS = 1_000;

/**
 * Keeps a runner going: starts one, and another when it ended or could not start because the
 * database was away. A dependency that is away never ends this process. What the last runner left
 * locked is freed before the next one begins.
 */
export function keepWorking(deps: WorkerDeps & Readonly<{ onPool: (poolId: string) => void }>): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const leftBehind: string[] = [];

  async function workOnce(): Promise<void> {
    await free(leftBehind);
    const ended = Promise.withResolvers<'ended'>();
    const worker = await startWorker({ ...deps, onEnded: () => ended.resolve('ended') });
    deps.onPool(worker.poolId);
    stopping.signal.addEventListener('abort', () => ended.resolve('ended'), { once: true });
    if (stopping.signal.aborted) ended.resolve('ended');
    await ended.promise;
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
        await workOnce();
      } catch (error) {
        deps.log.warn({ error }, 'jobs cannot run now; trying again');
      }
      await deps.clock.sleep(AGAIN_AFTER_MS, stopping.signal);
    }
  }

  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
