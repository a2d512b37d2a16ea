import { formatMajor, money, Secret, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import type { PaymentProvider } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { createProviders, type ProvidersDeps } from '../registry.ts';
import answers from './fixtures/answers.json' with { type: 'json' };
import type { FreekassaSettings } from './index.ts';
import { signCall } from './signatures.ts';
import { formOf, rawForm, resigned, SHOP, WORD_2 } from './testing/notices.ts';

const WORD_1 = 'Sw1_ключ';
const API_KEY = '0123456789abcdef0123456789abcdef';
const REFERENCE = answers.order.merchant_order_id;

function configAt(baseUrl: string, change: Partial<FreekassaSettings> = {}): FreekassaSettings {
  return {
    shopId: SHOP,
    word1: new Secret(WORD_1),
    word2: new Secret(WORD_2),
    apiKey: new Secret(API_KEY),
    apiUrl: `${baseUrl}/v1/`,
    payUrl: 'https://pay.example/',
    networks: undefined,
    ...change,
  };
}

const page = (...orders: object[]) => ({ status: 200, body: { ...answers.page, orders } });
const order = (change: object = {}) => ({ ...answers.order, ...change });

providerConformance({
  name: 'freekassa',
  create: (baseUrl, deps) =>
    createProviders({ freekassa: configAt(baseUrl) }, deps).get('freekassa'),
  createWithoutSecrets: (baseUrl, deps) =>
    createProviders({ freekassa: configAt(baseUrl, { word2: new Secret('') }) }, deps).get(
      'freekassa',
    ),
  secrets: [WORD_1, WORD_2, API_KEY],
  reference: REFERENCE,
  startsOffline: true,
  statuses: { 0: 'pending', 1: 'settled', 6: 'settled', 8: 'cancelled', 9: 'cancelled' },
  script: {
    starts: () => undefined,
    shows(server, { status, amount, refunded }) {
      const given = refunded.minor > 0n ? 6 : /^\d$/.test(status) ? Number(status) : status;
      const sum = { amount: Number(formatMajor(amount)), currency: amount.currency };
      server.answer('POST /v1/orders', page(order({ ...sum, status: given })));
    },
    refunds(server, remainder) {
      server.answer('POST /v1/orders', page(order({ amount: formatMajor(remainder) })));
      server.answer('POST /v1/orders/refund', { status: 200, body: answers.refunded });
    },
    missing: page(),
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: answers.refused },
    retryAfterMs: 7_000,
  },
  notice: rawForm(formOf()),
  forged: {
    'a foreign sender': rawForm(formOf(), { remoteAddress: '203.0.113.7' }),
    'another sum': rawForm({ ...formOf(), AMOUNT: '4990' }),
    'another word': rawForm(formOf({}, 'other')),
    'an empty word': rawForm(formOf({}, '')),
    'another shop': rawForm(formOf({ MERCHANT_ID: '7013' })),
    'no signature': rawForm({ ...formOf(), SIGN: '' }),
    'a repeated field': rawForm(`${new URLSearchParams(formOf()).toString()}&AMOUNT=499`),
  },
  fuzz: {
    signs: (text) => rawForm(resigned(text)),
    notices: [formOf(), formOf({ AMOUNT: '499.00' })],
    inAnswer: {
      facts: ['orders.0.status', 'orders.0.amount', 'orders.0.currency'],
      order: 'orders.0.merchant_order_id',
    },
  },
});

