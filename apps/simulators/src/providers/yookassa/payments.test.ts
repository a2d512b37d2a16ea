import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rehearse, type Rehearsal, type Reply } from './rehearsal.ts';

const HOUR_MS = 3_600_000;
const order = (more: object = {}): object => ({
  amount: { value: '499.00', currency: 'RUB' },
  capture: true,
  confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
  description: 'Заказ №72',
  metadata: { order_id: 'ord_1', payment_id: 'pay_1' },
  ...more,
});

let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

const create = (more: object = {}, headers = {}): Promise<Reply> =>
  vendor.api('POST', '/payments', order(more), headers);
const idOf = async (reply: Promise<Reply>): Promise<string> => String((await reply).body['id']);
const pay = (id: string, act = 'pay'): Promise<Reply> =>
  vendor.visit('POST', `/yookassa/control/payments/${id}/${act}`);

describe('creating a payment', () => {
  it('answers a pending payment whose link leads to the checkout page', async () => {
    const { status, body } = await create();
    expect(status).toBe(200);
    expect(body['id']).toMatch(/^[0-9a-f]{8}-000f-5000-8000-[0-9a-f]{12}$/);
    expect(body).toMatchObject({ status: 'pending', paid: false, test: true, refundable: false });
    expect(body['confirmation']).toMatchObject({
      type: 'redirect',
      confirmation_url: `${vendor.world.selfUrl}/yookassa/checkout/${String(body['id'])}`,
    });
  });

  it('refuses wrong credentials with the error object of the vendor', async () => {
    const { status, body } = await create({}, { authorization: 'Basic d3Jvbmc6a2V5' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ type: 'error', code: 'invalid_credentials' });
  });

  it.each([
    ['amount.value', { amount: { value: '499', currency: 'RUB' } }],
    ['amount.value', { amount: { value: 499, currency: 'RUB' } }],
    ['amount.value', { amount: { value: '0.00', currency: 'RUB' } }],
    ['amount.currency', { amount: { value: '499.00', currency: 'XXX' } }],
    ['description', { description: 'd'.repeat(129) }],
    [
      'metadata',
      { metadata: Object.fromEntries([...Array(17).keys()].map((n) => [`k${n}`, 'v'])) },
    ],
    ['metadata', { metadata: { ['k'.repeat(33)]: 'v' } }],
    ['metadata.k', { metadata: { k: 'v'.repeat(513) } }],
    ['confirmation', { confirmation: undefined }],
    ['confirmation.return_url', { confirmation: { type: 'redirect', return_url: 'javascript:1' } }],
    ['payment_method_data.type', { payment_method_data: { type: 'barter' } }],
    ['payment_method_id', { payment_method_id: 'unknown', confirmation: undefined }],
  ])('names %s as the wrong parameter', async (parameter, more) => {
    const { status, body } = await create(more);
    expect([status, body['code'], body['parameter']]).toEqual([400, 'invalid_request', parameter]);
  });

  it('answers 404 for a payment nobody made', async () => {
    const { status, body } = await vendor.api(
      'GET',
      '/payments/2e7a1c3d-000f-5000-8000-000000000000',
    );
    expect([status, body['code']]).toEqual([404, 'not_found']);
  });
});

describe('the idempotence key', () => {
  it('makes a repeat answer what the first call answered, however it went on', async () => {
    const first = await create({}, { 'idempotence-key': 'same' });
    await pay(String(first.body['id']));
    const again = await create({}, { 'idempotence-key': 'same' });
    expect(again.text).toBe(first.text);
    expect(vendor.world.store.collection('yookassa.payments').size).toBe(1);
  });

  it('is required, at most 64 characters, and bound to its data for 24 hours', async () => {
    expect((await create({}, { 'idempotence-key': '' })).status).toBe(400);
    expect((await create({}, { 'idempotence-key': 'k'.repeat(65) })).status).toBe(400);
    const first = await create({}, { 'idempotence-key': 'same' });
    const other = { description: 'other data' };
    expect((await create(other, { 'idempotence-key': 'same' })).body).toMatchObject({
      code: 'invalid_request',
      parameter: 'Idempotence-Key',
    });
    await vendor.advance(24 * HOUR_MS);
    const later = await create({}, { 'idempotence-key': 'same' });
    expect(later.body['id']).not.toBe(first.body['id']);
  });

  it('holds when the answer was lost: the act happened once', async () => {
    const fault = { target: 'yookassa', kind: 'drop-answer', probability: 1, seed: 1 } as const;
    vendor.world.faults.set(fault);
    await expect(create({}, { 'idempotence-key': 'lost' })).rejects.toThrow();
    vendor.world.faults.clear();
    const list = await vendor.api('GET', '/payments');
    const again = await create({}, { 'idempotence-key': 'lost' });
    expect(list.body['items']).toEqual([again.body]);
  });
});

