import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../rehearsal.ts';
import { rehearse, type PaypalRehearsal } from './rehearsal.ts';

let vendor: PaypalRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

type Wallet = { paypal: { attributes?: { vault: { id: string; customer: { id: string } } } } };

/** A captured order: its id, the capture's, and the saved wallet when one was asked for. */
async function paid(wallet: object = {}): Promise<{ id: string; capture: string; vault: string }> {
  const id = String((await vendor.order({}, wallet)).body['id']);
  await vendor.act('pay', id);
  const { body } = await vendor.api('POST', `/v2/checkout/orders/${id}/capture`, {});
  const [unit] = body['purchase_units'] as { payments: { captures: { id: string }[] } }[]; // captured
  const source = body['payment_source'] as Wallet; // as the vendor answers a capture
  await vendor.notices();
  return {
    id,
    capture: unit?.payments.captures[0]?.id ?? '',
    vault: source.paypal.attributes?.vault.id ?? '',
  };
}
const refund = (capture: string, value?: string): Promise<Reply> =>
  vendor.api(
    'POST',
    `/v2/payments/captures/${capture}/refund`,
    value === undefined ? {} : { amount: { currency_code: 'USD', value } },
  );
const issueOf = (reply: Reply): unknown => {
  const [detail] = reply.body['details'] as { issue: string }[]; // every refusal has one
  return detail?.issue;
};
const bill = async (id: string): Promise<unknown> =>
  (await vendor.visit('GET', `/paypal/control/payments/${id}`)).body;
const settings = (change: object): Promise<Reply> =>
  vendor.visit('PUT', '/paypal/control/settings', change);

describe('refunds', () => {
  it('in parts up to the whole, never above what is left', async () => {
    const { id, capture } = await paid();
    const first = await refund(capture, '1.00');
    expect([first.status, first.body]).toMatchObject([201, { status: 'COMPLETED' }]);
    expect(await vendor.notices()).toMatchObject([
      {
        event_type: 'PAYMENT.CAPTURE.REFUNDED',
        resource_type: 'refund',
        resource: { id: first.body['id'], amount: { value: '1.00' }, custom_id: 'pay_1' },
      },
    ]);
    const shown = await vendor.api('GET', `/v2/payments/captures/${capture}`);
    expect(shown.body['status']).toBe('PARTIALLY_REFUNDED');
    expect((await vendor.api('GET', `/v2/checkout/orders/${id}`)).body).toMatchObject({
      purchase_units: [{ payments: { refunds: [{ id: first.body['id'], status: 'COMPLETED' }] } }],
    });
    expect(issueOf(await refund(capture, '4.00'))).toBe('REFUND_AMOUNT_EXCEEDED');
    expect((await refund(capture)).body).toMatchObject({ amount: { value: '3.99' } });
    expect(issueOf(await refund(capture))).toBe('CAPTURE_FULLY_REFUNDED');
    expect(await bill(id)).toMatchObject({ taken: '4.99', returned: '4.99' });
  });

  it('may stay pending and then fail: the money is the merchant’s again', async () => {
    const { id, capture } = await paid();
    await settings({ refund: 'PENDING' });
    const { body } = await refund(capture);
    expect(body['status']).toBe('PENDING');
    expect(await vendor.notices()).toEqual([]);
    const path = `/paypal/control/refunds/${String(body['id'])}/settle`;
    await vendor.visit('POST', path, { well: false });
    expect(
      (await vendor.api('GET', `/v2/payments/refunds/${String(body['id'])}`)).body,
    ).toMatchObject({ status: 'FAILED' });
    expect(await bill(id)).toMatchObject({ returned: '0.00', state: 'paid' });
  });

  it('by the merchant’s hand, in the words of a person', async () => {
    const { id } = await paid();
    await vendor.act('refund', id, { value: '1,50' });
    expect((await vendor.act('refund', id, { value: '4.00' })).status).toBe(409);
    expect((await vendor.act('refund', id)).body).toMatchObject({ returned: '4.99' });
  });
});

