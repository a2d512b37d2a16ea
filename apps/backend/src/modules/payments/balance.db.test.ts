import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { systemIds } from '../../platform/ids/index.ts';
import type { Order } from '../orders/index.ts';

const rub = (minor: bigint): Money => money(minor, 'RUB');
const PART = rub(9_000n);
const REST = rub(PRICE.minor - PART.minor);

let world: MoneyWorld;
let personId: string;
beforeAll(async () => {
  world = await createMoneyWorld();
});
beforeEach(() => {
  personId = systemIds.next('per');
});
afterAll(() => world.close());

const balance = async (): Promise<bigint> =>
  (await world.ledger.balance(world.db.read, personId, 'RUB')).minor;
const stateOf = async (id: string) => (await world.payments.find(id)).state;
const orderState = async ({ id }: Order) => (await world.orders.find(id)).state;
const owned = (task: string, key: string, id: string) =>
  world.jobsOf(task).then((jobs) => jobs.filter((job) => job[key] === id).length);

/** What each account of this person holds, debits minus credits. */
async function accounts(): Promise<Record<string, bigint>> {
  const rows = await world.ledger.trialBalance(world.db.read);
  expect(rows.reduce((sum, { minor }) => sum + minor, 0n)).toBe(0n);
  return Object.fromEntries(
    rows
      .filter(({ code, minor }) => code.includes(personId) && minor !== 0n)
      .map(({ code, minor }) => [code.split(':')[0], minor]),
  );
}

/** The provider says that it has the money, and everything is judged. */
async function settle(reference: string): Promise<void> {
  world.provider.change(reference, { state: 'settled' });
  await world.notify(reference, `payment.succeeded#${systemIds.next('ntc')}`);
  while ((await world.payments.judgeNotices()) > 0);
}

async function startTopUp(amount: Money) {
  const order = await world.orders.placeTopUp({ personId, product: 'vpn', amount });
  return { order, payment: await world.startPayment(order) };
}

async function topUp(amount: Money) {
  const started = await startTopUp(amount);
  await settle(started.payment.reference);
  return started;
}

async function startMixed(order: Order) {
  const payment = await world.payments.start({
    orderId: order.id,
    provider: world.provider.id,
    language: 'en',
    description: 'Month',
    fromBalance: true,
  });
  return { ...payment, reference: payment.reference ?? '' };
}

const place = (): Promise<Order> => world.placeOrder(personId);
const HOURS = 3_600_000;

describe('a top-up', () => {
  it('brings its money to the balance, buys nothing, and is told', async () => {
    const { order, payment } = await topUp(PRICE);
    expect(await balance()).toBe(PRICE.minor);
    const paid = await world.orders.find(order.id);
    expect(paid).toMatchObject({ state: 'paid', paymentId: undefined, kind: 'top_up' });
    expect(await owned('tell.toppedUp', 'paymentId', payment.id)).toBe(1);
    expect(await owned('subscriptions.extend', 'orderId', order.id)).toBe(0);
    expect(await world.orders.admin.undelivered()).toMatchObject({ count: 0 });
  });

  it('that is paid twice is twice on the balance', async () => {
    const { order, payment } = await startTopUp(PRICE);
    world.provider.change(payment.reference, { state: 'cancelled', reason: 'card_expired' });
    await world.notify(payment.reference, 'payment.canceled');
    while ((await world.payments.judgeNotices()) > 0);
    const again = await world.startPayment(order);
    for (const { reference } of [again, payment]) await settle(reference);
    expect(await balance()).toBe(PRICE.minor * 2n);
    expect(await owned('tell.toppedUp', 'paymentId', payment.id)).toBe(1);
  });

  it('of less or more than the bounds is refused', async () => {
    for (const minor of [1n, 9_999n, 5_000_001n]) {
      const wish = { personId, product: 'vpn', amount: rub(minor) };
      await expect(Promise.try(() => world.orders.placeTopUp(wish))).rejects.toMatchObject({
        code: 'orders.top_up_out_of_bounds',
      });
    }
  });

  it('is not paid by the balance itself', async () => {
    await topUp(PRICE);
    const { order } = await startTopUp(PRICE);
    await expect(world.payments.payFromBalance(order.id)).rejects.toMatchObject({
      code: 'payments.state_conflict',
    });
    expect(await balance()).toBe(PRICE.minor);
  });
});

