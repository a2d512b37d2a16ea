/** How PostgreSQL is taken away from a platform of the drill's own, and given back. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@opora/kernel';
import { processesOf } from '../../postgres/leftovers.ts';
import type { OwnPlatform } from '../own-platform.ts';
import { signal } from '../signal.ts';
import { DrillRefused } from '../simulated-only.ts';

export type Fault = 'stop' | 'kill';

const LOOK_EVERY_MS = 25;
/** The keeper tries every ten seconds by then, and a killed server repairs itself first. */
const BACK_WITHIN_MS = 60_000;
/** PostgreSQL starts over a folder of its own only, and its keeper goes on trying. */
const RIGHTS = { refused: 0o770, accepted: 0o700 };

export interface Outage {
  begin(): Promise<void>;
  /** Resolves when the server accepts connections. */
  end(): Promise<void>;
}

export function createOutage(fault: Fault, platform: OwnPlatform, clock: Clock): Outage {
  const { config } = platform;
  const data = join(config.home, 'postgres', 'data');
  const stopped: number[] = [];
  if (fault === 'stop') {
    return {
      async begin() {
        // Its backends too: they would go on answering without their postmaster.
        stopped.push(...(await processesOf(data)));
        if (stopped.length === 0) throw new DrillRefused('no PostgreSQL to stop');
        signal(stopped, 'SIGSTOP');
      },
      async end() {
        signal(stopped, 'SIGCONT');
      },
    };
  }
  return {
    async begin() {
      await chmod(data, RIGHTS.refused);
      signal(await processesOf(data), 'SIGKILL');
    },
    async end() {
      await chmod(data, RIGHTS.accepted);
      const address = `http://127.0.0.1:${String(config.ports.databaseInternal)}/health/ready`;
      const sinceMs = clock.monotonicMs();
      while (!(await fetch(address)).ok) {
        if (clock.monotonicMs() - sinceMs > BACK_WITHIN_MS) {
          throw new DrillRefused('PostgreSQL did not come back');
        }
        await clock.sleep(LOOK_EVERY_MS);
      }
    },
  };
}
