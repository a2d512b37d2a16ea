/** A sale through the real services, read back as the eight facts that staff expects. */
import type { PaymentDetails } from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const read = async (paymentId: string): Promise<PaymentDetails> =>
  (await world.get(`/api/v1/admin/payments/${paymentId}`)).json();

describe('the timeline of a payment', () => {
  it('has the eight facts in order, with when and what', async () => {
    const paymentId = await world.sell(await world.meet());
    const { timeline, notices, payment, refundable } = await read(paymentId);
    expect(timeline.map(({ kind }) => kind)).toEqual([
      'created',
      'sent',
      'notice',
      'asked',
      'settled',
      'posted',
      'delivered',
      'told',
    ]);
    const detailOf = (kind: string): string =>
      timeline.find((entry) => entry.kind === kind)?.detail ?? '';
    expect(detailOf('sent')).toMatch(new RegExp(`key ${paymentId}, \\d+ ms`));
    expect(detailOf('asked')).toBe('yookassa: settled, 199.00 RUB');
    expect(detailOf('posted')).toMatch(/:in 199.00 RUB; .*:sale 199.00 RUB/);
    expect(detailOf('delivered')).toMatch(/^panel user sub_/);
    expect(detailOf('told')).toMatch(/^telegram paid: sent, 44\d\d$/);
    // The duplicate is counted on its notice, whose raw form is at hand.
    const notice = timeline.find(({ kind }) => kind === 'notice');
    expect(notice).toMatchObject({ repeats: 1, noticeId: notices[0]?.id });
    const gapMs = Date.parse(timeline[2]?.at ?? '') - Date.parse(timeline[1]?.at ?? '');
    expect(gapMs).toBe(40_000);
    expect(payment.state).toBe('settled');
    expect(refundable).toEqual({ minor: '19900', currency: 'RUB' });
  });

  it('shows a refused notice in its place, with what to check', async () => {
    const payment = await world.startPayment(await world.placeOrder(await world.meet()));
    // The provider in memory takes a notice without a reference for malformed.
    await world.payments.accept('yookassa', {
      method: 'POST',
      query: '',
      headers: {},
      body: Buffer.from(`{${payment.reference}}`),
      remoteAddress: '203.0.113.9',
      receivedAt: world.clock.now(),
    });
    const { timeline } = await read(payment.id);
    const refused = timeline.find(({ kind }) => kind === 'refused');
    expect(refused).toMatchObject({ tone: 'bad', check: { en: expect.stringMatching(/notice/) } });
    // The reason once: it does not stand in its own explanation again.
    expect(refused?.detail).toMatch(/^malformed: (?!malformed)/);
    const raw = await world.get(`/api/v1/admin/refusals/${refused?.noticeId ?? ''}/raw`);
    expect(raw.json().body).toBe(`{${payment.reference}}`);
  });

  it('tells of a lost answer, a contradiction, a refund, and acts of staff', async () => {
    world.provider.fault = 'answer lost';
    const order = await world.placeOrder(await world.meet());
    await expect(world.startPayment(order)).rejects.toThrow();
    world.provider.fault = 'none';
    const payment = await world.startPayment(order);
    world.provider.change(payment.reference, { state: 'settled', isTest: true });
    await world.notify(payment.reference);
    await world.payments.judgeNotices();
    world.provider.change(payment.reference, { isTest: false });
    await world.clock.advance(1_000);
    const headers = { 'idempotency-key': 'a-key-of-this-test' };
    const reason = 'the customer asks';
    const acts = '/api/v1/admin/acts';
    await world.post(`${acts}/payments.look`, { paymentId: payment.id, reason }, headers);
    await world.clock.advance(1_000);
    const refund = { paymentId: payment.id, amount: { minor: '19900', currency: 'RUB' }, reason };
    await world.post(`${acts}/payments.refund`, refund, { 'idempotency-key': 'another-key' });
    const { timeline, refunds } = await read(payment.id);
    const kinds = timeline.map(({ kind, tone }) => `${kind} ${tone}`);
    expect(kinds).toEqual(
      expect.arrayContaining(['failed warn', 'refused bad', 'act info', 'refunded info']),
    );
    const order2 = ['created', 'sent', 'refused', 'settled', 'refund_requested', 'refunded'];
    const places = order2.map((kind) => timeline.findIndex((entry) => entry.kind === kind));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(refunds).toMatchObject([{ state: 'refunded', reason }]);
    expect(timeline.find(({ kind }) => kind === 'act')?.detail).toMatch(
      /payments.look by Operator/,
    );
  });

  it('of an order joins those of its payments', async () => {
    const paymentId = await world.sell(await world.meet());
    const { orderId } = await world.payments.find(paymentId);
    const answer = await world.get(`/api/v1/admin/orders/${orderId}`);
    const { timeline, payments } = answer.json();
    expect(payments).toHaveLength(1);
    expect(timeline[0].detail).toBe('order, plan month v1');
    expect(timeline.at(-1).kind).toBe('told');
  });
});
