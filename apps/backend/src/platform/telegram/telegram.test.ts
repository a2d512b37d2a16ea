import { inspect } from 'node:util';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChannelUnavailable } from '../../modules/messaging/errors.ts';
import { createTelegramChannel } from '../../modules/messaging/channels/telegram.ts';
import { createBreaker, type OperatedBreaker } from '../breaker/index.ts';
import { createLog } from '../log/index.ts';
import { startScriptedServer, type ScriptedServer } from '../http-client/scripted-server.ts';
import { createWords } from '../words/index.ts';
import {
  createTelegramApi,
  isTelegramAway,
  TelegramUnavailable,
  type TelegramApi,
} from './index.ts';

const TOKEN = '123456789:TEST_TOKEN_FOR_VECTORS_ONLY';
const SEND = `POST /bot/bot${TOKEN}/sendMessage`;
const clock = createManualClock();
const lines: string[] = [];
const log = createLog({ level: 'debug', role: 'test', write: (line) => lines.push(line) });
const text = { paid: '<b>{price}</b> {link}' };
const label = { connectDevice: 'Connect', myAccount: 'Account', menu: 'Menu' };
const locale = { messages: text, buttons: label };
const words = createWords({ locales: { ru: locale, en: locale } });
const message = {
  id: 'msg_1',
  template: 'paid',
  values: {
    price: { money: { minor: '19900', currency: 'RUB' } },
    link: { text: 'https://x.example/<b>&' },
  },
};
const recipient = { address: 42n, language: 'en' } as const;

let server: ScriptedServer;
let api: TelegramApi;

beforeAll(async () => {
  server = await startScriptedServer();
  const config = { token: new Secret(TOKEN), apiUrl: `${server.url}/bot` };
  const made = createTelegramApi({ config, clock, log });
  if (made === undefined) throw new Error('no client');
  api = made;
});
afterAll(async () => {
  await api.close();
  await server.close();
});
beforeEach(() => {
  server.clear();
});

const refuse = (code: number, description: string, parameters?: object) => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
});
const sent = { status: 200, body: { ok: true, result: { message_id: 7 } } };
const channel = () => createTelegramChannel({ api, words });

describe('the client of the Bot API', () => {
  it('knows its bot from the token', () => {
    expect(api.botId).toBe(123456789n);
  });

  it('keeps the token and what was said out of every failure', async () => {
    server.answer(SEND, 'reset');
    const failures = [
      await api.call.sendMessage({ chat_id: 1, text: 'private' }).catch((error: unknown) => error),
    ];
    server.answer(SEND, refuse(400, 'Bad Request: nothing'));
    const refused: unknown = await api.call
      .sendMessage({ chat_id: 1, text: 'private' })
      .catch((error: unknown) => error);
    log.error({ err: refused }, 'failed');
    const all =
      [...failures, refused].map((each) => inspect(each, { depth: 9 })).join() + lines.join();
    expect(all).not.toContain('TEST_TOKEN');
    expect(all).not.toContain('private');
  });

  it('gives up after ten seconds of silence', async () => {
    server.answer(SEND, 'silence');
    const call = api.call.sendMessage({ chat_id: 1, text: 'x' }).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await call).toBeInstanceOf(TelegramUnavailable);
  });
});

