import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { ProviderNotConfigured, ProviderUnavailable } from './errors.ts';

const DAY_MS = 24 * 3_600_000;
let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

async function lostStart() {
  const order = await world.placeOrder();
  world.provider.fault = 'answer lost';
  await expect(world.startPayment(order)).rejects.toThrow(ProviderUnavailable);
  world.provider.fault = 'none';
  const payment = await world.payments.newestOf(order.id);
  if (payment === undefined) throw new Error('the intent was not stored');
  return payment;
}

const wish = (paymentId: string, minor: bigint, idempotencyKey = 'key-1') => ({
  paymentId,
  amount: money(minor, 'RUB'),
  reason: 'asked',
  idempotencyKey,
});

async function paid() {
  const payment = await world.startPayment();
  world.provider.change(payment.reference, { state: 'settled' });
  await world.payments.look(payment.id);
  return payment;
}

describe('starting a payment', () => {
  it('gives one payment and one link to ten clicks at once and to another one later', async () => {
    const order = await world.placeOrder();
    // Connections are opened first: else the first click is over before the others have one.
    const warm = () => sql`select pg_sleep(0.05)`.execute(world.db.read);
    await Promise.all(Array.from({ length: 10 }, warm));
    const clicks = Array.from({ length: 10 }, () => world.startPayment(order));
    const payments = [...(await Promise.all(clicks)), await world.startPayment(order)];
    expect(new Set(payments.map(({ id }) => id)).size).toBe(1);
    expect(payments.at(-1)?.checkoutUrl).toContain(payments[0]?.reference);
  });

  it('keeps a payment whose answer was lost, and the janitor finds the same one again', async () => {
    const payment = await lostStart();
    expect(payment).toMatchObject({ state: 'created', reference: undefined });
    await world.everythingDue();
    expect(await world.payments.askDue()).toBe(1);
    const found = await world.payments.find(payment.id);
    expect(found).toMatchObject({ state: 'pending', reference: `ref-${payment.id}` });
    expect(found.checkoutUrl).toBeDefined();
  });

  it('makes another payment when the provider gave up the one whose link was lost', async () => {
    const lost = await lostStart();
    world.provider.isTaciturn = true;
    const order = await world.orders.find(lost.orderId);
    const again = await world.startPayment(order);
    expect(again).toMatchObject({ state: 'pending', reference: `ref-${again.id}` });
    expect(again.checkoutUrl).toBeDefined();
    expect(await world.payments.find(lost.id)).toMatchObject({ state: 'cancelled' });
    expect(await world.startPayment(order)).toEqual(again);
  });

  it('whose answer was lost is settled by a notice that names only the provider id', async () => {
    const payment = await lostStart();
    world.provider.change(`ref-${payment.id}`, { state: 'settled' });
    await world.notify(`ref-${payment.id}`);
    await world.payments.judgeNotices();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    expect(await world.books()).toEqual(booksOf(PRICE));
  });
});

describe('the janitor', () => {
  it('asks about a pending payment for a week and then stops; late money still counts', async () => {
    const payment = await world.startPayment();
    await world.clock.advance(6 * DAY_MS);
    await world.everythingDue();
    await world.payments.askDue();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'pending' });
    await world.clock.advance(2 * DAY_MS);
    await world.everythingDue();
    await world.payments.askDue();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'expired' });
    await world.everythingDue();
    expect(await world.payments.askDue()).toBe(0);

    world.provider.change(payment.reference, { state: 'settled' });
    expect(await world.payments.look(payment.id)).toMatchObject({ state: 'settled' });
  });

  it('does not start a payment again when the key has been forgotten at the provider', async () => {
    const payment = await lostStart();
    await world.clock.advance(DAY_MS);
    await world.everythingDue();
    await world.payments.askDue();
    expect(await world.payments.find(payment.id)).toMatchObject({
      state: 'expired',
      reference: undefined,
    });
    await world.everythingDue();
    expect(await world.payments.askDue()).toBe(0);
  });

  it('says what was asked for, as the customer who looks does: some providers know no more', async () => {
    const payment = await world.startPayment();
    await world.everythingDue();
    await world.payments.askDue();
    expect(world.provider.lookedFor).toEqual(PRICE);
    world.provider.lookedFor = undefined;
    await world.payments.look(payment.id);
    expect(world.provider.lookedFor).toEqual(PRICE);
  });

  it('finds money nobody told us about', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    await world.everythingDue();
    await world.payments.askDue();
    expect(await world.books()).toEqual(booksOf(PRICE));
    await world.everythingDue();
    expect(await world.payments.askDue()).toBe(0);
  });
});

