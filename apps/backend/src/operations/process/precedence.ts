/**
 * Who goes first when the processor is short. What decides what gives way must not wait itself: a
 * gateway that gets its turn late lets notices and token checks grow old beside everything else. It
 * takes little, so whoever comes after it loses little.
 */
import { writeFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';
import type { Clock } from '@opora/kernel';

/**
 * Steps of niceness behind the first. Ten of them are a ninth of the share, five a third; nobody is
 * ever left with nothing. Everybody waits for the database, and it sleeps as soon as it has answered.
 */
const STEPS_BEHIND: Readonly<Record<string, number>> = {
  gateway: 0,
  monitor: 0,
  database: 3,
  auth: 5,
  api: 7,
  bot: 10,
  web: 10,
  worker: 13,
  simulators: 13,
};
/** Of whoever is not named. */
const ORDINARY = 10;
/** Where going first is allowed, the first goes so many steps before us and the rest stays. */
const LIFT = 10;
const [FIRST, LAST] = [-20, 19];
/** The system lets an ordinary user order one group of processes in a tenth of a second. */
const GROUP_AGAIN_MS = 150;
const GROUP_TRIES_MAX = 40;

/** Of a role, relative to our own. */
export function nicenessOf(role: string): number {
  return (STEPS_BEHIND[role] ?? ORDINARY) - (mayLift() ? LIFT : 0);
}

/** May we put another before ourselves? */
function mayLift(): boolean {
  const own = getPriority();
  try {
    setPriority(Math.max(own - LIFT, FIRST));
    setPriority(own);
    return true;
  } catch {
    return false;
  }
}

/** Best effort: a system without such an order, or one that refuses, runs everything alike. */
export async function giveWay(pid: number, niceness: number, clock: Clock): Promise<void> {
  const total = Math.min(LAST, Math.max(FIRST, getPriority() + niceness));
  try {
    setPriority(pid, total);
  } catch {
    return;
  }
  // Each of our children leads a session, and Linux may share the processor among sessions first.
  for (let tries = 0; tries < GROUP_TRIES_MAX; tries += 1) {
    try {
      await writeFile(`/proc/${String(pid)}/autogroup`, String(total));
      return;
    } catch (error) {
      const isAgain = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!isAgain) return;
      await clock.sleep(GROUP_AGAIN_MS);
    }
  }
}
