import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { rehearse, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createTribute } from './index.ts';
import { afterPeriod } from './order.ts';
import { signBody } from './signing.ts';

const { apiKey } = SIMULATED_KEYS.tribute;
const DAY_MS = 86_400_000;
let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse({ create: createTribute });
});
afterEach(() => vendor.stop());

const api = (method: string, path: string, body?: object, key = apiKey): Promise<Reply> =>
  vendor.visit(method, `/tribute/api/v1${path}`, body, { 'api-key': key });
const ORDER = {
  amount: 49_900,
  currency: 'rub',
  title: 'Month',
  description: 'A month of access',
  customerId: 'pay_1',
};
const create = async (more: object = {}): Promise<string> =>
  String((await api('POST', '/shop/orders', { ...ORDER, ...more })).body['uuid']);
const act = (id: string, name: string, body?: object): Promise<Reply> =>
  vendor.visit('POST', `/tribute/control/payments/${id}/${name}`, body);
type Event = {
  name: string;
  created_at: string;
  sent_at: string;
  payload: Record<string, unknown>;
};
const told = async (): Promise<Event> => JSON.parse((await vendor.notified()).body) as Event; // our own notices
function received(at: number): Rehearsal['gateway']['received'][number] {
  const notice = vendor.gateway.received[at];
  if (notice === undefined) throw new Error(`no notice ${String(at)}`);
  return notice;
}
/** Everything that came so far, by name. */
async function names(count: number): Promise<string[]> {
  while (vendor.gateway.received.length < count) await vendor.notified();
  return vendor.gateway.received.map(({ body }) => (JSON.parse(body) as Event).name); // our own notices
}

describe('the signature', () => {
  type Vector = { id: string; key: string; signature: string; bodyBase64: string; verdict: string };
  const vectors = JSON.parse(
    readFileSync(new URL('./fixtures/vectors.json', import.meta.url), 'utf8'),
  ) as Vector[]; // a file of this folder

  it.each(vectors)('is the one of vector $id', ({ key, signature, bodyBase64, verdict }) => {
    const signed = signBody(Buffer.from(bodyBase64, 'base64'), key);
    expect(signed === signature).toBe(verdict === 'accept');
  });
});

describe('the Shop API', () => {
  it('answers an order with two addresses, and the order is pending', async () => {
    const { status, body } = await api('POST', '/shop/orders', ORDER);
    const id = String(body['uuid']);
    const url = `${vendor.world.selfUrl}/tribute/checkout/${id}`;
    expect([status, body]).toEqual([200, { uuid: id, paymentUrl: url, webappPaymentUrl: url }]);
    expect((await api('GET', `/shop/orders/${id}`)).body).toMatchObject({
      uuid: id,
      status: 'pending',
      amount: 49_900,
      currency: 'rub',
      customerId: 'pay_1',
      isRecurrent: false,
    });
    expect((await api('GET', `/shop/orders/${id}/status`)).body).toEqual({ status: 'pending' });
  });

  it.each([
    ['amount', { amount: 499.5 }],
    ['amount', { amount: '49900' }],
    ['amount', { amount: 99 }],
    ['currency', { currency: 'RUB' }],
    ['title', { title: 'т'.repeat(101) }],
    ['description', { description: undefined }],
    ['customerId', { customerId: 'c'.repeat(257) }],
    ['period', { period: 'daily' }],
    ['successUrl', { successUrl: 'javascript:1' }],
    ['firstPeriodAmount', { firstPeriodAmount: 100 }],
  ])('refuses a wrong %s', async (field, more) => {
    const { status, body } = await api('POST', '/shop/orders', { ...ORDER, ...more });
    expect(status).toBe(400);
    expect(body['message']).toContain(field);
  });

  it('refuses a wrong key, an unknown order and charges that are not enabled', async () => {
    expect((await api('GET', '/shop', undefined, 'wrong')).status).toBe(401);
    expect((await api('GET', '/shop/orders/none')).status).toBe(404);
    expect((await api('POST', '/shop/charges', {})).status).toBe(403);
  });

  it('lists orders of a time, newest first', async () => {
    const early = await create();
    await vendor.advance(DAY_MS);
    const late = await create();
    const all = await api('GET', '/shop/orders');
    expect(JSON.parse(all.text)).toMatchObject([{ uuid: late }, { uuid: early }]);
    const some = await api('GET', '/shop/orders?dateFrom=2026-11-21&dateTo=2026-11-21');
    expect(JSON.parse(some.text)).toMatchObject([{ uuid: late, createdAt: '2026-11-21 12:00:00' }]);
  });
});

