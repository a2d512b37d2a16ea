/** Whole dialogs: real modules and database, a scripted Telegram, a payment provider of the test. */
import { Secret } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createAudit } from '../modules/audit/index.ts';
import { createCatalog } from '../modules/catalog/index.ts';
import { createIdentity, createSessions } from '../modules/identity/index.ts';
import { sealing } from '../modules/identity/testing/world.ts';
import { createLedger } from '../modules/ledger/index.ts';
import { createMessaging } from '../modules/messaging/index.ts';
import { createEmailChannel } from '../modules/messaging/channels/email.ts';
import { createTelegramChannel } from '../modules/messaging/channels/telegram.ts';
import { createOrders } from '../modules/orders/index.ts';
import { createPayments } from '../modules/payments/index.ts';
import { createProvisioning } from '../modules/provisioning/index.ts';
import { createRenewals, createSubscriptions } from '../modules/subscriptions/index.ts';
import { systemClock as clock } from '../platform/clock/index.ts';
import { createDoorbell, sql, type Database } from '../platform/db/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../platform/http-client/scripted-server.ts';
import { systemIds as ids } from '../platform/ids/index.ts';
import { createJobs } from '../platform/jobs/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { createTelegramApi } from '../platform/telegram/index.ts';
import { createHandler, type Bot } from './bot.ts';
import type { BotDeps } from './deps.ts';
import { createTestDatabase, silentLog as log } from './testing/database.ts';
import { createTestProviders } from './testing/providers.ts';
import { product, words } from './testing/words.ts';

const TOKEN = '7:TEST_TOKEN_FOR_VECTORS_ONLY';
const API = `POST /bot${TOKEN}/`;

let server: ScriptedServer;
let db: Database;
let bot: Bot;
let isProviderAway = false;
const nobodyEnters = (): never => expect.unreachable();
const closing: (() => Promise<unknown>)[] = [];

const isBanned = async () => false;

function compose(url: string): BotDeps {
  const telegram = createTelegramApi({
    config: { token: new Secret(TOKEN), apiUrl: server.url },
    clock,
    log,
  });
  if (telegram === undefined) throw new Error('no client');
  closing.push(() => telegram.close());
  const doorbell = createDoorbell({ channel: 'bell', url, read: db.read, clock, log });
  const jobs = createJobs({ doorbell });
  const publish = async (): Promise<void> => undefined;
  const letters = { sendCode: publish, sendInvitation: publish, notify: publish };
  const audit = createAudit({ db, clock, ids });
  const identity = createIdentity({ db, ids, clock, audit, letters, publish });
  const catalog = createCatalog({ db, ids, clock, audit });
  const orders = createOrders({ db, ids, clock });
  const describe = async () => ({ description: 'x', language: 'en' as const });
  const payments = createPayments({
    ...{ db, clock, ids, log, audit, orders },
    ledger: createLedger(),
    providers: createTestProviders(clock, () => isProviderAway),
    acceptsTest: true,
    schedule: { baseSeconds: 30, capSeconds: 60 },
    receipts: { enabled: false, email: undefined, vatCode: 1, taxSystem: undefined },
    returnUrl: () => 'https://example.com',
    isResting: () => false,
    ...{ describe, publish, doorbell, sealing },
    counted: () => undefined,
  });
  const common = { db, clock, log, catalog, orders, payments, publish };
  const renewals = createRenewals({ ...common, describe, isBanned });
  const subscriptions = createSubscriptions({
    ...common,
    ids,
    audit,
    renewals,
    policy: product.policy,
  });
  const provisioning = createProvisioning({
    ...{ db, clock, log, jobs, catalog, subscriptions },
    panel: undefined,
    webhook: undefined,
    squads: [],
    isBanned,
    telegramIdOf: async () => undefined,
    publish,
  });
  const messaging = createMessaging({
    db,
    clock,
    ids,
    log,
    jobs,
    channels: {
      telegram: createTelegramChannel({ api: telegram, words }),
      email: createEmailChannel({ mailer: undefined, words, product }),
    },
    mailReports: undefined,
    counted: () => undefined,
    recipientOf: (personId) => identity.contact(personId),
    blocked: async () => undefined,
  });
  return {
    telegram,
    webhookSecret: undefined,
    receiving: { mode: 'polling' },
    pace: 'normal',
    webUrl: 'https://example.com',
    sessions: createSessions({ db, clock, ids, sealing, issuer: { issue: nobodyEnters } }),
    product,
    words,
    db,
    doorbell,
    clock,
    ids,
    log,
    metrics: createMetrics(),
    identity,
    catalog,
    orders,
    payments,
    subscriptions,
    provisioning,
    messaging,
  };
}

