import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { registerApi } from './api.ts';
import { registerForm } from './form.ts';
import { createNotices } from './notices.ts';
import { checkoutOf, dashboardOf } from './pages.ts';
import { openShopCabinet } from './settings.ts';
import { openShop } from './shop.ts';
import { createTill } from './till.ts';

/**
 * FreeKassa as one shop sees it: the signed link at `/freekassa/pay/`, the API under
 * `/freekassa/v1`, the buyer's page under `/freekassa/checkout`, the merchant's page at
 * `/freekassa/`, and `/freekassa/control` for drills.
 */
export function createFreekassa(world: World): Simulator {
  const cabinet = openShopCabinet(world);
  const notices = createNotices(world, cabinet);
  const shop = openShop(world, notices);
  const till = createTill(world, { shop, cabinet, notices });
  return {
    id: 'freekassa',
    title: 'FreeKassa',
    about:
      'A signed link, several orders for one number, notices by POST or GET until they hear YES.',
    links: [{ title: 'Dashboard', href: '/freekassa/' }],
    register(router) {
      registerLook(router, 'freekassa');
      registerForm(router, world, shop);
      registerApi(router, world, { shop, cabinet });
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(world) });
      registerDashboard(router, world, { till, dashboard: dashboardOf(world) });
    },
    ...createTicker(world, () => {
      shop.passTime();
    }),
  };
}
