import type { Clock } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { Renewals } from '../renewals.ts';

/** Nothing about a renewal is urgent: its dates are hours and days. */
const PAUSE_MS = 15_000;

/** The worker's round over renewals that are due. */
export function runRenewals(deps: { renewals: Renewals; clock: Clock; log: Log }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const due = await deps.renewals.runDue().catch((error: unknown) => {
        deps.log.warn({ error }, 'a round over renewals failed');
        return 0;
      });
      if (due === 0) await deps.clock.sleep(PAUSE_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
