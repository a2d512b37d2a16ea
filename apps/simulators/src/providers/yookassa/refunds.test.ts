import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rehearse, type Rehearsal, type Reply } from './rehearsal.ts';

let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

const create = (more: object = {}): Promise<Reply> =>
  vendor.api('POST', '/payments', {
    amount: { value: '300.00', currency: 'RUB' },
    capture: true,
    confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
    ...more,
  });
async function paid(more: object = {}): Promise<string> {
  const id = String((await create(more)).body['id']);
  await vendor.visit('POST', `/yookassa/control/payments/${id}/pay`);
  return id;
}
const refund = (paymentId: string, value: string, more: object = {}): Promise<Reply> =>
  vendor.api('POST', '/refunds', {
    payment_id: paymentId,
    amount: { value, currency: 'RUB' },
    ...more,
  });
const receipt = (price: string, more: object = {}): object => ({
  customer: { email: 'buyer@example.com' },
  items: [
    {
      description: 'Подписка',
      quantity: '1',
      amount: { value: price, currency: 'RUB' },
      vat_code: 11,
      payment_mode: 'full_prepayment',
      payment_subject: 'service',
      ...more,
    },
  ],
});

describe('refunds', () => {
  it('are taken in parts and never above what was captured', async () => {
    const id = await paid();
    expect((await refund(id, '100.00')).body).toMatchObject({
      payment_id: id,
      status: 'succeeded',
      amount: { value: '100.00', currency: 'RUB' },
    });
    expect((await refund(id, '200.01')).body).toMatchObject({ code: 'invalid_request' });
    expect((await refund(id, '200.00')).status).toBe(200);
    expect((await refund(id, '0.01')).status).toBe(400);
    expect((await vendor.api('GET', `/payments/${id}`)).body).toMatchObject({
      refunded_amount: { value: '300.00' },
      refundable: false,
    });
  });

  it('are found by id and listed by payment', async () => {
    const id = await paid();
    const made = (await refund(id, '100.00')).body;
    await refund(await paid(), '50.00');
    expect((await vendor.api('GET', `/refunds/${String(made['id'])}`)).body).toEqual(made);
    expect((await vendor.api('GET', `/refunds?payment_id=${id}`)).body['items']).toEqual([made]);
    expect((await vendor.api('GET', '/refunds/none')).status).toBe(404);
  });

  it('are refused for an unpaid or unknown payment', async () => {
    const unpaid = String((await create()).body['id']);
    expect((await refund(unpaid, '1.00')).body['parameter']).toBe('payment_id');
    expect((await refund('none', '1.00')).body['parameter']).toBe('payment_id');
  });

  it('show in the books of the vendor', async () => {
    await refund(await paid(), '100.50');
    await create();
    expect((await vendor.visit('GET', '/yookassa/control/books')).body).toMatchObject({
      sums: { RUB: { taken: '300.00', returned: '100.50' } },
      payments: [{ status: 'succeeded', returned: '100.50' }, { status: 'pending' }],
    });
  });
});

describe('receipts', () => {
  it('are demanded once the shop has switched them on', async () => {
    expect((await create()).status).toBe(200);
    await vendor.visit('PUT', '/yookassa/control/settings', { receiptsRequired: true });
    expect((await create()).body).toMatchObject({
      code: 'invalid_request',
      description: 'Receipt is missing or illegal',
    });
    const id = await paid({ receipt: receipt('300.00') });
    expect((await vendor.api('GET', `/payments/${id}`)).body).toMatchObject({
      receipt_registration: 'succeeded',
    });
    expect((await refund(id, '100.00')).status).toBe(400);
    expect((await refund(id, '100.00', { receipt: receipt('100.00') })).status).toBe(200);
  });

  it('add up price times quantity to the amount', async () => {
    const half = receipt('600.00', { quantity: '0.500' });
    expect((await create({ receipt: half })).status).toBe(200);
    expect((await create({ receipt: receipt('299.99') })).body['parameter']).toBe('receipt.items');
  });

  it.each([
    ['vat_code', { vat_code: 13 }],
    ['vat_code', { vat_code: undefined }],
    ['payment_mode', { payment_mode: 'barter' }],
    ['payment_subject', { payment_subject: 'air' }],
    ['quantity', { quantity: '0' }],
    ['description', { description: 'd'.repeat(129) }],
  ])('refuse a wrong %s', async (field, more) => {
    const { status, body } = await create({ receipt: receipt('300.00', more) });
    expect([status, body['parameter']]).toEqual([400, `receipt.items[0].${field}`]);
  });

  it('need a buyer to go to', async () => {
    const nobody = { ...receipt('300.00'), customer: {} };
    expect((await create({ receipt: nobody })).body['description']).toBe(
      'Receipt is missing or illegal',
    );
  });
});
