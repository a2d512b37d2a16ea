import type { Clock } from '@opora/kernel';
import { createRouter } from './http.ts';
import { registerHome } from './home/home.ts';
import { createMail } from './mail/index.ts';
import { createPanel } from './panel/index.ts';
import { registerShell } from './providers/page.ts';
import { createFreekassa } from './providers/freekassa/index.ts';
import { createPaypal } from './providers/paypal/index.ts';
import { createStripe } from './providers/stripe/index.ts';
import { createCryptopay } from './providers/cryptopay/index.ts';
import { createTkassa } from './providers/tkassa/index.ts';
import { createTribute } from './providers/tribute/index.ts';
import { createYookassa } from './providers/yookassa/index.ts';
import { createTelegram } from './telegram/index.ts';
import { createWorld, type Simulator, type World, type WorldConfig } from './world.ts';

/** Builds the world and listens on 127.0.0.1; `stop` ends deliveries, connections and the store. */
export async function startSimulators(deps: {
  clock: Clock;
  seed: number;
  log: (line: string) => void;
  config: WorldConfig;
}): Promise<{ world: World; stop(): Promise<void> }> {
  const world = createWorld(deps);
  const router = createRouter(world);
  const simulators: Simulator[] = [
    createTelegram(world),
    createYookassa(world),
    createTkassa(world),
    createFreekassa(world),
    createStripe(world),
    createPaypal(world),
    createCryptopay(world),
    createTribute(world),
    createPanel(world),
    createMail(world),
  ];
  registerHome(router, world, simulators);
  registerShell(router);
  for (const simulator of simulators) simulator.register(router);
  await new Promise<void>((resolve, reject) => {
    router.server.once('error', reject);
    router.server.listen(world.config.port, '127.0.0.1', resolve);
  });
  world.deliveries.start();
  for (const simulator of simulators) await simulator.start?.();
  world.log(`simulators: listening on ${world.selfUrl}`);
  return {
    world,
    async stop() {
      for (const simulator of simulators) await simulator.stop?.();
      await world.deliveries.stop();
      router.server.closeAllConnections();
      await new Promise((resolve) => router.server.close(resolve));
      world.store.close();
    },
  };
}
