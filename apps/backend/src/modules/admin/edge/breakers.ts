import { API, type BreakerWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';

/** Every breaker round somebody outside, and who holds it. */
export function breakerRoutes(parts: AdminParts) {
  return (app: App): void => {
    serve(app, API.breakers.list, async () => ({ items: await listed(parts) }));
  };
}

async function listed({ audit, breakers, db, forced }: AdminParts): Promise<BreakerWire[]> {
  const [states, told, held] = await Promise.all([
    breakers.read(db.read),
    breakers.told(db.read),
    forced.read(db.read),
  ]);
  const acts = await audit.read(held.map(({ actId }) => actId));
  const byName = Map.groupBy(told, ({ dependency }) => dependency);
  const names = new Set([...byName.keys(), ...held.map(({ dependency }) => dependency)]);
  return [...names].toSorted().map((dependency) => {
    const one = held.find((each) => each.dependency === dependency);
    const act = one && acts.get(one.actId);
    return {
      dependency,
      state: states.get(dependency) ?? 'unknown',
      processes: (byName.get(dependency) ?? []).map(({ process, state, changedAt }) => ({
        ...{ process, state },
        changedAt: changedAt.toISOString(),
      })),
      forced:
        one === undefined
          ? null
          : {
              ...{ position: one.position, until: one.until.toISOString() },
              ...{ by: act?.actorName ?? '', reason: act?.reason ?? '' },
            },
    };
  });
}
