import { mkdir, rmdir, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 2_000;
const STALE_MS = 15_000;
const LOOK_AGAIN_MS = 200;

/**
 * Runs `work` while nobody else does, across processes. The lock is a folder (its making is atomic);
 * the holder touches it, so one left by a killed process is taken over after fifteen seconds.
 * @template T
 * @param {string} folder
 * @param {AbortSignal} signal ends the waiting
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, signal, work) {
  await mkdir(path.dirname(folder), { recursive: true });
  while (!(await take(folder))) await sleep(LOOK_AGAIN_MS, undefined, { signal });
  const beat = setInterval(() => {
    const now = new Date();
    utimes(folder, now, now).catch(() => undefined);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rmdir(folder).catch(() => undefined);
  }
}

/** @param {string} folder */
async function take(folder) {
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    const held = await stat(folder).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > STALE_MS) await rmdir(folder).catch(() => undefined);
    return false;
  }
}
