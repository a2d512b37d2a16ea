import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { registerApi } from './api.ts';
import { checkoutOf } from './checkout.ts';
import { dashboardOf } from './dashboard.ts';
import { openIdempotence } from './idempotence.ts';
import { openShopCabinet } from './settings.ts';
import { openShop } from './shop.ts';
import { createTill } from './till.ts';

/** Old idempotence keys are swept once per this many ticks. */
const FORGET_EVERY = 120;

/**
 * YooKassa as one shop sees it: API v3 under `/yookassa/v3`, the buyer's page under
 * `/yookassa/checkout`, the merchant's page at `/yookassa/`, and `/yookassa/control` for drills.
 */
export function createYookassa(world: World): Simulator {
  const cabinet = openShopCabinet(world);
  const shop = openShop(world, cabinet);
  const idempotence = openIdempotence(world);
  const till = createTill(world, { shop, cabinet });
  const ticker = createTicker(world, (tick) => {
    shop.passTime();
    if (tick % FORGET_EVERY === 0) idempotence.forgetOld();
  });
  return {
    id: 'yookassa',
    title: 'YooKassa',
    about: 'Cards and SBP in roubles: two-stage payments, receipts, refunds, saved cards.',
    links: [{ title: 'Dashboard', href: '/yookassa/' }],
    register(router) {
      registerLook(router, 'yookassa');
      registerApi(router, world, { shop, cabinet, idempotence });
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(shop, till) });
      registerDashboard(router, world, { till, dashboard: dashboardOf(shop) });
    },
    ...ticker,
  };
}