describe('while Telegram is away', () => {
  const TRIES = 5;
  let breaker: OperatedBreaker;
  let guarded: TelegramApi;
  beforeEach(() => {
    breaker = createBreaker({
      ...{ name: 'telegram', clock, ids: { chance: () => 0.5 } },
      countsAsFailure: isTelegramAway,
    });
    const config = { token: new Secret(TOKEN), apiUrl: `${server.url}/bot` };
    const made = createTelegramApi({ config, clock, log, breaker });
    if (made === undefined) throw new Error('no client');
    guarded = made;
  });
  afterEach(() => guarded.close());
  const say = () => guarded.call.sendMessage({ chat_id: 1, text: 'x' });

  it('a call fails at once, touches no network and says when to come again', async () => {
    server.answer(SEND, 'reset');
    for (let at = 0; at < TRIES; at += 1) await expect(say()).rejects.toThrow(TelegramUnavailable);
    expect(breaker.state).toBe('open');
    const asked = server.requests.length;
    await expect(say()).rejects.toMatchObject({
      code: 'telegram.unavailable',
      retryAfterMs: 5_000,
    });
    expect(server.requests).toHaveLength(asked);
  });

  it.each([
    ['a wait it asked for', refuse(429, 'Too Many Requests', { retry_after: 3 })],
    ['a wrong token', refuse(401, 'Unauthorized')],
    ['a person who blocked the bot', refuse(403, 'Forbidden: bot was blocked by the user')],
  ])('%s is not its absence', async (_what, answer) => {
    server.answer(SEND, answer);
    for (let at = 0; at < 2 * TRIES; at += 1) await say().catch(() => undefined);
    expect(breaker.state).toBe('closed');
  });

  it('a long poll goes out all the same: it is no probe, and waits by itself', async () => {
    breaker.force('open', 60_000);
    server.answer(`POST /bot/bot${TOKEN}/getUpdates`, {
      status: 200,
      body: { ok: true, result: [] },
    });
    expect(await guarded.call.getUpdates({ timeout: 30 })).toEqual([]);
    await expect(say()).rejects.toThrow('telegram is open');
  });
});

describe('the channel', () => {
  it('sends escaped words with buttons that keep the message, without previews', async () => {
    server.answer(SEND, sent);
    expect(await channel().send(recipient, message)).toEqual({ outcome: 'sent', reference: '7' });
    expect(server.requests[0]?.body).toMatchObject({
      chat_id: 42,
      parse_mode: 'HTML',
      text: '<b>₽199</b> https://x.example/&lt;b&gt;&amp;',
      link_preview_options: { is_disabled: true },
      disable_notification: false,
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Connect', callback_data: '1!connect', style: 'primary' }],
          [{ text: 'Account', callback_data: '1!account' }],
          [{ text: 'Menu', callback_data: '1!menu' }],
        ],
      },
    });
  });

  it('sends plain words when the markup is refused', async () => {
    server.answer(SEND, refuse(400, "Bad Request: can't parse entities: x"), sent);
    expect((await channel().send(recipient, message)).outcome).toBe('sent');
    expect(server.requests[1]?.body).toMatchObject({ text: '₽199 https://x.example/<b>&' });
    expect(server.requests[1]?.body).not.toHaveProperty('parse_mode');
  });

  it('waits as long as Telegram asks', async () => {
    server.answer(SEND, refuse(429, 'Too Many Requests', { retry_after: 7 }));
    const error: unknown = await channel()
      .send(recipient, message)
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ChannelUnavailable);
    expect(error).toMatchObject({ retryAfterMs: 7_000 });
  });

  it.each([
    [refuse(502, 'Bad Gateway')],
    [{ status: 503, body: '<html>' }],
    [refuse(401, 'Unauthorized')],
    ['reset' as const],
  ])('comes back later after %j', async (answer) => {
    server.answer(SEND, answer);
    await expect(channel().send(recipient, message)).rejects.toThrow(ChannelUnavailable);
  });

  it.each(['Forbidden: bot was blocked by the user', 'Forbidden: user is deactivated'])(
    'knows who is gone: %s',
    async (description) => {
      server.answer(SEND, refuse(403, description));
      expect(await channel().send(recipient, message)).toEqual({ outcome: 'blocked' });
    },
  );

  it('refuses a message it has no words for, and one without its values', async () => {
    expect((await channel().send(recipient, { ...message, template: 'x' })).outcome).toBe(
      'refused',
    );
    expect((await channel().send(recipient, { ...message, values: {} })).outcome).toBe('refused');
    expect(server.requests).toHaveLength(0);
  });

  it('waits while no bot is configured', async () => {
    const nobody = createTelegramChannel({ api: undefined, words });
    await expect(nobody.send(recipient, message)).rejects.toThrow(ChannelUnavailable);
  });
});
