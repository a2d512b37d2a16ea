/**
 * Has a server of ours replaced that hangs: its process lives and greets nobody. Killing one is safe
 * (what was committed is on disk) and costs a recovery, so it has to be silent for longer than a disk
 * that stalls or a machine that is overloaded. A server that `DATABASE_URL` names is never ours.
 */
import type { Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';

const LOOK_EVERY_MS = 5_000;
const HUNG_AFTER_MS = 90_000;
/** And so many looks in a row: a machine that slept has no ninety seconds of silence to tell of. */
const SILENT_LOOKS = 10;

export async function replaceHung(deps: {
  /** Resolves when the server answers; rejects when it is silent. */
  greet: () => Promise<void>;
  /** Of the server that should answer now; undefined: it is being started. */
  life: () => object | undefined;
  kill: () => void;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { clock, log, signal } = deps;
  let silence: Readonly<{ life: object; sinceMs: number; looks: number }> | undefined;
  for (;;) {
    await clock.sleep(LOOK_EVERY_MS, signal);
    if (signal.aborted) return;
    const life = deps.life();
    const askedMs = clock.monotonicMs();
    const answers = life === undefined || (await deps.greet().then(yes, no));
    if (answers || life !== deps.life()) {
      silence = undefined;
      continue;
    }
    const known = silence?.life === life ? silence : { life, sinceMs: askedMs, looks: 0 };
    silence = { ...known, looks: known.looks + 1 };
    const silentMs = clock.monotonicMs() - silence.sinceMs;
    if (silentMs < HUNG_AFTER_MS || silence.looks < SILENT_LOOKS) continue;
    log.error({ silentMs: Math.round(silentMs) }, 'postgres hangs; it is replaced');
    silence = undefined;
    deps.kill();
  }
}

const yes = (): boolean => true;
const no = (): boolean => false;
