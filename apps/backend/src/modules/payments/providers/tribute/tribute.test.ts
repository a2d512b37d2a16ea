import { createHmac } from 'node:crypto';
import { money, Secret, type Money } from '@opora/kernel';
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
import {
  PaymentElsewhere,
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
} from '../../errors.ts';
import type { RawWebhook } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { createProviders } from '../registry.ts';
import type { TributeSettings } from './index.ts';
import orders from './fixtures/orders.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };

const [paid] = vectors;
if (paid === undefined) throw new Error('no vector');
const KEY = paid.api_key;
const REFERENCE = orders.pending.uuid;
const PATH = `/api/v1/shop/orders/${REFERENCE}`;
const SALE = `${PATH}/transactions/${String(orders.sale.id)}/refund`;

function configAt(baseUrl: string, key = KEY): TributeSettings {
  return { apiKey: new Secret(key), apiUrl: `${baseUrl}/api/v1/`, signatureEncoding: 'hex' };
}

const good = (body: unknown) => ({ status: 200, body });
const rubles = (minor: bigint) => money(minor, 'RUB');
const priced = ({ minor, currency }: Money) => ({
  amount: Number(minor),
  currency: currency.toLowerCase(),
});

/** The vendor as it is: every creation makes another order, and orders of a day can be listed. */
function startsOrders(server: ScriptedServer): object[] {
  const made: object[] = [];
  server.answerWith('POST /api/v1/shop/orders', ({ body }: ScriptedRequest) => {
    const uuid = `${REFERENCE.slice(0, -2)}${String(10 + made.length)}`;
    made.unshift({ ...orders.pending, ...(body as object), uuid }); // what our adapter sent
    return good({ uuid, paymentUrl: orders.pending.paymentUrl });
  });
  server.answerWith('GET /api/v1/shop/orders', () => good(made));
  return made;
}

function shows(server: ScriptedServer, order: object, sales: readonly object[] = []): void {
  server.answer(`GET ${PATH}`, good({ ...orders.pending, ...order }));
  server.answer(`GET ${PATH}/transactions`, good({ transactions: sales, nextFrom: '' }));
}

/** As the vendor signs, written apart from the adapter. */
function sign(body: Buffer | string): string {
  return createHmac('sha256', KEY).update(body).digest('hex');
}

function rawNotice(body: Buffer | string, signature: string | undefined): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: signature === undefined ? {} : { 'trbt-signature': signature },
    body: Buffer.from(body),
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:46:40Z'),
  };
}

const SIGNATURE = paid.headers['trbt-signature'];

// The clock stands still, so that a repeated start gives an equal payment.
const clock = createManualClock();

providerConformance({
  name: 'tribute',
  create: (baseUrl, deps) =>
    createProviders(
      { tribute: configAt(baseUrl) },
      { ...deps, clock: { ...deps.clock, now: () => clock.now() } },
    ).get('tribute'),
  createWithoutSecrets: (baseUrl, deps) =>
    createProviders({ tribute: configAt(baseUrl, '') }, deps).get('tribute'),
  secrets: [KEY],
  reference: REFERENCE,
  statuses: { paid: 'settled', pending: 'pending', prepaid: 'pending', failed: 'cancelled' },
  sent: ({ minor }) => `"amount":${String(minor)},`,
  script: {
    starts: startsOrders,
    shows(server, { status, amount, refunded }) {
      const sale = { ...orders.sale, isRefunded: refunded.minor > 0n };
      shows(server, { ...priced(amount), status }, [sale]);
    },
    refunds(server, remainder) {
      shows(server, { ...priced(remainder), status: 'paid' }, [orders.sale]);
      server.answer(`POST ${SALE}`, good(orders.refunded));
    },
    missing: { status: 404, body: orders.notFound },
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: orders.badRequest },
    retryAfterMs: 7_000,
  },
  notice: rawNotice(paid.body_utf8, SIGNATURE),
  forged: {
    'a changed byte': rawNotice(paid.body_utf8.replace('49900', '49901'), SIGNATURE),
    'the signature of another key': rawNotice(paid.body_utf8, 'ab'.repeat(32)),
    'an empty signature': rawNotice(paid.body_utf8, ''),
    'no signature': rawNotice(paid.body_utf8, undefined),
    'the same signature as base64': rawNotice(paid.body_utf8, paid.same_mac_base64),
  },
  fuzz: {
    signs: (text) => rawNotice(text, sign(text)),
    notices: vectors.map(({ body_utf8 }) => JSON.parse(body_utf8)),
    inNotice: {
      facts: ['name', 'payload.uuid', 'payload.status', 'payload.amount', 'payload.currency'],
      order: 'payload.customerId',
    },
    inAnswer: { facts: ['uuid', 'status', 'amount', 'currency'], order: 'customerId' },
  },
});

