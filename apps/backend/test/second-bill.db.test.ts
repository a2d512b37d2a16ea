/**
 * Vendors without a key of idempotence: when the answer to a start is lost, a payment may have two
 * bills there, and both may be paid. The second sum is provably of ours, so it is kept like any other
 * that comes twice: on the balance, told, given back from the admin page (principle 7, ADR 0008).
 */
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import type { Payment, ProviderId } from '../src/modules/payments/index.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const PATIENCE = { timeout: 10_000, interval: 25 };

type Row = Readonly<{
  price: Money;
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Another bill that names the same payment. */
  body: (paymentId: string) => object;
  idIn: (answer: string) => string | undefined;
}>;

const ROWS: Partial<Record<ProviderId, Row>> = {
  cryptopay: {
    price: money(4_99n, 'USD'),
    path: '/cryptopay/api/createInvoice',
    headers: { 'crypto-pay-api-token': SIMULATED_KEYS.cryptopay.token },
    body: (payload) => ({ currency_type: 'fiat', fiat: 'USD', amount: '4.99', payload }),
    idIn: (answer) => /"invoice_id":(\d+)/.exec(answer)?.[1],
  },
  tribute: {
    price: money(499_00n, 'RUB'),
    path: '/tribute/api/v1/shop/orders',
    headers: { 'api-key': SIMULATED_KEYS.tribute.apiKey },
    body: (customerId) => ({
      ...{ amount: 499_00, currency: 'rub', title: 'Month', description: 'Month', customerId },
    }),
    idIn: (answer) => /"uuid":"([\w-]+)"/.exec(answer)?.[1],
  },
};

describe.each(Object.entries(ROWS))('%s', (id, row) => {
  const vendor = id as ProviderId; // a key of the table
  let shop: VendorWorld;
  beforeAll(async () => {
    shop = await createVendorWorld(vendor, row.price);
  });
  afterAll(() => shop.close());

  async function secondBill({ id: paymentId }: Payment): Promise<string> {
    const answer = await fetch(`${shop.simulators.selfUrl}${row.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...row.headers },
      body: JSON.stringify(row.body(paymentId)),
    });
    const made = row.idIn(await answer.text());
    if (made === undefined) throw new Error('no bill was made');
    return made;
  }
  const pay = (bill: string) => shop.ask('POST', `/payments/${bill}/pay`, {});
  async function paymentsOf(personId: string, count: number) {
    await expect
      .poll(async () => {
        await shop.world.payments.judgeNotices();
        const { items } = await shop.world.payments.ofPerson(personId, { limit: 10 });
        return items.filter(({ state }) => state === 'settled').length;
      }, PATIENCE)
      .toBe(count);
    return (await shop.world.payments.ofPerson(personId, { limit: 10 })).items;
  }
  const misfits = async () =>
    (await shop.world.notices()).filter(({ state }) => state === 'quarantined');

  it('keeps what both bills of a payment brought, each once', async () => {
    const payment = await shop.begun('per_both');
    const other = await secondBill(payment);
    await pay((await shop.bill({ id: '-', reference: payment.reference })).id);
    await paymentsOf('per_both', 1);
    await pay(other);
    const items = await paymentsOf('per_both', 2);
    const second = items.find(({ id: one }) => one !== payment.id);
    expect(second).toMatchObject({ secondOf: payment.id, reference: other, amount: row.price });
    expect(await misfits()).toEqual([]);
    expect(await shop.world.books()).toMatchObject({
      ...{ sales: -row.price.minor, customers: -row.price.minor, sum: 0n },
    });
    expect(await shop.world.jobsOf('tell.surplus')).toEqual([{ paymentId: second?.id }]);
    // Asked about again and again, nothing more comes of it.
    await shop.world.payments.look(payment.id);
    await shop.world.clock.advance(24 * 3_600_000);
    const day = new Date(shop.world.clock.now().getTime() - 24 * 3_600_000);
    const run = { provider: vendor, day: day.toISOString().slice(0, 10) };
    expect(await shop.world.payments.reconcile(run)).toMatchObject({ state: 'agreed', found: 0 });
    expect(await paymentsOf('per_both', 2)).toHaveLength(2);
  });

  it('pays the order by whichever bill is paid', async () => {
    const payment = await shop.begun('per_other');
    const before = await shop.world.books();
    await pay(await secondBill(payment));
    const items = await paymentsOf('per_other', 1);
    expect((await shop.world.orders.find(payment.orderId)).state).toBe('paid');
    expect(items.filter(({ state }) => state === 'settled')).toHaveLength(1);
    const after = await shop.world.books();
    expect(after).toMatchObject({ sales: before.sales - row.price.minor, sum: 0n });
    expect(after.customers).toBe(before.customers);
    expect(await misfits()).toEqual([]);
  });
});
