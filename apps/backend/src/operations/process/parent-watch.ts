/**
 * A process whose event loop is busy does not hear that its parent died. A small thread beside
 * it looks at the parent's id and ends the process when the loop stays deaf.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '@opora/kernel';

const HEARTBEAT_MS = 250;

/** Starts the watch; it lasts as long as the process and does not keep it alive. */
export function watchParent(clock: Clock): void {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const watcher = new Worker(new URL('./parent-watch-thread.ts', import.meta.url), {
    workerData: beats.buffer,
    // Nothing but a timer lives there; the default heap would be counted per role.
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  });
  watcher.unref();
  void beat();

  async function beat(): Promise<void> {
    for (;;) {
      Atomics.add(beats, 0, 1);
      await clock.sleep(HEARTBEAT_MS);
    }
  }
}