describe('disputes', () => {
  it('lock the money and end won, or lost with the money taken back', async () => {
    const won = await paid();
    expect((await vendor.act('dispute', won.id)).body).toMatchObject({ state: 'disputed' });
    expect(await vendor.notices()).toMatchObject([
      {
        event_type: 'CUSTOMER.DISPUTE.CREATED',
        resource: {
          status: 'OPEN',
          dispute_amount: { value: '4.99' },
          disputed_transactions: [{ seller_transaction_id: won.capture, custom: 'pay_1' }],
        },
      },
    ]);
    expect(issueOf(await refund(won.capture))).toBe('REFUND_CAPTURE_IN_DISPUTE');
    expect((await vendor.act('win', won.id)).body).toMatchObject({ state: 'paid' });
    const lost = await paid();
    await vendor.act('dispute', lost.id);
    await vendor.visit('POST', `/paypal/control/captures/${lost.capture}/escalate`);
    const list = `/v1/customer/disputes?disputed_transaction_id=${lost.capture}`;
    const claim = { status: 'UNDER_REVIEW', dispute_life_cycle_stage: 'CHARGEBACK' };
    expect((await vendor.api('GET', list)).body['items']).toMatchObject([claim]);
    await vendor.act('lose', lost.id);
    expect((await vendor.api('GET', list)).body['items']).toMatchObject([{ status: 'RESOLVED' }]);
    const events = (await vendor.notices()).map((each) => each['event_type']);
    expect(events).toEqual([
      'CUSTOMER.DISPUTE.CREATED',
      'CUSTOMER.DISPUTE.UPDATED',
      'CUSTOMER.DISPUTE.RESOLVED',
      'PAYMENT.CAPTURE.REVERSED',
    ]);
    expect(await bill(lost.id)).toMatchObject({ state: 'disputed', returned: '4.99' });
  });
});

describe('charging a saved wallet', () => {
  const saving = {
    attributes: { vault: { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' } },
  };
  const charge = (vault: string, requestId = 'charge-1'): Promise<Reply> =>
    vendor.api(
      'POST',
      '/v2/checkout/orders',
      {
        intent: 'CAPTURE',
        purchase_units: [{ custom_id: 'pay_2', amount: { currency_code: 'USD', value: '4.99' } }],
        payment_source: { paypal: { vault_id: vault } },
      },
      { 'paypal-request-id': requestId },
    );

  it('is money at once, without the payer', async () => {
    const { vault } = await paid(saving);
    const { body } = await charge(vault);
    expect(body).toMatchObject({
      status: 'COMPLETED',
      purchase_units: [{ payments: { captures: [{ status: 'COMPLETED', custom_id: 'pay_2' }] } }],
    });
    expect(await vendor.notices()).toMatchObject([{ event_type: 'PAYMENT.CAPTURE.COMPLETED' }]);
    expect((await charge(vault)).body['id']).toBe(body['id']);
  });

  it.each([
    ['declined', 'INSTRUMENT_DECLINED'],
    ['blocked', 'PAYER_CANNOT_PAY'],
    ['revoked', 'TOKEN_ID_NOT_FOUND'],
  ])('is refused when the wallet is %s', async (savedCharge, issue) => {
    const { vault } = await paid(saving);
    await settings({ savedCharge });
    const reply = await charge(vault);
    expect([reply.status, issueOf(reply)]).toEqual([422, issue]);
    await settings({ savedCharge: 'succeeded' });
    expect((await charge(vault)).body).toMatchObject({ status: 'COMPLETED' });
  });

  it('may be under review, and ends when the payer takes the wallet back', async () => {
    const { vault } = await paid(saving);
    await settings({ savedCharge: 'pending', reviewMs: 60_000 });
    const { body } = await charge(vault);
    expect(await bill(String(body['id']))).toMatchObject({ state: 'held' });
    await vendor.advance(60_500);
    expect(await bill(String(body['id']))).toMatchObject({ state: 'paid' });
    const path = `/v3/vault/payment-tokens/${vault}`;
    expect((await vendor.api('GET', path)).status).toBe(200);
    expect((await vendor.api('DELETE', path)).status).toBe(204);
    expect((await vendor.api('GET', path)).status).toBe(404);
    expect(issueOf(await charge(vault, 'charge-2'))).toBe('TOKEN_ID_NOT_FOUND');
  });

  it('needs a request id', async () => {
    const { vault } = await paid(saving);
    expect(issueOf(await charge(vault, ''))).toBe('PAYPAL_REQUEST_ID_REQUIRED');
  });
});
