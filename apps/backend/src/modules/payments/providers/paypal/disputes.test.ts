import { describe, expect, it } from 'vitest';
import { createLog } from '../../../../platform/log/index.ts';
import { ProviderProtocolError } from '../../errors.ts';
import orders from './fixtures/orders.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import {
  CAPTURE_ID,
  DISPUTES_ROUTE,
  dollars,
  orderWith,
  REFERENCE,
  stage,
  type Part,
} from './testing/stage.ts';

const ID = 'PP-D-4012';

describe('a disputed payment at paypal', () => {
  const { server, paypal, make, show } = stage();
  const disputed = (status: string, change: Part = {}): void => {
    const body = { items: [{ dispute_id: ID, status }], links: [] };
    server().answer(DISPUTES_ROUTE, { status: 200, body });
    const details = { dispute_id: ID, status, dispute_amount: sum('499.00'), ...change };
    server().answer(`GET /v1/customer/disputes/${ID}`, { status: 200, body: details });
  };
  const sum = (value: string, code = 'USD') => ({ currency_code: code, value });
  const ended = (outcome: string, change: Part = {}): void => {
    disputed('RESOLVED', { dispute_outcome: { outcome_code: outcome }, ...change });
  };

  it.each(['OPEN', 'WAITING_FOR_SELLER_RESPONSE', 'UNDER_REVIEW', 'A_NEW_WORD'])(
    'is nobody money while the dispute is %s',
    async (status) => {
      show(orders.completed);
      disputed(status);
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'disputed',
        amount: dollars(49_900n),
        refunded: dollars(0n),
      });
      expect(server().requests.at(-1)?.query.get('disputed_transaction_id')).toBe(CAPTURE_ID);
    },
  );

  it.each([
    'RESOLVED_SELLER_FAVOUR',
    'CANCELED_BY_BUYER',
    'RESOLVED_WITH_PAYOUT',
    'DENIED',
    'NONE',
  ])('is ours again when the outcome is %s', async (outcome) => {
    show(orders.completed);
    ended(outcome);
    expect(await paypal().lookup(REFERENCE)).toMatchObject({
      state: 'settled',
      refunded: dollars(0n),
    });
  });

  it.each<[Part, bigint]>([
    [{}, 49_900n],
    [{ dispute_amount: sum('100.00') }, 10_000n],
    [{ dispute_amount: sum('999.00') }, 49_900n],
    [{ dispute_amount: sum('1.00', 'EUR') }, 49_900n],
    [{ dispute_amount: undefined }, 49_900n],
  ])(
    'is money given back when it is lost (%j), never more than there was',
    async (change, back) => {
      show(orders.completed);
      ended('RESOLVED_BUYER_FAVOUR', change);
      expect(await paypal().lookup(REFERENCE)).toMatchObject({
        state: 'settled',
        refunded: dollars(back),
      });
    },
  );

  it('is counted once when its reversal stands among the refunds', async () => {
    const capture = { status: 'PARTIALLY_REFUNDED' };
    show(orderWith({ capture, refunds: [{ ...refunds.completed, amount: sum('100.00') }] }));
    ended('ACCEPTED', { dispute_amount: sum('100.00') });
    expect((await paypal().lookup(REFERENCE)).refunded).toEqual(dollars(10_000n));
  });

  it('is not asked about before it was paid, nor when everything went back', async () => {
    const [unit] = orders.created.purchase_units;
    for (const body of [
      orderWith({ order: { status: 'CREATED' }, unit: { ...unit, payments: null } }),
      orderWith({ capture: { status: 'REFUNDED' } }),
    ]) {
      show(body);
      await paypal().lookup(REFERENCE);
    }
    const asked = server().requests.filter(({ path }) => path.includes('disputes'));
    expect(asked).toEqual([]);
  });

  it('is read as before where the app has no right to see disputes, and the log says so', async () => {
    show(orders.completed);
    server().answer(DISPUTES_ROUTE, { status: 403, body: { name: 'NOT_AUTHORIZED' } });
    const lines: string[] = [];
    const log = createLog({ level: 'warn', role: 'test', write: (line) => lines.push(line) });
    expect(await make({}, { log })?.lookup(REFERENCE)).toMatchObject({ state: 'settled' });
    expect(lines.join('')).toMatch(/may not read disputes/);
  });

  it('with an answer that is no list, or about another dispute, is not read at all', async () => {
    show(orders.completed);
    for (const items of [
      [{ dispute_id: 7 }],
      'none',
      Array(11).fill({ dispute_id: ID, status: 'OPEN' }),
    ]) {
      server().answer(DISPUTES_ROUTE, { status: 200, body: { items } });
      await expect(paypal().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
    ended('RESOLVED_BUYER_FAVOUR', { dispute_id: 'PP-D-1' });
    await expect(paypal().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
  });
});
