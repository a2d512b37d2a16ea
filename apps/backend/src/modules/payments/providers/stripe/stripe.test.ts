import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { ProviderProtocolError, ProviderRefused, UnsupportedByProvider } from '../../errors.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import events from './fixtures/events.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import sessions from './fixtures/sessions.json' with { type: 'json' };
import { createStripe } from './index.ts';
import { AT, signed } from './testing/notices.ts';
import {
  configAt,
  dollars,
  form,
  INTENT,
  KEY,
  REFERENCE,
  chargesMethods,
  declinesMethods,
  keptSession,
  METHOD,
  SESSION_PATH,
  sessionWith,
  SIGNING,
  stage,
  startsSessions,
} from './testing/stage.ts';

const notice = signed(JSON.stringify(events.completed));

providerConformance({
  name: 'stripe',
  create: (baseUrl, deps) =>
    createStripe(configAt(baseUrl), { ...deps, breaker: deps.breaker('stripe') }),
  createWithoutSecrets: (baseUrl, deps) =>
    createStripe(configAt(baseUrl, { apiKey: new Secret(''), webhookSecret: new Secret('') }), {
      ...deps,
      breaker: deps.breaker('stripe'),
    }),
  secrets: [KEY, SIGNING],
  reference: REFERENCE,
  statuses: {
    'complete/paid': 'settled',
    'open/unpaid': 'pending',
    'complete/unpaid': 'pending',
    'expired/unpaid': 'cancelled',
    'complete/no_payment_required': 'unrecognised',
    'open/paid': 'unrecognised',
    'expired/paid': 'unrecognised',
  },
  sent: (amount) => `unit_amount%5D=${amount.minor.toString()}&`,
  script: {
    starts: startsSessions,
    shows(server, { status, amount, refunded }) {
      const [word, paid = 'paid'] = status.split('/');
      const change = {
        status: word,
        payment_status: paid,
        amount_total: Number(amount.minor),
        currency: amount.currency.toLowerCase(),
      };
      const intent = paid === 'unpaid' ? { status: 'processing' } : {};
      server.answer(`GET /v1/checkout/sessions/${REFERENCE}`, {
        status: 200,
        body: sessionWith(change, intent, { amount_refunded: Number(refunded.minor) }),
      });
    },
    refunds(server, remainder) {
      server.answer(`GET /v1/checkout/sessions/${REFERENCE}`, { status: 200, body: sessions.paid });
      server.answerWith('POST /v1/refunds', ({ body }) => {
        const amount = Number(form(body)['amount']);
        return amount > remainder.minor
          ? { status: 400, body: errors.too_large }
          : { status: 200, body: { ...refunds.succeeded, amount } };
      });
    },
    missing: { status: 404, body: errors.missing },
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: errors.too_many },
    retryAfterMs: 7_000,
  },
  charging: {
    method: METHOD,
    sent: METHOD.split(':'),
    charges: chargesMethods,
    declines(server, reason) {
      declinesMethods(server, { decline_code: reason });
    },
    advice: {
      insufficient_funds: 'retry',
      card_velocity_exceeded: 'retry',
      withdrawal_count_limit_exceeded: 'retry',
      processing_error: 'retry',
      issuer_not_available: 'retry',
      reenter_transaction: 'retry',
      approve_with_id: 'retry',
      authentication_required: 'another_method',
      expired_card: 'another_method',
      do_not_honor: 'another_method',
      generic_decline: 'another_method',
      lost_card: 'stop',
      stolen_card: 'stop',
      pickup_card: 'stop',
      restricted_card: 'stop',
      fraudulent: 'stop',
      merchant_blacklist: 'stop',
      stop_payment_order: 'stop',
      revocation_of_authorization: 'stop',
      revocation_of_all_authorizations: 'stop',
    },
    saves(server, isSaved) {
      const body = keptSession(isSaved);
      server.answer(`GET /v1/checkout/sessions/${REFERENCE}`, { status: 200, body });
    },
    title: '•• 4242',
  },
  notice,
  forged: {
    'no signature': { ...notice, headers: {} },
    'the signature of another secret': signed(notice.body.toString(), 'whsec_other'),
    'the signature of an empty secret': signed(notice.body.toString(), ''),
    'a changed byte': {
      ...notice,
      body: Buffer.from(notice.body.toString().replace('499', '199')),
    },
    'a signature of yesterday': signed(
      notice.body.toString(),
      SIGNING,
      new Date(AT.getTime() - 86_400_000),
    ),
  },
  fuzz: {
    signs: (text) => signed(text),
    notices: Object.values(events),
    inNotice: {
      facts: ['id', 'mode', 'status', 'payment_status', 'amount_total', 'currency'].map(
        (name) => `data.object.${name}`,
      ),
      order: 'data.object.metadata.payment_id',
    },
    inAnswer: {
      facts: ['id', 'mode', 'status', 'payment_status', 'amount_total', 'currency'].concat(
        'payment_intent.status',
      ),
      order: 'metadata.payment_id',
    },
  },
});

