/**
 * One role as a process of its own: tells its parent when it is ready, leaves gracefully on a
 * signal or when the parent vanished, and never longer than the hard limit. Correctness does not
 * depend on any of this: kill -9 is equally safe.
 */
import { flushCompileCache } from 'node:module';
import { DomainError, type Clock } from '@opora/kernel';
import type { Running } from '../../platform/lifecycle/index.ts';
import { redact, type Log } from '../../platform/log/index.ts';
import { EXIT_DEPENDENCY_AWAY } from './exit-codes.ts';
import { describeFailure } from './describe-failure.ts';
import { watchParent } from './parent-watch.ts';

const HARD_STOP_MS = 25_000;
/** After an uncaught error the state is unknown: only little time is given to leave in order. */
const HARD_STOP_AFTER_CRASH_MS = 5000;
/** Ctrl-C arrives twice (terminal and npm); only a later one means "now". */
const SECOND_INTERRUPT_AFTER_MS = 1000;

/**
 * Never returns to the caller: the process ends with 0, with 1 after a failure or a late stop, with
 * 75 when an uncaught exception only says that a dependency is away.
 */
export function runRole(deps: { start: () => Promise<Running>; clock: Clock; log: Log }): void {
  const { clock, log } = deps;
  let leaving = false;
  let interruptedAtMs: number | undefined;
  const starting = deps.start();
  let running: Running | undefined;

  async function leave(reason: string, exitCode: number, limitMs: number): Promise<void> {
    if (leaving) return;
    leaving = true;
    void clock.sleep(limitMs).then(() => {
      log.error({ reason, open: process.getActiveResourcesInfo() }, 'hard stop: still open');
      process.exit(exitCode === 0 ? 1 : exitCode);
    });
    try {
      await (await starting).stop(reason);
    } catch (error) {
      log.error({ error }, 'stop failed');
      process.exit(1);
    }
    process.exit(exitCode);
  }

  process.on('SIGTERM', () => void leave('SIGTERM', 0, HARD_STOP_MS));
  process.on('SIGINT', () => {
    interruptedAtMs ??= clock.monotonicMs();
    if (clock.monotonicMs() - interruptedAtMs > SECOND_INTERRUPT_AFTER_MS) process.exit(1);
    void leave('SIGINT', 0, HARD_STOP_MS);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const isForeign = running?.outlives?.(error) === true;
      // A promise of somebody else's that nobody waited for: nothing was left half done.
      if (isForeign && event === 'unhandledRejection') {
        log.warn({ error }, 'a dependency is away; going on');
        return;
      }
      log.fatal({ error }, 'uncaught error');
      void leave(event, isForeign ? EXIT_DEPENDENCY_AWAY : 1, HARD_STOP_AFTER_CRASH_MS);
    });
  }
  if (process.send !== undefined) {
    process.on('disconnect', () => void leave('the supervisor vanished', 0, HARD_STOP_MS));
    watchParent(clock);
  }

  starting.then(
    (started) => {
      running = started;
      // Node writes it at an orderly end; whoever follows after a kill begins sooner with it.
      flushCompileCache();
      if (leaving || process.send === undefined) return;
      // A parent that just died makes this fail; `disconnect` says the same.
      process.send({ type: 'ready' }, () => undefined);
    },
    (error: unknown) => {
      if (leaving) return;
      process.stderr.write(`opora: ${redact(describeFailure(error))}\n`);
      // A refusal of ours is the same at the next try: the supervisor need not make one.
      if (error instanceof DomainError && process.send !== undefined) {
        process.send({ type: 'refused' }, () => process.exit(1));
      } else {
        process.exit(1);
      }
    },
  );
}
