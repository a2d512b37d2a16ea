import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { ProviderPaymentMissing, ProviderProtocolError } from '../../errors.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import sessions from './fixtures/sessions.json' with { type: 'json' };
import { dollars, INTENT, REFERENCE, sessionWith, stage, type Part } from './testing/stage.ts';

describe('reading at stripe', () => {
  const { server, make, stripe, show } = stage();

  it('reads a payment whole', async () => {
    show(sessionWith({ livemode: true }, {}, { amount_refunded: 10_000 }));
    expect(await stripe().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: dollars(49_900n),
      refunded: dollars(10_000n),
      paymentId: 'pay_01JD0005',
      reason: undefined,
      createdAt: new Date('2026-11-20T20:46:30Z'),
      isTest: false,
    });
    expect(Object.fromEntries(server().requests[0]?.query ?? [])).toEqual({
      'expand[0]': 'payment_intent.latest_charge',
    });
  });

  it('takes what does not say that it is live for a test', async () => {
    for (const livemode of [false, null, undefined]) {
      show(sessionWith({ livemode }));
      expect((await stripe().lookup(REFERENCE)).isTest).toBe(true);
    }
  });

  it('knows its payment by what only we can write, never by what a buyer can', async () => {
    show(sessionWith({ metadata: {}, client_reference_id: 'pay_01JD0005' }));
    expect((await stripe().lookup(REFERENCE)).paymentId).toBeUndefined();
  });

  it.each<[string, Part, Part, string, string | undefined]>([
    [
      'a hold',
      { payment_status: 'unpaid' },
      { status: 'requires_capture' },
      'authorised',
      undefined,
    ],
    ['a hold called paid', {}, { status: 'requires_capture' }, 'authorised', undefined],
    [
      'a slow method that failed',
      { payment_status: 'unpaid' },
      { status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } },
      'cancelled',
      'card_declined',
    ],
    [
      'a hold given up',
      { payment_status: 'unpaid' },
      { status: 'canceled' },
      'cancelled',
      'canceled_by_merchant',
    ],
    [
      'paid, but its intent is not',
      {},
      { status: 'processing' },
      'unrecognised',
      'paid, processing',
    ],
    [
      'an intent with a new word',
      { payment_status: 'unpaid' },
      { status: 'requires_source' },
      'unrecognised',
      'unpaid, requires_source',
    ],
    ['a mode without a name', { mode: '' }, {}, 'unrecognised', 'mode '],
    ['a subscription', { mode: 'subscription' }, {}, 'unrecognised', 'mode subscription'],
    [
      'unpaid, its link is over',
      { status: 'expired', payment_status: 'unpaid' },
      {},
      'cancelled',
      'expired',
    ],
  ])('reads %s', async (_name, session, intent, state, reason) => {
    show(sessionWith(session, intent));
    expect(await stripe().lookup(REFERENCE)).toMatchObject({ state, reason });
  });

  it('refuses an answer that hides its charge, is about another session or is no exact sum', async () => {
    const bodies = [
      { ...sessions.paid, payment_intent: INTENT.id },
      sessionWith({}, { latest_charge: 'ch_1' }),
      sessionWith({ id: 'cs_test_other' }),
      sessionWith({ amount_total: 499.5 }),
      sessionWith({ amount_total: '49900' }),
      sessionWith({ amount_total: -1 }),
      sessionWith({ currency: 'USD' }),
      sessionWith({ currency: 'jpy' }),
      sessionWith({}, {}, { amount_refunded: null }),
    ];
    for (const body of bodies) {
      show(body);
      await expect(stripe().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  describe('a disputed payment', () => {
    const lookup = async (...disputes: Part[]) => {
      show(sessionWith({}, {}, { disputed: true, amount_refunded: 900 }));
      const data = disputes.map((each) => ({ amount: 49_000, currency: 'usd', ...each }));
      server().answer('GET /v1/disputes', { status: 200, body: { data, has_more: false } });
      return stripe().lookup(REFERENCE);
    };

    it.each(['needs_response', 'under_review', 'warning_needs_response', 'new_word'])(
      'is of nobody money while the dispute is %s',
      async (status) => {
        expect(await lookup({ status })).toMatchObject({
          state: 'disputed',
          refunded: dollars(900n),
        });
        expect(Object.fromEntries(server().requests[1]?.query ?? [])).toMatchObject({
          payment_intent: INTENT.id,
        });
      },
    );

    it.each(['won', 'warning_closed', 'prevented'])('is ours again when %s', async (status) => {
      expect(await lookup({ status })).toMatchObject({
        state: 'settled',
        refunded: dollars(900n),
      });
    });

    it('is money given back when lost, never more than there was', async () => {
      expect((await lookup({ status: 'lost' })).refunded).toEqual(dollars(49_900n));
      expect((await lookup({ status: 'lost', amount: 100 })).refunded).toEqual(dollars(1_000n));
      expect((await lookup({ status: 'lost', currency: 'jpy', amount: 1 })).refunded).toEqual(
        dollars(49_900n),
      );
      expect(await lookup({ status: 'lost', amount: 1 }, { status: 'under_review' })).toMatchObject(
        {
          state: 'disputed',
          refunded: dollars(901n),
        },
      );
    });
  });

  it('finds the payment by its intent and by its charge, as notices of charges name it', async () => {
    server().answer('GET /v1/charges/ch_1', {
      status: 200,
      body: { id: 'ch_1', payment_intent: INTENT.id },
    });
    const data = [sessions.paid];
    server().answer('GET /v1/checkout/sessions', { status: 200, body: { data, has_more: false } });
    expect((await stripe().lookup(INTENT.id)).reference).toBe(REFERENCE);
    expect((await stripe().lookup('ch_1')).reference).toBe(REFERENCE);
    expect(server().requests.at(-1)?.query.get('payment_intent')).toBe(INTENT.id);
    await expect(stripe().lookup('pi_other')).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it("calls somebody else's charge missing, and sends no reference that is no id", async () => {
    server().answer('GET /v1/charges/ch_1', { status: 200, body: { id: 'ch_1' } });
    server().answer(`GET /v1/payment_intents/${INTENT.id}`, { status: 200, body: INTENT });
    server().answer('*', { status: 200, body: { data: [], has_more: false } });
    for (const reference of ['ch_1', INTENT.id]) {
      await expect(stripe().lookup(reference)).rejects.toBeInstanceOf(ProviderPaymentMissing);
    }
    const sent = server().requests.length;
    for (const reference of ['cs_../../refunds', '', 'cs_', 'cs_a?b=c', 'x'.repeat(300)]) {
      await expect(stripe().lookup(reference)).rejects.toBeInstanceOf(ProviderPaymentMissing);
    }
    expect(server().requests).toHaveLength(sent);
  });

  it('does not take an unknown address of the API for a missing payment', async () => {
    server().answer('*', { status: 404, body: errors.unknown_url });
    await expect(stripe().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('lists every page of a window, the odd item last as an error', async () => {
    const window = {
      from: new Date('2026-11-20T00:00:00.4Z'),
      to: new Date('2026-11-21T00:00:00Z'),
    };
    const [first, last] = [{ ...sessions.expired, id: 'cs_test_1' }, sessions.paid];
    const route = 'GET /v1/checkout/sessions';
    server().answer(
      route,
      { status: 200, body: { data: [{ id: 7 }, first], has_more: true } },
      { status: 200, body: { data: [last], has_more: false } },
    );
    const intents = { status: 200, body: { data: [INTENT], has_more: false } };
    server().answer('GET /v1/payment_intents', intents);
    const states: string[] = [];
    const reading = (async () => {
      for await (const one of stripe().list(window)) states.push(one.state);
    })();
    await expect(reading).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(states).toEqual(['cancelled', 'settled']);
    expect(server().requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      {
        'created[gte]': '1795132800',
        'created[lt]': '1795219200',
        limit: '100',
        'expand[0]': 'data.payment_intent.latest_charge',
      },
      expect.objectContaining({ starting_after: 'cs_test_1' }),
      expect.objectContaining({ 'created[gte]': '1795132800', 'expand[0]': 'data.latest_charge' }),
    ]);
  });

  it('gives all requests of one call together no more than the time of one', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => (nowMs += 6_000) };
    server().answer('GET /v1/charges/ch_1', {
      status: 200,
      body: { id: 'ch_1', payment_intent: INTENT.id },
    });
    await expect(make({}, clock)?.lookup('ch_1')).rejects.toMatchObject({
      code: 'payments.provider_unavailable',
    });
    expect(server().requests).toHaveLength(1);
  });
});
