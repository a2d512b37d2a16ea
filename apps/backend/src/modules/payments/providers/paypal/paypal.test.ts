import { parseMajor, Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { ProviderProtocolError, ProviderRefused, UnsupportedByProvider } from '../../errors.ts';
import type { RawWebhook } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import events from './fixtures/events.json' with { type: 'json' };
import orders from './fixtures/orders.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import signer from './fixtures/signer.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { createPaypal } from './index.ts';
import { raw } from './testing/notices.ts';
import {
  CLIENT,
  SECRET,
  TOKEN,
  REFERENCE,
  ORDER_PATH,
  CAPTURE_ID,
  CERTIFICATE,
  configAt,
  vendorSum,
  dollars,
  prepares,
  chargesWallets,
  keptOrder,
  WALLET,
  startsOrders,
  orderWith,
  stage,
  type Part,
} from './testing/stage.ts';

const [, recorded] = vectors;

function rawOf(vector: typeof recorded, change: Partial<RawWebhook> = {}): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: Object.fromEntries(Object.entries(vector?.headers ?? {})),
    body: Buffer.from(vector?.body_base64 ?? '', 'base64'),
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-21T00:00:00Z'),
    ...change,
  };
}
const notice = rawOf(recorded);
const withHeader = (name: string, value: string): RawWebhook =>
  rawOf(recorded, { headers: { ...notice.headers, [name]: value } });

