/** Every route of staff over finished services. Who may call which is in the table of the API. */
import { API } from '@opora/contracts';
import { createLive, serve, serveLive, type App } from '../../../platform/http/index.ts';
import { createActs } from '../acts/registry.ts';
import type { AdminParts } from '../deps.ts';
import { createToday } from '../today.ts';
import { accessRoutes } from './access.ts';
import { actRoutes } from './acts.ts';
import { breakerRoutes } from './breakers.ts';
import { bookRoutes } from './books.ts';
import { handRoutes } from './by-hand.ts';
import { exportRoutes } from './export.ts';
import { peopleRoutes } from './people.ts';
import { providerRoutes } from './providers.ts';
import { saleRoutes } from './sales.ts';

/** How often the figures of today are read while somebody looks, milliseconds. */
const TODAY_EVERY_MS = 5_000;

export function adminRoutes(parts: AdminParts) {
  const today = createToday(parts);
  const live = createLive({
    ...{ name: 'today', everyMs: TODAY_EVERY_MS, read: today.read },
    news: ({ asOf: _at, ...figures }) => figures,
    ...{ clock: parts.clock, log: parts.log },
  });
  return (app: App): void => {
    serve(app, API.today.read, () => today.read());
    serveLive(app, API.today.stream, live);
    peopleRoutes(parts)(app);
    saleRoutes(parts)(app);
    providerRoutes(parts)(app);
    breakerRoutes(parts)(app);
    serve(app, API.announcements.list, async () => ({
      items: [...(await parts.announcements.list())],
    }));
    bookRoutes(parts)(app);
    accessRoutes(parts)(app);
    handRoutes(parts)(app);
    exportRoutes(parts)(app);
    actRoutes(createActs(parts))(app);
  };
}
