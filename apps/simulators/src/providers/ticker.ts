import type { World } from '../world.ts';

/** How often a vendor looks at its clock: late buyers and passed deadlines. */
const TICK_MS = 500;

/** What time does at a vendor: `tick` is called from `start` to `stop`, with 1, 2, 3... */
export function createTicker(
  world: World,
  tick: (number: number) => void,
): { start(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let number = 1; !stopping.signal.aborted; number += 1) {
      tick(number);
      await world.clock.sleep(TICK_MS, stopping.signal);
    }
  }

  return {
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
