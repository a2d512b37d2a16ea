import type { Simulator, World } from '../../world.ts';
import { openAccount } from './account.ts';
import { registerApi } from './api.ts';
import { checkoutOf } from './checkout.ts';
import { registerOwnControl } from './control.ts';
import { DASHBOARD } from './dashboard.ts';
import { openIdempotence } from './idempotence.ts';
import { expireSession, settleIntent } from './paying.ts';
import { registerCheckout } from '../checkout-shell.ts';
import { registerControl } from '../control.ts';
import { registerDashboard } from '../dashboard-shell.ts';
import { registerLook } from '../page.ts';
import { createTicker } from '../ticker.ts';
import { openStripeCabinet } from './settings.ts';
import { openTill } from './till.ts';

/** Old idempotency keys are swept once per this many ticks. */
const FORGET_EVERY = 120;

/**
 * Stripe as one account sees it: API v1 under `/stripe/v1`, the hosted page under
 * `/stripe/checkout`, the merchant's page at `/stripe/`, and `/stripe/control` for drills.
 */
export function createStripe(world: World): Simulator {
  const account = openAccount(world, openStripeCabinet(world));
  const idempotence = openIdempotence(world);
  const till = openTill(account);

  function passTime(): void {
    const now = account.now();
    for (const { id, expiresAt } of account.sessions.open()) {
      if (expiresAt <= now) world.store.together(() => expireSession(account, id));
    }
    for (const { id, settles } of account.intents.open()) {
      if (settles === undefined || settles.at > now) continue;
      world.store.together(() => {
        settleIntent(account, id, settles.well);
      });
    }
  }

  const ticker = createTicker(world, (tick) => {
    passTime();
    if (tick % FORGET_EVERY === 0) idempotence.forgetOld();
  });
  return {
    id: 'stripe',
    title: 'Stripe',
    about: 'Cards in dollars and euros on a hosted page: 3-D Secure, delayed money, disputes.',
    links: [{ title: 'Dashboard', href: '/stripe/' }],
    register(router) {
      registerLook(router, 'stripe');
      registerApi(router, account, idempotence);
      registerControl(router, world, till);
      registerCheckout(router, world, { till, checkout: checkoutOf(account) });
      registerDashboard(router, world, { till, dashboard: DASHBOARD });
      registerOwnControl(router, account);
    },
    ...ticker,
  };
}
