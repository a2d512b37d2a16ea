/**
 * The alert of silence and its recovery, as the operators read them: the worker's own round over
 * providers, the jobs it adds, and what Telegram is asked to show in their chat.
 */
import { Secret } from '@opora/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { words } from '../src/bot/testing/words.ts';
import { createTelegramChannel } from '../src/modules/messaging/channels/telegram.ts';
import { runProviderWatch } from '../src/modules/payments/edge/watch.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../src/platform/http-client/scripted-server.ts';
import { createMetrics } from '../src/platform/metrics/index.ts';
import { createTelegramApi, type TelegramApi } from '../src/platform/telegram/index.ts';
import { createAdminWorld, OPERATORS, type AdminWorld } from './admin-world.ts';
import { quietLog } from './database.ts';

const MINUTE_MS = 60_000;

let server: ScriptedServer;
let telegram: TelegramApi;
let world: AdminWorld;
let metrics: ReturnType<typeof createMetrics>;

beforeAll(async () => {
  server = await startScriptedServer();
  server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
  const config = { token: new Secret('7:TEST_TOKEN_FOR_VECTORS_ONLY'), apiUrl: server.url };
  const api = createTelegramApi({ config, clock: systemClock, log: quietLog() });
  if (api === undefined) throw new Error('no client of Telegram');
  telegram = api;
  world = await createAdminWorld({ telegram: createTelegramChannel({ api, words }) });
});
afterAll(async () => {
  await world.close();
  await telegram.close();
  await server.close();
});

/** Somebody pays; the provider is asked about it, or says so itself. */
async function pay(how: 'asked' | 'told'): Promise<void> {
  const order = await world.placeOrder(await world.meet());
  const { reference } = await world.startPayment(order);
  await world.clock.advance(20_000);
  world.provider.change(reference, { state: 'settled' });
  if (how === 'told') {
    await world.notify(reference);
    await world.payments.judgeNotices();
  } else {
    await world.everythingDue();
    await world.payments.askDue();
  }
}

/** One round of the worker, and every job it leads to; what the operators' chat shows by it. */
async function read(): Promise<string[]> {
  metrics = createMetrics();
  const watch = runProviderWatch({ ...world, metrics, log: quietLog() });
  await watch.stop();
  server.clear();
  server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
  await world.runJobs();
  return server.requests
    .filter(({ path }) => path.endsWith('/sendMessage'))
    .map(({ body }) => body as { chat_id: number; text: string }) // what our channel wrote
    .filter(({ chat_id: chat }) => BigInt(chat) === OPERATORS)
    .map(({ text }) => text);
}

it('tells the chat once that notices stopped, and once that they come again', async () => {
  await pay('told');
  expect(await read()).toEqual([]);
  await world.clock.advance(MINUTE_MS);
  await pay('asked');
  await pay('asked');
  await world.clock.advance(10 * MINUTE_MS);
  const [stopped, ...more] = await read();
  expect(more).toEqual([]);
  expect(stopped).toContain('🔴 <b>YooKassa</b>: its notices of payments do not come');
  expect(stopped).toContain('Paid without them: 2.');
  expect(stopped).toContain('https://shop.test/admin/providers');
  expect(await read()).toEqual([]);
  await pay('told');
  const [heard, ...others] = await read();
  expect(others).toEqual([]);
  expect(heard).toContain('🟢 <b>YooKassa</b>: its notices come again');
  expect(await read()).toEqual([]);
});
