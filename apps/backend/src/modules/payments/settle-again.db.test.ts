import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import type { ProviderPayment } from './provider.ts';

let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

async function told(reference: string, event: string): Promise<void> {
  await world.notify(reference, event);
  while ((await world.payments.judgeNotices()) > 0);
}

function secondOf(paymentId: string, change: Partial<ProviderPayment> = {}): ProviderPayment {
  return {
    ...{ reference: 'second-1', state: 'settled', amount: PRICE, paymentId, reason: undefined },
    ...{ refunded: money(0n, 'RUB'), createdAt: world.clock.now(), isTest: false },
    ...{ countsAlone: true, ...change },
  };
}

/** One link, paid twice: as the vendor shows it when it is asked about the payment. */
async function paidTwice(change: Partial<ProviderPayment> = {}) {
  const payment = await world.startPayment();
  const again = [secondOf(payment.id, change)];
  world.provider.change(payment.reference, { state: 'settled', again });
  await told(payment.reference, 'payment.succeeded#1');
  return payment;
}

async function paymentsOf(orderId: string) {
  return world.payments.ofOrder(orderId);
}

describe('a link that is paid twice', () => {
  it('pays the order once, and the second sum is on the balance and told', async () => {
    const payment = await paidTwice();
    const [second, first] = await paymentsOf(payment.orderId);
    expect(first).toMatchObject({ id: payment.id, state: 'settled', secondOf: undefined });
    expect(second).toMatchObject({ reference: 'second-1', state: 'settled', amount: PRICE });
    expect(second?.secondOf).toBe(payment.id);
    expect(await world.orders.find(payment.orderId)).toMatchObject({ paymentId: payment.id });
    expect(await world.books()).toEqual(booksOf(PRICE, PRICE));
    expect(await world.jobsOf('tell.surplus')).toEqual([{ paymentId: second?.id }]);
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
  });

  it('counts each sum once, however often and by whomever it is told', async () => {
    const payment = await paidTwice();
    world.provider.put(secondOf(payment.id));
    const notices = ['#2', '#3', '#4'].map((no) => world.notify(payment.reference, `paid${no}`));
    await Promise.all([...notices, world.notify('second-1', 'paid')]);
    await Promise.all([world.payments.judgeNotices(), world.payments.judgeNotices()]);
    await world.everythingDue();
    while ((await world.payments.judgeNotices()) > 0);
    expect(await paymentsOf(payment.orderId)).toHaveLength(2);
    expect(await world.books()).toEqual(booksOf(PRICE, PRICE));
  });

  it('is heard of by the notice of the second object alone, later, of any sum', async () => {
    const payment = await paidTwice({ state: 'pending' });
    expect(await world.books()).toEqual(booksOf(PRICE));
    const sum = money(700n, 'RUB');
    world.provider.put(secondOf(payment.id, { amount: sum }));
    await told('second-1', 'payment.succeeded');
    expect(await world.books()).toEqual(booksOf(PRICE, sum));
    expect((await world.notices()).map(({ outcome }) => outcome)).toEqual(['moved', 'moved']);
  });

  it('by the schedule of the vendor pays the next term: an order of its own, once', async () => {
    const payment = await paidTwice({ renews: true });
    await told('second-1', 'payment.succeeded');
    const { items } = await world.payments.ofPerson(payment.personId, { limit: 10 });
    expect(items).toHaveLength(2);
    expect(new Set(items.map(({ orderId }) => orderId)).size).toBe(2);
    for (const { orderId, id } of items) {
      expect(await world.orders.find(orderId)).toMatchObject({ state: 'paid', paymentId: id });
    }
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(2);
    expect(await world.books()).toEqual(booksOf({ ...PRICE, minor: 2n * PRICE.minor }));
  });

  it('by the schedule of the vendor with another sum is on the balance', async () => {
    const sum = money(700n, 'RUB');
    const payment = await paidTwice({ renews: true, amount: sum });
    expect(await paymentsOf(payment.orderId)).toHaveLength(2);
    expect(await world.books()).toEqual(booksOf(PRICE, sum));
  });

  it('is told by two processes at the same moment and counts once', async () => {
    const payment = await paidTwice({ state: 'pending' });
    world.provider.put(secondOf(payment.id));
    world.provider.change(payment.reference, { again: [secondOf(payment.id)] });
    await world.notify('second-1', 'paid');
    await world.notify(payment.reference, 'paid#2');
    await Promise.all([1, 2, 3].map(() => world.payments.judgeNotices()));
    await world.everythingDue();
    while ((await world.payments.judgeNotices()) > 0);
    expect(await world.books()).toEqual(booksOf(PRICE, PRICE));
  });

  it('is found by the reconciliation of the day, and repaired', async () => {
    const payment = await paidTwice({ state: 'pending' });
    world.provider.put(secondOf(payment.id));
    const day = world.clock.now().toISOString().slice(0, 10);
    const run = await world.payments.reconcile({ provider: 'yookassa', day });
    expect(run).toMatchObject({ state: 'agreed', found: 1, repaired: 1 });
    expect(await world.books()).toEqual(booksOf(PRICE, PRICE));
    expect(await world.payments.reconcile({ provider: 'yookassa', day })).toMatchObject({
      found: 0,
    });
  });

  it('gives the second sum back from the balance to the card it came from', async () => {
    const payment = await paidTwice();
    const [second] = await paymentsOf(payment.orderId);
    world.provider.put(secondOf(payment.id));
    await world.payments.refund({
      ...{ paymentId: second?.id ?? '', amount: PRICE, idempotencyKey: 'again-1' },
      ...{ reason: 'paid twice', target: 'provider' },
    });
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'paid' });
  });

  it.each([
    ['that is not money yet', { state: 'pending' }],
    ['of another currency', { amount: money(1n, 'USD') }],
    ['that is only a test', { isTest: true }],
    ['that the vendor does not call money of its own', { countsAlone: undefined }],
  ] as const)('is not believed of an object %s', async (_name, change) => {
    const payment = await world.startPayment();
    const { countsAlone: _, ...rest } = { ...secondOf(payment.id), ...change };
    const again = { ...rest, ...('countsAlone' in change ? {} : { countsAlone: true as const }) };
    world.provider.change(payment.reference, { state: 'settled', again: [again] });
    await told(payment.reference, 'payment.succeeded#1');
    expect(await world.books()).toEqual(booksOf(PRICE));
  });
});