describe('stripe', () => {
  const { server, make, stripe, show } = stage();

  it.each(['apiKey', 'webhookSecret'] as const)('is closed when %s alone is missing', (name) => {
    expect(make({ [name]: undefined })).toBeUndefined();
    expect(make({ [name]: new Secret('') })).toBeUndefined();
  });

  it('is closed when its list of secrets holds only separators', () => {
    expect(make({ webhookSecret: new Secret(' , ,') })).toBeUndefined();
  });

  it('asks for a session in the documented form', async () => {
    startsSessions(server());
    const order = { ...orderOf(dollars(49_900n)), captureAtOnce: false, language: 'en' as const };
    const started = await stripe().start(order);
    expect(started.checkoutUrl).toBe(sessions.open.url);
    const [request] = server().requests;
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'idempotency-key': 'pay_01JD0005',
      'stripe-version': '2026-10-28.endive',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form(request?.body)).toEqual({
      mode: 'payment',
      client_reference_id: 'pay_01JD0005',
      'metadata[payment_id]': 'pay_01JD0005',
      'metadata[order_id]': 'ord_01JD0005',
      'payment_intent_data[metadata][payment_id]': 'pay_01JD0005',
      'payment_intent_data[capture_method]': 'manual',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'usd',
      'line_items[0][price_data][unit_amount]': '49900',
      'line_items[0][price_data][product_data][name]': 'Заказ №72',
      success_url: 'https://shop.example/return',
      cancel_url: 'https://shop.example/return',
      locale: 'en',
      'expand[0]': 'payment_intent.latest_charge',
    });
  });

  it('asks for no currency the account was not said to take', async () => {
    const provider = stripe({ currencies: ['USD'] });
    await expect(provider.start(orderOf(dollars(100n, 'RUB')))).rejects.toBeInstanceOf(
      UnsupportedByProvider,
    );
    expect(server().requests).toHaveLength(0);
  });

  it('does not accept a started session of another sum, currency or payment', async () => {
    const odd = [{ amount_total: 1 }, { currency: 'eur' }, { metadata: {} }];
    for (const change of odd) {
      server().answer('*', { status: 200, body: { ...sessions.open, ...change } });
      await expect(stripe().start(orderOf(dollars(49_900n)))).rejects.toBeInstanceOf(
        ProviderProtocolError,
      );
    }
  });

  it('tells a key that is still running from one that was used for something else', async () => {
    server().answer('*', { status: 409, body: errors.key_in_use });
    await expect(stripe().start(orderOf(dollars(1n)))).rejects.toMatchObject({
      code: 'payments.provider_unavailable',
    });
    server().answer('*', { status: 400, body: errors.key_reused });
    await expect(stripe().start(orderOf(dollars(1n)))).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('captures the intent, and cancels a hold or an open page, under keys of our payment', async () => {
    for (const route of [
      `payment_intents/${INTENT.id}/capture`,
      `payment_intents/${INTENT.id}/cancel`,
    ]) {
      server().answer(`POST /v1/${route}`, { status: 200, body: INTENT });
    }
    server().answer(`POST ${SESSION_PATH}/expire`, { status: 200, body: sessions.expired });
    const held = sessionWith({ payment_status: 'unpaid' }, { status: 'requires_capture' });
    show(held);
    server().answer(
      `GET ${SESSION_PATH}`,
      { status: 200, body: held },
      { status: 200, body: sessions.paid },
    );
    expect((await stripe().capture(REFERENCE, 'pay_1', dollars(49_900n))).state).toBe('settled');
    show(held);
    await stripe().cancel(REFERENCE, 'pay_1');
    server().answer(
      `GET ${SESSION_PATH}`,
      { status: 200, body: sessions.open },
      { status: 200, body: sessions.expired },
    );
    expect((await stripe().cancel(REFERENCE, 'pay_1')).state).toBe('cancelled');
    const posts = server().requests.filter(({ method }) => method === 'POST');
    expect(posts.map((post) => [post.path, post.headers['idempotency-key']])).toEqual([
      [`/v1/payment_intents/${INTENT.id}/capture`, 'capture:pay_1'],
      [`/v1/payment_intents/${INTENT.id}/cancel`, 'cancel:pay_1'],
      [`${SESSION_PATH}/expire`, 'cancel:pay_1'],
    ]);
    expect(form(posts[0]?.body)).toEqual({ amount_to_capture: '49900' });
  });

  describe('a refund', () => {
    const ask = () =>
      stripe().refund({
        refundId: 'ref_1',
        reference: REFERENCE,
        amount: dollars(10_000n),
        reason: 'asked',
        receipt: undefined,
      });
    const answers = (body: unknown): void => {
      show(sessions.paid);
      server().answer('POST /v1/refunds', { status: 200, body });
    };

    it.each([
      ['succeeded', 'refunded'],
      ['pending', 'pending'],
      ['requires_action', 'pending'],
      ['failed', 'refused'],
      ['canceled', 'refused'],
      ['reviewed', 'pending'],
    ])('that is %s is %s', async (status, state) => {
      answers({ ...refunds.succeeded, status });
      expect(await ask()).toMatchObject({ state, reference: refunds.succeeded.id });
      const sent = server().requests.at(-1);
      expect(sent?.headers['idempotency-key']).toBe('refund:ref_1');
      expect(form(sent?.body)).toEqual({
        payment_intent: INTENT.id,
        amount: '10000',
        'metadata[refund_id]': 'ref_1',
        'metadata[reason]': 'asked',
      });
    });

    it('of another payment, sum or currency is no answer to ours', async () => {
      const odd = [{ payment_intent: 'pi_other' }, { amount: 1 }, { currency: 'eur' }];
      for (const change of odd) {
        answers({ ...refunds.succeeded, ...change });
        await expect(ask()).rejects.toBeInstanceOf(ProviderProtocolError);
      }
    });

    it('of a session nobody paid is refused without asking', async () => {
      show(sessions.open);
      await expect(ask()).rejects.toBeInstanceOf(ProviderRefused);
      expect(server().requests).toHaveLength(1);
    });
  });
});
