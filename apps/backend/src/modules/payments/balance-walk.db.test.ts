/** Any sequence of what people, providers, staff and time do to balances leaves the books whole. */
import { money, type Money } from '@opora/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';

const rub = (minor: bigint): Money => money(minor, 'RUB');
const RUNS = 40;
const HOURS = 3_600_000;

let world: MoneyWorld;
beforeAll(async () => {
  world = await createMoneyWorld();
});
afterAll(() => world.close());

/** What one person's walk has made so far; steps choose among it. */
type Walk = { personId: string; orders: string[]; references: string[]; payments: string[] };
type Step = readonly [name: keyof typeof STEPS, which: number, sum: number];

const at = <T>(list: readonly T[], which: number): T | undefined => list[which % list.length];

async function start(walk: Walk, orderId: string, fromBalance: boolean): Promise<void> {
  const wish = { provider: world.provider.id, language: 'en', description: 'Month' } as const;
  const payment = await world.payments.start({ ...wish, orderId, fromBalance });
  walk.payments.push(payment.id);
  if (payment.reference !== undefined) walk.references.push(payment.reference);
}

async function tell(reference: string): Promise<void> {
  await world.notify(reference, `event#${systemIds.next('ntc')}`);
  while ((await world.payments.judgeNotices()) > 0);
}

async function giveBack(walk: Walk, which: number, target: 'provider' | 'balance', sum: number) {
  const { rows } = await sql<{ id: string }>`select id from payment
    where person_id = ${walk.personId} and settled_at is not null order by id`.execute(
    world.db.read,
  );
  const payment = at(rows, which);
  if (payment === undefined) return;
  const wish = { paymentId: payment.id, amount: rub(BigInt(sum)), reason: 'walk', target };
  await world.payments.refund({ ...wish, idempotencyKey: systemIds.next('ref') });
}

const STEPS = {
  async topUp(walk: Walk, _which: number, sum: number) {
    const wish = { personId: walk.personId, product: 'vpn', amount: rub(BigInt(sum)) };
    const order = await world.orders.placeTopUp(wish);
    walk.orders.push(order.id);
    await start(walk, order.id, false);
  },
  async place(walk: Walk) {
    walk.orders.push((await world.placeOrder(walk.personId)).id);
  },
  async spend(walk: Walk, which: number) {
    const orderId = at(walk.orders, which);
    if (orderId !== undefined) await world.payments.payFromBalance(orderId);
  },
  async mix(walk: Walk, which: number) {
    const orderId = at(walk.orders, which);
    if (orderId !== undefined) await start(walk, orderId, true);
  },
  async whole(walk: Walk, which: number) {
    const orderId = at(walk.orders, which);
    if (orderId !== undefined) await start(walk, orderId, false);
  },
  async settle(walk: Walk, which: number) {
    const reference = at(walk.references, which);
    if (reference === undefined) return;
    world.provider.change(reference, { state: 'settled' });
    await tell(reference);
  },
  async decline(walk: Walk, which: number) {
    const reference = at(walk.references, which);
    const known = reference === undefined ? undefined : await world.provider.lookup(reference);
    if (known?.state !== 'pending') return;
    world.provider.change(known.reference, { state: 'cancelled', reason: 'card_expired' });
    await tell(known.reference);
  },
  refundToCard: (walk: Walk, which: number, sum: number) => giveBack(walk, which, 'provider', sum),
  refundToBalance: (walk: Walk, which: number, sum: number) =>
    giveBack(walk, which, 'balance', sum),
  /** By an operator in the vendor's own cabinet, without asking us. */
  async refundThere(walk: Walk, which: number) {
    const reference = at(walk.references, which);
    const known = reference === undefined ? undefined : await world.provider.lookup(reference);
    if (known?.state !== 'settled') return;
    world.provider.change(known.reference, { refunded: known.amount });
    await tell(known.reference);
  },
  async wait() {
    await world.clock.advance(2 * HOURS);
    await world.everythingDue();
    await world.payments.askDue();
  },
};

