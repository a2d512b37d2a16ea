import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { registerApi } from './api.ts';
import { openApp } from './app.ts';
import { checkoutOf } from './checkout.ts';
import { dashboardOf } from './dashboard.ts';
import { openAppCabinet } from './settings.ts';
import { openTill } from './till.ts';

/**
 * Crypto Pay as one app sees it: its methods under `/cryptopay/api`, the buyer's page under
 * `/cryptopay/checkout`, the owner's page at `/cryptopay/`, and `/cryptopay/control` for drills.
 */
export function createCryptopay(world: World): Simulator {
  const cabinet = openAppCabinet(world);
  const app = openApp(world, cabinet);
  const till = openTill(world, { app, cabinet });
  const appId = world.config.payments.cryptopay.token.split(':')[0] ?? '';
  const ticker = createTicker(world, () => {
    app.passTime();
  });
  return {
    id: 'cryptopay',
    title: 'Crypto Pay',
    about: 'Bills in roubles, dollars or USDT, paid in coins from a wallet. No refunds.',
    links: [{ title: 'Dashboard', href: '/cryptopay/' }],
    register(router) {
      registerLook(router, 'cryptopay');
      registerApi(router, world, app);
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(app, appId) });
      registerDashboard(router, world, { till, dashboard: dashboardOf(app, appId) });
    },
    ...ticker,
  };
}
