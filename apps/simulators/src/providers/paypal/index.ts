import type { Simulator, World } from '../../world.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { openAccess } from './access.ts';
import { registerApi } from './api.ts';
import { checkoutOf } from './checkout.ts';
import { registerOwnControl } from './control.ts';
import { DASHBOARD } from './dashboard.ts';
import { openIdempotence } from './idempotence.ts';
import { openMerchant } from './merchant.ts';
import { approve, forget, settleCapture } from './paying.ts';
import { openPaypalCabinet } from './settings.ts';
import { openTill } from './till.ts';

/** Old request ids are swept once per this many ticks. */
const FORGET_EVERY = 120;

/**
 * PayPal as one merchant sees it: the REST API under `/paypal/v1`, `v2` and `v3`, the payer's page
 * under `/paypal/checkout`, the merchant's page at `/paypal/`, and `/paypal/control` for drills.
 */
export function createPaypal(world: World): Simulator {
  const merchant = openMerchant(world, openPaypalCabinet(world));
  const access = openAccess(world);
  const idempotence = openIdempotence(world);
  const till = openTill(merchant);

  function passTime(): void {
    const now = merchant.now();
    for (const { id, payAt, deadlineAt } of merchant.orders.open()) {
      if (payAt !== undefined && payAt <= now) {
        world.store.together(() => approve(merchant, id, 'good'));
      } else if (deadlineAt !== undefined && deadlineAt <= now) {
        world.store.together(() => forget(merchant, id));
      }
    }
    const reviewed = world.clock.now().getTime() - merchant.cabinet.settings().reviewMs;
    for (const { id, createdAt } of merchant.captures.open()) {
      if (Date.parse(createdAt) > reviewed) continue;
      world.store.together(() => settleCapture(merchant, id, true));
    }
  }

  const ticker = createTicker(world, (tick) => {
    passTime();
    if (tick % FORGET_EVERY === 0) idempotence.forgetOld();
  });
  return {
    id: 'paypal',
    title: 'PayPal',
    about: 'A wallet in dollars and euros: approve, then we capture; reviews, disputes, vault.',
    links: [{ title: 'Dashboard', href: '/paypal/' }],
    register(router) {
      registerLook(router, 'paypal');
      registerApi(router, { merchant, access, idempotence });
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(merchant) });
      registerDashboard(router, world, { till, dashboard: DASHBOARD });
      registerOwnControl(router, { merchant, access });
    },
    ...ticker,
  };
}