describe('freekassa', () => {
  const http = createHttpClient({ clock: systemClock });
  const log = createLog({ level: 'silent', role: 'test' });
  let server: ScriptedServer;
  const depsWith = (change: Partial<ProvidersDeps>): ProvidersDeps => ({
    ...{ http, log, clock: systemClock },
    breaker: () => ({ run: (call) => call() }),
    ...change,
  });
  const freekassa = (
    change: Partial<FreekassaSettings> = {},
    deps: Partial<ProvidersDeps> = {},
  ): PaymentProvider => {
    const config = { freekassa: configAt(server.url, change) };
    const made = createProviders(config, depsWith(deps)).get('freekassa');
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const rubles = (minor: bigint): Money => money(minor, 'RUB');
  const refund = {
    refundId: 'ref_1',
    reference: REFERENCE,
    amount: rubles(49_900n),
    reason: 'asked',
    receipt: undefined,
  };
  const bodies = () => server.requests.map(({ body }) => body as Record<string, unknown>); // what our adapter sent

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

  it.each(['word1', 'word2', 'apiKey'] as const)('is closed without %s', (name) => {
    for (const missing of [undefined, new Secret('')]) {
      const config = { freekassa: configAt('http://127.0.0.1', { [name]: missing }) };
      expect(createProviders(config, depsWith({})).size).toBe(0);
    }
  });

  it('makes the documented link, the same for the same order, without asking anybody', async () => {
    const given = orderOf(rubles(49_900n), 'pay_01JD0008');
    const { checkoutUrl, reference } = await freekassa().start(given);
    expect(reference).toBe('pay_01JD0008');
    expect(checkoutUrl).toBe(
      'https://pay.example/?m=7012&oa=499.00&currency=RUB&o=pay_01JD0008' +
        '&s=dfee675dc208a7ee55c835b93cde5ccd&lang=ru',
    );
    expect(server.requests).toHaveLength(0);
  });

  it('reads a payment of ours whole, and asks for it in the documented form', async () => {
    server.answer('POST /v1/orders', page(order()));
    expect(await freekassa().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: rubles(49_900n),
      refunded: rubles(0n),
      paymentId: REFERENCE,
      reason: undefined,
      createdAt: undefined,
      isTest: false,
    });
    const { signature, ...fields } = bodies()[0] ?? {};
    expect(fields).toEqual({ shopId: 7012, nonce: expect.any(Number), paymentId: REFERENCE });
    const signed = fields as Record<string, string | number>; // as checked above
    expect(signature).toBe(signCall(signed, new Secret(API_KEY)));
  });

  it('says "not paid yet" of a link nobody opened, when it is told the sum', async () => {
    server.answer('POST /v1/orders', page());
    const seen = await freekassa().lookup(REFERENCE, rubles(49_900n));
    expect(seen).toMatchObject({ state: 'pending', amount: rubles(49_900n) });
    await expect(freekassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderPaymentMissing);
    await expect(freekassa().lookup('a:b')).rejects.toBeInstanceOf(ProviderPaymentMissing);
  });

  it('finds the money among several orders of one link', async () => {
    const open = order({ fk_order_id: 1, status: 0 });
    const failed = order({ fk_order_id: 2, status: 8 });
    server.answer('POST /v1/orders', page(failed, open, order()));
    const paid = await freekassa().lookup(REFERENCE);
    expect(paid).toMatchObject({ state: 'settled' });
    expect(paid.again).toBeUndefined();
    server.answer('POST /v1/orders', page(failed, open));
    expect((await freekassa().lookup(REFERENCE)).state).toBe('pending');
  });

  it('shows each further payment by the same link as money of its own, by the number it has there', async () => {
    const other = order({ fk_order_id: 9_123_456_789, amount: 100 });
    const second = { reference: '9123456789', amount: rubles(10_000n), paymentId: REFERENCE };
    // However they stand in the answer, and also when one of them has gone back.
    for (const status of [1, 6]) {
      server.answer('POST /v1/orders', page({ ...other }, order({ status })));
      const seen = await freekassa().lookup(REFERENCE);
      expect(seen).toMatchObject({ reference: REFERENCE, amount: rubles(49_900n) });
      expect(seen.again).toMatchObject([{ ...second, state: 'settled', countsAlone: true }]);
    }
    server.clear();
    server.answer('POST /v1/orders', page(order(), other));
    server.answer('POST /v1/orders/refund', { status: 200, body: answers.refunded });
    expect(await freekassa().lookup('9123456789')).toMatchObject({ ...second, countsAlone: true });
    await freekassa().refund({ ...refund, reference: '9123456789', amount: rubles(10_000n) });
    expect(bodies().map(({ orderId }) => orderId)).toEqual(Array(3).fill(9_123_456_789));
    const listed: string[] = [];
    const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    for await (const { reference } of freekassa().list(window)) listed.push(reference);
    expect(listed).toEqual([REFERENCE, '9123456789']);
  });

  it('is never paid by the order of another payment', async () => {
    server.answer('POST /v1/orders', page(order({ merchant_order_id: 'pay_other' })));
    expect((await freekassa().lookup(REFERENCE, rubles(1n))).state).toBe('pending');
  });

  it('reads sums exactly, as numbers and as texts, and no other ones', async () => {
    for (const amount of [499.1, '499.1', '499.10']) {
      server.answer('POST /v1/orders', page(order({ amount })));
      expect((await freekassa().lookup(REFERENCE)).amount).toEqual(rubles(49_910n));
    }
    for (const odd of [{ amount: '499.001' }, { amount: 'NaN' }, { currency: 'KZT' }]) {
      server.answer('POST /v1/orders', page(order(odd)));
      await expect(freekassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('sends growing nonces one after another, also when the clock stands or goes back', async () => {
    let now = 1_763_680_000_000;
    const clock = { ...systemClock, now: () => new Date((now -= 1)) };
    server.answer('POST /v1/orders', page(order()));
    const made = freekassa({}, { clock });
    await Promise.all(Array.from({ length: 20 }, () => made.lookup(REFERENCE)));
    const nonces = bodies().map(({ nonce }) => Number(nonce));
    expect(nonces).toEqual(nonces.toSorted((one, other) => one - other));
    expect(new Set(nonces).size).toBe(20);
    expect(nonces.every((nonce) => Number.isSafeInteger(nonce))).toBe(true);
  });

  it('does not let calls wait without an end', async () => {
    let elapsed = 0;
    const clock = { ...systemClock, monotonicMs: () => (elapsed += 6_000) };
    server.answer('POST /v1/orders', page(order()));
    const made = freekassa({}, { clock });
    const calls = Array.from({ length: 70 }, () => made.lookup(REFERENCE));
    const ends = await Promise.allSettled(calls);
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(ProviderUnavailable);
    }
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true);
    elapsed = 0;
    expect(await freekassa().lookup(REFERENCE)).toMatchObject({ state: 'settled' });
  });

  it('calls an overtaken nonce an unknown outcome and other errors a refusal', async () => {
    const says = (message: string) => {
      server.answer('*', { status: 400, body: { type: 'error', message } });
    };
    says('Invalid nonce');
    await expect(freekassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderUnavailable);
    says('Shop is not active');
    await expect(freekassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('gives back the whole order once, and names the order and not our payment', async () => {
    server.answer('POST /v1/orders', page(order({ fk_order_id: 2, status: 9 }), order()));
    server.answer('POST /v1/orders/refund', { status: 200, body: answers.refunded });
    expect(await freekassa().refund(refund)).toMatchObject({
      state: 'refunded',
      reference: '123456789',
      left: rubles(0n),
    });
    expect(bodies()[1]).toMatchObject({ orderId: 123_456_789, orderAmount: '499.00' });
    server.answer('POST /v1/orders', page(order({ status: 6 })));
    expect(await freekassa().refund(refund)).toMatchObject({ state: 'refunded' });
    server.answer('POST /v1/orders', page(order({ status: 0 })));
    await expect(freekassa().refund(refund)).rejects.toBeInstanceOf(ProviderRefused);
    server.answer('POST /v1/orders', page(order()));
    const part = { ...refund, amount: rubles(100n) };
    await expect(freekassa().refund(part)).rejects.toBeInstanceOf(ProviderRefused);
    expect(server.requests.filter(({ path }) => path.endsWith('refund'))).toHaveLength(1);
  });

  it('lists every page of a window, one payment a link, the odd order last as an error', async () => {
    const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    const orders = [[order({ status: 0 }), { fk_order_id: 7 }], [order()]];
    server.answer(
      'POST /v1/orders',
      ...orders.map((some) => ({ status: 200, body: { ...answers.page, pages: 2, orders: some } })),
    );
    const states: string[] = [];
    const reading = (async () => {
      for await (const one of freekassa().list(window)) states.push(one.state);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(states).toEqual(['settled']);
    expect(bodies()).toMatchObject([
      { dateFrom: '2026-11-19 00:00:00', dateTo: '2026-11-22 00:00:00', page: 1 },
      { page: 2 },
    ]);
  });

  it('counts an order once that a newer one pushed to the next page, as it was seen last', async () => {
    const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    const refunded = order({ status: 6 });
    for (const [first, second] of [
      [order(), order()],
      [order(), refunded],
    ]) {
      server.clear();
      const pages = [[order({ merchant_order_id: 'pay_newer', fk_order_id: 9 }), first], [second]];
      server.answer(
        'POST /v1/orders',
        ...pages.map((orders) => ({ status: 200, body: { ...answers.page, pages: 2, orders } })),
      );
      const listed = await Array.fromAsync(freekassa().list(window));
      expect(listed.map(({ reference }) => reference)).toEqual(['pay_newer', REFERENCE]);
      expect(listed[1]?.refunded.minor === 0n).toBe(second !== refunded);
    }
  });
});
