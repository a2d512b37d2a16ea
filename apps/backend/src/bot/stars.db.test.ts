/** Stars from the link to the books: real modules and database, a scripted Telegram. */
import { money, Secret } from '@opora/kernel';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createAudit } from '../modules/audit/index.ts';
import { createIdentity, type Identity } from '../modules/identity/index.ts';
import { createLedger } from '../modules/ledger/index.ts';
import { createOrders, type Orders } from '../modules/orders/index.ts';
import {
  createPayments,
  createProviders,
  type Payment,
  type Payments,
} from '../modules/payments/index.ts';
import { sql, type Database } from '../platform/db/index.ts';
import { createHttpClient } from '../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../platform/http-client/scripted-server.ts';
import { createHttp, type Http } from '../platform/http/index.ts';
import { systemIds as ids } from '../platform/ids/index.ts';
import { sealing } from '../modules/identity/testing/world.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { createTelegramApi, type TelegramApi } from '../platform/telegram/index.ts';
import { createInbox } from './inbox.ts';
import { startPolling } from './polling.ts';
import { createStarsDesk, type StarsDesk } from './stars.ts';
import { createTestDatabase, silentLog as log } from './testing/database.ts';
import { speech, words } from './testing/words.ts';
import { createWebhook } from './webhook.ts';
import { silentLetters } from '../../test/silent-letters.ts';

const TOKEN = '7:TEST_TOKEN_FOR_VECTORS_ONLY';
const API = `POST /bot${TOKEN}`;
const SECRET = 'Zx9_secret-TOKEN_0001';
const BUYER = { id: 12_321_321, is_bot: false, first_name: 'Анна', language_code: 'ru' };
const PRICE = money(250n, 'XTR');

let server: ScriptedServer;
let db: Database;
let clock: ManualClock;
let telegram: TelegramApi;
let identity: Identity;
let orders: Orders;
let payments: Payments;
let desk: StarsDesk;
let inbox: ReturnType<typeof createInbox>;
let http: Http;
let book: object[];
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startScriptedServer();
  const made = await createTestDatabase(inject('postgresUrl'));
  db = made.db;
  clock = createManualClock();
  const api = createTelegramApi({
    config: { token: new Secret(TOKEN), apiUrl: server.url },
    clock,
    log,
  });
  if (api === undefined) throw new Error('no client');
  telegram = api;
  const calls = createHttpClient({ clock });
  closing.push(...[server, calls, api].map((each) => () => each.close()), made.close);
  compose(calls);
});
afterAll(async () => {
  for (const close of closing) await close();
});

function compose(calls: ReturnType<typeof createHttpClient>): void {
  const publish = async (): Promise<void> => undefined;
  const audit = createAudit({ db, clock, ids });
  const webhookSecret = new Secret(SECRET);
  identity = createIdentity({ db, ids, clock, audit, letters: silentLetters, publish });
  orders = createOrders({ db, ids, clock });
  const doorbell = { ring: () => undefined, listen: () => ({ stop: async () => undefined }) };
  const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
  payments = createPayments({
    ...{ db, clock, ids, log, audit, orders, publish, doorbell, sealing, ledger: createLedger() },
    providers: createProviders(
      { telegram: { webhookSecret } },
      { http: calls, clock, log, breaker, telegram },
    ),
    handLimits: [],
    acceptsTest: false,
    schedule: { baseSeconds: 30, capSeconds: 60 },
    receipts: { enabled: false, email: undefined, vatCode: 1, taxSystem: undefined },
    returnUrl: () => 'https://example.com',
    ...{ isResting: () => false, emailOf: () => Promise.resolve(undefined) },
    describe: async () => ({ description: 'x', language: 'en' }),
    counted: () => undefined,
  });
  inbox = createInbox({ db, clock, doorbell });
  const parts = { telegram, webhookSecret, payments, orders, identity, words, clock, log };
  desk = createStarsDesk(parts);
  http = createHttp({ log, ids, clock, trustedProxies: [] });
  const taken = createMetrics().counter('taken', 'Taken.', ['outcome']);
  const webhook = { botId: 7n, secret: webhookSecret, inbox, stars: desk, log, taken };
  void http.app.register(createWebhook(webhook));
}

