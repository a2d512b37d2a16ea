/** The contract a driver relies on, at the vendor that has most of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rehearse, type Rehearsal, type Reply } from './yookassa/rehearsal.ts';

let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

async function create(more: object = {}): Promise<string> {
  const { body } = await vendor.api('POST', '/payments', {
    amount: { value: '499.00', currency: 'RUB' },
    capture: true,
    confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
    metadata: { order_id: 'ord_1', payment_id: 'pay_1' },
    ...more,
  });
  return String(body['id']);
}
const act = (id: string, name: string, wish?: object): Promise<Reply> =>
  vendor.visit('POST', `/yookassa/control/payments/${id}/${name}`, wish);
const ask = async (path: string): Promise<Reply['body']> =>
  (await vendor.visit('GET', `/yookassa/control${path}`)).body;

describe('what a driver can do with any vendor', () => {
  it('finds the open bills by what the shop called them, and pays one', async () => {
    const id = await create();
    expect(await ask('/payments?state=open')).toMatchObject({
      payments: [{ id, reference: 'pay_1', order: 'ord_1', taken: '0.00' }],
    });
    expect((await act(id, 'pay')).body).toMatchObject({ id, state: 'paid', taken: '499.00' });
    expect(await ask('/payments?state=open')).toEqual({ payments: [] });
    expect((await act(id, 'pay')).status).toBe(409);
  });

  it.each([
    ['decline', 'closed'],
    ['abandon', 'open'],
    ['late', 'paid'],
    ['expire', 'closed'],
  ])('plays %s, and the bill is %s', async (name, state) => {
    expect((await act(await create(), name)).body).toMatchObject({ state });
  });

  it('lets a late buyer pay when their moment comes', async () => {
    const id = await create();
    await act(id, 'late', { afterMs: 3 * 3_600_000 });
    await vendor.advance(2 * 3_600_000);
    expect(await ask(`/payments/${id}`)).toMatchObject({ state: 'open' });
    await vendor.advance(3_600_000);
    expect(await ask(`/payments/${id}`)).toMatchObject({ state: 'paid' });
  });

  it('refunds a part and then the rest from the cabinet, and never more', async () => {
    const id = await create();
    expect((await act(id, 'refund')).status).toBe(409);
    await act(id, 'pay');
    expect((await act(id, 'refund', { value: '99' })).body).toMatchObject({ returned: '99.00' });
    expect((await act(id, 'refund', { value: '400.01' })).status).toBe(409);
    expect((await act(id, 'refund')).body).toMatchObject({ returned: '499.00' });
    expect(await ask('/books')).toMatchObject({
      sums: { RUB: { taken: '499.00', returned: '499.00' } },
    });
  });

  it('sends the newest notice of a bill again', async () => {
    const id = await create();
    expect((await act(id, 'resend')).status).toBe(409);
    await act(id, 'pay');
    const first = await vendor.notified();
    await act(id, 'resend');
    expect(await vendor.notified()).toEqual(first);
    expect(vendor.gateway.received).toHaveLength(2);
  });

  it('says which acts exist, and refuses what does not, what is unknown, what is nonsense', async () => {
    expect((await ask('/acts'))['acts']).not.toContain('dispute');
    const id = await create();
    expect((await act(id, 'dispute')).body).toEqual({
      error: 'yookassa has no such act: dispute',
    });
    expect((await act('none', 'pay')).status).toBe(404);
    await act(id, 'pay');
    for (const value of ['-1', '0', '1.001', 'all', '']) {
      expect((await act(id, 'refund', { value })).status, value).toBe(409);
    }
    expect(await ask(`/payments/${id}`)).toMatchObject({ returned: '0.00' });
  });
});
