import { formatMajor, money, parseMajor, Secret, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import { ProviderProtocolError, ProviderUnavailable } from '../../errors.ts';
import type { RawWebhook } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { fitKey } from './client.ts';
import { createYookassa, type YookassaSettings } from './index.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import notices from './fixtures/notices.json' with { type: 'json' };
import payments from './fixtures/payments.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };

const SHOP = '100500';
const KEY = 'test_Fh8hUAVVBGUGbjmlzba6TB0iyUbos_lueTHE-axOwM0';
const REFERENCE = payments.pending.id;
const METHOD = payments.charged.payment_method.id;

function configAt(baseUrl: string, secret = KEY): YookassaSettings {
  return {
    shopId: SHOP,
    secretKey: new Secret(secret),
    apiUrl: `${baseUrl}/v3/`,
    networks: undefined,
  };
}

const vendorSum = (amount: Money) => ({ value: formatMajor(amount), currency: amount.currency });

function payment(id: string, body: unknown, like: object): unknown {
  const asked = body as { amount: unknown; metadata: unknown }; // what our adapter sent
  return { ...like, id, amount: asked.amount, metadata: asked.metadata };
}

function startsPayments(server: ScriptedServer, like: object = payments.pending): void {
  const made = new Map<string, unknown>();
  server.answerWith('POST /v3/payments', ({ headers, body }) => {
    const key = headers['idempotence-key'];
    if (key === undefined) return { status: 400, body: errors.invalid_request };
    const id = `${REFERENCE.slice(0, -2)}${String(10 + made.size)}`;
    const answer = made.get(key) ?? payment(id, body, like);
    made.set(key, answer);
    return { status: 200, body: answer };
  });
}

function rawNotice(body: unknown, remoteAddress = '185.71.76.5'): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    remoteAddress,
    receivedAt: new Date('2026-11-20T20:47:11Z'),
  };
}

providerConformance({
  name: 'yookassa',
  create: (baseUrl, deps) =>
    createYookassa(configAt(baseUrl), { ...deps, breaker: deps.breaker('yookassa') }),
  createWithoutSecrets: (baseUrl, deps) =>
    createYookassa(configAt(baseUrl, ''), { ...deps, breaker: deps.breaker('yookassa') }),
  secrets: [KEY, Buffer.from(`${SHOP}:${KEY}`).toString('base64')],
  reference: REFERENCE,
  statuses: {
    pending: 'pending',
    waiting_for_capture: 'authorised',
    succeeded: 'settled',
    canceled: 'cancelled',
  },
  script: {
    starts: startsPayments,
    shows(server, { status, amount, refunded }) {
      const known = Object.entries(payments).find(([name]) => name === status)?.[1];
      server.answer(`GET /v3/payments/${REFERENCE}`, {
        status: 200,
        body: {
          ...(known ?? payments.succeeded),
          status,
          amount: vendorSum(amount),
          refunded_amount: vendorSum(refunded),
        },
      });
    },
    refunds(server, remainder) {
      server.answerWith('POST /v3/refunds', ({ body }) => {
        const { amount } = body as { amount: { value: string } }; // what our adapter sent
        return parseMajor(amount.value, 'RUB').minor > remainder.minor
          ? { status: 400, body: errors.invalid_request }
          : { status: 200, body: { ...refunds.succeeded, amount } };
      });
    },
    missing: { status: 404, body: errors.not_found },
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: errors.too_many_requests },
    retryAfterMs: 7_000,
  },
  charging: {
    method: METHOD,
    charges(server) {
      startsPayments(server, payments.charged);
    },
    declines(server, reason) {
      startsPayments(server, {
        ...payments.canceled,
        cancellation_details: { party: 'payment_network', reason },
      });
    },
    advice: {
      insufficient_funds: 'retry',
      internal_timeout: 'retry',
      issuer_unavailable: 'retry',
      payment_method_limit_exceeded: 'retry',
      permission_revoked: 'stop',
      fraud_suspected: 'stop',
      '3d_secure_failed': 'another_method',
      card_expired: 'another_method',
      general_decline: 'another_method',
    },
    saves(server, isSaved) {
      const { payment_method: method } = payments.succeeded;
      const body = {
        ...payments.succeeded,
        payment_method: { ...method, id: METHOD, saved: isSaved },
      };
      server.answer(`GET /v3/payments/${REFERENCE}`, { status: 200, body });
    },
    title: '•• 4477',
  },
  notice: rawNotice(notices.payment),
  forged: {
    'a foreign sender': rawNotice(notices.payment, '203.0.113.7'),
    'no sender': rawNotice(notices.payment, ''),
    'a broken body': rawNotice(JSON.stringify(notices.payment).slice(0, -1)),
    'another kind of body': rawNotice({ ...notices.payment, type: 'callback' }),
  },
  fuzz: {
    signs: (text) => ({ ...rawNotice(notices.payment), body: Buffer.from(text) }),
    notices: [notices.payment, notices.refund],
    inAnswer: {
      facts: ['id', 'status', 'paid', 'amount.value', 'amount.currency', 'recipient.account_id'],
      order: 'metadata.payment_id',
    },
  },
});

