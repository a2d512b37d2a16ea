import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rehearse, type StripeRehearsal } from './rehearsal.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 2026-11-20T12:00:00Z, where the clock of a rehearsal stands. */
const NOW = 1_795_176_000;

let vendor: StripeRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

async function open(more: Readonly<Record<string, string>> = {}): Promise<string> {
  return String((await vendor.session(more)).body['id']);
}
const session = async (id: string, query = ''): Promise<unknown> =>
  (await vendor.api('GET', `/checkout/sessions/${id}${query}`)).body;
const typesOf = (notices: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  notices.map((each) => each['type']).toSorted();

describe('creating a session', () => {
  it('answers an open, unpaid one whose url leads to the page', async () => {
    const { status, body } = await vendor.session();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 499,
      currency: 'usd',
      client_reference_id: 'pay_1',
      payment_intent: null,
      livemode: false,
      expires_at: NOW + 86_400,
    });
    expect(body['id']).toMatch(/^cs_test_\w+$/);
    expect(body['url']).toContain(`/stripe/checkout/${String(body['id'])}`);
  });

  it('adds up its lines', async () => {
    const line = 'line_items[1]';
    const { body } = await vendor.session({
      [`${line}[price_data][currency]`]: 'usd',
      [`${line}[price_data][unit_amount]`]: '250',
      [`${line}[price_data][product_data][name]`]: 'Device',
      [`${line}[quantity]`]: '2',
    });
    expect(body['amount_total']).toBe(999);
  });

  it.each([
    ['mode', { mode: 'subscription' }],
    ['currency', { 'line_items[0][price_data][currency]': 'rub' }],
    ['line_items', { 'line_items[0][price_data][unit_amount]': '49' }],
    [
      'line_items[0][price_data][unit_amount]',
      { 'line_items[0][price_data][unit_amount]': '4.99' },
    ],
    ['success_url', { success_url: 'javascript:1' }],
    ['expires_at', { expires_at: String(NOW + 1_799) }],
    ['expires_at', { expires_at: String(NOW + 86_401) }],
    ['metadata[k]', { 'metadata[k]': 'v'.repeat(501) }],
    ['client_reference_id', { client_reference_id: 'r'.repeat(201) }],
    ['customer', { customer: 'cus_nobody' }],
    ['surprise', { surprise: '1' }],
  ])('names %s as the wrong parameter', async (param, more) => {
    const { status, body } = await vendor.session(more);
    expect(status).toBe(param === 'customer' ? 404 : 400);
    expect(body['error']).toMatchObject({
      type: 'invalid_request_error',
      param: param === 'customer' ? 'id' : param,
    });
  });

  it('refuses another key, and says 404 for what nobody made', async () => {
    const wrong = { authorization: 'Bearer sk_test_other' };
    const refused = await vendor.api('GET', '/balance', undefined, wrong);
    expect([refused.status, refused.body['error']]).toMatchObject([
      401,
      { type: 'authentication_error' },
    ]);
    const none = await vendor.api('GET', '/checkout/sessions/cs_test_none');
    expect([none.status, none.body['error']]).toMatchObject([404, { code: 'resource_missing' }]);
  });
});

describe('the idempotency key', () => {
  const key = { 'idempotency-key': 'same' };
  const create = (amount: string) =>
    vendor.api(
      'POST',
      '/payment_intents',
      { amount, currency: 'usd', 'metadata[payment_id]': 'pay_1' },
      key,
    );

  it('replays the first answer and refuses other parameters, for a day', async () => {
    const first = await create('499');
    const again = await create('499');
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await create('500');
    expect([other.status, other.body['error']]).toMatchObject([400, { type: 'idempotency_error' }]);
    await vendor.advance(24 * HOUR_MS);
    expect((await create('500')).body['id']).not.toBe(first.body['id']);
  });

  it('holds when the answer was lost: the act happened once', async () => {
    vendor.world.faults.set({ target: 'stripe', kind: 'drop-answer', probability: 1, seed: 1 });
    await expect(create('499')).rejects.toThrow();
    vendor.world.faults.clear();
    const again = await create('499');
    const list = await vendor.api('GET', '/payment_intents');
    expect(list.body['data']).toEqual([again.body]);
  });

  it('does not keep what was never begun', async () => {
    expect((await create('1')).status).toBe(400);
    expect((await create('499')).status).toBe(200);
  });
});

