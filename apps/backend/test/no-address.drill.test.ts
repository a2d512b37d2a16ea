/**
 * A platform that nobody outside can reach (README, real tokens without `OPORA_PUBLIC_URL`): the bot
 * polls, no notice ever arrives, payments are found by asking, and the sale ends as any other.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { portsFrom } from '../src/config/shape.ts';
import { startOwnPlatform, type OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { beBuyer } from '../src/operations/drills/payments/person.ts';
import {
  createSimulatedWorld,
  type SimulatedWorld,
} from '../src/operations/drills/simulated-world.ts';
import { systemClock as clock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const START_MAX_MS = 120_000;
const SALE_MAX_MS = 90_000;
const SOON = { timeout: 60_000, interval: 200 };

const stopping = new AbortController();
let platform: OwnPlatform;
let world: SimulatedWorld;

beforeAll(async () => {
  platform = await startOwnPlatform({
    clock,
    chance: systemIds.chance,
    keep: false,
    // An address that was entered by hand is a Telegram that has to reach us, and cannot.
    settings: (ports) => ({ TELEGRAM_API_URL: telegramOf(ports) }),
  });
  world = createSimulatedWorld(`http://127.0.0.1:${String(platform.config.ports.simulators)}`);
}, START_MAX_MS);

afterAll(async () => {
  stopping.abort();
  await platform.end();
});

it(
  'sells, is paid and delivers',
  async () => {
    await world.setFault({ target: 'yookassa', kind: 'drop-webhook', probability: 1 }, 1);
    const office = { giveBack: () => Promise.resolve(false) };
    const buyer = { world, clock, office, paid: () => undefined, stopping: stopping.signal };
    const plan = {
      ...({ behaviour: 'pays', provider: 'yookassa', language: 'en' } as const),
      ...({ terms: [0, 0], hesitation: 0, resends: 0 } as const),
    };
    const { chatId, inVain } = await beBuyer(buyer, plan, 'Ann');
    expect(inVain).toEqual([]);
    await expect.poll(async () => (await world.panelUsers()).length, SOON).toBe(1);
    const told = async () => (await world.chat(chatId)).map(({ text }) => text).join('\n');
    await expect.poll(told, SOON).toMatch(/Paid/);

    const deliveries = await world.till('yookassa').deliveries();
    expect(deliveries.flatMap(({ answers }) => answers)).toEqual([]);
  },
  SALE_MAX_MS,
);

const telegramOf = ({ simulators }: ReturnType<typeof portsFrom>): string =>
  `http://127.0.0.1:${String(simulators)}/telegram`;