describe('the balance pays', () => {
  it('an order at once and once, however often it is pressed', async () => {
    await topUp(rub(50_000n));
    const order = await place();
    const presses = Array.from({ length: 10 }, () => world.payments.payFromBalance(order.id));
    const payments = await Promise.all(presses);
    expect(new Set(payments.map(({ id }) => id)).size).toBe(1);
    expect(await orderState(order)).toBe('paid');
    expect(await balance()).toBe(50_000n - PRICE.minor);
    expect(await owned('subscriptions.extend', 'orderId', order.id)).toBe(1);
    expect(await world.subscriptions.extend(order.id)).toEqual({ outcome: 'extended' });
  });

  it('never more than it holds, when fifty orders are paid at once', async () => {
    await topUp(rub(PRICE.minor * 7n + 5n));
    const orders = await Promise.all(Array.from({ length: 50 }, place));
    const pressed = await Promise.allSettled(
      orders.map(({ id }) => world.payments.payFromBalance(id)),
    );
    const refused = pressed.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(43);
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: 'payments.balance_too_small' });
    }
    expect(await balance()).toBe(5n);
    const states = await Promise.all(orders.map(orderState));
    expect(states.filter((state) => state === 'paid')).toHaveLength(7);
  });

  it('not when it is too small, and not for an offer that has ended', async () => {
    const order = await place();
    await expect(world.payments.payFromBalance(order.id)).rejects.toMatchObject({
      code: 'payments.balance_too_small',
    });
    await topUp(PRICE);
    await world.clock.advance(2 * HOURS);
    await expect(world.payments.payFromBalance(order.id)).rejects.toMatchObject({
      code: 'orders.not_open',
    });
    expect(await balance()).toBe(PRICE.minor);
  });
});

describe('the balance and a provider', () => {
  it('pay together: a part is held, the rest is asked for, both become the sale', async () => {
    const top = await topUp(rub(10_000n));
    const order = await place();
    const payment = await startMixed(order);
    // Never less than the least a provider is asked for.
    expect(payment.amount).toEqual(rub(10_000n));
    expect(await accounts()).toMatchObject({ held: -9_900n, customer: -100n });
    expect(await startMixed(order)).toMatchObject({ id: payment.id });
    await settle(payment.reference);
    expect(await accounts()).toEqual({ customer: -100n });
    expect(await world.orders.find(order.id)).toMatchObject({ paymentId: payment.id });
    expect(await orderState(order)).toBe('paid');
    expect(await owned('subscriptions.extend', 'orderId', order.id)).toBe(1);
    expect(await stateOf(top.payment.id)).toBe('settled');
  });

  it('do not hold the same money for two orders', async () => {
    await topUp(rub(10_000n));
    const orders = await Promise.all(Array.from({ length: 8 }, place));
    const started = await Promise.allSettled(orders.map(startMixed));
    expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const held = await accounts();
    expect((held['held'] ?? 0n) + (held['customer'] ?? 0n)).toBe(-10_000n);
    expect(held['customer'] ?? 0n).toBeLessThanOrEqual(0n);
  });

  it('give the part back when the provider says no, when the offer ends, and for another way', async () => {
    await topUp(rub(10_000n));
    const declined = await startMixed(await place());
    world.provider.change(declined.reference, { state: 'cancelled', reason: 'fraud_suspected' });
    await world.notify(declined.reference, 'payment.canceled');
    while ((await world.payments.judgeNotices()) > 0);
    expect(await balance()).toBe(10_000n);

    const order = await place();
    await startMixed(order);
    expect(await balance()).toBe(100n);
    expect(await world.startPayment(order)).toMatchObject({ amount: PRICE });
    expect(await balance()).toBe(10_000n);

    await startMixed(await place());
    await world.everythingDue();
    await world.payments.askDue();
    expect(await balance()).toBe(100n);
    await world.clock.advance(2 * HOURS);
    await world.everythingDue();
    await world.payments.askDue();
    expect(await balance()).toBe(10_000n);
  });

  it('still pay together when the rest comes late and the balance has not been spent', async () => {
    await topUp(rub(10_000n));
    const order = await place();
    const late = await startMixed(order);
    await world.clock.advance(2 * HOURS);
    await world.everythingDue();
    await world.payments.askDue();
    await settle(late.reference);
    expect(await orderState(order)).toBe('paid');
    expect(await accounts()).toEqual({ customer: -100n });
  });

  it('keep late money on the balance when the rest was spent, and say so', async () => {
    await topUp(rub(10_000n));
    const order = await place();
    const late = await startMixed(order);
    await world.clock.advance(2 * HOURS);
    await world.everythingDue();
    await world.payments.askDue();
    await topUp(rub(10_000n));
    const other = await place();
    await world.payments.payFromBalance(other.id);
    await settle(late.reference);
    expect(await orderState(order)).toBe('open');
    expect(await balance()).toBe(100n + late.amount.minor);
    expect(await owned('tell.short', 'paymentId', late.id)).toBe(1);
    expect(await owned('subscriptions.extend', 'orderId', order.id)).toBe(0);
  });

  it('ask for the same rest again after a lost answer', async () => {
    await topUp(rub(10_000n));
    const order = await place();
    world.provider.fault = 'answer lost';
    await expect(startMixed(order)).rejects.toThrow();
    world.provider.fault = 'none';
    await world.everythingDue();
    await world.payments.askDue();
    const payment = await startMixed(order);
    expect(payment.checkoutUrl).toBeDefined();
    await settle(payment.reference);
    expect(await orderState(order)).toBe('paid');
    expect(await accounts()).toEqual({ customer: -100n });
  });
});