let deps: BotDeps;
beforeAll(async () => {
  server = await startScriptedServer();
  const made = await createTestDatabase(inject('postgresUrl'));
  db = made.db;
  deps = compose(made.url);
  await deps.catalog.seed(product.slug, product.plans);
  bot = createHandler(deps, { ...deps, botId: 7n });
  closing.push(made.close, () => server.close());
});
afterAll(async () => {
  for (const close of closing) await close();
});

beforeEach(() => {
  isProviderAway = false;
  server.clear();
  server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
});

type Sent = {
  text?: string;
  reply_markup?: { inline_keyboard: { text: string; callback_data?: string; url?: string }[][] };
};
const calls = (method: string): Sent[] =>
  server.requests
    .filter(({ path }) => path.endsWith(`/${method}`))
    .map(({ body }) => body as Sent /* what the bot itself wrote */);
const last = (method: string): Sent => calls(method).at(-1) ?? {};
const button = (sent: Sent, label: string) =>
  sent.reply_markup?.inline_keyboard.flat().find(({ text }) => text.startsWith(label));

let nextId = 1_000;
const user = (id: number, name = 'Olga', language = 'ru') => ({
  id,
  first_name: name,
  language_code: language,
});
const somebody = () => user((nextId += 1));
const say = async (from: object & { id: number }, text: string, type = 'private') => {
  await bot.handle({ update_id: 1, message: { chat: { id: from.id, type }, from, text } }, 1);
  return last('sendMessage');
};
const tap = async (from: object & { id: number }, data: string | undefined) => {
  const message = { message_id: 9, chat: { id: from.id, type: 'private' } };
  await bot.handle({ update_id: 1, callback_query: { id: 'q', from, data, message } }, 1);
  return last('editMessageText');
};

async function chooseWay(from: object & { id: number }): Promise<Sent> {
  const plans = await say(from, '/plans');
  const price = await tap(from, button(plans, '1')?.callback_data);
  return tap(from, button(price, 'Оплатить')?.callback_data);
}

async function buy(from: object & { id: number }, way = 'Карта'): Promise<Sent> {
  return tap(from, button(await chooseWay(from), way)?.callback_data);
}

describe('buying', () => {
  it('leads from the shop window to a link of the payment service, and pressing twice is one order', async () => {
    const from = somebody();
    const bill = await buy(from);
    expect(button(bill, 'Перейти')?.url).toContain('https://pay.example/pay_');
    const again = await buy(from);
    expect(button(again, 'Перейти')?.url).toBe(button(bill, 'Перейти')?.url);
    expect(calls('answerCallbackQuery')).toHaveLength(6);
  });

  it('asks each way for its own price: Stars for Stars, in an order of its own', async () => {
    const from = somebody();
    expect((await chooseWay(from)).text).toMatch(/199.*\nTelegram Stars: <b>150.★<\/b>/u);
    const stars = await buy(from, 'Telegram Stars');
    expect(stars.text).toMatch(/150.★/u);
    const roubles = await buy(from);
    expect(roubles.text).toMatch(/199.₽/u);
    const links = [stars, roubles].map((bill) => button(bill, 'Перейти')?.url);
    expect(new Set(links).size).toBe(2);
  });

  it('opens the plan a link of the site names, and the window for one it does not know', async () => {
    const from = somebody();
    expect((await say(from, '/start plan_month-12')).text).toContain('12 месяцев');
    expect((await say(from, '/start plan_nothing')).text).toContain('Тарифы');
    expect((await say(from, "/start plan_';drop")).text).toContain('2GETPRO');
  });

  it('says plainly that the payment service is away, and tries the same order again', async () => {
    const from = somebody();
    isProviderAway = true;
    const away = await buy(from);
    expect(away.text).toContain('Деньги не списаны');
    isProviderAway = false;
    const ways = await tap(from, button(away, 'Повторить')?.callback_data);
    const bill = await tap(from, button(ways, 'Карта')?.callback_data);
    expect(button(bill, 'Перейти')?.url).toContain('https://pay.example/pay_');
  });

  it('never says "declined" while nothing is known', async () => {
    const from = somebody();
    const bill = await buy(from);
    const checked = await tap(from, button(bill, 'Проверить')?.callback_data);
    expect(checked.text).toContain('Оплаты пока не видно');
    expect(last('answerCallbackQuery').text).toBe('Оплаты пока не видно');
  });
});

