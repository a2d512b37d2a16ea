/** The bot's door for Stars, as its role composes it: the simulated Telegram asks it and tells it. */
import { timingSafeEqual } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { createStarsDesk, SECRET_HEADER } from '../src/bot/stars.ts';
import { words } from '../src/bot/testing/words.ts';
import { createIdentity } from '../src/modules/identity/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createTelegramApi } from '../src/platform/telegram/index.ts';
import { quietLog } from './database.ts';
import type { MoneyWorld } from './money-world.ts';
import { silentLetters } from './silent-letters.ts';

const BOT = '7000000001';
export const BOT_TOKEN = `${BOT}:simulated-token`;
const SECRET = 'stars-door-secret';
export const webhookSecret = new Secret(SECRET);
export const TELEGRAM_PATH = `/webhooks/telegram/${BOT}`;

export function telegramAt(base: string) {
  const config = { token: new Secret(BOT_TOKEN), apiUrl: `${base}/telegram` };
  const telegram = createTelegramApi({ config, clock: systemClock, log: quietLog() });
  if (telegram === undefined) throw new Error('no client of Telegram');
  return telegram;
}

type Telegram = ReturnType<typeof telegramAt>;

/** Tells Telegram where the door is. */
export async function announce(telegram: Telegram, gatewayUrl: string): Promise<void> {
  await telegram.call.setWebhook({ url: `${gatewayUrl}${TELEGRAM_PATH}`, secret_token: SECRET });
}

/** One update of Telegram's; the status that answers it. */
export function createStarsDoor(world: MoneyWorld, telegram: Telegram) {
  const { db, clock, audit, payments, orders } = world;
  const publish = (): Promise<void> => Promise.resolve();
  const identity = createIdentity({
    db,
    ids: systemIds,
    clock,
    audit,
    letters: silentLetters,
    publish,
  });
  // Its patience is that of real seconds: the test's clock stands while it judges.
  const parts = { telegram, webhookSecret, payments, orders, identity, words, log: quietLog() };
  const desk = createStarsDesk({ ...parts, clock: { ...systemClock, now: () => clock.now() } });
  return async (headers: Readonly<Record<string, string>>, bytes: Buffer): Promise<number> => {
    const given = Buffer.from(headers[SECRET_HEADER] ?? '');
    const expected = Buffer.from(SECRET);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 401;
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    await desk.take({ body, bytes, from: '149.154.167.220' });
    return 200;
  };
}
