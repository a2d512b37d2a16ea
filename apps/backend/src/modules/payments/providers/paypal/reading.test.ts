import { describe, expect, it } from 'vitest';
import { ProviderPaymentMissing, ProviderProtocolError } from '../../errors.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import orders from './fixtures/orders.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import { REFERENCE, ORDER_PATH, CAPTURE_ID, dollars, orderWith, stage } from './testing/stage.ts';

describe('reading at paypal', () => {
  const { server, paypal, show } = stage();

  describe('an approved order', () => {
    const captureAnswers = (status: number, body: unknown): void => {
      server().answer(`POST ${ORDER_PATH}/capture`, { status, body });
    };

    it('is captured by whoever reads it, under a key of our payment', async () => {
      show(orders.approved);
      captureAnswers(201, orders.completed);
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'settled',
        amount: dollars(49_900n),
        paymentId: 'pay_01JD0005',
      });
      expect(server().requests.at(-1)?.headers['paypal-request-id']).toBe('capture:pay_01JD0005');
    });

    it('is no money while its capture waits, and none when it failed', async () => {
      show(orders.approved);
      const details = { status_details: { reason: 'PENDING_REVIEW' } };
      captureAnswers(201, orderWith({ capture: { status: 'PENDING', ...details } }));
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'pending',
        reason: 'PENDING_REVIEW',
      });
      captureAnswers(201, orderWith({ capture: { status: 'DECLINED' } }));
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'cancelled',
        reason: 'declined',
      });
    });

    it('still waits after a refused card: the buyer may take another one', async () => {
      show(orders.approved);
      captureAnswers(422, errors.declined);
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'pending',
        reason: 'INSTRUMENT_DECLINED',
      });
    });

    it('that somebody was quicker to capture is read again', async () => {
      captureAnswers(422, errors.already);
      server().answer(
        `GET ${ORDER_PATH}`,
        { status: 200, body: orders.approved },
        { status: 200, body: orders.completed },
      );
      expect((await paypal().lookup(REFERENCE)).state).toBe('settled');
    });

    it('whose capture is lost or still running is an unknown outcome', async () => {
      show(orders.approved);
      const unknown = { code: 'payments.provider_unavailable' };
      captureAnswers(422, errors.running);
      await expect(paypal().lookup(REFERENCE)).rejects.toMatchObject(unknown);
      server().answer(`POST ${ORDER_PATH}/capture`, 'reset');
      await expect(paypal().lookup(REFERENCE)).rejects.toMatchObject(unknown);
    });

    it('of somebody else, or held for later, is left alone', async () => {
      const [unit] = orders.approved.purchase_units;
      const foreign = [
        { purchase_units: [{ ...unit, invoice_id: 'shop-7' }] },
        { purchase_units: [{ ...unit, custom_id: undefined, invoice_id: undefined }] },
        { intent: 'AUTHORIZE' },
      ];
      for (const change of foreign) {
        show({ ...orders.approved, ...change });
        expect((await paypal().lookup(REFERENCE)).state).not.toBe('settled');
      }
      expect(server().requests.some(({ path }) => path.endsWith('/capture'))).toBe(false);
    });

    it('captured as another order is a protocol error', async () => {
      show(orders.approved);
      captureAnswers(201, orderWith({ order: { id: 'ANOTHER' } }));
      await expect(paypal().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    });
  });

  it('reads a payment whole: the sum is what was captured, never what was ordered', async () => {
    const amount = { currency_code: 'USD', value: '498.00' };
    const other = { ...refunds.completed, status: 'PENDING' };
    const capture = { status: 'PARTIALLY_REFUNDED', amount };
    show(orderWith({ capture, refunds: [refunds.completed, other] }));
    expect(await paypal().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: dollars(49_800n),
      refunded: dollars(10_000n),
      paymentId: 'pay_01JD0005',
      reason: undefined,
      createdAt: new Date('2026-11-20T20:46:30Z'),
      isTest: true,
    });
  });

  it('believes the capture when it says that everything went back without a refund', async () => {
    show(orderWith({ capture: { status: 'REFUNDED' } }));
    expect((await paypal().lookup(REFERENCE)).refunded).toEqual(dollars(49_900n));
  });

  it('refuses answers about other orders, two captures, and sums it cannot read', async () => {
    const two = [{ ...orders.completed.purchase_units[0]?.payments.captures[0] }];
    const bodies = [
      { ...orders.completed, id: 'ANOTHER' },
      orderWith({ capture: { amount: { currency_code: 'USD', value: 499 } } }),
      orderWith({ capture: { amount: { currency_code: 'USD', value: '499.001' } } }),
      orderWith({ capture: { amount: { currency_code: 'USD', value: '-1.00' } } }),
      orderWith({ capture: { amount: { currency_code: 'JPY', value: '499' } } }),
      orderWith({
        refunds: [{ ...refunds.completed, amount: { currency_code: 'EUR', value: '1' } }],
      }),
    ];
    for (const body of bodies) {
      show(body);
      await expect(paypal().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
    show(orderWith({ unit: { payments: { captures: [...two, ...two] } } }));
    expect(await paypal().lookup(REFERENCE)).toMatchObject({ reason: 'several captures' });
  });

  it('finds the order of a capture, as notices of refunds and disputes name it', async () => {
    const related = { supplementary_data: { related_ids: { order_id: REFERENCE } } };
    const path = `GET /v2/payments/captures/${CAPTURE_ID}`;
    server().answer(path, { status: 200, body: { id: CAPTURE_ID, ...related } });
    show(orders.completed);
    expect((await paypal().lookup(`capture:${CAPTURE_ID}`)).reference).toBe(REFERENCE);
    server().answer(path, { status: 200, body: { id: CAPTURE_ID } });
    await expect(paypal().lookup(`capture:${CAPTURE_ID}`)).rejects.toBeInstanceOf(
      ProviderPaymentMissing,
    );
  });

  it('sends no reference that is no id', async () => {
    for (const reference of [
      '',
      'capture:',
      '../x',
      'a?b=c',
      'capture:capture:A',
      'A'.repeat(65),
    ]) {
      await expect(paypal().lookup(reference)).rejects.toBeInstanceOf(ProviderPaymentMissing);
    }
    expect(server().requests).toHaveLength(0);
  });
});