describe('a forged or old button', () => {
  it('gives the same answer for somebody else’s payment as for one that never was', async () => {
    const bill = await buy(somebody());
    const data = button(bill, 'Проверить')?.callback_data;
    const thief = somebody();
    const stolen = await tap(thief, data);
    const toast = last('answerCallbackQuery').text;
    expect(stolen.text).toContain('Что сделать?');
    expect(await tap(thief, `1:check:pay_${'0'.repeat(26)}`)).toMatchObject({ text: stolen.text });
    expect(last('answerCallbackQuery').text).toBe(toast);
  });

  it('of a plan version that is gone shows what is sold now', async () => {
    const shown = await tap(somebody(), `1:pay:plv_${'0'.repeat(26)}`);
    expect(shown.text).toContain('Выберите срок');
    expect(last('answerCallbackQuery').text).toContain('Тариф изменился');
  });

  it('without sense shows the menu beside the message', async () => {
    await tap(somebody(), 'drop table');
    expect(calls('editMessageText')).toHaveLength(0);
    expect(last('sendMessage').text).toContain('Что сделать?');
    expect(last('answerCallbackQuery').text).toContain('устарела');
  });

  it('under a fact leaves the fact where it is', async () => {
    await tap(somebody(), '1!menu');
    expect(calls('editMessageText')).toHaveLength(0);
    expect(calls('sendMessage')).toHaveLength(1);
  });
});

describe('people', () => {
  it('are greeted by the name they gave, whatever is in it', async () => {
    const from = user((nextId += 1), '</b><a href="x">&', 'en');
    await bot.apologise(
      { update_id: 1, message: { chat: { id: from.id, type: 'private' }, from } },
      'x',
    );
    expect(last('sendMessage').text).toContain('This did not work');
    expect((await say(from, '/start')).text).not.toContain('<a');
  });

  it('choose their language, and every later word is in it', async () => {
    const from = somebody();
    expect((await tap(from, '1:speak:en')).text).toContain('What would you like to do?');
    expect((await say(from, '/plans')).text).toContain('Choose a term');
  });

  it('who are banned see only where to write', async () => {
    const from = somebody();
    await say(from, '/menu');
    await sql`update person set state = 'banned' where id = (
      select person_id from person_identity where subject = ${String(from.id)})`.execute(db.read);
    expect((await say(from, '/plans')).text).toContain('Аккаунт закрыт');
    expect((await tap(from, '1:plans')).text).toContain('Аккаунт закрыт');
  });

  it('who block the bot are left alone, and remembered when they come back', async () => {
    const from = somebody();
    await say(from, '/menu');
    const chat = { id: from.id, type: 'private' };
    const member = (status: string) => ({
      update_id: 1,
      my_chat_member: { chat, from, new_chat_member: { status } },
    });
    const person = await deps.identity.resolveTelegram({
      id: BigInt(from.id),
      firstName: 'O',
      username: undefined,
      languageCode: 'ru',
    });
    await bot.handle(member('kicked'), 1);
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(true);
    await bot.handle(member('member'), 1);
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(false);
    server.answer(`${API}sendMessage`, {
      status: 403,
      body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    await say(from, '/menu');
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(true);
  });

  it('who ask too often are told once', async () => {
    const from = somebody();
    for (let at = 0; at < 33; at += 1) await say(from, '/menu');
    expect(calls('sendMessage')).toHaveLength(31);
    expect(last('sendMessage').text).toContain('Слишком часто');
  });
});

describe('the chat', () => {
  it('of a group gets one polite line, and only for a command', async () => {
    const from = somebody();
    await say(from, 'hello', 'supergroup');
    expect(calls('sendMessage')).toHaveLength(0);
    expect((await say(from, '/start', 'supergroup')).text).toContain('личной переписке');
  });

  it('does not mind a screen that is there already, and sends anew one that was deleted', async () => {
    const refuse = (description: string) => ({
      status: 400,
      body: { ok: false, error_code: 400, description },
    });
    server.answer(
      `${API}editMessageText`,
      refuse('Bad Request: message is not modified: x'),
      refuse('Bad Request: message to edit not found'),
    );
    await tap(somebody(), '1:menu');
    expect(calls('sendMessage')).toHaveLength(0);
    await tap(somebody(), '1:menu');
    expect(calls('sendMessage')).toHaveLength(1);
  });

  it('answers the tap even when the screen fails', async () => {
    server.answer(`${API}editMessageText`, {
      status: 500,
      body: { ok: false, error_code: 500, description: 'x' },
    });
    await expect(tap(somebody(), '1:menu')).rejects.toThrow();
    expect(calls('answerCallbackQuery')).toHaveLength(1);
  });

  it('answers stickers and words it does not know with what it can do', async () => {
    const from = somebody();
    await bot.handle(
      { update_id: 1, message: { chat: { id: from.id, type: 'private' }, from } },
      1,
    );
    expect(last('sendMessage').text).toContain('Я понимаю кнопки');
  });
});