describe('yookassa', () => {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  const yookassa = (run = <T>(call: () => Promise<T>): Promise<T> => call()) => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const parts = { http, breaker: { run }, clock: systemClock, log };
    const made = createYookassa(configAt(server.url), parts);
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const path = `/v3/payments/${REFERENCE}`;
  const rubles = (minor: bigint) => money(minor, 'RUB');

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

  it('shows its breaker a cut connection as what is counted', async () => {
    const seen: unknown[] = [];
    const watched = yookassa(async (call) => {
      try {
        return await call();
      } catch (error) {
        seen.push(error);
        throw error;
      }
    });
    server.answer('*', 'reset');
    await expect(watched.lookup(REFERENCE)).rejects.toThrow(ProviderUnavailable);
    expect(seen[0]).toBeInstanceOf(ProviderUnavailable);
  });

  it('asks for a payment in the documented form', async () => {
    startsPayments(server);
    const started = await yookassa().start({
      ...orderOf(rubles(49_900n)),
      description: `${'я'.repeat(127)}🚀`,
      language: 'en',
      receipt: {
        customer: { email: 'a@example.com' },
        items: [
          {
            description: 'Month',
            quantity: 1,
            amount: rubles(49_900n),
            vatCode: 1,
            paymentMode: 'full_prepayment',
            paymentSubject: 'service',
          },
        ],
        taxSystemCode: 2,
      },
    });
    expect(started.checkoutUrl).toBe(payments.pending.confirmation.confirmation_url);
    const { headers, body } = server.requests[0] ?? { headers: {}, body: undefined };
    expect(headers).toMatchObject({
      'idempotence-key': 'pay_01JD0005',
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${SHOP}:${KEY}`).toString('base64')}`,
    });
    expect(body).toEqual({
      amount: { value: '499.00', currency: 'RUB' },
      capture: true,
      confirmation: {
        type: 'redirect',
        return_url: 'https://shop.example/return',
        locale: 'en_US',
      },
      description: 'я'.repeat(127),
      metadata: { payment_id: 'pay_01JD0005', order_id: 'ord_01JD0005' },
      receipt: {
        customer: { email: 'a@example.com' },
        items: [
          {
            description: 'Month',
            quantity: 1,
            amount: { value: '499.00', currency: 'RUB' },
            vat_code: 1,
            payment_mode: 'full_prepayment',
            payment_subject: 'service',
          },
        ],
        tax_system_code: 2,
      },
    });
  });

  it('asks to keep the method only when the buyer agreed, and charges it as documented', async () => {
    startsPayments(server);
    await yookassa().start({ ...orderOf(rubles(49_900n)), saveMethod: true });
    await yookassa().charge(new Secret(METHOD), orderOf(rubles(49_900n), 'pay_01JD0006'));
    const [saving, charging] = server.requests;
    expect(saving?.body).toMatchObject({ save_payment_method: true });
    expect(charging?.headers).toMatchObject({ 'idempotence-key': 'pay_01JD0006' });
    expect(charging?.body).toEqual({
      amount: { value: '499.00', currency: 'RUB' },
      capture: true,
      payment_method_id: METHOD,
      description: 'Заказ №72',
      metadata: { payment_id: 'pay_01JD0006', order_id: 'ord_01JD0005' },
    });
  });

  it('does not accept a started payment of another sum or another id', async () => {
    for (const odd of [{ amount: { value: '1.00', currency: 'RUB' } }, { metadata: {} }]) {
      server.answer('POST /v3/payments', { status: 200, body: { ...payments.pending, ...odd } });
      await expect(yookassa().start(orderOf(rubles(49_900n)))).rejects.toBeInstanceOf(
        ProviderProtocolError,
      );
    }
  });

  it('reads a payment whole', async () => {
    server.answer(`GET ${path}`, { status: 200, body: payments.canceled });
    expect(await yookassa().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'cancelled',
      amount: rubles(49_900n),
      refunded: rubles(0n),
      paymentId: 'pay_01JD0005',
      reason: 'insufficient_funds',
      advice: 'retry',
      createdAt: new Date('2026-11-20T20:46:30.001Z'),
      isTest: true,
    });
  });

  it('does not take `succeeded` for money when it was not paid', async () => {
    server.answer(`GET ${path}`, { status: 200, body: { ...payments.succeeded, paid: false } });
    expect((await yookassa().lookup(REFERENCE)).state).toBe('unrecognised');
  });

  it("does not recognise another merchant's payment as one of ours", async () => {
    const body = { ...payments.succeeded, recipient: { account_id: '999', gateway_id: '1' } };
    server.answer(`GET ${path}`, { status: 200, body });
    expect(await yookassa().lookup(REFERENCE)).toMatchObject({
      state: 'unrecognised',
      paymentId: undefined,
      reason: 'foreign_recipient',
    });
  });

  it('refuses an answer about another payment, and sums it cannot read exactly', async () => {
    const bodies = [
      { ...payments.succeeded, id: 'another' },
      { ...payments.succeeded, amount: { value: '499.001', currency: 'RUB' } },
      { ...payments.succeeded, amount: { value: 499, currency: 'RUB' } },
      { ...payments.succeeded, refunded_amount: { value: '-1.00', currency: 'RUB' } },
      { ...payments.succeeded, recipient: { account_id: [SHOP] } },
      { ...payments.succeeded, amount: { value: '499.00', currency: 'ZWL' } },
      { ...payments.succeeded, refunded_amount: { value: '1.00', currency: 'USD' } },
    ];
    for (const body of bodies) {
      server.answer(`GET ${path}`, { status: 200, body });
      await expect(yookassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('takes "not finished" for an unknown outcome, with the wait it names', async () => {
    server.answer('*', { status: 202, body: errors.processing });
    await expect(yookassa().start(orderOf(rubles(100n)))).rejects.toMatchObject({
      code: 'payments.provider_unavailable',
      retryAfterMs: 1_800,
    });
  });

  it('captures and cancels under keys of our payment', async () => {
    server.answer(`POST ${path}/capture`, { status: 200, body: payments.succeeded });
    server.answer(`POST ${path}/cancel`, { status: 200, body: payments.canceled });
    expect((await yookassa().capture(REFERENCE, 'pay_1', rubles(49_900n))).state).toBe('settled');
    expect((await yookassa().cancel(REFERENCE, 'pay_1')).state).toBe('cancelled');
    expect(server.requests.map(({ headers }) => headers['idempotence-key'])).toEqual([
      'capture:pay_1',
      'cancel:pay_1',
    ]);
  });

  it.each([
    ['succeeded', 'refunded'],
    ['pending', 'pending'],
    ['canceled', 'refused'],
    ['reviewed', 'pending'],
  ])('reads a refund that is %s as %s', async (status, state) => {
    server.answer('POST /v3/refunds', { status: 200, body: { ...refunds.canceled, status } });
    const outcome = await yookassa().refund({
      refundId: 'ref_1',
      reference: REFERENCE,
      amount: rubles(10_000n),
      reason: 'asked',
      receipt: undefined,
    });
    expect(outcome).toMatchObject({ state, reference: refunds.canceled.id });
    expect(server.requests[0]?.headers['idempotence-key']).toBe('refund:ref_1');
  });

  it('shortens a long key without making two keys one', () => {
    const long = 'refund:'.padEnd(80, 'x');
    expect(fitKey(long)).toHaveLength(64);
    expect(fitKey(`${long}1`)).not.toBe(fitKey(`${long}2`));
    expect(fitKey('refund:ref_1')).toBe('refund:ref_1');
  });

  it('lists every page of a window, the odd item last as an error', async () => {
    const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
    server.answer(
      'GET /v3/payments',
      { status: 200, body: { type: 'list', items: [{ id: 7 }], next_cursor: 'c1' } },
      { status: 200, body: { type: 'list', items: [payments.succeeded, payments.pending] } },
    );
    const states: string[] = [];
    const reading = (async () => {
      for await (const one of yookassa().list(window)) states.push(one.state);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(states).toEqual(['settled', 'pending']);
    expect(server.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      {
        'created_at.gte': '2026-11-20T00:00:00.000Z',
        'created_at.lt': '2026-11-21T00:00:00.000Z',
        limit: '100',
      },
      expect.objectContaining({ cursor: 'c1' }),
    ]);
  });
});
