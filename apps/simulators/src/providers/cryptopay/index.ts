import type { Simulator, World } from '../../world.ts';
import { registerApi } from './api.ts';
import { openApp } from './app.ts';
import { openAppCabinet } from './settings.ts';

/** How often the vendor looks at its clock: late buyers and passed deadlines. */
const TICK_MS = 500;

/**
 * Crypto Pay as one app sees it: its methods under `/cryptopay/api`, the buyer's page under
 * `/cryptopay/checkout`, the owner's page at `/cryptopay/`, and `/cryptopay/control` for drills.
 */
export function createCryptopay(world: World): Simulator {
  const cabinet = openAppCabinet(world);
  const app = openApp(world, cabinet);
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      app.passTime();
      await world.clock.sleep(TICK_MS, stopping.signal);
    }
  }

  return {
    id: 'cryptopay',
    title: 'Crypto Pay',
    about: 'Bills in roubles, dollars or coins, paid in coins from a wallet. No refunds.',
    links: [{ title: 'Dashboard', href: '/cryptopay/' }],
    register(router) {
      registerApi(router, world, app);
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