describe('the life of a payment', () => {
  it('is succeeded once paid, with the fee taken from the income', async () => {
    const id = await idOf(create());
    await pay(id);
    expect((await vendor.api('GET', `/payments/${id}`)).body).toMatchObject({
      status: 'succeeded',
      paid: true,
      refundable: true,
      income_amount: { value: '481.54', currency: 'RUB' },
      refunded_amount: { value: '0.00', currency: 'RUB' },
      payment_method: { type: 'bank_card', saved: false, card: { last4: '4477' } },
    });
    expect((await pay(id)).status).toBe(409);
  });

  it('is canceled with the reason when the bank declines', async () => {
    const id = await idOf(create());
    await pay(id, 'decline');
    expect((await vendor.api('GET', `/payments/${id}`)).body).toMatchObject({
      status: 'canceled',
      paid: false,
      cancellation_details: { party: 'payment_network', reason: 'insufficient_funds' },
    });
  });

  it('waits for capture in two stages and is captured at most in full', async () => {
    const id = await idOf(create({ capture: false }));
    expect((await vendor.api('POST', `/payments/${id}/capture`)).status).toBe(400);
    await pay(id);
    expect((await vendor.api('GET', `/payments/${id}`)).body).toMatchObject({
      status: 'waiting_for_capture',
      expires_at: '2026-11-27T12:00:00.000Z',
    });
    const capture = (value: string): Promise<Reply> =>
      vendor.api('POST', `/payments/${id}/capture`, { amount: { value, currency: 'RUB' } });
    expect((await capture('499.01')).body['parameter']).toBe('amount');
    expect((await capture('100.00')).body).toMatchObject({
      status: 'succeeded',
      amount: { value: '100.00' },
    });
  });

  it('gives held money back on cancel, but cannot cancel an unpaid one', async () => {
    const id = await idOf(create({ capture: false }));
    expect((await vendor.api('POST', `/payments/${id}/cancel`)).status).toBe(400);
    await pay(id);
    expect((await vendor.api('POST', `/payments/${id}/cancel`)).body).toMatchObject({
      status: 'canceled',
      cancellation_details: { party: 'merchant', reason: 'canceled_by_merchant' },
    });
  });

  it('ends unpaid after an hour and held after seven days', async () => {
    const unpaid = await idOf(create());
    const held = await idOf(create({ capture: false }));
    await pay(held);
    const reason = async (id: string): Promise<unknown> =>
      (await vendor.api('GET', `/payments/${id}`)).body['cancellation_details'];
    await vendor.advance(HOUR_MS - 1);
    expect(await reason(unpaid)).toBeUndefined();
    await vendor.advance(501);
    expect(await reason(unpaid)).toMatchObject({ reason: 'expired_on_confirmation' });
    await vendor.advance(7 * 24 * HOUR_MS);
    expect(await reason(held)).toMatchObject({ reason: 'expired_on_capture' });
  });

  it('charges a saved method at once, and shows a withdrawn consent', async () => {
    const methodId = await idOf(create({ save_payment_method: true }));
    await pay(methodId);
    expect((await vendor.api('GET', `/payments/${methodId}`)).body).toMatchObject({
      payment_method: { saved: true },
    });
    const charge = { payment_method_id: methodId, confirmation: undefined };
    expect((await create(charge)).body).toMatchObject({
      status: 'succeeded',
      payment_method: { id: methodId },
    });
    await vendor.visit('PUT', '/yookassa/control/settings', { savedCharge: 'permission_revoked' });
    expect((await create(charge)).body).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'permission_revoked' },
    });
  });
});

describe('the list of payments', () => {
  it('pages by cursor from the newest, every payment once', async () => {
    const made: string[] = [];
    for (let at = 0; at < 7; at += 1) made.unshift(await idOf(create()));
    const seen: unknown[] = [];
    const sizes: number[] = [];
    let cursor = '';
    do {
      const { body } = await vendor.api('GET', `/payments?limit=3${cursor}`);
      const items = body['items'] as { id: string }[]; // the list just made
      sizes.push(items.length);
      seen.push(...items.map((item) => item.id));
      cursor =
        body['next_cursor'] === undefined
          ? ''
          : `&cursor=${JSON.stringify(body['next_cursor']).slice(1, -1)}`;
    } while (cursor !== '');
    expect(seen).toEqual(made);
    expect(sizes).toEqual([3, 3, 1]);
    const whole = await vendor.api('GET', '/payments?limit=7');
    expect(whole.body['next_cursor']).toBeUndefined();
  });

  it('filters by time and status and refuses nonsense', async () => {
    const early = await idOf(create());
    await pay(early);
    await vendor.advance(1_000);
    const late = await idOf(create());
    const ids = async (query: string): Promise<unknown> => {
      const { body } = await vendor.api('GET', `/payments?${query}`);
      return (body['items'] as { id: string }[]).map((item) => item.id); // the list just made
    };
    expect(await ids('created_at.gte=2026-11-20T12:00:01.000Z')).toEqual([late]);
    expect(await ids('created_at.lt=2026-11-20T12:00:01.000Z')).toEqual([early]);
    expect(await ids('status=pending')).toEqual([late]);
    for (const wrong of ['limit=0', 'limit=101', 'cursor=no', 'status=no', 'created_at.gte=no']) {
      expect((await vendor.api('GET', `/payments?${wrong}`)).status).toBe(400);
    }
  });
});
