import type { Clock } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { SignIn } from '../index.ts';

const PAUSE_MS = 3_600_000;

/** The worker's hourly round: steps and tries of long ago are forgotten. */
export function runIdentityUpkeep(deps: { signIn: SignIn; clock: Clock; log: Log }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await deps.signIn.sweep().catch((error: unknown) => {
        deps.log.warn({ error }, 'old steps of sign-ins were not forgotten; trying later');
      });
      await deps.clock.sleep(PAUSE_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