describe('paying on the page', () => {
  it('by card completes the session with the money, and tells of each step', async () => {
    const id = await open();
    expect((await vendor.act('pay', id)).body).toMatchObject({
      state: 'paid',
      taken: '4.99',
      reference: 'pay_1',
    });
    expect(await session(id, '?expand[]=payment_intent.latest_charge')).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      payment_intent: {
        status: 'succeeded',
        amount_received: 499,
        metadata: { payment_id: 'pay_1' },
        latest_charge: { object: 'charge', paid: true, amount: 499 },
      },
    });
    const notices = await vendor.notices();
    expect(typesOf(notices)).toEqual([
      'charge.succeeded',
      'checkout.session.completed',
      'payment_intent.created',
      'payment_intent.succeeded',
    ]);
    expect(notices.find((each) => each['type'] === 'checkout.session.completed')).toMatchObject({
      object: 'event',
      livemode: false,
      data: { object: { id, payment_status: 'paid', client_reference_id: 'pay_1' } },
    });
  });

  it('by a bank debit completes it unpaid, and the money comes or fails later', async () => {
    const good = await open();
    await vendor.act('late', good, { afterMs: 10 * MINUTE_MS });
    expect(await session(good)).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    expect((await vendor.act('resend', good)).body).toMatchObject({ state: 'held', taken: '0.00' });
    await vendor.notices();
    await vendor.advance(10 * MINUTE_MS);
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.succeeded',
      'checkout.session.async_payment_succeeded',
      'payment_intent.succeeded',
    ]);
    expect(await session(good)).toMatchObject({ payment_status: 'paid' });
    expect((await vendor.api('GET', '/charges')).body['data']).toHaveLength(1);
  });

  it('goes on after a decline: the same page takes another card', async () => {
    const id = await open();
    expect((await vendor.act('decline', id)).body).toMatchObject({ state: 'open', taken: '0.00' });
    expect(await session(id, '?expand[]=payment_intent')).toMatchObject({
      status: 'open',
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
      },
    });
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.failed',
      'payment_intent.created',
      'payment_intent.payment_failed',
    ]);
    expect((await vendor.act('pay', id)).body).toMatchObject({ state: 'paid', taken: '4.99' });
    expect((await vendor.act('pay', id)).status).toBe(409);
  });

  it('ends by itself when nobody pays, and at our wish', async () => {
    const left = await open({ expires_at: String(NOW + 1_800) });
    const closed = await open();
    await vendor.act('abandon', left);
    await vendor.api('POST', `/checkout/sessions/${closed}/expire`);
    expect(await session(closed)).toMatchObject({ status: 'expired', url: null });
    await vendor.advance(29 * MINUTE_MS);
    expect(await session(left)).toMatchObject({ status: 'open' });
    await vendor.advance(MINUTE_MS);
    expect(await session(left)).toMatchObject({ status: 'expired' });
    expect(typesOf(await vendor.notices())).toEqual([
      'checkout.session.expired',
      'checkout.session.expired',
    ]);
    expect((await vendor.act('pay', left)).status).toBe(409);
    const again = await vendor.api('POST', `/checkout/sessions/${left}/expire`);
    expect(again.status).toBe(400);
  });

  it('twice needs another open page of the same order', async () => {
    const first = await open();
    await open({ 'metadata[order_id]': 'ord_2' });
    expect((await vendor.act('twice', first)).status).toBe(409);
    const second = await open({ client_reference_id: 'pay_2' });
    expect((await vendor.act('twice', first)).status).toBe(200);
    for (const id of [first, second]) {
      expect(await session(id)).toMatchObject({ payment_status: 'paid' });
    }
  });

  it('never brings another amount', async () => {
    const id = await open();
    expect((await vendor.act('other', id, { value: '1.00' })).status).toBe(409);
  });
});

describe('lists', () => {
  it('page from the newest by the last id, and filter by time', async () => {
    const made: string[] = [];
    for (let at = 0; at < 5; at += 1) made.unshift(await open());
    const idsOf = async (query: string): Promise<string[]> => {
      const { body } = await vendor.api('GET', `/checkout/sessions?${query}`);
      return (body['data'] as { id: string }[]).map(({ id }) => id); // the list just made
    };
    const first = await idsOf('limit=3');
    expect([...first, ...(await idsOf(`limit=3&starting_after=${first[2] ?? ''}`))]).toEqual(made);
    await vendor.advance(5_000);
    const late = await open();
    expect(await idsOf(`created[gte]=${String(NOW + 5)}`)).toEqual([late]);
    expect(await idsOf(`created[lt]=${String(NOW + 5)}`)).toEqual(made);
    expect((await vendor.api('GET', '/checkout/sessions?limit=101')).status).toBe(400);
    expect((await vendor.api('GET', '/checkout/sessions?starting_after=no')).status).toBe(404);
  });
});
