import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../rehearsal.ts';
import { rehearse, type StripeRehearsal } from './rehearsal.ts';

let vendor: StripeRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

const open = async (): Promise<string> => String((await vendor.session()).body['id']);
const page = (id: string, query = ''): Promise<Reply> =>
  vendor.visit('GET', `/stripe/checkout/${id}${query}`);
const press = (id: string, form: string): Promise<Reply> =>
  vendor.visit('POST', `/stripe/checkout/${id}`, form);
const stateOf = async (id: string): Promise<unknown> =>
  (await vendor.visit('GET', `/stripe/control/payments/${id}`)).body['state'];

describe('the page of Stripe', () => {
  it('is plainly a rehearsal, in the language asked for, with the sum', async () => {
    const id = await open();
    const english = (await page(id, '?lang=en')).text;
    expect(english).toContain('Test shop: no money is taken');
    expect(english).toContain('$4.99');
    expect((await page(id, '?lang=ru')).text).toContain('<html lang="ru">');
    expect(english).not.toContain('pay-other-amount');
  });

  it.each([
    ['act=pay&method=card', 'paid'],
    ['act=pay&method=sepa_debit', 'held'],
    ['act=late&minutes=5', 'held'],
    ['act=decline', 'open'],
    ['act=abandon', 'open'],
    ['act=bank-confirm', 'paid'],
    ['act=bank-fail', 'open'],
    ['act=debit-fail', 'held'],
  ])('plays %s as %s', async (form, state) => {
    const id = await open();
    await press(id, form);
    expect(await stateOf(id)).toBe(state);
  });

  it('leads to the bank and back: who leaves there has paid nothing', async () => {
    const id = await open();
    const { location } = await press(id, 'act=secure&lang=en');
    expect((await vendor.visit('GET', location)).text).toContain('data-testid="bank-confirm"');
    expect((await vendor.api('GET', '/payment_intents')).body['data']).toMatchObject([
      { status: 'requires_action' },
    ]);
    await press(id, 'act=abandon');
    expect(await stateOf(id)).toBe('open');
    await press(id, 'act=bank-confirm');
    expect(await stateOf(id)).toBe('paid');
  });

  it('sends a buyer who paid back to the shop with the id of the session', async () => {
    const id = await open();
    const { location } = await press(id, 'act=pay');
    const { text } = await vendor.visit('GET', location);
    expect(text).toContain(`href="https://shop.example/back?session=${id}"`);
    expect(text).toContain('data-state="paid"');
  });

  it('says that money on its way needs no second payment', async () => {
    const id = await open();
    const { location } = await press(id, 'act=pay&method=sepa_debit&lang=en');
    expect((await vendor.visit('GET', location)).text).toContain('The money is on its way');
  });
});

describe('the dashboard of Stripe', () => {
  it('shows what happened, refunds by hand and says why not', async () => {
    const id = await open();
    await press(id, 'act=pay');
    const refund = (value: string): Promise<Reply> =>
      vendor.visit('POST', `/stripe/dashboard/payments/${id}/refund`, `value=${value}&lang=en`);
    await refund('1.00');
    const refused = await vendor.visit('GET', (await refund('4.00')).location);
    expect(refused.text).toContain('greater than unrefunded amount');
    expect(refused.text).toContain('$1.00');
    expect(refused.text).toContain('charge.refunded');
  });
});
