import { inspect } from 'node:util';
import { money, Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedRequest,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import { createTelegramApi } from '../../../../platform/telegram/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import type { PaymentProvider, RawWebhook } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { createProviders, type ProvidersDeps } from '../registry.ts';
import transactions from './fixtures/transactions.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };

const [paid] = vectors;
if (paid === undefined) throw new Error('no vector');
const TOKEN = '123456789:TEST_TOKEN_FOR_VECTORS_ONLY';
const SECRET = paid.secret_token;
const REFERENCE = transactions.sale.id;
const METHOD = `POST /bot${TOKEN}`;
const LINK = 'https://t.me/$AbCdEf0123456789';
const apis: { close(): Promise<void> }[] = [];

const good = (result: unknown) => ({ status: 200, body: { ok: true, result } });
const stars = (minor: bigint) => money(minor, 'XTR');
const refusal = (code: number, description: string) => ({
  status: code,
  body: { ok: false, error_code: code, description },
});

function starsAt(
  baseUrl: string,
  deps: ProvidersDeps,
  secret = SECRET,
): PaymentProvider | undefined {
  const config = { token: new Secret(TOKEN), apiUrl: baseUrl };
  const api = createTelegramApi({ config, clock: deps.clock, log: deps.log });
  if (api === undefined) throw new Error('no client');
  apis.push(api);
  const telegram = { webhookSecret: new Secret(secret) };
  // Time stands still, so that a repeated start gives an equal payment.
  const clock = { ...deps.clock, now: () => new Date('2026-11-20T20:40:00Z') };
  return createProviders({ telegram }, { ...deps, clock, telegram: api }).get('stars');
}

/** Telegram's book: a page by its position, the oldest first. */
function keepsBook(server: ScriptedServer, book: readonly unknown[]): void {
  server.answerWith(`${METHOD}/getStarTransactions`, ({ body }: ScriptedRequest) => {
    const { offset, limit } = body as { offset: number; limit: number }; // what our adapter sent
    return good({ transactions: book.slice(offset, offset + limit) });
  });
}

function rawNotice(secret: string | undefined): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
    body: Buffer.from(paid?.body_utf8 ?? ''),
    remoteAddress: '149.154.167.220',
    receivedAt: new Date('2026-11-20T20:46:40Z'),
  };
}

providerConformance({
  name: 'stars',
  create: starsAt,
  createWithoutSecrets: (baseUrl, deps) => starsAt(baseUrl, deps, ''),
  secrets: [TOKEN.slice(10), SECRET],
  reference: REFERENCE,
  // What a transaction is for: the nearest to a status that Telegram has.
  statuses: { invoice_payment: 'settled' },
  sent: ({ minor }) => `"amount":${String(minor)}}`,
  script: {
    starts: (server) => {
      server.answer(`${METHOD}/createInvoiceLink`, good(LINK), good(`${LINK}x`));
    },
    shows(server, { status, amount, refunded }) {
      const { sale, back } = transactions;
      const source = { ...sale.source, transaction_type: status };
      const shown = { ...sale, amount: Number(amount.minor), source };
      const given = { ...back, amount: Number(refunded.minor) };
      keepsBook(server, refunded.minor > 0n ? [shown, given] : [shown]);
    },
    refunds(server, remainder) {
      keepsBook(server, [{ ...transactions.sale, amount: Number(remainder.minor) }]);
      server.answer(`${METHOD}/refundStarPayment`, good(true));
    },
    missing: good({ transactions: [] }),
    tooMany: {
      status: 429,
      body: { ...refusal(429, 'Too Many Requests').body, parameters: { retry_after: 7 } },
    },
    retryAfterMs: 7_000,
  },
  notice: rawNotice(SECRET),
  forged: {
    'another secret': rawNotice('Zx9_secret-TOKEN_0002'),
    'an empty secret': rawNotice(''),
    'no secret': rawNotice(undefined),
    'a longer secret': rawNotice(`${SECRET}x`),
    'the secret twice': rawNotice(`${SECRET}, ${SECRET}`),
  },
  fuzz: {
    signs: (text) => ({ ...rawNotice(SECRET), body: Buffer.from(text) }),
    notices: vectors.map(({ body_utf8 }) => JSON.parse(body_utf8)),
    inNotice: {
      facts: ['currency', 'total_amount', 'telegram_payment_charge_id'].map(
        (name) => `message.successful_payment.${name}`,
      ),
      order: 'message.successful_payment.invoice_payload',
    },
    inAnswer: {
      facts: ['id', 'amount', 'source.type', 'source.transaction_type'].map(
        (name) => `result.transactions.0.${name}`,
      ),
      order: 'result.transactions.0.source.invoice_payload',
    },
  },
});

