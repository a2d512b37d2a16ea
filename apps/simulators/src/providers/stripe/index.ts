import type { Simulator, World } from '../../world.ts';
import { openAccount } from './account.ts';
import { registerApi } from './api.ts';
import { registerOwnControl } from './control.ts';
import { openIdempotence } from './idempotence.ts';
import { expireSession, settleIntent } from './paying.ts';
import { registerControl } from '../control.ts';
import { openStripeCabinet } from './settings.ts';
import { openTill } from './till.ts';

/** How often the vendor looks at its clock: pages that run out, money that arrives. */
const TICK_MS = 500;
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
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

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

  async function run(): Promise<void> {
    for (let tick = 1; !stopping.signal.aborted; tick += 1) {
      passTime();
      if (tick % FORGET_EVERY === 0) idempotence.forgetOld();
      await world.clock.sleep(TICK_MS, stopping.signal);
    }
  }

  return {
    id: 'stripe',
    title: 'Stripe',
    about: 'Cards in dollars and euros on a hosted page: 3-D Secure, delayed money, disputes.',
    links: [{ title: 'Dashboard', href: '/stripe/' }],
    register(router) {
      registerApi(router, account, idempotence);
      registerControl(router, world, till);
      registerOwnControl(router, account);
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