beforeEach(async () => {
  await sql`truncate bot_update, payment_notice, payment_refusal`.execute(db.read);
  server.clear();
  book = [];
  server.answer(`${API}/createInvoiceLink`, ok('https://t.me/$AbCdEf'));
  server.answer(`${API}/answerPreCheckoutQuery`, ok(true));
  server.answer(`${API}/refundStarPayment`, ok(true));
  server.answerWith(`${API}/getStarTransactions`, ({ body }) => {
    const { offset, limit } = body as { offset: number; limit: number }; // what our adapter sent
    return ok({ transactions: book.slice(offset, offset + limit) });
  });
});

const ok = (result: unknown) => ({ status: 200, body: { ok: true, result } });

async function bill(): Promise<Payment> {
  const person = await identity.resolveTelegram({
    id: BigInt(BUYER.id),
    firstName: BUYER.first_name,
    username: undefined,
    languageCode: 'ru',
  });
  const order = await orders.place({
    personId: person.id,
    product: 'vpn',
    planVersionId: ids.next('plv'),
    amount: PRICE,
  });
  return payments.start({
    orderId: order.id,
    provider: 'stars',
    language: 'ru',
    description: 'Месяц',
  });
}

const question = (payload: string, change: object = {}) => ({
  update_id: 1,
  pre_checkout_query: {
    ...{ id: '52911', from: BUYER, currency: 'XTR', total_amount: 250, invoice_payload: payload },
    ...change,
  },
});

const moved = (
  kind: 'successful_payment' | 'refunded_payment',
  payload: string,
  charge: string,
) => ({
  update_id: 2,
  message: {
    ...{ message_id: 41, date: 1_763_680_000, from: BUYER },
    chat: { id: BUYER.id, type: 'private' },
    [kind]: {
      ...{ currency: 'XTR', total_amount: 250, invoice_payload: payload },
      telegram_payment_charge_id: charge,
    },
  },
});

function charged(payload: string, charge: string): void {
  const partner = { type: 'user', transaction_type: 'invoice_payment', user: BUYER };
  const source = { ...partner, invoice_payload: payload };
  book.push({ id: charge, amount: 250, date: 1_763_680_000, source });
}

async function send(update: object, secret = SECRET): Promise<number> {
  const answer = await http.app.inject({
    method: 'POST',
    url: '/webhooks/telegram/7',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    payload: JSON.stringify(update),
  });
  return answer.statusCode;
}

const answered = () => server.requests.filter(({ path }) => path.endsWith('PreCheckoutQuery'));
const count = async (table: string): Promise<number> => {
  const rows = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
    db.read,
  );
  return rows.rows[0]?.n ?? -1;
};
const outcomes = async () => {
  const rows = await sql<{ outcome: string | null }>`
    select outcome from payment_notice order by id`.execute(db.read);
  return rows.rows.map(({ outcome }) => outcome);
};

async function settled(charge: string): Promise<Payment> {
  const payment = await bill();
  charged(payment.id, charge);
  await send(moved('successful_payment', payment.id, charge));
  await payments.judgeNotices();
  return payments.find(payment.id);
}

