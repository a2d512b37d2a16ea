import type { Simulator, World } from '../../world.ts';
import { registerApi } from './api.ts';
import { registerCheckout } from './checkout.ts';
import { registerControl } from './control.ts';
import { registerDashboard } from './dashboard.ts';
import { openIdempotence } from './idempotence.ts';
import { registerStyle } from './page.ts';
import { openCabinet } from './settings.ts';
import { openShop } from './shop.ts';

/** How often the vendor looks at its clock: late buyers and passed deadlines. */
const TICK_MS = 500;
/** Old idempotence keys are swept once per this many ticks. */
const FORGET_EVERY = 120;

/**
 * YooKassa as one shop sees it: API v3 under `/yookassa/v3`, the buyer's page under
 * `/yookassa/checkout`, the merchant's page at `/yookassa/`, and `/yookassa/control` for drills.
 */
export function createYookassa(world: World): Simulator {
  const cabinet = openCabinet(world);
  const shop = openShop(world, cabinet);
  const idempotence = openIdempotence(world);
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let tick = 1; !stopping.signal.aborted; tick += 1) {
      shop.passTime();
      if (tick % FORGET_EVERY === 0) idempotence.forgetOld();
      await world.clock.sleep(TICK_MS, stopping.signal);
    }
  }

  return {
    id: 'yookassa',
    title: 'YooKassa',
    about: 'Cards and SBP in roubles: two-stage payments, receipts, refunds, saved cards.',
    links: [{ title: 'Dashboard', href: '/yookassa/' }],
    register(router) {
      const parts = { shop, cabinet, idempotence };
      registerStyle(router);
      registerApi(router, world, parts);
      registerControl(router, world, parts);
      registerCheckout(router, world, shop);
      registerDashboard(router, world, parts);
    },
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
