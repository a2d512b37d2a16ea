/**
 * Children of a supervisor that was killed are on their way out, but still hold their ports.
 * The next start recognises them by their environment and waits for them, so that it need not
 * fail against its own past.
 */
import { readdir, readFile } from 'node:fs/promises';
import type { Clock } from '@opora/kernel';

/** Set in each child; its value is the supervisor's pid. */
export const CHILD_MARK = 'OPORA_CHILD_OF';

/** A role's own hard stop is 25 s. */
const LEAVE_MAX_MS = 27_000;
const LOOK_AGAIN_MS = 50;

/** Ends what an earlier run in `home` left; resolves with how many processes that were. */
export async function endPreviousRun(home: string, clock: Clock): Promise<number> {
  const found = await childrenOf(home);
  for (const pid of found) signal(pid, 'SIGTERM');
  const since = clock.monotonicMs();
  let left = found;
  while (left.length > 0 && clock.monotonicMs() - since < LEAVE_MAX_MS) {
    await clock.sleep(LOOK_AGAIN_MS);
    left = await childrenOf(home);
  }
  for (const pid of left) signal(pid, 'SIGKILL');
  return found.length;
}

/** Only where there is a /proc; elsewhere the restart policy bridges the time. */
async function childrenOf(home: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${String(pid)}/environ`, 'utf8').catch(() => '');
      const entries = text.split('\0');
      const isOurs = entries.some((entry) => entry.startsWith(`${CHILD_MARK}=`));
      return isOurs && entries.includes(`OPORA_HOME=${home}`) ? [pid] : [];
    }),
  );
  return marked.flat();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It left meanwhile.
  }
}