describe('the question before a payment', () => {
  it('is answered yes at the door for an open bill, and stored nowhere', async () => {
    const payment = await bill();
    expect(payment).toMatchObject({ state: 'pending', reference: undefined });
    expect(await send(question(payment.id))).toBe(200);
    expect(answered().map(({ body }) => body)).toEqual([
      { pre_checkout_query_id: '52911', ok: true },
    ]);
    expect([await count('bot_update'), await count('payment_notice')]).toEqual([0, 0]);
    expect((await payments.find(payment.id)).settledAt).toBeUndefined();
  });

  it.each<[string, (payload: string) => object]>([
    ['another sum', (id) => question(id, { total_amount: 249 })],
    ['another currency', (id) => question(id, { currency: 'RUB' })],
    ['somebody else', (id) => question(id, { from: { ...BUYER, id: 5 } })],
    ['a bill nobody knows', () => question('pay_unknown')],
  ])('is answered no for %s, in the language of who asks', async (_name, asked) => {
    const payment = await bill();
    await send(asked(payment.id));
    expect(answered()[0]?.body).toMatchObject({
      ok: false,
      error_message: speech.ru.plain('stars.closed'),
    });
  });

  it('is answered no for a bill that was paid, and for one whose time is over', async () => {
    const paid = await settled('stx_paid_before');
    const late = await bill();
    await send(question(paid.id));
    await clock.advance(60 * 60_000);
    await send(question(late.id));
    expect(answered().map(({ body }) => body)).toMatchObject([{ ok: false }, { ok: false }]);
  });

  it('is answered no in time when the database is slow', async () => {
    const payment = await bill();
    let unlock = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => {
      void db.transaction(async (tx) => {
        await sql`lock table payment in access exclusive mode`.execute(tx);
        resolve();
        await new Promise<void>((done) => {
          unlock = done;
        });
      });
    });
    await isLocked;
    const sending = send(question(payment.id));
    await expect.poll(() => clock.advance(4_000).then(() => answered().length)).toBe(1);
    expect(await sending).toBe(200);
    unlock();
    const error_message = speech.ru.plain('stars.unsure');
    expect(answered()[0]?.body).toMatchObject({ ok: false, error_message });
  });

  it('comes again when the answer did not reach Telegram, not when it is too old', async () => {
    const payment = await bill();
    server.answer(`${API}/answerPreCheckoutQuery`, 'reset');
    expect(await send(question(payment.id))).toBeGreaterThanOrEqual(500);
    const description = 'Bad Request: query is too old and response timeout expired';
    const body = { ok: false, error_code: 400, description };
    server.answer(`${API}/answerPreCheckoutQuery`, { status: 400, body });
    expect(await send(question(payment.id))).toBe(200);
  });

  it('of a stranger without the secret is not even read', async () => {
    const payment = await bill();
    expect(await send(question(payment.id), 'guess')).toBe(401);
    expect(answered()).toEqual([]);
  });
});