providerConformance({
  name: 'paypal',
  create: (baseUrl, deps) =>
    createPaypal(configAt(baseUrl), {
      ...deps,
      breaker: deps.breaker('paypal'),
      certificate: CERTIFICATE,
    }),
  createWithoutSecrets: (baseUrl, deps) =>
    createPaypal(configAt(baseUrl, { secret: new Secret('') }), {
      ...deps,
      breaker: deps.breaker('paypal'),
    }),
  secrets: [SECRET, TOKEN, Buffer.from(`${CLIENT}:${SECRET}`).toString('base64')],
  reference: REFERENCE,
  statuses: {
    'COMPLETED/COMPLETED': 'settled',
    'COMPLETED/PARTIALLY_REFUNDED': 'settled',
    'COMPLETED/REFUNDED': 'settled',
    'COMPLETED/PENDING': 'pending',
    'COMPLETED/DECLINED': 'cancelled',
    'COMPLETED/FAILED': 'cancelled',
    'COMPLETED/REVERSED': 'unrecognised',
    'COMPLETED/none': 'unrecognised',
    'CREATED/none': 'pending',
    'SAVED/none': 'pending',
    'PAYER_ACTION_REQUIRED/none': 'pending',
    'APPROVED/none': 'pending',
    'VOIDED/none': 'cancelled',
    'CREATED/COMPLETED': 'unrecognised',
    'APPROVED/COMPLETED': 'unrecognised',
    'VOIDED/COMPLETED': 'unrecognised',
  },
  script: {
    prepares,
    starts: startsOrders,
    shows(server, { status, amount, refunded }) {
      const [order, capture = 'COMPLETED'] = status.split('/');
      const back = refunded.minor === 0n ? [] : [refunded];
      const body = orderWith({
        order: { status: order },
        unit: { amount: vendorSum(amount), ...(capture === 'none' ? { payments: null } : {}) },
        capture: { status: capture, amount: vendorSum(amount) },
        refunds: back.map((sum) => ({ ...refunds.completed, amount: vendorSum(sum) })),
      });
      server.answer(`GET ${ORDER_PATH}`, { status: 200, body });
      server.answer(`POST ${ORDER_PATH}/capture`, { status: 422, body: errors.declined });
    },
    refunds(server, remainder) {
      server.answer(`GET ${ORDER_PATH}`, { status: 200, body: orders.completed });
      server.answerWith(`POST /v2/payments/captures/${CAPTURE_ID}/refund`, ({ body }) => {
        const { amount } = body as { amount: { value: string } }; // what our adapter sent
        return parseMajor(amount.value, 'USD').minor > remainder.minor
          ? { status: 422, body: errors.exceeded }
          : { status: 201, body: { ...refunds.completed, amount } };
      });
    },
    missing: { status: 404, body: errors.missing },
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: errors.too_many },
    retryAfterMs: 7_000,
  },
  charging: {
    method: WALLET,
    charges: chargesWallets,
    declines(server, issue) {
      const body = { ...errors.declined, details: [{ issue, description: 'x' }] };
      server.answer('POST /v2/checkout/orders', { status: 422, body });
    },
    advice: {
      INSTRUMENT_DECLINED: 'retry',
      TRANSACTION_LIMIT_EXCEEDED: 'retry',
      TOKEN_ID_NOT_FOUND: 'stop',
      AGREEMENT_ALREADY_CANCELLED: 'stop',
      PAYER_ACCOUNT_RESTRICTED: 'stop',
      PAYER_ACCOUNT_LOCKED_OR_CLOSED: 'stop',
      TRANSACTION_REFUSED: 'another_method',
      PAYER_CANNOT_PAY: 'another_method',
      PAYER_ACTION_REQUIRED: 'another_method',
    },
    saves(server, isKept) {
      server.answer(`GET ${ORDER_PATH}`, { status: 200, body: keptOrder(isKept) });
    },
    title: 'PayPal b•••@personal.example.com',
  },
  notice,
  forged: {
    'no signature': rawOf(recorded, { headers: {} }),
    'a changed byte': rawOf(recorded, {
      body: Buffer.from(notice.body.toString().replace('4.99', '9.99')),
    }),
    'another algorithm': withHeader('paypal-auth-algo', 'SHA1withRSA'),
    'another time': withHeader('paypal-transmission-time', '2026-11-20T20:46:42Z'),
    'a certificate of somebody else': withHeader('paypal-cert-url', 'https://evil.example/CERT-1'),
  },
  fuzz: {
    create: (baseUrl, deps) =>
      createPaypal(configAt(baseUrl), {
        ...deps,
        breaker: deps.breaker('paypal'),
        certificate: signer.certificate,
      }),
    signs: (text) => raw(text),
    notices: Object.values(events),
    inNotice: {
      facts: [
        'resource.status',
        'resource.amount.value',
        'resource.amount.currency_code',
        'resource.supplementary_data.related_ids.order_id',
      ],
      order: undefined,
    },
    inAnswer: {
      facts: [
        'id',
        'status',
        'intent',
        'purchase_units.0.payments.captures.0.status',
        'purchase_units.0.payments.captures.0.amount.value',
        'purchase_units.0.payments.captures.0.amount.currency_code',
      ],
      order: undefined,
    },
  },
});

