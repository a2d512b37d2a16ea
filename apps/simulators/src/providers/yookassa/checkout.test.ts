import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rehearse, type Rehearsal, type Reply } from './rehearsal.ts';

let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

async function create(more: object = {}): Promise<string> {
  const { body } = await vendor.api('POST', '/payments', {
    amount: { value: '499.00', currency: 'RUB' },
    capture: true,
    confirmation: { type: 'redirect', return_url: 'https://shop.example/back?a=1&b=2' },
    description: 'Доступ <b>на месяц</b>',
    metadata: { order_id: 'ord_1' },
    ...more,
  });
  return String(body['id']);
}
const page = (id: string, rest = ''): Promise<Reply> =>
  vendor.visit('GET', `/yookassa/checkout/${id}${rest}`);
const press = (id: string, form: string): Promise<Reply> =>
  vendor.visit('POST', `/yookassa/checkout/${id}`, form);
const statusOf = async (id: string): Promise<unknown> =>
  (await vendor.api('GET', `/payments/${id}`)).body['status'];

describe('the checkout page', () => {
  it('shows the sum and the description, escaped, in the language asked for', async () => {
    const id = await create();
    const russian = (await page(id, '?lang=ru')).text;
    expect(russian).toContain('<html lang="ru">');
    expect(russian).toContain('499\u00a0₽');
    expect(russian).toContain('Доступ &lt;b&gt;на месяц&lt;/b&gt;');
    expect((await page(id, '?lang=en')).text).toContain('Pay with SBP');
  });

  it('takes the money with the success card and leads back to the shop', async () => {
    const id = await create();
    const { status, location } = await press(id, 'act=card&number=5555+5555+5555+4477&lang=en');
    expect([status, location]).toEqual([303, `/yookassa/checkout/${id}?done=pay&lang=en`]);
    expect(await statusOf(id)).toBe('succeeded');
    const result = (await vendor.visit('GET', location)).text;
    expect(result).toContain('href="https://shop.example/back?a=1&amp;b=2"');
    expect(result).toContain('data-status="succeeded"');
    expect((await page(id)).text).not.toContain('data-testid="pay-card"');
  });

  it.each([
    ['act=decline', 'canceled'],
    ['act=sbp', 'succeeded'],
    ['act=bank-fail', 'canceled'],
    ['act=abandon', 'pending'],
    ['act=card&number=5555555555554584', 'canceled'],
    ['act=card&number=4111111111111111', 'pending'],
    ['act=late&minutes=0', 'succeeded'],
  ])('plays %s as %s', async (form, expected) => {
    const id = await create();
    await press(id, form);
    expect(await statusOf(id)).toBe(expected);
  });

  it('asks the bank in a second step and stays pending until it answers', async () => {
    const id = await create();
    const { location } = await press(id, 'act=secure&lang=ru');
    expect((await vendor.visit('GET', location)).text).toContain('data-testid="bank-confirm"');
    expect(await statusOf(id)).toBe('pending');
    await press(id, 'act=pay');
    expect(await statusOf(id)).toBe('succeeded');
  });

  it('lets a buyer pay after the deadline, later than the hour of the vendor', async () => {
    const id = await create();
    await vendor.advance(45 * 60_000);
    await press(id, 'act=late&minutes=30');
    await vendor.advance(29 * 60_000);
    expect(await statusOf(id)).toBe('pending');
    await vendor.advance(61_000);
    expect(await statusOf(id)).toBe('succeeded');
  });

  it('offers the other bills of the same order, so that it can be paid twice', async () => {
    const first = await create();
    const second = await create();
    await create({ metadata: { order_id: 'ord_2' } });
    await press(first, 'act=pay');
    const { text } = await page(first);
    expect(text.match(/data-testid="pay-other"/g)).toHaveLength(1);
    expect(text).toContain(`action="/yookassa/checkout/${second}"`);
    await press(second, 'act=pay');
    expect((await page(first)).text).not.toContain('data-testid="pay-other"');
  });

  it('ignores a second press: the money is taken once', async () => {
    const id = await create();
    await press(id, 'act=pay');
    expect((await press(id, 'act=decline')).status).toBe(303);
    expect(await statusOf(id)).toBe('succeeded');
  });

  it('answers 404 for an unknown payment', async () => {
    expect((await page('none')).status).toBe(404);
  });
});

describe('the dashboard', () => {
  it('refunds by hand and says why a refund was refused', async () => {
    const id = await create();
    await press(id, 'act=pay');
    const refund = (value: string): Promise<Reply> =>
      vendor.visit('POST', `/yookassa/dashboard/payments/${id}/refund`, `value=${value}&lang=en`);
    expect((await refund('99.00')).location).toBe('/yookassa/?lang=en');
    const refused = await vendor.visit('GET', (await refund('400.01')).location);
    expect(refused.text).toContain('Refund amount exceeds the remaining amount');
    expect(refused.text).toContain('₽99.00');
  });

  it('keeps settings and refuses nonsense', async () => {
    const save = (fee: string): Promise<Reply> => {
      const form = new URLSearchParams({
        notificationUrl: 'http://127.0.0.1:1/x',
        repeatsMs: '5 10',
        feeBps: fee,
        savedCharge: 'succeeded',
        receiptsRequired: 'on',
      });
      return vendor.visit('POST', '/yookassa/dashboard/settings', form.toString());
    };
    await save('100');
    const kept = { feeBps: 100, repeatsMs: [5, 10], receiptsRequired: true };
    expect((await vendor.visit('GET', '/yookassa/control/settings')).body).toMatchObject(kept);
    expect((await save('nonsense')).location).toContain('fault=');
    expect((await vendor.visit('GET', '/yookassa/control/settings')).body).toMatchObject(kept);
  });
});
