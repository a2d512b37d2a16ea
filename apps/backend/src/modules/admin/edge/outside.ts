/** What the monitor asks the api: how those outside do. Never reachable from outside itself. */
import { INNER_PATHS, OutsideWire } from '@opora/contracts';
import type { App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';

type Deps = Pick<AdminParts, 'breakers' | 'db' | 'payments'> &
  Readonly<{ wayTitle: (way: string) => OutsideWire['ways'][number]['title'] }>;

export function outsideRoutes({ breakers, db, payments, wayTitle }: Deps) {
  return (app: App): void => {
    app.get(
      INNER_PATHS.outside,
      { config: { permission: 'service' }, schema: { response: { 200: OutsideWire } } },
      async () => {
        const [resting, states] = await Promise.all([payments.resting(), breakers.read(db.read)]);
        return {
          ways: payments.offered.map((way) => ({
            ...{ way, title: wayTitle(way) },
            rests: resting.has(way),
          })),
          panelRests: states.get('panel') === 'open',
        };
      },
    );
  };
}
