import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { systemIds } from '../../platform/ids/index.ts';
import type { Order } from '../orders/index.ts';
import { spendable } from './index.ts';

const rub = (minor: bigint): Money => money(minor, 'RUB');

let world: MoneyWorld;
let personId: string;
beforeAll(async () => {
  world = await createMoneyWorld();
});
beforeEach(() => {
  personId = systemIds.next('per');
});
afterAll(() => world.close());

/** The provider has the money of a started payment. */
async function settle(reference: string): Promise<void> {
  world.provider.change(reference, { state: 'settled' });
  await world.notify(reference, `payment.succeeded#${systemIds.next('ntc')}`);
  while ((await world.payments.judgeNotices()) > 0);
  await world.clock.advance(1_000);
}

async function topUp(amount: Money): Promise<void> {
  const order = await world.orders.placeTopUp({ personId, product: 'vpn', amount });
  await settle((await world.startPayment(order)).reference);
}

async function startMixed({ id: orderId }: Order): Promise<string> {
  const payment = await world.payments.start({
    ...{ orderId, provider: world.provider.id, language: 'en', description: 'Month' },
    fromBalance: true,
  });
  await world.clock.advance(1_000);
  return payment.reference ?? '';
}

const entries = async () =>
  (await world.ledger.entries(world.db.read, personId)).map(
    ({ amount, kind }) => `${kind} ${amount.minor.toString()}`,
  );

describe('what a customer reads of their balance', () => {
  it('is what moved it, newest first; what a provider paid wholly is not there', async () => {
    await topUp(rub(10_000n));
    await settle((await world.startPayment(await world.placeOrder(personId))).reference);
    expect(await entries()).toEqual(['payment 10000']);
    await settle(await startMixed(await world.placeOrder(personId)));
    expect(await entries()).toEqual(['hold -9900', 'payment 10000']);
    await topUp(PRICE);
    await world.payments.payFromBalance((await world.placeOrder(personId)).id);
    expect((await entries())[0]).toBe('sale -19900');
  });

  it('adds up to the balance, and is nobody else’s', async () => {
    await topUp(rub(30_000n));
    await world.payments.payFromBalance((await world.placeOrder(personId)).id);
    const moves = await world.ledger.entries(world.db.read, personId);
    const sum = moves.reduce((total, { amount }) => total + amount.minor, 0n);
    expect(sum).toBe((await world.ledger.balance(world.db.read, personId, 'RUB')).minor);
    expect(await world.ledger.entries(world.db.read, systemIds.next('per'))).toEqual([]);
  });
});

describe('what waits beside a provider nobody has paid', () => {
  it('can be taken back to pay something else, and only then', async () => {
    await topUp(rub(10_000n));
    const first = await world.placeOrder(personId);
    const reference = await startMixed(first);
    const wallet = await world.payments.wallet(personId);
    expect(wallet).toEqual({ free: [rub(100n)], held: [rub(9_900n)] });
    expect(spendable(wallet)).toEqual([rub(10_000n)]);

    await world.payments.freeHeld(personId, first.id);
    expect((await world.payments.wallet(personId)).held).toEqual([rub(9_900n)]);
    const second = await world.placeOrder(personId);
    await world.payments.freeHeld(personId, second.id);
    expect(await world.payments.wallet(personId)).toEqual({ free: [rub(10_000n)], held: [] });
    await settle(await startMixed(second));
    expect((await world.orders.find(second.id)).state).toBe('paid');

    // The first link is paid after all: the balance does not cover its rest any more.
    await settle(reference);
    expect((await world.orders.find(first.id)).state).toBe('open');
    expect((await world.payments.wallet(personId)).free).toEqual([rub(10_100n)]);
  });

  it('is not taken back from an order that was paid meanwhile', async () => {
    await topUp(rub(10_000n));
    const order = await world.placeOrder(personId);
    const reference = await startMixed(order);
    const other = (await world.placeOrder(personId)).id;
    await Promise.all([settle(reference), world.payments.freeHeld(personId, other)]);
    await world.payments.freeHeld(personId, other);
    expect((await world.orders.find(order.id)).state).toBe('paid');
    expect(spendable(await world.payments.wallet(personId))).toEqual([rub(100n)]);
  });
});

it('tops up by the given ways that take a currency something is sold in', () => {
  const ways = ['stripe', 'yookassa'];
  const offered = world.payments.topUpWays({ ways, currencies: ['USD', 'RUB'] });
  expect(offered).toEqual([
    {
      provider: 'yookassa',
      currency: 'RUB',
      sums: [20_000n, 50_000n, 100_000n, 200_000n].map(rub),
    },
  ]);
  expect(world.payments.topUpWays({ ways, currencies: ['USD'] })).toEqual([]);
});
