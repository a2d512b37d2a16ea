import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { registerApi } from './api.ts';
import { checkoutOf } from './checkout.ts';
import { dashboardOf, registerSubscriptionButtons } from './dashboard.ts';
import { openNotices } from './notices.ts';
import { openShopCabinet } from './settings.ts';
import { openShop } from './shop.ts';
import { registerSubscriptionControl } from './subscription-control.ts';
import { openTill } from './till.ts';

/**
 * Tribute as one shop sees it: the Shop API under `/tribute/api/v1`, the buyer's page under
 * `/tribute/checkout`, the merchant's page at `/tribute/`, and `/tribute/control` for drills.
 */
export function createTribute(world: World): Simulator {
  const cabinet = openShopCabinet(world);
  const notices = openNotices(world, cabinet);
  const shop = openShop(world, cabinet, notices);
  const till = openTill(world, { shop, cabinet, notices });
  const ticker = createTicker(world, () => {
    shop.passTime();
  });
  return {
    id: 'tribute',
    title: 'Tribute',
    about: 'Cards and wallets in roubles, euros and dollars; subscriptions it charges by itself.',
    links: [{ title: 'Dashboard', href: '/tribute/' }],
    register(router) {
      registerLook(router, 'tribute');
      registerApi(router, world, shop);
      registerControl(router, world, till);
      registerSubscriptionControl(router, { shop, notices });
      registerCheckout(router, world, { till, checkout: checkoutOf(shop) });
      registerDashboard(router, world, { till, dashboard: dashboardOf(shop) });
      registerSubscriptionButtons(router, shop);
    },
    ...ticker,
  };
}
