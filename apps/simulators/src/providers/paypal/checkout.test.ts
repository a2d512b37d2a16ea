import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../rehearsal.ts';
import { rehearse, type PaypalRehearsal } from './rehearsal.ts';

let vendor: PaypalRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

const open = async (): Promise<string> => String((await vendor.order()).body['id']);
const press = (id: string, form: string): Promise<Reply> =>
  vendor.visit('POST', `/paypal/checkout/${id}`, form);
const stateOf = async (id: string): Promise<unknown> =>
  (await vendor.visit('GET', `/paypal/control/payments/${id}`)).body['state'];
const capture = (id: string): Promise<Reply> =>
  vendor.api('POST', `/v2/checkout/orders/${id}/capture`, {});

describe('the page of PayPal', () => {
  it('is plainly a rehearsal, in the language asked for, with the sum', async () => {
    const id = await open();
    const { text } = await vendor.visit('GET', `/paypal/checkout/${id}?lang=en`);
    expect(text).toContain('Test shop: no money is taken');
    expect(text).toContain('$4.99');
    expect(text).not.toContain('pay-other-amount');
  });

  it.each([
    ['act=pay&method=paypal', 'held', 'paid'],
    ['act=late&minutes=0', 'held', 'paid'],
    ['act=review', 'held', 'held'],
    ['act=decline', 'open', 'open'],
    ['act=abandon', 'open', 'open'],
  ])('plays %s as %s, and after our capture as %s', async (form, before, after) => {
    const id = await open();
    await press(id, form);
    expect(await stateOf(id)).toBe(before);
    await capture(id);
    expect(await stateOf(id)).toBe(after);
  });

  it('says that an approval needs no second payment, and leads back to the shop', async () => {
    const id = await open();
    const { location } = await press(id, 'act=pay&lang=en');
    const { text } = await vendor.visit('GET', location);
    expect(text).toContain('You approved the payment');
    expect(text).toContain('href="https://shop.example/back"');
  });

  it('ignores a second press', async () => {
    const id = await open();
    await press(id, 'act=pay');
    expect((await press(id, 'act=decline')).status).toBe(303);
    expect(await stateOf(id)).toBe('held');
  });
});

describe('the dashboard of PayPal', () => {
  it('shows what happened, refunds by hand and says why not', async () => {
    const id = await open();
    await press(id, 'act=pay');
    await capture(id);
    const refund = (value: string): Promise<Reply> =>
      vendor.visit('POST', `/paypal/dashboard/payments/${id}/refund`, `value=${value}&lang=en`);
    await refund('1.00');
    const refused = await vendor.visit('GET', (await refund('4.00')).location);
    expect(refused.text).toContain('REFUND_AMOUNT_EXCEEDED');
    expect(refused.text).toContain('PAYMENT.CAPTURE.REFUNDED');
  });
});
