import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../rehearsal.ts';
import { rehearse, type StripeRehearsal } from './rehearsal.ts';

let vendor: StripeRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

/** A paid session: its id and that of its payment. */
async function paid(): Promise<{ id: string; intent: string }> {
  const id = String((await vendor.session()).body['id']);
  await vendor.act('pay', id);
  const { body } = await vendor.api('GET', `/checkout/sessions/${id}`);
  await vendor.notices();
  return { id, intent: String(body['payment_intent']) };
}
const refund = (intent: string, amount?: string): Promise<Reply> =>
  vendor.api('POST', '/refunds', {
    payment_intent: intent,
    ...(amount !== undefined && { amount }),
  });
const typesOf = (notices: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  notices.map((each) => each['type']).toSorted();
const settings = (change: object): Promise<Reply> =>
  vendor.visit('PUT', '/stripe/control/settings', change);

describe('refunds', () => {
  it('in parts up to the whole, never above what is left', async () => {
    const { id, intent } = await paid();
    expect((await refund(intent, '100')).body).toMatchObject({ status: 'succeeded', amount: 100 });
    expect(typesOf(await vendor.notices())).toEqual(['charge.refunded', 'refund.created']);
    expect((await refund(intent, '400')).body['error']).toMatchObject({ param: 'amount' });
    expect((await refund(intent)).body).toMatchObject({ amount: 399 });
    expect((await refund(intent)).body['error']).toMatchObject({
      code: 'charge_already_refunded',
    });
    const bill = await vendor.visit('GET', `/stripe/control/payments/${id}`);
    expect(bill.body).toMatchObject({ taken: '4.99', returned: '4.99' });
    const list = await vendor.api('GET', `/refunds?payment_intent=${intent}`);
    expect(list.body['data']).toHaveLength(2);
  });

  it('may stay pending and then fail: the money is the merchant’s again', async () => {
    const { id, intent } = await paid();
    await settings({ refund: 'pending' });
    const { body } = await refund(intent);
    expect(body['status']).toBe('pending');
    await vendor.notices();
    const path = `/stripe/control/refunds/${String(body['id'])}/settle`;
    await vendor.visit('POST', path, { well: false });
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.refund.updated',
      'refund.failed',
      'refund.updated',
    ]);
    const bill = await vendor.visit('GET', `/stripe/control/payments/${id}`);
    expect(bill.body).toMatchObject({ returned: '0.00' });
    expect((await vendor.visit('POST', path, { well: true })).status).toBe(409);
  });

  it('by the merchant’s hand, in the words of a person', async () => {
    const { id } = await paid();
    await vendor.act('refund', id, { value: '1,50' });
    expect((await vendor.act('refund', id, { value: '4.00' })).status).toBe(409);
    expect((await vendor.act('refund', id)).body).toMatchObject({ returned: '4.99' });
  });
});

describe('disputes', () => {
  it('take the money at once and end won or lost', async () => {
    const { id, intent } = await paid();
    expect((await vendor.act('dispute', id)).body).toMatchObject({ state: 'disputed' });
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);
    expect((await refund(intent)).body['error']).toMatchObject({ code: 'charge_disputed' });
    expect((await vendor.act('win', id)).body).toMatchObject({ state: 'paid' });
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    const lost = await paid();
    await vendor.act('dispute', lost.id);
    await vendor.act('lose', lost.id);
    const notices = await vendor.notices();
    expect(notices.at(-1)).toMatchObject({
      type: 'charge.dispute.closed',
      data: { object: { object: 'dispute', status: 'lost', payment_intent: lost.intent } },
    });
  });
});

