import type { OwnPlatform } from './own-platform.ts';
import { signal } from './signal.ts';
import { DrillRefused } from './simulated-only.ts';

/**
 * Stops every instance of a role for as long as `play` takes; they go on whatever happens. The monitor
 * is stopped with them: it would replace whoever hangs, and the role would be back in the middle.
 * Throws `DrillRefused` when one of them has no process.
 */
export async function whileStopped<T>(
  platform: OwnPlatform,
  role: string,
  play: () => Promise<T>,
): Promise<T> {
  const { children } = await platform.status();
  const stopped = children.filter((child) => child.role === role || child.role === 'monitor');
  const pids = stopped.map(({ name, pid }) => {
    if (pid === undefined) throw new DrillRefused(`${name} has no process`);
    return pid;
  });
  signal(pids, 'SIGSTOP');
  try {
    return await play();
  } finally {
    signal(pids, 'SIGCONT');
  }
}
