/** The worker's round over providers: their figures for `/metrics`, and whether their notices come. */
import type { Clock } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { Metrics } from '../../../platform/metrics/index.ts';
import type { Payments } from '../index.ts';
import { createProviderMetrics } from './provider-metrics.ts';

const EVERY_MS = 60_000;

export function runProviderWatch(deps: {
  payments: Pick<Payments, 'watchProviders' | 'admin'>;
  metrics: Metrics;
  clock: Clock;
  log: Log;
}): { stop(): Promise<void> } {
  const { payments, clock, log } = deps;
  const show = createProviderMetrics(deps.metrics);
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        show(await payments.watchProviders(), await payments.admin.switchedOff());
      } catch (error) {
        log.warn({ error }, 'the figures of providers could not be read; they stay as they were');
      }
      await clock.sleep(EVERY_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
