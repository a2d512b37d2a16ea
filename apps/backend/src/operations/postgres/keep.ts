/**
 * Keeps one server alive: a postmaster that died (a drill's SIGKILL) is started again at once, one that
 * hangs is killed first.
 */
import type { Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';
import type { EmbeddedCluster } from './index.ts';
import { replaceHung } from './replace-hung.ts';

export interface KeptServer {
  /** Of the present postmaster. */
  pid(): number;
  accepting(): boolean;
  restarts(): number;
  stop(): Promise<void>;
}

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** A server that lived this long was fine: its death starts a new count. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Resolves when the first server accepts connections; a first start that fails is thrown. Later
 * it tries for ever, at once and then with growing waits: without it nothing works, and the
 * disk may get space again.
 */
export async function keepServer(deps: {
  cluster: Pick<EmbeddedCluster, 'start'>;
  /** Resolves when the server answers; rejects when it is silent. */
  greet: () => Promise<void>;
  clock: Clock;
  chance: () => number;
  log: Log;
}): Promise<KeptServer> {
  const { cluster, clock, log } = deps;
  const leaving = new AbortController();
  const isLeaving = (): boolean => leaving.signal.aborted;
  let server = await startOn(cluster, log);
  let accepting = true;
  let restarts = 0;
  const loop = keep();
  const watch = replaceHung({
    ...{ greet: deps.greet, clock, log, signal: leaving.signal },
    life: () => (accepting ? server : undefined),
    kill: () => {
      server.kill();
    },
  });

  async function keep(): Promise<void> {
    let failures = 0;
    while (!isLeaving()) {
      const since = clock.monotonicMs();
      const reason = await server.exited;
      accepting = false;
      if (isLeaving()) return;
      if (clock.monotonicMs() - since > HEALTHY_AFTER_MS) failures = 0;
      log.error({ reason }, 'postgres died; starting it again');
      do {
        await clock.sleep(backoffMs(failures, deps.chance()), leaving.signal);
        failures += 1;
      } while (!isLeaving() && !(await revive()));
    }
  }

  async function revive(): Promise<boolean> {
    restarts += 1;
    try {
      server = await startOn(cluster, log);
      accepting = true;
      log.info({ pid: server.pid }, 'postgres accepts connections again');
      // A stop that came while it started has to end it: nobody else would.
      if (isLeaving()) await server.stop();
      return true;
    } catch (error) {
      log.error({ error }, 'postgres did not start');
      return false;
    }
  }

  return {
    pid: () => server.pid,
    accepting: () => accepting,
    restarts: () => restarts,
    async stop() {
      leaving.abort();
      accepting = false;
      await server.stop();
      await Promise.all([loop, watch]);
    },
  };
}

async function startOn(
  cluster: Pick<EmbeddedCluster, 'start'>,
  log: Log,
): ReturnType<EmbeddedCluster['start']> {
  const started = await cluster.start();
  if (started.leftovers !== 'none') {
    log.warn({ leftovers: started.leftovers }, 'an earlier server had been left behind');
  }
  return started;
}

/** The first restart is immediate; then 100 ms doubling to 10 s, with chance between half and all. */
export function backoffMs(failures: number, chance: number): number {
  if (failures === 0) return 0;
  return (0.5 + chance / 2) * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1));
}
