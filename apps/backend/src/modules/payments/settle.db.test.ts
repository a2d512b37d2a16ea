import { addMoney, money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';

const NOTHING = money(0n, 'RUB');
let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

async function judgeAll(): Promise<void> {
  while ((await world.payments.judgeNotices()) > 0);
}

async function paid(): Promise<Awaited<ReturnType<MoneyWorld['startPayment']>>> {
  const payment = await world.startPayment();
  world.provider.change(payment.reference, { state: 'settled' });
  await world.notify(payment.reference);
  await judgeAll();
  return payment;
}

describe('a fact with money', () => {
  it('pays the order, is posted as payment and sale, and asks for the extension once', async () => {
    const payment = await paid();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    expect(await world.orders.find(payment.orderId)).toMatchObject({
      state: 'paid',
      paymentId: payment.id,
      paidAt: world.clock.now(),
    });
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect(await world.jobsOf('subscriptions.extend')).toEqual([{ orderId: payment.orderId }]);
    expect((await world.notices())[0]).toMatchObject({ state: 'done', outcome: 'moved' });
  });

  it('counts once when it is told twice and by everybody at the same time', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    const events = ['payment.succeeded', 'payment.waiting_for_capture', 'payment.succeeded'];
    await Promise.all(events.map((event) => world.notify(payment.reference, event)));
    await world.everythingDue();
    await Promise.all([
      world.payments.judgeNotices(),
      world.payments.judgeNotices(),
      world.payments.look(payment.id),
      world.payments.look(payment.id),
      world.payments.askDue(),
    ]);
    await judgeAll();
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
  });

  it('counts once when ten askers hold it and apply it at the same moment', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    let waiting = 0;
    let go = (): void => undefined;
    const allAsked = new Promise<void>((resolve) => {
      go = resolve;
    });
    world.provider.duringLookup = () => {
      waiting += 1;
      if (waiting === 10) go();
      return allAsked;
    };
    await Promise.all(Array.from({ length: 10 }, () => world.payments.look(payment.id)));
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
    expect(await world.jobsOf('tell.surplus')).toEqual([]);
    const told = (await world.payments.timeline(payment.id)).map(({ kind }) => kind);
    expect(told.filter((kind) => kind === 'settled')).toHaveLength(1);
    expect(await world.books()).toEqual(booksOf(PRICE));
  });

  it('is applied with others in one batch and each lands on its own order', async () => {
    const payments = await Promise.all(Array.from({ length: 12 }, () => world.startPayment()));
    for (const { reference } of payments) {
      world.provider.change(reference, { state: 'settled' });
    }
    await Promise.all(payments.map(({ reference }) => world.notify(reference)));
    expect(await world.payments.judgeNotices()).toBe(12);
    const orders = await Promise.all(payments.map(({ orderId }) => world.orders.find(orderId)));
    expect(orders.map(({ paymentId }) => paymentId)).toEqual(payments.map(({ id }) => id));
    expect(await world.books()).toEqual(booksOf(money(PRICE.minor * 12n, 'RUB')));
  });

  it('is not held back by a poisonous one in its batch', async () => {
    const [good, bad] = [await world.startPayment(), await world.startPayment()];
    for (const { reference } of [good, bad]) world.provider.change(reference, { state: 'settled' });
    await sql`delete from customer_order where id = ${bad.orderId}`.execute(world.db.read);
    await world.notify(bad.reference);
    await world.notify(good.reference);
    await judgeAll();
    expect(await world.payments.find(good.id)).toMatchObject({ state: 'settled' });
    expect(await world.payments.find(bad.id)).toMatchObject({ state: 'pending' });
    expect(await world.books()).toEqual(booksOf(PRICE));
    const waiting = (await world.notices()).filter(({ state }) => state === 'waiting');
    expect(waiting).toHaveLength(1);
  });

  it('becomes balance when the order was paid by another payment before', async () => {
    const first = await paid();
    const order = await world.orders.find(first.orderId);
    await sql`update customer_order set state = 'open', payment_id = null, paid_at = null
      where id = ${order.id}`.execute(world.db.read);
    await sql`update payment set state = 'failed' where id = ${first.id}`.execute(world.db.read);
    const second = await world.startPayment(order);
    await sql`update customer_order set state = 'paid', payment_id = ${first.id}, paid_at = now()
      where id = ${order.id}`.execute(world.db.read);
    expect(second.id).not.toBe(first.id);

    world.provider.change(second.reference, { state: 'settled' });
    await world.notify(second.reference);
    await judgeAll();
    expect(await world.books()).toEqual(booksOf(PRICE, PRICE));
    expect(await world.ledger.balance(world.db.read, order.personId, 'RUB')).toEqual(PRICE);
    expect(await world.jobsOf('tell.surplus')).toEqual([{ paymentId: second.id }]);
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
  });

  it('is money after the link had expired, failed or was cancelled, however late', async () => {
    for (const state of ['expired', 'failed', 'cancelled']) {
      const payment = await world.startPayment();
      await sql`update payment set state = ${state}, next_check_at = null
        where id = ${payment.id}`.execute(world.db.read);
      await world.clock.advance(90 * 24 * 3_600_000);
      world.provider.change(payment.reference, { state: 'settled' });
      await world.notify(payment.reference);
      await judgeAll();
      expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
      expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'paid' });
    }
    expect(await world.books()).toEqual(booksOf(money(PRICE.minor * 3n, 'RUB')));
  });

  it('is applied with a single connection to the database, so no read hides inside a transaction', async () => {
    const narrow = await createMoneyWorld(1);
    opened.push(narrow);
    const payment = await narrow.startPayment();
    narrow.provider.change(payment.reference, { state: 'settled', refunded: PRICE });
    await narrow.notify(payment.reference);
    await narrow.payments.judgeNotices();
    expect(await narrow.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
  });
});