describe('a refund', () => {
  const refund = (paymentId: string, amount: Money, target?: 'provider' | 'balance') =>
    world.payments.refund({
      ...{ paymentId, amount, reason: 'asked' },
      ...(target === undefined ? {} : { target }),
      idempotencyKey: systemIds.next('ref'),
    });

  it('goes to the balance at once and leaves less for the card', async () => {
    const payment = await world.startPayment(await place());
    await settle(payment.reference);
    await refund(payment.id, PART, 'balance');
    expect(await balance()).toBe(PART.minor);
    expect(await stateOf(payment.id)).toBe('partly_refunded');
    await expect(refund(payment.id, PRICE)).rejects.toMatchObject({
      code: 'payments.refund_exceeds_payment',
    });
    await refund(payment.id, REST);
    expect(await stateOf(payment.id)).toBe('refunded');
    expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'refunded' });
    expect(await accounts()).toEqual({ customer: -PART.minor });
  });

  it('of ten at once to both ways never exceeds what was paid', async () => {
    const payment = await world.startPayment(await place());
    await settle(payment.reference);
    const asked = Array.from({ length: 10 }, (_, at) =>
      refund(payment.id, PART, at % 2 === 0 ? 'balance' : 'provider'),
    );
    const done = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(2);
    const { refunded, credited } = await world.payments.find(payment.id);
    expect(refunded.minor + credited.minor).toBe(PART.minor * 2n);
    expect(await balance()).toBe(credited.minor);
  });

  it('of the part the balance paid goes back to it, whatever was asked', async () => {
    await topUp(rub(10_000n));
    const order = await place();
    const card = await startMixed(order);
    await settle(card.reference);
    const { items } = await world.payments.admin.list({ orderId: order.id }, { limit: 10 });
    const part = items.find(({ provider }) => provider === 'balance');
    await refund(part?.id ?? '', rub(9_900n), 'provider');
    expect(await balance()).toBe(10_000n);
    expect(await orderState(order)).toBe('paid');
    await refund(card.id, card.amount, 'provider');
    expect(await orderState(order)).toBe('refunded');
    expect(await accounts()).toEqual({ customer: -10_000n });
  });

  it('of a top-up to the card is held meanwhile, and refused when it was spent', async () => {
    const { payment } = await topUp(PRICE);
    await expect(refund(payment.id, PART, 'balance')).rejects.toMatchObject({
      code: 'payments.state_conflict',
    });
    world.provider.fault = 'away';
    await expect(refund(payment.id, PRICE)).rejects.toThrow();
    world.provider.fault = 'none';
    const order = await place();
    await expect(world.payments.payFromBalance(order.id)).rejects.toMatchObject({
      code: 'payments.balance_too_small',
    });
    await world.everythingDue();
    await world.payments.retryRefunds();
    expect(await stateOf(payment.id)).toBe('refunded');
    expect(await accounts()).toEqual({});
    expect(await world.subscriptions.review(payment.orderId)).toEqual({ outcome: 'unchanged' });

    const spent = await topUp(PRICE);
    await world.payments.payFromBalance(order.id);
    await expect(refund(spent.payment.id, PRICE)).rejects.toMatchObject({
      code: 'payments.balance_too_small',
    });
  });

  it('of a top-up that the provider refuses gives the held money free', async () => {
    const { payment } = await topUp(PRICE);
    world.provider.refundAnswer = 'error';
    expect(await refund(payment.id, PRICE)).toMatchObject({ state: 'refused' });
    world.provider.refundAnswer = 'refunded';
    expect(await accounts()).toEqual({ customer: -PRICE.minor });
  });

  it('made at the provider of what was spent since is a debt, and the balance stays at zero', async () => {
    const { payment } = await topUp(PRICE);
    await world.payments.payFromBalance((await place()).id);
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.notify(payment.reference, 'refund.succeeded');
    while ((await world.payments.judgeNotices()) > 0);
    expect(await stateOf(payment.id)).toBe('refunded');
    expect(await accounts()).toEqual({ debt: PRICE.minor });
  });

  it('made at the provider of what had gone to the balance takes it from there', async () => {
    const payment = await world.startPayment(await place());
    await settle(payment.reference);
    await refund(payment.id, PRICE, 'balance');
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.notify(payment.reference, 'refund.succeeded');
    while ((await world.payments.judgeNotices()) > 0);
    expect(await accounts()).toEqual({});
  });
});
