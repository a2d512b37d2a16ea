/** Every route of staff over finished services. Who may call which is in the table of the API. */
import { API } from '@opora/contracts';
import { serve, serveMedia, type App } from '../../../platform/http/index.ts';
import { createActs } from '../acts/registry.ts';
import type { AdminParts } from '../deps.ts';
import { createLiveToday } from '../live-today.ts';
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

export function adminRoutes(parts: AdminParts) {
  const today = createToday(parts);
  const live = createLiveToday({ ...parts, read: today.read });
  return (app: App): void => {
    serve(app, API.today.read, () => today.read());
    serveMedia(app, API.today.stream, async ({ reply }) =>
      reply.type('text/event-stream').send(await live.open()),
    );
    // A drain waits for what is under way, and a stream would be for ever.
    app.addHook('preClose', (done) => {
      live.close();
      done();
    });
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