describe('charging a saved method', () => {
  async function saved(): Promise<Record<string, string>> {
    const { body } = await vendor.session({
      'payment_intent_data[setup_future_usage]': 'off_session',
      customer_creation: 'always',
      customer_email: 'anna@example.com',
    });
    await vendor.act('pay', String(body['id']));
    const path = `/checkout/sessions/${String(body['id'])}?expand[]=payment_intent`;
    const intent = (await vendor.api('GET', path)).body['payment_intent'] as {
      customer: string;
      payment_method: string;
    }; // expanded above
    await vendor.notices();
    return {
      amount: '499',
      currency: 'usd',
      customer: intent.customer,
      payment_method: intent.payment_method,
      off_session: 'true',
      confirm: 'true',
      'metadata[payment_id]': 'pay_2',
    };
  }

  it('succeeds without the buyer, for the customer it was saved for', async () => {
    const charge = await saved();
    const { status, body } = await vendor.api('POST', '/payment_intents', charge);
    expect([status, body]).toMatchObject([200, { status: 'succeeded', amount_received: 499 }]);
    const bill = await vendor.visit('GET', `/stripe/control/payments/${String(body['id'])}`);
    expect(bill.body).toMatchObject({ state: 'paid', reference: 'pay_2', taken: '4.99' });
    const customer = await vendor.api('POST', '/customers', { email: 'olga@example.com' });
    const other = { ...charge, customer: String(customer.body['id']) };
    expect((await vendor.api('POST', '/payment_intents', other)).status).toBe(400);
  });

  it('needs a customer: a page that makes none keeps the method for nobody', async () => {
    const wish = { 'payment_intent_data[setup_future_usage]': 'off_session' };
    const { body } = await vendor.session(wish);
    await vendor.act('pay', String(body['id']));
    const path = `/checkout/sessions/${String(body['id'])}?expand[]=payment_intent.latest_charge`;
    expect((await vendor.api('GET', path)).body['payment_intent']).toMatchObject({
      customer: null,
      latest_charge: { payment_method_details: { type: 'card', card: { last4: '4242' } } },
    });
  });

  it.each([
    ['insufficient_funds', 'card_declined'],
    ['processing_error', 'processing_error'],
    ['lost_card', 'card_declined'],
    ['expired_card', 'expired_card'],
    ['authentication_required', 'authentication_required'],
  ])('is declined as %s with the payment in the error', async (savedCharge, code) => {
    const charge = await saved();
    await settings({ savedCharge });
    const { status, body } = await vendor.api('POST', '/payment_intents', charge, {
      'idempotency-key': 'charge-1',
    });
    expect(status).toBe(402);
    expect(body['error']).toMatchObject({
      type: 'card_error',
      code,
      decline_code: savedCharge,
      payment_intent: { status: 'requires_payment_method', metadata: { payment_id: 'pay_2' } },
    });
    expect(typesOf(await vendor.notices())).toEqual([
      'charge.failed',
      'payment_intent.created',
      'payment_intent.payment_failed',
    ]);
    await settings({ savedCharge: 'succeeded' });
    const again = await vendor.api('POST', '/payment_intents', charge, {
      'idempotency-key': 'charge-1',
    });
    expect([again.status, again.body]).toEqual([402, body]);
  });

  it('may take days, and is refused when the buyer took the method back', async () => {
    const charge = await saved();
    await settings({ savedCharge: 'processing', delayMs: 60_000 });
    const { body } = await vendor.api('POST', '/payment_intents', charge);
    expect(body['status']).toBe('processing');
    await vendor.advance(60_500);
    const intent = await vendor.api('GET', `/payment_intents/${String(body['id'])}`);
    expect(intent.body['status']).toBe('succeeded');
    const method = charge['payment_method'] ?? '';
    const kept = `/customers/${charge['customer'] ?? ''}/payment_methods`;
    expect((await vendor.api('GET', kept)).body['data']).toHaveLength(1);
    const detach = `/payment_methods/${method}/detach`;
    expect((await vendor.api('POST', detach)).status).toBe(200);
    expect((await vendor.api('POST', detach)).status).toBe(400);
    expect((await vendor.api('GET', kept)).body['data']).toHaveLength(0);
    expect((await vendor.api('POST', '/payment_intents', charge)).status).toBe(400);
  });
});
