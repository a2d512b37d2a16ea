import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeBot, type FakeBot } from './testing/fake-bot.ts';
import { createManualClock } from './testing/manual-clock.ts';
import { startRunning, type Running } from './testing/running.ts';

let telegram: Running;
let bot: FakeBot;

beforeEach(async () => {
  telegram = await startRunning();
  bot = await startFakeBot();
});

afterEach(async () => {
  await telegram.stop();
  await bot.stop();
});

const listen = (more: object = {}): Promise<unknown> =>
  telegram.api('setWebhook', { url: bot.url, ...more });

async function person(): Promise<number> {
  return (await telegram.control('POST', '/people', {})).body.id;
}

const say = (id: number, text: string): Promise<unknown> =>
  telegram.control('POST', `/people/${String(id)}/messages`, { text });

async function pending(): Promise<number> {
  return (await telegram.control('GET', '/updates/pending')).body.count;
}

describe('updates by webhook', () => {
  it('carry the secret and leave the queue with two ticks after a 2xx', async () => {
    await listen({ secret_token: 'Secret_-1' });
    const olga = await person();
    await say(olga, '/start');
    const update = await bot.next();
    expect(update.headers['x-telegram-bot-api-secret-token']).toBe('Secret_-1');
    expect(await pending()).toBe(1);
    update.answer(200);
    await say(olga, 'да');
    expect((await bot.next()).updateId).toBe(update.updateId + 1);
    const { body } = await telegram.control('GET', `/people/${String(olga)}/messages`);
    expect(body.messages.map(({ text, taken }) => [text, taken])).toEqual([
      ['/start', true],
      ['да', undefined],
    ]);
  });

  it('wait for the answer to the previous one of their chat, but not of another chat', async () => {
    await listen();
    const [olga, john] = [await person(), await person()];
    await say(olga, 'one');
    await say(olga, 'two');
    await say(john, 'three');
    const first = await bot.next();
    expect([first.text, (await bot.next()).text]).toEqual(['one', 'three']);
    expect(bot.unread).toBe(0);
    first.answer(204);
    expect((await bot.next()).text).toBe('two');
  });

  it('respect max_connections', async () => {
    await listen({ max_connections: 1 });
    await say(await person(), 'one');
    await say(await person(), 'two');
    const first = await bot.next();
    await say(await person(), 'three');
    expect(bot.unread).toBe(0);
    first.answer(200);
    expect((await bot.next()).text).toBe('two');
  });

  it('are repeated with growing pauses until taken, and the error can be asked for', async () => {
    await listen();
    const olga = await person();
    await say(olga, 'one');
    await say(olga, 'two');
    for (const pause of [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000]) {
      (await bot.next()).answer(500);
      await telegram.clock.asleepFor(pause);
      telegram.clock.advance(pause);
    }
    const last = await bot.next();
    const info = await telegram.api('getWebhookInfo');
    expect(info.result).toMatchObject({
      pending_update_count: 2,
      last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
    });
    last.answer(200);
    expect([last.text, (await bot.next()).text]).toEqual(['one', 'two']);
    expect(await pending()).toBe(1);
  });

  it('are forgotten after a day', async () => {
    await say(await person(), 'one');
    telegram.clock.advance(24 * 60 * 60 * 1_000 + 1);
    await listen();
    await say(await person(), 'two');
    expect((await bot.next()).text).toBe('two');
  });

  it('run the method that the bot puts into its answer', async () => {
    await listen();
    const olga = await person();
    await say(olga, '/start');
    (await bot.next()).answer(200, { method: 'sendMessage', chat_id: olga, text: 'Привет' });
    await say(olga, 'да');
    await bot.next();
    const { body } = await telegram.control('GET', `/people/${String(olga)}/messages`);
    expect(body.messages.map((each) => each.text)).toEqual(['/start', 'Привет', 'да']);
  });
});

describe('faults of delivery', () => {
  const fault = (kind: 'duplicate' | 'reorder' | 'drop-webhook'): void => {
    telegram.world.faults.set({ target: 'telegram', kind, probability: 1, seed: 1 });
  };

  it('duplicate sends an update twice at the same time', async () => {
    await listen();
    fault('duplicate');
    await say(await person(), 'one');
    const [one, other] = [await bot.next(), await bot.next()];
    expect(other.updateId).toBe(one.updateId);
  });

  it('reorder lets a later update of the same chat overtake', async () => {
    await listen();
    const olga = await person();
    fault('reorder');
    await say(olga, 'one');
    telegram.world.faults.clear();
    await say(olga, 'two');
    (await bot.next()).answer(200);
    telegram.clock.advance(3_000);
    expect((await bot.next()).text).toBe('one');
  });

  it('drop-webhook loses the answer, so a taken update comes again', async () => {
    await listen();
    fault('drop-webhook');
    await say(await person(), 'one');
    const first = await bot.next();
    first.answer(200);
    await telegram.clock.asleepFor(1_000);
    telegram.world.faults.clear();
    telegram.clock.advance(1_000);
    expect((await bot.next()).updateId).toBe(first.updateId);
  });
});

describe('a restart of Telegram', () => {
  it('keeps people, chats, the webhook, the queue and the count of updates', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telegram-'));
    const clock = createManualClock();
    const before = await startRunning({ folder, clock });
    await before.api('setWebhook', { url: bot.url });
    const { id } = (await before.control('POST', '/people', { name: 'Ольга' })).body;
    const path = `/people/${String(id)}/messages`;
    await before.control('POST', path, { text: '/start' });
    const lost = await bot.next();
    await before.stop();

    const after = await startRunning({ folder, clock });
    const again = await bot.next();
    expect([again.updateId, again.text]).toEqual([lost.updateId, '/start']);
    again.answer(200);
    const said = await after.control('POST', path, { text: 'да' });
    expect(said.body.updateId).toBe(lost.updateId + 1);
    const { body } = await after.control('GET', path);
    expect(body.messages.map((each) => each.text)).toEqual(['/start', 'да']);
    await after.stop();
    rmSync(folder, { recursive: true });
  });
});