describe('stars', () => {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  const made = () => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
    const provider = starsAt(server.url, { http, log, breaker, clock: systemClock });
    if (provider === undefined) throw new Error('not offered');
    return provider;
  };
  const refund = (minor: bigint) =>
    made().refund({
      refundId: 'ref_1',
      reference: REFERENCE,
      amount: stars(minor),
      reason: 'asked',
      receipt: undefined,
    });
  const { sale, back, withdrawal } = transactions;
  const filler = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...sale, id: `f${String(at)}`, amount: 1 }));
  const calls = () => server.requests.filter(({ path }) => path.endsWith('getStarTransactions'));

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
    await Promise.all(apis.map((api) => api.close()));
  });

  it('is not offered without a bot', () => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
    const telegram = { webhookSecret: new Secret(SECRET) };
    const deps = { http, log, breaker, clock: createManualClock() };
    expect(createProviders({ telegram }, deps).has('stars')).toBe(false);
  });

  it('asks for a link in the documented form, and has no id before the money', async () => {
    server.answer(`${METHOD}/createInvoiceLink`, good(LINK));
    const description = `${'я'.repeat(31)}🚀`;
    const started = await made().start({ ...orderOf(stars(250n)), description });
    expect(started).toMatchObject({ reference: undefined, checkoutUrl: LINK });
    expect(server.requests[0]?.body).toEqual({
      title: 'я'.repeat(31),
      description,
      payload: 'pay_01JD0005',
      provider_token: '',
      currency: 'XTR',
      prices: [{ label: 'я'.repeat(31), amount: 250 }],
    });
  });

  it('takes nothing but a link for a link', async () => {
    for (const odd of [true, 'javascript:alert(1)', '', { url: LINK }]) {
      server.answer(`${METHOD}/createInvoiceLink`, good(odd));
      await expect(made().start(orderOf(stars(250n)))).rejects.toBeInstanceOf(
        ProviderProtocolError,
      );
    }
  });

  it('reads a charge whole, its refund too', async () => {
    keepsBook(server, [...filler(3), sale, withdrawal, back]);
    expect(await made().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: stars(250n),
      refunded: stars(250n),
      paymentId: 'pay_01JD0009',
      reason: undefined,
      createdAt: new Date(1_763_680_000_000),
      isTest: false,
      countsAlone: true,
    });
  });

  it('does not take a part of a star for money', async () => {
    keepsBook(server, [{ ...sale, nanostar_amount: 5 }]);
    expect((await made().lookup(REFERENCE)).state).toBe('unrecognised');
  });

  it('knows an unpaid payment by our id as missing, a paid one as its first charge', async () => {
    keepsBook(server, filler(950));
    await expect(made().lookup('pay_01JD0042')).rejects.toBeInstanceOf(ProviderPaymentMissing);
    const payloads = { ...sale.source, invoice_payload: 'pay_01JD0042' };
    const [one, other] = ['c1', 'c2'].map((id) => ({ ...sale, id, source: payloads }));
    keepsBook(server, [...filler(950), one, other]);
    expect(await made().lookup('pay_01JD0042')).toMatchObject({ reference: 'c1' });
  });

  it('asks nobody about a reference that is no charge', async () => {
    await expect(made().lookup('a b')).rejects.toBeInstanceOf(ProviderPaymentMissing);
    expect(server.requests).toHaveLength(0);
  });

  it.each([0, 1, 99, 100, 101, 200, 399, 12_345])(
    'finds the newest of %i transactions, and the next one by one call',
    async (count) => {
      const provider = made();
      const book: unknown[] = [...filler(count), sale];
      keepsBook(server, book);
      expect((await provider.lookup(REFERENCE)).reference).toBe(REFERENCE);
      expect(calls().length).toBeLessThan(60);
      const before = calls().length;
      await provider.lookup(REFERENCE);
      // A full last page is followed by a look whether there is another.
      expect(calls().length - before).toBeLessThanOrEqual(2);
    },
  );

  it('finds an old charge, and does not search one that may be unpaid so far back', async () => {
    keepsBook(server, [sale, ...filler(5_000)]);
    expect((await made().lookup(REFERENCE)).reference).toBe(REFERENCE);
    await expect(made().lookup('pay_01JD0077')).rejects.toBeInstanceOf(ProviderPaymentMissing);
  });

  it('begins again when the book is shorter than it was', async () => {
    const provider = made();
    keepsBook(server, [...filler(500), sale]);
    await provider.lookup(REFERENCE);
    keepsBook(server, [sale]);
    expect((await provider.lookup(REFERENCE)).reference).toBe(REFERENCE);
  });

  it('gives back a whole charge to who paid it', async () => {
    keepsBook(server, [sale]);
    server.answer(`${METHOD}/refundStarPayment`, good(true));
    expect(await refund(250n)).toMatchObject({ state: 'refunded', reference: REFERENCE });
    expect(server.requests.at(-1)?.body).toEqual({
      user_id: 12_321_321,
      telegram_payment_charge_id: REFERENCE,
    });
  });

  it('asks for no second refund, and takes "already refunded" for done', async () => {
    keepsBook(server, [sale, back]);
    expect(await refund(250n)).toMatchObject({ state: 'refunded' });
    expect(server.requests.every(({ path }) => path.endsWith('getStarTransactions'))).toBe(true);
    keepsBook(server, [sale]);
    const already = refusal(400, 'Bad Request: CHARGE_ALREADY_REFUNDED');
    server.answer(`${METHOD}/refundStarPayment`, already);
    expect(await refund(250n)).toMatchObject({ state: 'refunded' });
  });

  it.each<[string, bigint, object, unknown]>([
    ['a part of a charge', 100n, good(true), ProviderRefused],
    ['what Telegram refuses', 250n, refusal(400, 'Bad Request: USER_ID_INVALID'), ProviderRefused],
    ['a refund with an odd answer', 250n, good('maybe'), ProviderProtocolError],
    ['a refund without an answer', 250n, { status: 502, body: '<html>' }, ProviderUnavailable],
  ])('does not call %s done', async (_name, minor, answer, error) => {
    keepsBook(server, [sale]);
    server.answer(`${METHOD}/refundStarPayment`, answer as ReturnType<typeof good>); // one of the scripted answers above
    await expect(refund(minor)).rejects.toBeInstanceOf(error as typeof ProviderRefused); // a class of errors
  });

  describe('a subscription', () => {
    const period = 30 * 86_400;
    const subscribed = { ...sale, source: { ...sale.source, subscription_period: period } };

    it('is sold by a link of its own, only to whom agreed', async () => {
      server.answer(`${METHOD}/createInvoiceLink`, good(LINK));
      await made().start({ ...orderOf(stars(250n)), saveMethod: true });
      await made().start(orderOf(stars(250n)));
      const [keeping, plain] = server.requests.map(({ body }) => body);
      expect(keeping).toMatchObject({ subscription_period: period, payload: 'pay_01JD0005' });
      expect(plain).not.toHaveProperty('subscription_period');
    });

    it('is known by its charges: each pays a term, and the id of the first one ends it', async () => {
      keepsBook(server, [subscribed, { ...subscribed, id: 'c2' }]);
      const { renews, savedMethod, countsAlone } = await made().lookup(REFERENCE);
      expect({ renews, countsAlone }).toEqual({ renews: true, countsAlone: true });
      expect(savedMethod?.title).toBe('Telegram Stars');
      expect(inspect(savedMethod) + JSON.stringify(savedMethod)).not.toContain(REFERENCE);
      expect(await made().lookup('c2')).toMatchObject({ renews: true, paymentId: 'pay_01JD0009' });
      if (savedMethod === undefined) throw new Error('nothing to end it by');
      server.answer(`${METHOD}/editUserStarSubscription`, good(true));
      await made().removeMethod?.(savedMethod.token);
      expect(server.requests.at(-1)?.body).toEqual({
        ...{ user_id: sale.source.user.id, telegram_payment_charge_id: REFERENCE },
        is_canceled: true,
      });
    });

    it.each([
      ['refused', refusal(400, 'Bad Request: CHARGE_NOT_FOUND'), ProviderRefused],
      ['odd', good('maybe'), ProviderProtocolError],
      ['missing', { status: 502, body: '<html>' }, ProviderUnavailable],
    ])('is not taken for ended when the answer is %s', async (_name, answer, error) => {
      server.answer(`${METHOD}/editUserStarSubscription`, answer);
      const ending = made().removeMethod?.(new Secret(`77001 ${REFERENCE}`));
      await expect(ending).rejects.toBeInstanceOf(error);
    });
  });

  it('lists the payments of a window, the odd item last as an error', async () => {
    const window = { from: new Date(1_763_680_000_000), to: new Date(1_763_683_600_000) };
    const earlier = { ...sale, id: 'earlier', date: sale.date - 1 };
    const gift = { ...sale, id: 'gift', source: { type: 'fragment' } };
    keepsBook(server, [earlier, sale, gift, { odd: 1 }, back, withdrawal]);
    const seen: [string, bigint][] = [];
    const reading = (async () => {
      for await (const one of made().list(window)) seen.push([one.reference, one.refunded.minor]);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(seen).toEqual([[REFERENCE, 250n]]);
  });
});
