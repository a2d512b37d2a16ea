import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { registerApi } from './api.ts';
import { openBank } from './bank.ts';
import { createNotices } from './notices.ts';
import { checkoutOf, dashboardOf } from './pages.ts';
import { openTerminal } from './settings.ts';
import { createTill } from './till.ts';

/**
 * T-Kassa as one terminal sees it: the Merchant API under `/tkassa/v2`, the buyer's form under
 * `/tkassa/checkout`, the merchant's page at `/tkassa/`, and `/tkassa/control` for drills.
 */
export function createTkassa(world: World): Simulator {
  const terminal = openTerminal(world);
  const notices = createNotices(world, terminal);
  const bank = openBank(world, { terminal, notices });
  const till = createTill(world, { bank, terminal, notices });
  return {
    id: 'tkassa',
    title: 'T-Kassa',
    about: 'Cards and SBP in roubles, by a terminal: signed notices until they hear OK, receipts.',
    links: [{ title: 'Dashboard', href: '/tkassa/' }],
    register(router) {
      registerLook(router, 'tkassa');
      registerApi(router, world, { bank, terminal });
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(world, bank) });
      registerDashboard(router, world, { till, dashboard: dashboardOf(world, bank) });
    },
    ...createTicker(world, () => {
      bank.passTime();
    }),
  };
}
