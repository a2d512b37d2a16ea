/**
 * Starting in order, stopping in reverse. Each resource registers how it is closed when it is
 * built; a role's stop closes all of them, newest first, and names what would not close in time.
 */
import type { Clock } from '@opora/kernel';
import type { Log } from '../log/index.ts';

/** What a started role offers to the program that started it. */
export interface Running {
  /** Green when this instance should get traffic (resilience 8). */
  ready(): boolean;
  /** Graceful stop, idempotent; resolves when everything is closed. */
  stop(reason: string): Promise<void>;
  /**
   * Is told of an error that nobody caught. True when it only says that a dependency is away and what
   * was lost with it is begun anew: no crash of this role.
   */
  outlives?(error: unknown): boolean;
}

export interface Lifecycle {
  /** Registers how a resource is closed; resources close in reverse order. */
  onStop(name: string, close: () => Promise<void> | void): void;
  /** True from the first call of `stop`: readiness turns red at once. */
  readonly stopping: boolean;
  stop(reason: string): Promise<void>;
}

/**
 * Longest time one resource may take to close before it is named and left behind: an HTTP listener
 * needs 3 s until balancers saw it leave and up to 15 s for requests in flight.
 */
const CLOSE_MAX_MS = 20_000;

export function createLifecycle(deps: { clock: Clock; log: Log }): Lifecycle {
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let stopped: Promise<void> | undefined;

  async function closeAll(reason: string): Promise<void> {
    deps.log.info({ reason }, 'stopping');
    for (const { name, close } of closers.toReversed()) {
      const late = new AbortController();
      const outcome = await Promise.race([
        Promise.resolve()
          .then(close)
          .then(() => 'closed' as const)
          .catch((error: unknown) => error),
        deps.clock.sleep(CLOSE_MAX_MS, late.signal).then(() => 'late' as const),
      ]);
      late.abort();
      if (outcome !== 'closed') deps.log.warn({ resource: name, outcome }, 'did not close cleanly');
    }
  }

  return {
    onStop(name, close) {
      closers.push({ name, close });
    },
    get stopping() {
      return stopped !== undefined;
    },
    stop(reason) {
      stopped ??= closeAll(reason);
      return stopped;
    },
  };
}
