import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../rehearsal.ts';
import { rehearse, type PaypalRehearsal } from './rehearsal.ts';

const HOUR_MS = 3_600_000;

let vendor: PaypalRehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

const open = async (unit: object = {}, wallet: object = {}): Promise<string> =>
  String((await vendor.order(unit, wallet)).body['id']);
const order = async (id: string): Promise<unknown> =>
  (await vendor.api('GET', `/v2/checkout/orders/${id}`)).body;
const capture = (id: string, requestId = `capture-${id}`): Promise<Reply> =>
  vendor.api('POST', `/v2/checkout/orders/${id}/capture`, {}, { 'paypal-request-id': requestId });
const issueOf = (reply: Reply): unknown => {
  const [detail] = reply.body['details'] as { issue: string }[]; // every refusal has one
  return detail?.issue;
};
const eventsOf = (notices: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  notices.map((each) => each['event_type']);

describe('the access token', () => {
  it('is given for the app’s id and secret, and works for nine hours', async () => {
    expect((await vendor.token('simulated-client:wrong')).status).toBe(401);
    expect((await vendor.token()).body).toMatchObject({ token_type: 'Bearer', expires_in: 32_400 });
    const id = await open();
    await vendor.advance(9 * HOUR_MS);
    const late = await vendor.api('GET', `/v2/checkout/orders/${id}`);
    expect([late.status, late.body['name']]).toEqual([401, 'AUTHENTICATION_FAILURE']);
  });

  it('stops working when the merchant changes the secret', async () => {
    await vendor.visit('POST', '/paypal/control/tokens/revoke', {});
    expect((await vendor.order()).status).toBe(401);
  });
});

describe('creating an order', () => {
  it('answers one that waits for its payer, with the link to them', async () => {
    const { status, body } = await vendor.order();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'PAYER_ACTION_REQUIRED',
      purchase_units: [{ custom_id: 'pay_1', amount: { currency_code: 'USD', value: '4.99' } }],
    });
    const links = body['links'] as { rel: string; href: string }[]; // the vendor's list
    expect(links.find(({ rel }) => rel === 'payer-action')?.href).toContain(
      `/paypal/checkout/${String(body['id'])}`,
    );
  });

  it.each([
    [422, 'CURRENCY_NOT_SUPPORTED', { amount: { currency_code: 'RUB', value: '499.00' } }],
    [422, 'DECIMAL_PRECISION', { amount: { currency_code: 'USD', value: '4.999' } }],
    [422, 'CANNOT_BE_ZERO_OR_NEGATIVE', { amount: { currency_code: 'USD', value: '0.00' } }],
    [400, 'INVALID_PARAMETER_SYNTAX', { amount: { currency_code: 'USD', value: 4.99 } }],
    [400, 'INVALID_STRING_LENGTH', { custom_id: 'c'.repeat(256) }],
    [400, 'INVALID_STRING_LENGTH', { description: 'd'.repeat(128) }],
  ])('is refused with %i %s', async (status, issue, unit) => {
    const reply = await vendor.order(unit);
    expect([reply.status, issueOf(reply)]).toEqual([status, issue]);
    expect(reply.body['debug_id']).toBeTypeOf('string');
  });

  it('refuses an address no browser should follow', async () => {
    const wallet = { experience_context: { return_url: 'javascript:1' } };
    expect((await vendor.order({}, wallet)).status).toBe(400);
  });

  it('is one for one request id, and remembers it for six hours', async () => {
    const body = {
      intent: 'CAPTURE',
      purchase_units: [{ amount: { currency_code: 'USD', value: '4.99' } }],
    };
    const create = (): Promise<Reply> =>
      vendor.api('POST', '/v2/checkout/orders', body, { 'paypal-request-id': 'same' });
    const first = await create();
    expect(first.body).toMatchObject({ status: 'CREATED' });
    expect((await create()).text).toBe(first.text);
    await vendor.advance(6 * HOUR_MS);
    expect((await create()).body['id']).not.toBe(first.body['id']);
  });
});

