import type { Router } from '../http.ts';
import type { Simulator, World } from '../world.ts';
import { registerControl } from './control.ts';
import { registerDevices } from './devices.ts';
import { createApi, pathAt, TARGET } from './gate.ts';
import { registerPages } from './pages/index.ts';
import { framework } from './refusal.ts';
import { registerSquads } from './squads.ts';
import { openPanelState } from './state.ts';
import { registerSubscriptions } from './subscriptions.ts';
import { createSweeps } from './sweeps.ts';
import { registerSystem } from './system.ts';
import { registerUserLists } from './user-lists.ts';
import { registerUsers } from './user-routes.ts';
import { sendEvent } from './webhooks.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The Remnawave panel, 3.3.2 or 2.8.1 (`generation.ts`), as observed from outside: API, sweeps, webhooks and two pages. */
export function createPanel(world: World): Simulator {
  const state = openPanelState(world);
  const sweeps = createSweeps(state);
  return {
    id: TARGET,
    title: 'Remnawave',
    about: 'The VPN panel: users with an expiry, traffic and devices, and the subscription links.',
    links: [{ title: 'Users', href: '/remnawave/' }],
    register(router: Router) {
      const api = createApi(router, state);
      registerUserLists(api, state);
      registerUsers(api, state);
      registerDevices(api, state);
      registerSquads(api, state);
      registerSubscriptions(api, state);
      registerSystem(api, state);
      for (const method of METHODS) {
        const missing = (path: string): Error => framework(404, `Cannot ${method} ${path}`);
        api(
          method,
          '/*',
          ({ request }) => {
            throw missing(pathAt(request));
          },
          'public',
        );
      }
      registerControl(router, state);
      registerPages(router, state);
    },
    start() {
      const { version } = state.settings();
      sendEvent(state, 'service.panel_started', { data: { panelVersion: version } });
      sweeps.start();
    },
    stop: () => sweeps.stop(),
  };
}
