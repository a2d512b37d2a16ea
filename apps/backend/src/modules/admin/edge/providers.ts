import { API, type ProviderOverviewWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import { differenceRow, runRow } from '../differences.ts';
import type { AdminParts } from '../deps.ts';
import { listed } from './query.ts';

const DAY_MS = 86_400_000;

/** How the payment providers do, and how their books compare with ours. */
export function providerRoutes(parts: AdminParts) {
  const { payments } = parts;
  return (app: App): void => {
    serve(app, API.providers.overview, ({ query }) => overview(parts, query.days));
    serve(app, API.reconciliation.runs, ({ query }) => {
      const { provider, day } = query;
      return listed(
        query,
        (page) => payments.admin.runs({ provider, day }, page),
        (runs) => runs.map(runRow),
      );
    });
    serve(app, API.reconciliation.differences, ({ query }) => {
      const { provider, state } = query;
      return listed(
        query,
        (page) => payments.admin.differences({ provider, state }, page),
        (differences) => differences.map(differenceRow),
      );
    });
  };
}

type Overview = { asOf: string; items: ProviderOverviewWire[] };

async function overview(
  { audit, breakers, clock, db, payments }: AdminParts,
  days: number,
): Promise<Overview> {
  const to = clock.now();
  const from = new Date(to.getTime() - days * DAY_MS);
  const [figures, states, off] = await Promise.all([
    payments.admin.overview(payments.offered, { from, to }),
    breakers.read(db.read),
    payments.admin.switchedOff(),
  ]);
  const acts = await audit.read([...off.values()].map(({ actId }) => actId));
  const items = figures.map((each): ProviderOverviewWire => {
    const switched = off.get(each.provider);
    const act = switched && acts.get(switched.actId);
    return {
      ...each,
      refused: [...each.refused],
      oldestPendingAt: each.oldestPendingAt?.toISOString() ?? null,
      lastNoticeAt: each.lastNoticeAt?.toISOString() ?? null,
      reconciliation: each.reconciliation && {
        ...each.reconciliation,
        startedAt: each.reconciliation.startedAt.toISOString(),
      },
      breaker: states.get(each.provider) ?? 'unknown',
      switchedOff: switched
        ? {
            since: switched.since.toISOString(),
            by: act?.actorName ?? '',
            reason: act?.reason ?? '',
          }
        : null,
    };
  });
  return { asOf: to.toISOString(), items };
}
