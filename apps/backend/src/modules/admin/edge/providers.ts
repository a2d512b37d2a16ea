import { API, type ProviderOverviewWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';

const DAY_MS = 86_400_000;

/** How the payment providers do. */
export function providerRoutes({ breakers, clock, db, payments }: AdminParts) {
  return (app: App): void => {
    serve(app, API.providers.overview, async ({ query }) => {
      const to = clock.now();
      const from = new Date(to.getTime() - query.days * DAY_MS);
      const [figures, states, off] = await Promise.all([
        payments.admin.overview(payments.offered, { from, to }),
        breakers.read(db.read),
        payments.admin.switchedOff(),
      ]);
      const items = figures.map((each): ProviderOverviewWire => ({
        ...each,
        refused: [...each.refused],
        oldestPendingAt: each.oldestPendingAt?.toISOString() ?? null,
        lastNoticeAt: each.lastNoticeAt?.toISOString() ?? null,
        reconciliation: each.reconciliation && {
          ...each.reconciliation,
          startedAt: each.reconciliation.startedAt.toISOString(),
        },
        breaker: states.get(each.provider) ?? 'unknown',
        switchedOff: off.has(each.provider),
      }));
      return { asOf: to.toISOString(), items };
    });
  };
}