describe('tribute', () => {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  const tribute = (change: Partial<TributeSettings> = {}) => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
    const config = { ...configAt(server.url), ...change };
    const deps = { http, log, breaker, clock: { ...systemClock, now: () => clock.now() } };
    const made = createProviders({ tribute: config }, deps).get('tribute');
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const refund = (minor: bigint) =>
    tribute().refund({
      refundId: 'ref_1',
      reference: REFERENCE,
      amount: rubles(minor),
      reason: 'asked',
      receipt: undefined,
    });

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
  });

  it('asks for an order in the documented form, after a look for an earlier one', async () => {
    startsOrders(server);
    const description = `${'я'.repeat(99)}🚀`;
    const started = await tribute().start({ ...orderOf(rubles(49_900n)), description });
    expect(started.checkoutUrl).toBe(orders.pending.paymentUrl);
    const [look, create] = server.requests;
    const today = clock.now().toISOString().slice(0, 10);
    expect(look?.query.get('dateTo')).toBe(today);
    expect(create?.headers).toMatchObject({ 'api-key': KEY });
    expect(create?.headers).not.toHaveProperty('authorization');
    expect(create?.body).toEqual({
      amount: 49_900,
      currency: 'rub',
      title: 'я'.repeat(99),
      description,
      successUrl: 'https://shop.example/return',
      failUrl: 'https://shop.example/return',
      customerId: 'pay_01JD0005',
      period: 'onetime',
    });
  });

  it('gives the order of a lost answer instead of a second one, unless it failed', async () => {
    server.answer('GET /api/v1/shop/orders', good([{ odd: 1 }, orders.pending]));
    expect((await tribute().start(orderOf(rubles(49_900n)))).reference).toBe(REFERENCE);
    expect(server.requests).toHaveLength(1);
    const made = startsOrders(server);
    made.push({ ...orders.pending, status: 'failed' });
    expect((await tribute().start(orderOf(rubles(49_900n)))).reference).not.toBe(REFERENCE);
  });

  it.each([
    ['another sum', { amount: 1 }],
    ['another currency', { currency: 'eur' }],
    ['another customer', { customerId: 'pay_other' }],
    ['no link', { paymentUrl: null, webappPaymentUrl: undefined }],
    ['an id that is a path', { uuid: '../shop' }],
  ])('does not accept a started order with %s', async (_name, odd) => {
    server.answer('GET /api/v1/shop/orders', good([]));
    server.answer('POST /api/v1/shop/orders', good({ ...orders.pending, ...odd }));
    await expect(tribute().start(orderOf(rubles(49_900n)))).rejects.toBeInstanceOf(
      ProviderProtocolError,
    );
  });

  it('is refused, and misses no payment, when the account has no shop', async () => {
    server.answer('*', { status: 404, body: { ...orders.notFound, message: 'Shop not found' } });
    await expect(tribute().start(orderOf(rubles(49_900n)))).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('reads an order whole, both forms of its date', async () => {
    shows(server, { status: 'paid' }, [{ ...orders.sale, isRefunded: true }]);
    const whole = {
      reference: REFERENCE,
      state: 'settled',
      amount: rubles(49_900n),
      refunded: rubles(49_900n),
      paymentId: 'pay_01JD0005',
      reason: undefined,
      createdAt: new Date('2026-11-20T20:40:00Z'),
      isTest: false,
      countsAlone: true,
    };
    expect(await tribute().lookup(REFERENCE)).toEqual(whole);
    shows(server, { status: 'paid', createdAt: '2026-11-20T20:40:00.000000001Z' }, [orders.sale]);
    expect(await tribute().lookup(REFERENCE)).toEqual({ ...whole, refunded: rubles(0n) });
  });

  it('refuses an answer about another order, and sums it cannot read exactly', async () => {
    const odd = [
      { uuid: REFERENCE.replace('5', '6') },
      { amount: 499.5 },
      { amount: '49900' },
      { amount: -1 },
      { currency: 'xtr' },
      { createdAt: 'yesterday' },
    ];
    for (const change of odd) {
      shows(server, change);
      await expect(tribute().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('shows a further sale of an order as money of its own, and gives that one back', async () => {
    const further = { ...orders.sale, id: 100_001, total: 700 };
    shows(server, { status: 'paid' }, [further, orders.sale, orders.sale]);
    const seen = await tribute().lookup(REFERENCE);
    expect(seen).toMatchObject({ reference: REFERENCE, amount: money(49_900n, 'RUB') });
    const second = { reference: `${REFERENCE}.100001`, amount: money(700n, 'RUB') };
    expect(seen.again).toMatchObject([{ ...second, state: 'settled', countsAlone: true }]);
    expect(await tribute().lookup(second.reference)).toMatchObject(second);
    server.answer(`POST ${PATH}/transactions/100001/refund`, good(orders.refunded));
    const wish = { refundId: 'ref_2', ...second, reason: 'twice', receipt: undefined };
    expect(await tribute().refund(wish)).toMatchObject({ state: 'refunded', reference: '100001' });
    const unknown = tribute().lookup(`${REFERENCE}.7`);
    await expect(unknown).rejects.toBeInstanceOf(ProviderPaymentMissing);
    server.answer('GET /api/v1/shop/orders', good([{ ...orders.pending, status: 'paid' }]));
    const window = { from: new Date('2026-11-20T20:00:00Z'), to: new Date('2026-11-20T21:00:00Z') };
    const listed: string[] = [];
    for await (const one of tribute().list(window)) listed.push(one.reference);
    expect(listed).toEqual([REFERENCE, second.reference]);
  });

  it('does not know what was sold elsewhere, and asks nobody about it', async () => {
    await expect(tribute().lookup('elsewhere:0123')).rejects.toBeInstanceOf(PaymentElsewhere);
    expect(server.requests).toHaveLength(0);
  });

  it('gives back a whole sale, once', async () => {
    shows(server, { status: 'paid' }, [orders.sale]);
    server.answer(`POST ${SALE}`, good({ ...orders.refunded, status: 'initiated' }));
    expect(await refund(49_900n)).toMatchObject({ state: 'pending', reference: '90210' });
    server.answer(`POST ${SALE}`, good({ ...orders.refunded, success: false, message: 'late' }));
    expect(await refund(49_900n)).toMatchObject({ state: 'refused', reason: 'late' });
    const underWay = { error: 'bad_request', message: 'transaction is already refunded' };
    server.answer(`POST ${SALE}`, { status: 400, body: underWay });
    expect(await refund(49_900n)).toMatchObject({ state: 'pending', reference: '90210' });
    server.clear();
    shows(server, { status: 'paid' }, [{ ...orders.sale, isRefunded: true }]);
    expect(await refund(49_900n)).toMatchObject({ state: 'refunded' });
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('refuses a part of a sale, and an order that was not sold, before anything moves', async () => {
    shows(server, { status: 'paid' }, [orders.sale]);
    await expect(refund(100n)).rejects.toBeInstanceOf(ProviderRefused);
    shows(server, { status: 'pending' }, []);
    await expect(refund(49_900n)).rejects.toBeInstanceOf(ProviderRefused);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('takes base64 for a signature only where the settings say so', async () => {
    const notice = rawNotice(paid.body_utf8, paid.same_mac_base64);
    const judged = await tribute({ signatureEncoding: 'base64' }).verify(notice);
    expect(judged).toMatchObject({ confirmed: true, reference: REFERENCE });
  });

  it('lists the orders of a window, the odd item last as an error', async () => {
    const window = { from: new Date('2026-11-20T20:00:00Z'), to: new Date('2026-11-20T21:00:00Z') };
    const earlier = { ...orders.pending, createdAt: '2026-11-20 19:59:59' };
    server.answer('GET /api/v1/shop/orders', good([{ odd: 1 }, earlier, orders.pending]));
    const seen: string[] = [];
    const reading = (async () => {
      for await (const one of tribute().list(window)) seen.push(one.reference);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(seen).toEqual([REFERENCE]);
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toEqual({
      dateFrom: '2026-11-20',
      dateTo: '2026-11-20',
    });
  });
});