describe('an approval is no money', () => {
  it('until the merchant captures: then the capture is completed', async () => {
    const id = await open();
    expect(issueOf(await capture(id))).toBe('ORDER_NOT_APPROVED');
    expect((await vendor.act('pay', id)).body).toMatchObject({ state: 'held', taken: '0.00' });
    expect(eventsOf(await vendor.notices())).toEqual(['CHECKOUT.ORDER.APPROVED']);
    const taken = await capture(id);
    expect(taken.status).toBe(201);
    expect(taken.body).toMatchObject({
      status: 'COMPLETED',
      purchase_units: [
        {
          payments: {
            captures: [
              {
                status: 'COMPLETED',
                amount: { value: '4.99' },
                custom_id: 'pay_1',
                seller_receivable_breakdown: { net_amount: { value: '4.82' } },
              },
            ],
          },
        },
      ],
    });
    expect(await vendor.notices()).toMatchObject([
      {
        event_type: 'PAYMENT.CAPTURE.COMPLETED',
        resource_type: 'capture',
        resource: {
          status: 'COMPLETED',
          custom_id: 'pay_1',
          supplementary_data: { related_ids: { order_id: id } },
        },
      },
    ]);
    expect(await order(id)).toMatchObject({ status: 'COMPLETED' });
  });

  it('is captured once: the same request id answers the same, another is refused', async () => {
    const id = await open();
    await vendor.act('pay', id);
    const first = await capture(id);
    expect((await capture(id)).text).toBe(first.text);
    expect(issueOf(await capture(id, 'another'))).toBe('ORDER_ALREADY_CAPTURED');
  });

  it('may be lost at the capture: the card is refused, and the payer comes back', async () => {
    const id = await open();
    expect((await vendor.act('decline', id)).body).toMatchObject({ state: 'open' });
    const refused = await capture(id);
    expect([refused.status, issueOf(refused)]).toEqual([422, 'INSTRUMENT_DECLINED']);
    await vendor.act('pay', id);
    expect((await capture(id, 'second')).body).toMatchObject({ status: 'COMPLETED' });
  });

  it('may bring money that is under review, released or refused later', async () => {
    const settle = async (well: boolean): Promise<string> => {
      const id = await open();
      await vendor.visit('POST', `/paypal/control/payments/${id}/review`);
      const { body } = await capture(id);
      const [unit] = body['purchase_units'] as {
        payments: { captures: { id: string; status: string; status_details: unknown }[] };
      }[]; // as the vendor answers a capture
      const made = unit?.payments.captures[0];
      expect([body['status'], made]).toMatchObject([
        'COMPLETED',
        { status: 'PENDING', status_details: { reason: 'PENDING_REVIEW' } },
      ]);
      await vendor.visit('POST', `/paypal/control/captures/${made?.id ?? ''}/settle`, { well });
      return id;
    };
    const good = await settle(true);
    const bad = await settle(false);
    expect(eventsOf(await vendor.notices()).toSorted()).toEqual([
      'CHECKOUT.ORDER.APPROVED',
      'CHECKOUT.ORDER.APPROVED',
      'PAYMENT.CAPTURE.COMPLETED',
      'PAYMENT.CAPTURE.DENIED',
      'PAYMENT.CAPTURE.PENDING',
      'PAYMENT.CAPTURE.PENDING',
    ]);
    const state = async (id: string): Promise<unknown> =>
      (await vendor.visit('GET', `/paypal/control/payments/${id}`)).body['state'];
    expect([await state(good), await state(bad)]).toEqual(['paid', 'closed']);
  });

  it('refuses a second capture of one invoice number', async () => {
    for (const expected of [undefined, 'DUPLICATE_INVOICE_ID']) {
      const id = await open({ invoice_id: 'inv_1' });
      await vendor.act('pay', id);
      const reply = await capture(id);
      expect(reply.body['details'] === undefined ? undefined : issueOf(reply)).toBe(expected);
    }
  });
});

describe('time', () => {
  it('lets a payer approve late and forgets an order nobody approves', async () => {
    const left = await open();
    const late = await open();
    await vendor.act('abandon', left);
    await vendor.act('late', late, { afterMs: 7 * HOUR_MS });
    await vendor.advance(6 * HOUR_MS + 500);
    expect((await vendor.api('GET', `/v2/checkout/orders/${left}`)).status).toBe(404);
    expect((await vendor.act('pay', left)).status).toBe(409);
    await vendor.advance(HOUR_MS);
    expect(await order(late)).toMatchObject({ status: 'APPROVED' });
    expect((await capture(late)).status).toBe(201);
  });

  it('ends an approval nobody captures', async () => {
    const id = await open();
    await vendor.act('pay', id);
    await vendor.advance(3 * HOUR_MS + 500);
    expect((await capture(id)).status).toBe(404);
  });
});

describe('paying twice, or another amount', () => {
  it('needs another order of the same reference', async () => {
    const first = await open();
    await open({ reference_id: 'ord_2' });
    expect((await vendor.act('twice', first)).status).toBe(409);
    const second = await open({ custom_id: 'pay_2' });
    await vendor.act('twice', first);
    for (const id of [first, second]) expect((await capture(id)).status).toBe(201);
  });

  it('is not possible with another amount', async () => {
    expect((await vendor.act('other', await open(), { value: '1.00' })).status).toBe(409);
  });
});