describe('a fact without money', () => {
  it('ends the payment as failed and tells the customer', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'cancelled', reason: 'insufficient_funds' });
    await world.notify(payment.reference, 'payment.canceled');
    await judgeAll();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'failed' });
    expect(await world.jobsOf('tell.declined')).toEqual([{ paymentId: payment.id }]);
    expect(await world.books()).toEqual(booksOf(NOTHING));
  });

  it.each([
    ['one kopeck less', { amount: money(PRICE.minor - 1n, 'RUB') }, 'wrong_amount'],
    ['another currency', { amount: money(PRICE.minor, 'USD') }, 'wrong_currency'],
    ['a test object', { isTest: true }, 'test_object'],
    ['a state nobody knows', { state: 'unrecognised' }, 'unrecognised'],
    ['no order of ours', { paymentId: 'pay_stranger' }, 'unknown_order'],
  ] as const)('is quarantined when it says %s', async (_name, change, outcome) => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled', ...change });
    if (outcome === 'unknown_order') {
      await sql`delete from payment where id = ${payment.id}`.execute(world.db.read);
    }
    await world.notify(payment.reference);
    await judgeAll();
    expect((await world.notices())[0]).toMatchObject({ state: 'quarantined', outcome });
    expect(await world.books()).toEqual(booksOf(NOTHING));
    expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'open' });
  });
});

describe('money that goes back', () => {
  it('is taken from the sale, in parts and then whole', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { refunded: money(5_000n, 'RUB') });
    await world.notify(payment.reference, 'refund.succeeded#1');
    await judgeAll();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'partly_refunded' });
    expect(await world.books()).toEqual(booksOf(money(14_900n, 'RUB')));
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.notify(payment.reference, 'refund.succeeded#2');
    await judgeAll();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
    expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'refunded' });
    expect(await world.books()).toEqual(booksOf(NOTHING));
    expect(await world.jobsOf('tell.refunded')).toHaveLength(2);
  });

  it('is posted both ways when the first word about the payment is its refund, and gives no access', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled', refunded: PRICE });
    await world.notify(payment.reference, 'refund.succeeded');
    await judgeAll();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
    expect(await world.books()).toEqual(booksOf(NOTHING));
    const posted = await sql`select id from ledger_transfer`.execute(world.db.read);
    expect(posted.rows).toHaveLength(4);
    expect(await world.subscriptions.extend(payment.orderId)).toEqual({ outcome: 'withheld' });
  });

  it('never comes back: an older fact changes nothing', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.notify(payment.reference, 'refund.succeeded');
    await judgeAll();
    world.provider.change(payment.reference, { refunded: NOTHING });
    await world.notify(payment.reference, 'payment.waiting_for_capture');
    await judgeAll();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
    expect(addMoney((await world.payments.find(payment.id)).refunded, NOTHING)).toEqual(PRICE);
    expect(await world.books()).toEqual(booksOf(NOTHING));
  });
});
