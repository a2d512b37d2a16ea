/**
 * The dead man's switch: an address outside is called regularly, and raises the alarm when the
 * calls stop. They stop by themselves when this machine is gone, and on purpose when the monitor
 * is not well: nobody may believe in a watchman who sleeps.
 */
import type { Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';

const EVERY_MS = 60_000;

export async function keepBeating(deps: {
  /** One call to the outside; rejects when it failed. */
  beat: () => Promise<void>;
  isWell: () => boolean;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { clock, log, signal } = deps;
  while (!signal.aborted) {
    if (deps.isWell()) {
      await deps.beat().catch((error: unknown) => {
        log.warn({ error }, 'the heartbeat did not reach its address');
      });
    } else log.error('no heartbeat: the monitor itself is not well');
    await clock.sleep(EVERY_MS, signal);
  }
}
