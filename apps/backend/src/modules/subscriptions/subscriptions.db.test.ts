import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';

const DAY_MS = 86_400_000;
let world: MoneyWorld;
beforeAll(async () => {
  world = await createMoneyWorld();
});
afterAll(() => world.close());

async function paidOrder(personId?: string) {
  const order = await world.placeOrder(personId);
  await sql`update customer_order set state = 'paid', payment_id = 'pay_x',
    paid_at = ${world.clock.now()} where id = ${order.id}`.execute(world.db.read);
  return order;
}

async function onlySubscription(personId: string) {
  const [subscription, ...others] = await world.subscriptions.ofPerson(personId);
  expect(others).toEqual([]);
  if (subscription === undefined) throw new Error('no subscription');
  return subscription;
}

describe('extending', () => {
  it('adds fifty orders of one person exactly, though all come at once', async () => {
    const orders = await Promise.all(Array.from({ length: 50 }, () => paidOrder('per_fifty')));
    await Promise.all(orders.map(({ id }) => world.subscriptions.extend(id)));
    const { expiresAt, revision } = await onlySubscription('per_fifty');
    expect(revision).toBe(50);
    expect(expiresAt.getTime() - world.clock.now().getTime()).toBe(50 * 30 * DAY_MS);
  });

  it('grants one order once, though it is asked for twenty times at once', async () => {
    const order = await paidOrder('per_twenty');
    const results = await Promise.all(
      Array.from({ length: 20 }, () => world.subscriptions.extend(order.id)),
    );
    expect(results.filter(({ outcome }) => outcome === 'extended')).toHaveLength(1);
    const { expiresAt } = await onlySubscription('per_twenty');
    expect(expiresAt.getTime() - world.clock.now().getTime()).toBe(30 * DAY_MS);
  });

  it('counts from the expiry while it lasts, and from the payment afterwards', async () => {
    const person = 'per_later';
    const start = world.clock.now().getTime();
    await world.subscriptions.extend((await paidOrder(person)).id);
    await world.clock.advance(10 * DAY_MS);
    await world.subscriptions.extend((await paidOrder(person)).id);
    expect((await onlySubscription(person)).expiresAt.getTime()).toBe(start + 60 * DAY_MS);
    await world.clock.advance(100 * DAY_MS);
    await world.subscriptions.extend((await paidOrder(person)).id);
    expect((await onlySubscription(person)).expiresAt.getTime()).toBe(start + 140 * DAY_MS);
  });

  it('counts from the payment and not from the moment the job ran', async () => {
    const order = await paidOrder('per_slow');
    const paidAt = world.clock.now().getTime();
    await world.clock.advance(5 * DAY_MS);
    await world.subscriptions.extend(order.id);
    expect((await onlySubscription('per_slow')).expiresAt.getTime()).toBe(paidAt + 30 * DAY_MS);
  });

  it('refuses an order that nobody paid', async () => {
    const order = await world.placeOrder('per_unpaid');
    await expect(world.subscriptions.extend(order.id)).rejects.toThrow(/before it is paid/);
    expect(await world.subscriptions.ofPerson('per_unpaid')).toEqual([]);
  });

  // A delivery too many finds its work done; one that was merged away could be somebody's access.
  it('asks for a delivery of its own for every granted order, so that none can be merged away', async () => {
    const orders = await Promise.all([1, 2, 3].map(() => paidOrder('per_three')));
    for (const { id } of orders) await world.subscriptions.extend(id);
    const { id } = await onlySubscription('per_three');
    const jobs = await world.jobsOf('provisioning.deliver');
    expect(jobs.filter(({ subscriptionId }) => subscriptionId === id)).toHaveLength(3);
  });
});