describe('a refund', () => {
  it('is booked from its own answer when the provider does not tell parts afterwards', async () => {
    const payment = await paid();
    world.provider.isTaciturn = true;
    for (const [key, total] of [
      ['key-1', 5_000n],
      ['key-2', 10_000n],
    ] as const) {
      expect(await world.payments.refund(wish(payment.id, 5_000n, key))).toMatchObject({
        state: 'refunded',
      });
      expect(await world.payments.find(payment.id)).toMatchObject({
        state: 'partly_refunded',
        refunded: money(total, 'RUB'),
      });
    }
  });

  it('is asked for once by any number of equal wishes, and posted once', async () => {
    const payment = await paid();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => world.payments.refund(wish(payment.id, 5_000n))),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await world.payments.find(payment.id)).toMatchObject({
      state: 'partly_refunded',
      refunded: money(5_000n, 'RUB'),
    });
    expect(await world.books()).toEqual(booksOf(money(14_900n, 'RUB')));
    await expect(world.payments.refund(wish(payment.id, 6_000n))).rejects.toThrow(/another wish/);
  });

  it('never exceeds what is left, also when several are asked for at once', async () => {
    const payment = await paid();
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((key) => world.payments.refund(wish(payment.id, 9_000n, key))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await world.payments.find(payment.id)).toMatchObject({
      refunded: money(18_000n, 'RUB'),
    });
    await expect(world.payments.refund(wish(payment.id, 1_901n, 'd'))).rejects.toThrow(/less left/);
  });

  // Seen apart it would count twice, as given back and as underway, and refuse what is left.
  it('is finished in the very transaction that posts it', async () => {
    const payment = await paid();
    const { id } = await world.payments.refund(wish(payment.id, 5_000n));
    const { rows } = await sql`select payment.xmin = refund.xmin as is_one
      from refund join payment on payment.id = payment_id where refund.id = ${id}
      `.execute(world.db.read);
    expect(rows).toEqual([{ is_one: true }]);
  });

  it('whose answer was lost is asked for again with the same key and counts once', async () => {
    const payment = await paid();
    world.provider.fault = 'answer lost';
    await expect(world.payments.refund(wish(payment.id, 5_000n))).rejects.toThrow();
    world.provider.fault = 'none';
    await world.everythingDue();
    expect(await world.payments.retryRefunds()).toBe(1);
    await world.everythingDue();
    expect(await world.payments.retryRefunds()).toBe(0);
    expect(await world.books()).toEqual(booksOf(money(14_900n, 'RUB')));
  });

  it('that the provider has not finished stays underway until the payment itself shows it', async () => {
    const payment = await paid();
    world.provider.refundAnswer = 'pending';
    expect(await world.payments.refund(wish(payment.id, 19_900n))).toMatchObject({
      state: 'requested',
    });
    await expect(world.payments.refund(wish(payment.id, 1n, 'b'))).rejects.toThrow(/less left/);
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.everythingDue();
    await world.payments.retryRefunds();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
    const { rows } = await sql`select state from refund`.execute(world.db.read);
    expect(rows).toEqual([{ state: 'refunded' }]);
  });

  it('that a notice shows as done is finished with it, and not by the schedule of questions', async () => {
    const payment = await paid();
    world.provider.refundAnswer = 'pending';
    await world.payments.refund(wish(payment.id, 5_000n));
    expect(await world.payments.retryRefunds()).toBe(0);
    world.provider.change(payment.reference, { refunded: money(5_000n, 'RUB') });
    await world.notify(payment.reference, 'refund.succeeded');
    await world.payments.judgeNotices();
    expect(await world.payments.retryRefunds()).toBe(1);
    const { rows } = await sql`select state from refund`.execute(world.db.read);
    expect(rows).toEqual([{ state: 'refunded' }]);
  });

  it('that nobody could ask the provider for is not written down', async () => {
    const payment = await paid();
    await sql`update payment set provider = 'stripe'`.execute(world.db.read);
    await expect(world.payments.refund(wish(payment.id, 5_000n))).rejects.toThrow(
      ProviderNotConfigured,
    );
    const { rows } = await sql`select id from refund`.execute(world.db.read);
    expect(rows).toEqual([]);
  });

  it.each(['error', 'unsupported'] as const)(
    'that is refused for good (%s) ends, gives nothing back and blocks no other',
    async (refusal) => {
      const payment = await paid();
      world.provider.refundAnswer = refusal;
      expect(await world.payments.refund(wish(payment.id, 5_000n))).toMatchObject({
        state: 'refused',
      });
      world.provider.refundAnswer = 'refunded';
      await world.payments.refund(wish(payment.id, 19_900n, 'b'));
      expect(await world.books()).toEqual(booksOf(money(0n, 'RUB')));
    },
  );

  it('is left to staff when a day has passed, because its key is forgotten at the provider', async () => {
    const payment = await paid();
    world.provider.fault = 'away';
    await expect(world.payments.refund(wish(payment.id, 5_000n))).rejects.toThrow();
    world.provider.fault = 'none';
    await world.clock.advance(DAY_MS);
    await world.everythingDue();
    await world.payments.retryRefunds();
    await world.everythingDue();
    expect(await world.payments.retryRefunds()).toBe(0);
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    await expect(world.payments.refund(wish(payment.id, 19_900n, 'b'))).rejects.toThrow();
  });
});
