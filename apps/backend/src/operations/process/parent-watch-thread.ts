/** The thread of `parent-watch.ts`; it shares one counter with the main thread and nothing else. */
import { workerData } from 'node:worker_threads';

const LOOK_EVERY_MS = 250;
/** The main thread hears `disconnect` within milliseconds unless its loop is stuck. */
const DEAF_MAX_LOOKS = 20;
/** Beyond the hard stop of a role nothing may be left in any case. */
const ALONE_MAX_LOOKS = 108;

const beats = new Int32Array(workerData as SharedArrayBuffer); // what parent-watch.ts passes
const parent = process.ppid;
const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
let seen = -1;
let deafLooks = 0;
let aloneLooks = 0;

for (;;) {
  // A blocking wait: this thread needs no event loop, and no timer of the platform.
  Atomics.wait(pause, 0, 0, LOOK_EVERY_MS);
  if (process.ppid === parent) continue;
  const now = Atomics.load(beats, 0);
  deafLooks = now === seen ? deafLooks + 1 : 0;
  seen = now;
  aloneLooks += 1;
  if (deafLooks >= DEAF_MAX_LOOKS || aloneLooks >= ALONE_MAX_LOOKS) {
    process.kill(process.pid, 'SIGKILL');
  }
}