describe('Stars that were paid', () => {
  it('are a notice before Telegram is told, and settle the payment under their charge', async () => {
    const payment = await bill();
    charged(payment.id, 'stx_one');
    expect(await send(moved('successful_payment', payment.id, 'stx_one'))).toBe(200);
    expect([await count('bot_update'), await count('payment_notice')]).toEqual([0, 1]);
    await payments.judgeNotices();
    expect(await payments.find(payment.id)).toMatchObject({
      state: 'settled',
      reference: 'stx_one',
      amount: PRICE,
    });
    expect((await orders.find(payment.orderId)).state).toBe('paid');
  });

  it('leave no secret in our tables', async () => {
    const payment = await bill();
    await send(moved('successful_payment', payment.id, 'stx_secret'));
    const headers = { 'x-telegram-bot-api-secret-token': 'nearly' };
    const raw = { method: 'POST', query: '', headers, body: Buffer.from('{}') } as const;
    await payments.accept('stars', { ...raw, remoteAddress: '', receivedAt: clock.now() });
    const rows = await sql<{ headers: object }>`
      select headers from payment_notice union all select headers from payment_refusal`.execute(
      db.read,
    );
    expect(rows.rows).toEqual([{ headers: {} }, { headers: {} }]);
  });

  it('count once, however often they are told', async () => {
    const payment = await settled('stx_again');
    const update = moved('successful_payment', payment.id, 'stx_again');
    expect(await send({ ...update, update_id: 3 })).toBe(200);
    expect(await count('payment_notice')).toBe(1);
    await payments.judgeNotices();
    expect(await outcomes()).toEqual(['moved']);
  });

  it('twice for one bill are two charges: the second is a payment of its own (principle 7)', async () => {
    const payment = await settled('stx_first');
    charged(payment.id, 'stx_second');
    await send(moved('successful_payment', payment.id, 'stx_second'));
    await payments.judgeNotices();
    expect(await outcomes()).toEqual(['moved', 'moved']);
    expect((await payments.find(payment.id)).reference).toBe('stx_first');
    const second = await sql<{ state: string; second_of: string }>`
      select state, second_of from payment where reference = 'stx_second'`.execute(db.read);
    expect(second.rows).toEqual([{ state: 'settled', second_of: payment.id }]);
  });

  it('and never told are found by asking, with the button and without', async () => {
    const [one, other] = [await bill(), await bill()];
    expect(await payments.look(one.id)).toMatchObject({ state: 'pending' });
    charged(one.id, 'stx_looked');
    charged(other.id, 'stx_asked');
    expect(await payments.look(one.id)).toMatchObject({ state: 'settled' });
    await sql`update payment set next_check_at = now() where id = ${other.id}`.execute(db.read);
    await payments.askDue();
    expect(await payments.find(other.id)).toMatchObject({
      state: 'settled',
      reference: 'stx_asked',
    });
  });

  it('come again when they could not be stored', async () => {
    const payment = await bill();
    await sql`alter table payment_notice rename to payment_notice_away`.execute(db.read);
    const update = moved('successful_payment', payment.id, 'stx_later');
    expect(await send(update)).toBeGreaterThanOrEqual(500);
    await sql`alter table payment_notice_away rename to payment_notice`.execute(db.read);
    expect(await send(update)).toBe(200);
    expect(await count('payment_notice')).toBe(1);
  });

  it('in a form we do not know are refused as a notice and kept as an update', async () => {
    const update = moved('successful_payment', 'pay_1', 'no charge at all');
    expect(await send(update)).toBe(200);
    expect([await count('bot_update'), await count('payment_refusal')]).toEqual([1, 1]);
  });

  it('are taken from a poll as well, before what was polled with them is stored', async () => {
    const payment = await bill();
    const message = { chat: { id: 5, type: 'private' }, text: 'x' };
    const polled = [
      question(payment.id),
      moved('successful_payment', payment.id, 'stx_polled'),
      { update_id: 3, message },
    ];
    server.answer(`${API}/getWebhookInfo`, ok({ url: '' }));
    server.answer(`${API}/getUpdates`, ok(polled), 'silence');
    const lease = { hold: async () => 1n, release: async () => undefined };
    const polling = startPolling({ telegram, inbox, stars: desk, clock, log, lease });
    await expect.poll(() => count('bot_update')).toBe(1);
    await polling.stop();
    expect(answered()).toHaveLength(1);
    expect(await count('payment_notice')).toBe(1);
    expect(server.requests.find(({ path }) => path.endsWith('getUpdates'))?.body).toMatchObject({
      allowed_updates: expect.arrayContaining(['pre_checkout_query']),
    });
  });
});

describe('Stars that went back', () => {
  it('by our refund are asked of Telegram once and booked', async () => {
    const payment = await settled('stx_refund');
    server.answerWith(`${API}/refundStarPayment`, () => {
      const receiver = { type: 'user', transaction_type: 'invoice_payment', user: BUYER };
      book.push({ id: 'stx_refund', amount: 250, date: 1_763_690_000, receiver });
      return ok(true);
    });
    const wish = { paymentId: payment.id, amount: PRICE, reason: 'asked', idempotencyKey: 'k1' };
    expect(await payments.refund(wish)).toMatchObject({ state: 'refunded' });
    expect(await payments.refund(wish)).toMatchObject({ state: 'refunded' });
    expect(await payments.find(payment.id)).toMatchObject({ state: 'refunded' });
    const asked = server.requests.filter(({ path }) => path.endsWith('refundStarPayment'));
    expect(asked).toHaveLength(1);
  });

  it('without us are booked when Telegram tells', async () => {
    const payment = await settled('stx_back');
    const receiver = { type: 'user', transaction_type: 'invoice_payment', user: BUYER };
    book.push({ id: 'stx_back', amount: 250, date: 1_763_690_000, receiver });
    expect(await send(moved('refunded_payment', payment.id, 'stx_back'))).toBe(200);
    await payments.judgeNotices();
    expect(await payments.find(payment.id)).toMatchObject({ state: 'refunded', refunded: PRICE });
  });
});
