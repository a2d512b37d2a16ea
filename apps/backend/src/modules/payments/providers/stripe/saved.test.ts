import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import sessions from './fixtures/sessions.json' with { type: 'json' };
import {
  chargedIntent,
  chargesMethods,
  declinesMethods,
  dollars,
  form,
  INTENT,
  keptSession,
  METHOD,
  REFERENCE,
  sessionWith,
  stage,
  startsSessions,
  type Part,
} from './testing/stage.ts';

const [CUSTOMER, CARD] = METHOD.split(':');
const INTENTS = '/v1/payment_intents';
const NONE = { status: 200, body: { data: [], has_more: false } };

describe('a saved method at stripe', () => {
  const { server, stripe, show } = stage();
  const method = new Secret(METHOD);
  const charge = () => stripe().charge(method, orderOf(dollars(49_900n), 'pay_01JD0006'));
  const charged = (change: Part = {}): Part => ({
    ...chargedIntent({
      amount: '49900',
      currency: 'usd',
      'metadata[charge]': 'saved_method',
      'metadata[payment_id]': 'pay_01JD0006',
    }),
    ...change,
  });
  const shows = (intent: Part): void => {
    server().answer('GET /v1/checkout/sessions', NONE);
    server().answer(`GET ${INTENTS}/${INTENT.id}`, { status: 200, body: intent });
  };

  it('is asked for only when the buyer agreed, for a customer of its own', async () => {
    startsSessions(server());
    await stripe().start({ ...orderOf(dollars(49_900n)), saveMethod: true });
    await stripe().start(orderOf(dollars(49_900n), 'pay_2'));
    const [keeping, plain] = server().requests.map(({ body }) => form(body));
    expect(keeping).toMatchObject({
      'payment_intent_data[setup_future_usage]': 'off_session',
      customer_creation: 'always',
    });
    expect(Object.keys(plain ?? {}).filter((name) => /usage|customer/.test(name))).toEqual([]);
  });

  it('is charged as documented, under the key of our payment', async () => {
    chargesMethods(server());
    await charge();
    const [sent] = server().requests;
    expect(sent?.headers['idempotency-key']).toBe('pay_01JD0006');
    expect(form(sent?.body)).toEqual({
      customer: CUSTOMER,
      payment_method: CARD,
      amount: '49900',
      currency: 'usd',
      confirm: 'true',
      off_session: 'true',
      'automatic_payment_methods[enabled]': 'true',
      return_url: 'https://shop.example/return',
      description: 'Заказ №72',
      'metadata[charge]': 'saved_method',
      'metadata[payment_id]': 'pay_01JD0006',
      'metadata[order_id]': 'ord_01JD0005',
      'expand[0]': 'latest_charge',
    });
  });

  it.each([
    [{ status: 'processing' }, 'pending'],
    [{ status: 'requires_action' }, 'cancelled'],
    [{ status: 'requires_capture' }, 'authorised'],
    [{ status: 'canceled' }, 'cancelled'],
    [{ status: 'requires_payment_method' }, 'cancelled'],
    [{ status: 'a_new_word' }, 'unrecognised'],
  ])('that left its intent %j is %s', async (change, state) => {
    shows(charged(change));
    expect((await stripe().lookup(INTENT.id)).state).toBe(state);
  });

  it.each([
    [{ advice_code: 'try_again_later', decline_code: 'generic_decline' }, 'retry'],
    [{ advice_code: 'do_not_try_again', decline_code: 'insufficient_funds' }, 'stop'],
    [{ advice_code: 'confirm_card_data', decline_code: 'insufficient_funds' }, 'another_method'],
    [{ advice_code: 'a_new_word', decline_code: 'insufficient_funds' }, 'retry'],
    [{ code: 'authentication_required' }, 'another_method'],
  ])('that was declined with %j is for %s: the issuer knows best', async (decline, advice) => {
    declinesMethods(server(), decline);
    expect((await charge()).payment).toMatchObject({ state: 'cancelled', advice });
  });

  it('of another payment, sum or mark is no answer to ours', async () => {
    const odd = [{ amount: 1 }, { currency: 'eur' }, { metadata: { payment_id: 'pay_01JD0006' } }];
    for (const change of odd) {
      server().answer(`POST ${INTENTS}`, { status: 200, body: charged(change) });
      await expect(charge()).rejects.toBeInstanceOf(ProviderProtocolError);
    }
    server().answer(`POST ${INTENTS}`, { status: 200, body: charged({ latest_charge: 'ch_1' }) });
    await expect(charge()).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('that is gone refuses the charge for good: no payment is missing', async () => {
    server().answer(`POST ${INTENTS}`, { status: 404, body: errors.missing });
    await expect(charge()).rejects.toBeInstanceOf(ProviderRefused);
    server().answer(`POST ${INTENTS}`, { status: 402, body: { error: { type: 'card_error' } } });
    await expect(charge()).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('is found, refunded and given up by its intent, as notices name it', async () => {
    shows(charged());
    expect(await stripe().lookup(INTENT.id)).toMatchObject({
      reference: INTENT.id,
      state: 'settled',
      paymentId: 'pay_01JD0006',
      amount: dollars(49_900n),
    });
    const refund = { ...refunds.succeeded, amount: 10_000, payment_intent: INTENT.id };
    server().answer('POST /v1/refunds', { status: 200, body: refund });
    const wish = { refundId: 'ref_1', reason: 'asked', receipt: undefined };
    const amount = dollars(10_000n);
    expect(await stripe().refund({ ...wish, reference: INTENT.id, amount })).toMatchObject({
      state: 'refunded',
    });
    shows(charged({ status: 'processing' }));
    server().answer(`POST ${INTENTS}/${INTENT.id}/cancel`, { status: 200, body: INTENT });
    await stripe().cancel(INTENT.id, 'pay_01JD0006');
    shows({ ...charged(), metadata: { payment_id: 'pay_01JD0006' } });
    await expect(stripe().lookup(INTENT.id)).rejects.toBeInstanceOf(ProviderPaymentMissing);
  });

  it('is listed beside the sessions, whose own intents are not listed twice', async () => {
    const list = (data: unknown[]) => ({ status: 200, body: { data, has_more: false } });
    server().answer('GET /v1/checkout/sessions', list([sessions.paid]));
    const ofSession = { ...charged(), metadata: { payment_id: 'pay_01JD0005' } };
    server().answer(`GET ${INTENTS}`, list([ofSession, charged({ id: 'pi_charged' })]));
    const window = { from: new Date(0), to: new Date(1_000) };
    const seen = await Array.fromAsync(stripe().list(window));
    expect(seen.map(({ reference }) => reference)).toEqual([REFERENCE, 'pi_charged']);
  });

  it('is kept with the end of its card, and an odd one never hides the money', async () => {
    show(keptSession(true));
    const { savedMethod } = await stripe().lookup(REFERENCE);
    expect(savedMethod?.expiresAt).toEqual(new Date('2031-01-01T00:00:00Z'));
    const kept = { setup_future_usage: 'off_session', customer: CUSTOMER, payment_method: CARD };
    for (const odd of [{ customer: null }, { customer: 7 }, { payment_method: 'pm_../1' }]) {
      show(sessionWith({}, { ...kept, ...odd }));
      const found = await stripe().lookup(REFERENCE);
      expect(found).toMatchObject({ state: 'settled' });
      expect(found.savedMethod).toBeUndefined();
    }
    show(sessionWith({}, kept, { payment_method_details: { type: 'sepa_debit', card: 'none' } }));
    expect((await stripe().lookup(REFERENCE)).savedMethod?.title).toBe('card');
  });

  it('is removed at Stripe, and a repeat changes nothing', async () => {
    const refused = { status: 400, body: errors.key_reused };
    const route = `POST /v1/payment_methods/${CARD ?? ''}/detach`;
    server().answer(route, { status: 200, body: { id: CARD } }, refused);
    for (const _time of [1, 2]) await stripe().removeMethod?.(method);
    expect(server().requests).toHaveLength(2);
    server().answer(route, { status: 503 });
    await expect(stripe().removeMethod?.(method)).rejects.toBeInstanceOf(ProviderUnavailable);
  });
});
