import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock/index.ts';
import {
  startScriptedServer,
  type ScriptedAnswer,
} from '../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../platform/log/index.ts';
import { createTelegramApi } from '../../../platform/telegram/index.ts';
import { checkBot } from './bot.ts';
import { checkWebhook } from './webhook.ts';

const TOKEN = '7:TEST_TOKEN_FOR_VECTORS_ONLY';
const NOW = '2026-11-20T12:00:00.000Z';
const BASE = 'https://api.shop.example/';
const OURS = 'https://api.shop.example/webhooks/telegram/7';

const server = await startScriptedServer();
const log = createLog({ level: 'silent', role: 'test' });
const config = { token: new Secret(TOKEN), apiUrl: server.url };
const telegram = createTelegramApi({ config, clock: systemClock, log });
afterAll(async () => {
  await telegram?.close();
  await server.close();
});
beforeEach(() => {
  server.clear();
});

const say = (method: string, answer: ScriptedAnswer): void => {
  server.answer(`POST /bot${TOKEN}/${method}`, answer);
};
const refused = (status: number): ScriptedAnswer => ({
  status,
  body: { ok: false, error_code: status, description: 'Refused' },
});

describe('the token', () => {
  it('is good when Telegram says who the bot is', async () => {
    const result = { id: 7, is_bot: true, first_name: 'x', username: 'shop_bot' };
    say('getMe', { status: 200, body: { ok: true, result } });
    expect(await checkBot(telegram).run()).toEqual({ state: 'good', says: '@shop_bot lets us in' });
  });

  it.each([401, 404])('is wrong when Telegram answers %i', async (status) => {
    say('getMe', refused(status));
    const found = await checkBot(telegram).run();
    expect(found).toMatchObject({ state: 'wrong', says: 'Telegram refuses the token' });
    expect(found.mend).toContain('@BotFather');
  });

  it.each([refused(500), 'reset' as const, { status: 502, body: '<html>' }])(
    'is not blamed when Telegram does not answer: %o',
    async (answer) => {
      say('getMe', answer);
      const found = await checkBot(telegram).run();
      expect(found.says).toMatch(/^Telegram does not answer/);
      expect(JSON.stringify(found)).not.toContain(TOKEN);
    },
  );

  it('is asked for when there is none', async () => {
    expect(await checkBot(undefined).run()).toMatchObject({ state: 'warning' });
  });
});

describe('where updates go', () => {
  const look = (info: object, webhookBase: string | undefined, isRunning = true) => {
    const result = { has_custom_certificate: false, pending_update_count: 0, ...info };
    say('getWebhookInfo', { status: 200, body: { ok: true, result } });
    return checkWebhook(telegram, { webhookBase, isRunning }, createManualClock(NOW)).run();
  };
  const at = (minutesAgo: number) => Date.parse(NOW) / 1_000 - minutesAgo * 60;

  it('is good: our webhook, or none when the bot polls', async () => {
    expect(await look({ url: OURS }, BASE)).toMatchObject({ state: 'good' });
    const polls = await look({ url: '', pending_update_count: 3 }, undefined);
    expect(polls).toEqual({ state: 'good', says: 'the bot polls, 3 updates wait' });
  });

  it.each([
    ['', 'no webhook is set'],
    ['https://other.example/secret-path', 'Telegram calls other.example, not us'],
  ])('is wrong when Telegram has "%s" instead of ours', async (url, says) => {
    expect(await look({ url }, BASE)).toMatchObject({ state: 'wrong', says });
    expect(await look({ url }, BASE, false)).toMatchObject({ state: 'warning' });
  });

  it('warns of a webhook that keeps our bot from polling', async () => {
    const found = await look({ url: 'https://other.example/x' }, undefined);
    expect(found.says).toBe('Telegram calls other.example, so our bot cannot poll');
  });

  it('warns of a recent error of Telegram, and forgets an old one', async () => {
    const error = { url: OURS, last_error_message: 'Wrong response: 502 Bad Gateway' };
    const recent = await look({ ...error, last_error_date: at(5) }, BASE);
    expect(recent).toMatchObject({ state: 'warning' });
    expect(recent.says).toContain('502 Bad Gateway');
    expect(await look({ ...error, last_error_date: at(90) }, BASE)).toMatchObject({
      state: 'good',
    });
  });

  it('warns when many updates wait', async () => {
    const found = await look({ url: OURS, pending_update_count: 5_000 }, BASE);
    expect(found).toMatchObject({ state: 'warning' });
  });

  it('says nothing of its own when Telegram is away', async () => {
    say('getWebhookInfo', refused(401));
    const expected = { webhookBase: BASE, isRunning: true };
    const found = await checkWebhook(telegram, expected, systemClock).run();
    expect(found).toEqual({ state: 'skipped', says: 'needs the bot' });
  });
});
