/** The worker's round over days that are due for a reconciliation. Any number of workers. */
import type { Clock, Ids } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { Payments } from '../index.ts';

/** Half of it at least: workers that started together do not ask together for ever. */
const PAUSE_MAX_MS = 600_000;

export function runReconciliations(deps: {
  payments: Pick<Payments, 'reconcileDue'>;
  clock: Clock;
  ids: Pick<Ids, 'chance'>;
  log: Log;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const done = await deps.payments.reconcileDue().catch((error: unknown) => {
        deps.log.warn({ error }, 'a reconciliation was not finished; trying later');
        return 0;
      });
      if (done > 0) continue;
      await deps.clock.sleep(PAUSE_MAX_MS * (0.5 + deps.ids.chance() / 2), stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
