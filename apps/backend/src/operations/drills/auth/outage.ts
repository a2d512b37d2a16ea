import { DrillRefused } from '../simulated-only.ts';
import type { Stage } from './stage.ts';

/**
 * Stops every instance of auth for as long as `play` takes; they go on whatever happens. The monitor is
 * stopped with them: it would replace whoever hangs, and auth would be back in the middle.
 */
export async function whileAuthStands<T>(stage: Stage, play: () => Promise<T>): Promise<T> {
  const { children } = await stage.platform.status();
  const stopped = children.filter(({ role }) => role === 'auth' || role === 'monitor');
  const pids = stopped.map(({ name, pid }) => {
    if (pid === undefined) throw new DrillRefused(`${name} has no process`);
    return pid;
  });
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    return await play();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}
