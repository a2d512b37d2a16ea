/**
 * What an earlier run left behind in a data folder. A living postmaster without its owner is
 * asked to stop; processes of a dead one are killed, because a busy backend does not notice the
 * death for many seconds and PostgreSQL refuses to start over its shared memory.
 */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@opora/kernel';

const ORPHAN_STOP_MAX_MS = 10_000;
const KILLED_GONE_MAX_MS = 5000;
const LOOK_AGAIN_MS = 20;

export type Leftovers = 'none' | 'killed' | 'taken over';

/** Leaves the data folder without processes. Does nothing where there is no /proc. */
export async function clearLeftovers(dataFolder: string, clock: Clock): Promise<Leftovers> {
  const found = await processesOf(dataFolder);
  if (found.length === 0) return 'none';
  const postmaster = await writtenPid(dataFolder);
  const orphan = postmaster !== undefined && found.includes(postmaster);
  if (orphan) {
    signal(postmaster, 'SIGINT');
    if (await goneWithin(ORPHAN_STOP_MAX_MS, dataFolder, clock)) return 'taken over';
  }
  for (const pid of await processesOf(dataFolder)) signal(pid, 'SIGKILL');
  await goneWithin(KILLED_GONE_MAX_MS, dataFolder, clock);
  return orphan ? 'taken over' : 'killed';
}

/** Living processes that work inside the folder: PostgreSQL's own always do. */
export async function processesOf(dataFolder: string): Promise<number[]> {
  const folder = await realpath(dataFolder).catch(() => undefined);
  const names = await readdir('/proc').catch(() => []);
  if (folder === undefined) return [];
  const pids = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        // A zombie has no cwd any more, so it never counts as alive here.
        const cwd = await readlink(`/proc/${name}/cwd`).catch(() => undefined);
        return cwd === folder ? [Number(name)] : [];
      }),
  );
  return pids.flat();
}

async function writtenPid(dataFolder: string): Promise<number | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

async function goneWithin(limitMs: number, dataFolder: string, clock: Clock): Promise<boolean> {
  const since = clock.monotonicMs();
  while ((await processesOf(dataFolder)).length > 0) {
    if (clock.monotonicMs() - since > limitMs) return false;
    await clock.sleep(LOOK_AGAIN_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It left between the look and the signal, which is what we wanted.
  }
}
