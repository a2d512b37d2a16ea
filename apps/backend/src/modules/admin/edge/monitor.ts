/** What the monitor asks and tells the api; never reachable from outside. */
import { INNER_PATHS, OutsideWire, StaffActsAsk } from '@opora/contracts';
import { z } from 'zod';
import type { App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';

type Deps = Pick<AdminParts, 'announcements' | 'audit' | 'breakers' | 'db' | 'payments'> &
  Readonly<{ wayTitle: (way: string) => OutsideWire['ways'][number]['title'] }>;

export function monitorRoutes({ announcements, audit, breakers, db, payments, wayTitle }: Deps) {
  const config = { permission: 'service' } as const;
  return (app: App): void => {
    app.get(
      INNER_PATHS.outside,
      { config, schema: { response: { 200: OutsideWire } } },
      async () => {
        const [resting, states, told] = await Promise.all([
          payments.resting(),
          breakers.read(db.read),
          announcements.list(),
        ]);
        return {
          ways: payments.offered.map((way) => ({
            ...{ way, title: wayTitle(way) },
            rests: resting.has(way),
          })),
          panelRests: states.get('panel') === 'open',
          announcements: [...told],
        };
      },
    );
    // Told again until it is taken: the key of each act makes it one entry.
    app.post(
      INNER_PATHS.acts,
      { config, schema: { body: StaffActsAsk, response: { 200: z.object({ taken: z.int() }) } } },
      async ({ body }) => {
        for (const { id, at, key, act, subject, reason, actor } of body.acts) {
          const wish = { ...{ id, actor, act, reason, key }, after: { at } };
          await db.transaction((tx) =>
            audit.record(tx, { ...wish, subject: { kind: 'service', id: subject } }),
          );
        }
        return { taken: body.acts.length };
      },
    );
  };
}