describe('the events of an order', () => {
  it('tell first that something comes, then of the money, signed and with odd times', async () => {
    const id = await create();
    await act(id, 'pay');
    expect(await names(2)).toEqual(['shop_order_payment_received', 'shop_order']);
    const { body, headers } = received(1);
    const { created_at, sent_at, payload } = JSON.parse(body) as Event; // our own notice
    expect(payload).toMatchObject({ uuid: id, status: 'paid', amount: 49_900, fee: 3_992 });
    expect(created_at).toMatch(/\.\d{5}Z$/);
    expect(sent_at).toMatch(/\.\d{9}Z$/);
    expect(headers['trbt-signature']).toBe(signBody(body, apiKey));
  });

  it('are repeated after 5 minutes with a new sending time and a new signature', async () => {
    vendor.gateway.answers.push(500);
    await api('POST', '/shop/orders', ORDER);
    const id = await create();
    await act(id, 'decline');
    const first = await told();
    await vendor.advance(5 * 60_000);
    const second = await told();
    expect(first.name).toBe('shop_order_payment_failed');
    expect(second.sent_at).not.toBe(first.sent_at);
    expect({ ...second, sent_at: '' }).toEqual({ ...first, sent_at: '' });
    const { body, headers } = received(1);
    expect(headers['trbt-signature']).toBe(signBody(body, apiKey));
    expect((await act(id, 'pay')).body).toMatchObject({ state: 'paid' });
  });

  it('give up after eight repeats in about a day', async () => {
    const { body } = await vendor.visit('GET', '/tribute/control/settings');
    const waits = body['repeatsMs'] as number[]; // settings always hold a list
    expect(waits).toHaveLength(8);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(DAY_MS);
  });

  it('can be a creator’s, truly signed, or forged by a stranger', async () => {
    const payload = { donation_request_id: 5, amount: 100, currency: 'rub' };
    await vendor.visit('POST', '/tribute/control/events', { name: 'new_donation', payload });
    const true_ = await vendor.notified();
    expect(JSON.parse(true_.body)).toMatchObject({ name: 'new_donation', payload });
    expect(true_.headers['trbt-signature']).toBe(signBody(true_.body, apiKey));
    vendor.gateway.answers.push(401);
    await vendor.visit('POST', '/tribute/control/notifications', { body: '{}' });
    const forged = await vendor.notified();
    expect(forged.headers['trbt-signature']).not.toBe(signBody('{}', apiKey));
  });
});

describe('a refund', () => {
  it('is of a whole sale, once, and arrives in two steps', async () => {
    const id = await create();
    expect((await act(id, 'refund')).status).toBe(404);
    await act(id, 'pay');
    expect((await act(id, 'refund', { value: '100.00' })).status).toBe(409);
    const list = (await api('GET', `/shop/orders/${id}/transactions`)).body['transactions'];
    const [sale] = list as { id: number; isRefunded: boolean }[]; // the list of one sale
    const path = `/shop/orders/${id}/transactions/${String(sale?.id)}/refund`;
    expect((await api('POST', path)).body).toMatchObject({ status: 'initiated' });
    expect((await api('POST', path)).status).toBe(400);
    await vendor.advance(6_000);
    expect(await names(4)).toEqual([
      'shop_order_payment_received',
      'shop_order',
      'shop_order_refunded',
      'shop_order_refunded',
    ]);
    const last = JSON.parse(vendor.gateway.received[3]?.body ?? '{}') as Event; // our own notice
    expect(last.payload).toMatchObject({ transactionId: sale?.id, status: 'completed' });
    const bill = await vendor.visit('GET', `/tribute/control/payments/${id}`);
    expect(bill.body).toMatchObject({ taken: '499.00', returned: '499.00' });
  });

  it('comes from a bank without anybody’s asking', async () => {
    const id = await create();
    await act(id, 'pay');
    expect((await act(id, 'dispute')).body).toMatchObject({
      state: 'disputed',
      returned: '499.00',
    });
    expect(await names(3)).toContain('shop_order_refunded');
  });
});

