import { API, BreakersAsk, INNER_PATHS, SwitchesWire, type BreakerWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';

/** Every breaker of ours, and who holds it. */
export function breakerRoutes(parts: AdminParts) {
  return (app: App): void => {
    serve(app, API.breakers.list, async () => ({ items: await listed(parts) }));
  };
}

/** What roles without a database say of theirs and hear; never reachable from outside. */
export function breakerLink({
  breakers,
  db,
  forced,
}: Pick<AdminParts, 'breakers' | 'db' | 'forced'>) {
  const config = { permission: 'service' } as const;
  const schema = { body: BreakersAsk, response: { 200: SwitchesWire } };
  return (app: App): void => {
    app.post(INNER_PATHS.breakers, { config, schema }, async ({ body: { process, words } }) => {
      const told = words.map(({ changedAt, ...word }) => ({
        ...word,
        changedAt: new Date(changedAt),
      }));
      await db.transaction((tx) => breakers.take(tx, process, told));
      const held = await forced.read(db.read);
      return {
        switches: held.map(({ dependency, position, until }) => ({
          ...{ dependency, position },
          until: until.toISOString(),
        })),
      };
    });
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
      // Held for long, its last word is an old one.
      state: states.get(dependency) ?? one?.position ?? 'unknown',
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