describe('paypal', () => {
  const { server, make, paypal, show } = stage();

  it.each(['clientId', 'secret', 'webhookId'] as const)('is closed without %s', (name) => {
    expect(make({ [name]: undefined })).toBeUndefined();
    expect(make({ [name]: name === 'secret' ? new Secret('') : '' })).toBeUndefined();
  });

  it('asks for an order in the documented form', async () => {
    startsOrders(server());
    const order = { ...orderOf(dollars(49_900n)), description: `${'я'.repeat(126)}🚀` };
    const started = await paypal().start(order);
    expect(started.checkoutUrl).toBe(orders.created.links[1]?.href);
    const [token, request] = server().requests;
    expect(token).toMatchObject({
      path: '/v1/oauth2/token',
      headers: {
        authorization: `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'paypal-request-id': 'pay_01JD0005',
      prefer: 'return=representation',
      'content-type': 'application/json',
    });
    expect(request?.body).toEqual({
      intent: 'CAPTURE',
      purchase_units: [
        {
          reference_id: 'ord_01JD0005',
          custom_id: 'pay_01JD0005',
          invoice_id: 'pay_01JD0005',
          description: 'я'.repeat(126),
          amount: { currency_code: 'USD', value: '499.00' },
        },
      ],
      payment_source: {
        paypal: {
          experience_context: {
            return_url: 'https://shop.example/return',
            cancel_url: 'https://shop.example/return',
            user_action: 'PAY_NOW',
            shipping_preference: 'NO_SHIPPING',
            locale: 'ru-RU',
          },
        },
      },
    });
  });

  it('does not hold money, and says so before anything is sent', async () => {
    const held = { ...orderOf(dollars(100n)), captureAtOnce: false };
    await expect(paypal().start(held)).rejects.toBeInstanceOf(UnsupportedByProvider);
    expect(server().requests).toHaveLength(0);
  });

  it('does not accept a started order of another sum or another id, or of two units', async () => {
    const [unit] = orders.created.purchase_units;
    const odd: Part[] = [
      { purchase_units: [{ ...unit, amount: { currency_code: 'USD', value: '1.00' } }] },
      { purchase_units: [{ ...unit, amount: { currency_code: 'EUR', value: '499.00' } }] },
      { purchase_units: [{ ...unit, custom_id: 'pay_other', invoice_id: 'pay_other' }] },
      { purchase_units: [{ ...unit, invoice_id: undefined }] },
      { purchase_units: [unit, unit] },
      { purchase_units: undefined },
    ];
    for (const change of odd) {
      const body = { ...orders.created, ...change };
      server().answer('POST /v2/checkout/orders', { status: 201, body });
      await expect(paypal().start(orderOf(dollars(49_900n)))).rejects.toBeInstanceOf(
        ProviderProtocolError,
      );
    }
  });

  it('is a test unless it is the one live host', async () => {
    const http = {
      call: () => Promise.reject(new Error('unused')),
      close: () => Promise.resolve(),
    };
    const isTest = async (apiUrl: string) => {
      const provider = make({ apiUrl }, { http, certificate: CERTIFICATE });
      return (await provider?.verify(notice))?.claims?.isTest;
    };
    expect(await isTest('https://api-m.sandbox.paypal.com/')).toBe(true);
    expect(await isTest('https://api-m.paypal.com.evil.example/')).toBe(true);
    expect(await isTest('https://api-m.paypal.com')).toBe(false);
  });

  describe('a refund', () => {
    const ask = () =>
      paypal().refund({
        refundId: 'ref_1',
        reference: REFERENCE,
        amount: dollars(10_000n),
        reason: 'asked',
        receipt: undefined,
      });
    const answers = (body: unknown): void => {
      show(orders.completed);
      const route = `POST /v2/payments/captures/${CAPTURE_ID}/refund`;
      server().answer(route, { status: 201, body });
    };

    it.each([
      ['COMPLETED', 'refunded'],
      ['PENDING', 'pending'],
      ['FAILED', 'refused'],
      ['CANCELLED', 'refused'],
      ['REVIEWED', 'pending'],
    ])('that is %s is %s', async (status, state) => {
      answers({ ...refunds.completed, status });
      expect(await ask()).toMatchObject({ state, reference: refunds.completed.id });
      const sent = server().requests.at(-1);
      expect(sent?.headers['paypal-request-id']).toBe('refund:ref_1');
      expect(sent?.body).toEqual({
        amount: { currency_code: 'USD', value: '100.00' },
        note_to_payer: 'asked',
      });
    });

    it('of another sum is no answer to ours', async () => {
      answers({ ...refunds.completed, amount: { currency_code: 'USD', value: '1.00' } });
      await expect(ask()).rejects.toBeInstanceOf(ProviderProtocolError);
    });

    it('of an order that was never captured is refused without asking', async () => {
      show(orders.created);
      await expect(ask()).rejects.toBeInstanceOf(ProviderRefused);
      expect(server().requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    });
  });
});