describe('a subscription', () => {
  it('is charged by the vendor each period, without any call of ours', async () => {
    const id = await create({ period: 'monthly', firstPeriodAmount: 9_900 });
    await act(id, 'pay');
    await names(2);
    expect((await vendor.visit('GET', `/tribute/control/payments/${id}`)).body).toMatchObject({
      taken: '99.00',
    });
    await vendor.advance(30 * DAY_MS);
    expect(await names(3)).toContain('shop_order_charge_success');
    expect((await vendor.visit('GET', `/tribute/control/payments/${id}`)).body).toMatchObject({
      taken: '598.00',
    });
  });

  it('ends after three refused charges', async () => {
    const id = await create({ period: 'weekly' });
    await act(id, 'pay');
    await vendor.visit('PUT', '/tribute/control/settings', { renewal: 'failed' });
    await names(2);
    await vendor.advance(7 * DAY_MS);
    await names(3);
    for (const count of [4, 6]) {
      await vendor.advance(DAY_MS);
      await names(count);
    }
    expect((await names(6)).slice(2)).toEqual([
      'shop_order_charge_failed',
      'shop_order_charge_failed',
      'shop_order_charge_failed',
      'shop_order_cancelled',
    ]);
    const last = JSON.parse(vendor.gateway.received[5]?.body ?? '{}') as Event; // our own notice
    expect(last.payload).toMatchObject({
      cancelReason: 'payment_failed',
      memberStatus: 'cancelled',
    });
  });

  it('is charged now or stopped by a drill, and a stopped one never again', async () => {
    const id = await create({ period: 'monthly' });
    await act(id, 'pay');
    await act(id, 'renew');
    expect((await act(id, 'unsubscribe')).status).toBe(200);
    expect((await act(id, 'renew')).status).toBe(409);
    expect(await names(4)).toEqual([
      'shop_order_payment_received',
      'shop_order',
      'shop_order_charge_success',
      'shop_order_cancelled',
    ]);
  });

  it.each([
    ['2027-01-31T10:00:00.000Z', 'monthly', '2027-02-28T10:00:00.000Z'],
    ['2026-11-20T12:00:00.000Z', 'quarterly', '2027-02-20T12:00:00.000Z'],
    ['2028-02-29T00:00:00.000Z', 'yearly', '2029-02-28T00:00:00.000Z'],
  ] as const)('%s and one %s period is %s', (from, period, to) => {
    expect(afterPeriod(from, period)).toBe(to);
  });
});

describe('the pages', () => {
  it('let the buyer pay, and name the period of a subscription', async () => {
    const id = await create({ period: 'monthly', successUrl: 'https://shop.example/back' });
    const page = await vendor.visit('GET', `/tribute/checkout/${id}?lang=en`);
    expect(page.text).toContain('every month');
    const { location } = await vendor.visit('POST', `/tribute/checkout/${id}`, 'act=pay&lang=en');
    const after = (await vendor.visit('GET', location)).text;
    expect(after).toContain('data-state="paid"');
    expect(after).toContain('https://shop.example/back');
  });

  it('let the merchant charge the next period by hand', async () => {
    const id = await create({ period: 'monthly' });
    await act(id, 'pay');
    expect((await vendor.visit('GET', '/tribute/?lang=en')).text).toContain(`renew-${id}`);
    await vendor.visit('POST', `/tribute/dashboard/subscriptions/${id}/renew`, 'lang=en');
    expect(await names(3)).toContain('shop_order_charge_success');
  });
});