async function take(walk: Walk, [name, which, sum]: Step): Promise<void> {
  await STEPS[name](walk, which, sum).catch((error: unknown) => {
    // A refusal is an answer; anything else is what this test is for.
    if (!(error instanceof Error && 'kind' in error)) throw error;
  });
}

/** Per account of this person: credits minus debits. */
async function liabilities(personId: string): Promise<Map<string, bigint>> {
  const rows = await world.ledger.trialBalance(world.db.read);
  expect(rows.reduce((sum, { minor }) => sum + minor, 0n)).toBe(0n);
  const own = rows.filter(({ code }) => code.includes(personId));
  return new Map(own.map(({ code, minor }) => [code.split(':')[0] ?? '', -minor]));
}

async function sumOf(query: ReturnType<typeof sql<{ total: string }>>): Promise<bigint> {
  return BigInt((await query.execute(world.db.read)).rows[0]?.total ?? '0');
}

const step = fc.tuple(
  fc.constantFrom(...(Object.keys(STEPS) as (keyof typeof STEPS)[])), // its own keys
  fc.nat({ max: 7 }),
  fc.integer({ min: 1, max: 40_000 }),
);

const walks = fc.array(step, { minLength: 4, maxLength: 24 });

it('keeps every balance at or above zero, and the sum of what it was made of', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 10_000, max: 30_000 }), walks, async (first, steps) => {
      const personId = systemIds.next('per');
      const walk: Walk = { personId, orders: [], references: [], payments: [] };
      await take(walk, ['topUp', 0, first]);
      await take(walk, ['settle', 0, 0]);
      await take(walk, ['place', 0, 0]);
      for (const each of steps) {
        await take(walk, each);
        const owed = await liabilities(personId);
        expect(owed.get('customer') ?? 0n).toBeGreaterThanOrEqual(0n);
        expect(owed.get('held') ?? 0n).toBeGreaterThanOrEqual(0n);
        expect(owed.get('debt') ?? 0n).toBeLessThanOrEqual(0n);
      }
      const owed = await liabilities(personId);
      const own = [...owed.values()].reduce((sum, minor) => sum + minor, 0n);
      const came = await sumOf(sql`select coalesce(sum(amount_minor - refunded_minor), 0) as total
        from payment where person_id = ${personId} and settled_at is not null
         and provider <> 'balance'`);
      const sold = await sumOf(sql`select coalesce(sum(p.amount_minor), 0)
          - coalesce(sum(least(p.amount_minor, p.refunded_minor + p.credited_minor)), 0) as total
        from payment as p join customer_order as o on o.id = p.order_id
       where p.person_id = ${personId} and p.settled_at is not null
         and (o.payment_id = p.id or p.provider = 'balance')`);
      // What came and did not go back is sold or owed to the customer, to the last kopeck.
      expect(came).toBe(sold + own);
      const paid = await sql<{ price: bigint; parts: bigint }>`
        select o.amount_minor as price, sum(p.amount_minor)::bigint as parts
          from customer_order as o join payment as p on p.order_id = o.id
         where o.person_id = ${personId} and o.kind = 'plan' and o.paid_at is not null
           and p.settled_at is not null and (o.payment_id = p.id or p.provider = 'balance')
         group by o.id`.execute(world.db.read);
      for (const { price, parts } of paid.rows) expect(parts).toBe(price);
      const held = await sumOf(sql`select coalesce(sum(amount_minor), 0) as total from (
          select amount_minor from payment where person_id = ${personId} and provider = 'balance'
             and state = 'authorised'
          union all select r.amount_minor from refund as r join payment as p on p.id = r.payment_id
            join customer_order as o on o.id = p.order_id
           where p.person_id = ${personId} and r.state = 'requested' and o.payment_id is distinct from p.id
        ) as holds`);
      expect(owed.get('held') ?? 0n).toBe(held);
    }),
    { numRuns: RUNS },
  );
});
