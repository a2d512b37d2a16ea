import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { ProviderProtocolError, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import orders from './fixtures/orders.json' with { type: 'json' };
import {
  chargesWallets,
  dollars,
  keptOrder,
  orderWith,
  REFERENCE,
  stage,
  startsOrders,
  WALLET,
} from './testing/stage.ts';

const ROUTE = 'POST /v2/checkout/orders';

describe('a saved wallet at paypal', () => {
  const { server, paypal, show } = stage();
  const wallet = new Secret(WALLET);
  const charge = () => paypal().charge(wallet, orderOf(dollars(49_900n), 'pay_01JD0006'));
  const refuses = (issue: string): void => {
    const body = { ...errors.declined, details: [{ issue, description: 'x' }] };
    server().answer(ROUTE, { status: 422, body });
  };

  it('is asked for only when the buyer agreed, and charged as documented', async () => {
    startsOrders(server());
    await paypal().start({ ...orderOf(dollars(49_900n)), saveMethod: true });
    expect(server().requests.at(-1)?.body).toMatchObject({
      payment_source: {
        paypal: { attributes: { vault: { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' } } },
      },
    });
    chargesWallets(server());
    await charge();
    const sent = server().requests.at(-1);
    expect(sent?.headers['paypal-request-id']).toBe('pay_01JD0006');
    expect(sent?.body).toEqual({
      intent: 'CAPTURE',
      purchase_units: [
        {
          reference_id: 'ord_01JD0005',
          custom_id: 'pay_01JD0006',
          invoice_id: 'pay_01JD0006',
          description: 'Заказ №72',
          amount: { currency_code: 'USD', value: '499.00' },
        },
      ],
      payment_source: { paypal: { vault_id: WALLET } },
    });
  });

  it('is not money while the capture is under review', async () => {
    const unit = { custom_id: 'pay_01JD0006', invoice_id: 'pay_01JD0006' };
    server().answer(ROUTE, {
      status: 201,
      body: orderWith({ unit, capture: { status: 'PENDING' } }),
    });
    expect((await charge()).payment.state).toBe('pending');
  });

  it('that wants to see its payer is declined: nobody is there', async () => {
    startsOrders(server());
    expect(await charge()).toMatchObject({
      checkoutUrl: undefined,
      payment: { state: 'cancelled', reason: 'PAYER_ACTION_REQUIRED', advice: 'another_method' },
    });
  });

  it('whose first answer was lost for good is unknown, never declined', async () => {
    refuses('DUPLICATE_INVOICE_ID');
    await expect(charge()).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  it('that PayPal does not know is never tried again; a body it does not take is a refusal', async () => {
    server().answer(ROUTE, { status: 404, body: errors.missing });
    expect((await charge()).payment).toMatchObject({ state: 'cancelled', advice: 'stop' });
    server().answer(ROUTE, { status: 400, body: { name: 'INVALID_REQUEST' } });
    await expect(charge()).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('of another payment or sum is no answer to ours', async () => {
    server().answer(ROUTE, { status: 201, body: orders.completed });
    await expect(charge()).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('is kept once it is in the vault, and an odd one never hides the money', async () => {
    show(keptOrder(true));
    expect((await paypal().lookup(REFERENCE)).savedMethod?.token.reveal()).toBe(WALLET);
    const odd = [
      { id: WALLET, status: 'APPROVED' },
      { id: '../1', status: 'VAULTED' },
      { status: 'VAULTED' },
      'VAULTED',
    ];
    for (const vault of odd) {
      show(orderWith({ order: { payment_source: { paypal: { attributes: { vault } } } } }));
      const found = await paypal().lookup(REFERENCE);
      expect(found).toMatchObject({ state: 'settled' });
      expect(found.savedMethod).toBeUndefined();
    }
  });

  it('is removed at PayPal, and a repeat changes nothing', async () => {
    const route = `DELETE /v3/vault/payment-tokens/${WALLET}`;
    server().answer(route, { status: 204 }, { status: 404, body: errors.missing });
    for (const _time of [1, 2]) await paypal().removeMethod?.(wallet);
    expect(server().requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
    server().answer(route, { status: 503 });
    await expect(paypal().removeMethod?.(wallet)).rejects.toBeInstanceOf(ProviderUnavailable);
  });
});
