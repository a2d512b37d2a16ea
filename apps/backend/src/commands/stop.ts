import { currentHome } from '../operations/local-state.ts';
import { askSupervisor, NotRunning } from '../operations/control/index.ts';
import { systemClock } from '../platform/clock/index.ts';

export const help = `opora stop

  Ends the platform of this OPORA_HOME in order and waits until it is gone.`;

const LOOK_AGAIN_MS = 100;
/** Eight roles, one after the other, each with its own hard stop. */
const STOP_MAX_MS = 8 * 27_000;

export async function run(): Promise<number> {
  const home = currentHome();
  await askSupervisor(home, { command: 'stop' });
  const since = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - since < STOP_MAX_MS) {
    await systemClock.sleep(LOOK_AGAIN_MS);
    try {
      await askSupervisor(home, { command: 'status' });
    } catch (error) {
      if (!(error instanceof NotRunning)) throw error;
      process.stdout.write('stopped\n');
      return 0;
    }
  }
  process.stderr.write('opora: still stopping; `opora status` shows what is left\n');
  return 1;
}
