import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { ExtensionUnderWay } from './errors.ts';
import { createMassExtensions } from './mass.ts';

const DAY_MS = 86_400_000;
const PEOPLE = 230;
let world: MoneyWorld;
let keys = 0;
const opened: MoneyWorld[] = [];
beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const act = () => ({
  actor: SYSTEM,
  reason: 'cards do not work',
  key: `key-${String((keys += 1))}`,
});

/** Somebody whose paid term ends so many days from now. */
async function subscribe(personId: string, days: number): Promise<void> {
  const order = await world.placeOrder(personId);
  await sql`update customer_order set state = 'paid', payment_id = ${order.id},
    paid_at = ${new Date(world.clock.now().getTime() + (days - 30) * DAY_MS)}
    where id = ${order.id}`.execute(world.db.read);
  await world.subscriptions.extend(order.id);
}

const one = async (personId: string) => {
  const [found] = await world.subscriptions.ofPerson(personId);
  if (found === undefined) throw new Error(`${personId} has none`);
  return found;
};
const leftDays = async (personId: string) =>
  ((await one(personId)).expiresAt.getTime() - world.clock.now().getTime()) / DAY_MS;

async function manyPeople(): Promise<void> {
  await sql`insert into subscription
      (id, person_id, product, plan_version_id, expires_at, revision, created_at, delivery_since)
    select 'sub_' || lpad(n::text, 26, '0'), 'per_' || n, 'vpn', 'plv_x',
           ${new Date(world.clock.now().getTime() + DAY_MS)}, 0, ${world.clock.now()}, now()
      from generate_series(1, ${PEOPLE}::int) as n`.execute(world.db.read);
}

const newest = async () => {
  const [found] = await world.subscriptions.everybody.list();
  if (found === undefined) throw new Error('no extension');
  return found;
};

/** Steps as the jobs ask for them, until nothing is under way. */
async function work(): Promise<void> {
  for (let steps = 0; (await newest()).state.endsWith('ing'); steps += 1) {
    if (steps > 20) throw new Error('it never ends');
    await world.subscriptions.everybody.step((await newest()).id);
  }
}

const terms = async () => {
  const { rows } = await sql<{ left: string; count: bigint }>`
    select ((extract(epoch from expires_at) - ${world.clock.now().getTime() / 1000}::numeric)
             / 86400)::int::text as left, count(*) as count
      from subscription group by 1 order by 1`.execute(world.db.read);
  return Object.fromEntries(rows.map(({ left, count }) => [left, Number(count)]));
};

describe('days for everybody', () => {
  it('count first, then reach each once, and the panel hears of each', async () => {
    await manyPeople();
    const wish = { days: 3, endedHours: 0 };
    expect(await world.subscriptions.everybody.foresee(wish)).toMatchObject({ running: PEOPLE });
    await world.subscriptions.everybody.begin(act(), wish);
    await work();
    expect(await newest()).toMatchObject({ state: 'given', meant: PEOPLE, given: PEOPLE });
    expect(await terms()).toEqual({ 4: PEOPLE });
    expect(await world.jobsOf('provisioning.deliver')).toHaveLength(PEOPLE);
  });

  it('neither double nor lose when workers die, repeat and run at once', async () => {
    await manyPeople();
    await world.subscriptions.everybody.begin(act(), { days: 3, endedHours: 0 });
    const { id } = await newest();
    // A worker dies before its commit: its whole batch is as if it had not been.
    let told = 0;
    const dying = createMassExtensions({
      ...{ ...world, ids: systemIds },
      publish: () => ((told += 1) < 50 ? Promise.resolve() : Promise.reject(new Error('killed'))),
    });
    await expect(dying.step(id)).rejects.toThrow(/killed/);
    expect(await terms()).toEqual({ 1: PEOPLE });
    await Promise.all([1, 2, 3, 4, 5].map(() => world.subscriptions.everybody.step(id)));
    // Even a cursor that is lost gives nobody a second time.
    await sql`update mass_extension set state = 'giving', cursor = ''`.execute(world.db.read);
    await work();
    expect(await terms()).toEqual({ 4: PEOPLE });
    expect(await newest()).toMatchObject({ given: PEOPLE });
  });

  it('also wake terms that ended in the outage, but not what was revoked or ended before', async () => {
    await subscribe('per_ended', -1);
    await subscribe('per_long_ago', -9);
    await subscribe('per_revoked', 10);
    const revoked = await one('per_revoked');
    await world.subscriptions.acts.revoke(act(), revoked.id);
    await world.clock.advance(1000);
    const wish = { days: 3, endedHours: 48 };
    expect(await world.subscriptions.everybody.foresee(wish)).toMatchObject({
      running: 0,
      ended: 1,
    });
    await world.subscriptions.everybody.begin(act(), wish);
    await work();
    expect(await leftDays('per_ended')).toBe(3);
    expect(await leftDays('per_long_ago')).toBeLessThan(-8);
    expect(await leftDays('per_revoked')).toBeLessThan(0);
  });

  it('are one act for two presses, and one at a time for two people', async () => {
    await manyPeople();
    const wish = { days: 3, endedHours: 0 };
    const same = act();
    await Promise.all([1, 2].map(() => world.subscriptions.everybody.begin(same, wish)));
    await expect(world.subscriptions.everybody.begin(act(), wish)).rejects.toThrow(
      ExtensionUnderWay,
    );
    await work();
    expect(await terms()).toEqual({ 4: PEOPLE });
    const { items } = await world.audit.list({ act: 'subscriptions.extend_all' }, { limit: 9 });
    expect(items).toHaveLength(1);
  });
});

describe('their undoing', () => {
  it('takes back exactly what was given, from those it was given to, also in the middle', async () => {
    await manyPeople();
    await world.subscriptions.everybody.begin(act(), { days: 3, endedHours: 0 });
    const { id } = await newest();
    await world.subscriptions.everybody.step(id);
    expect(await terms()).toEqual({ 1: PEOPLE - 100, 4: 100 });
    await world.subscriptions.everybody.undo(act(), id);
    await work();
    expect(await terms()).toEqual({ 1: PEOPLE });
    expect(await newest()).toMatchObject({ state: 'taken', given: 100, taken: 100 });
    await expect(world.subscriptions.everybody.undo(act(), id)).rejects.toThrow(ExtensionUnderWay);
  });

  it('leaves paid days, and what was used up, alone', async () => {
    await subscribe('per_paid', 5);
    await subscribe('per_ended', -1);
    await world.subscriptions.everybody.begin(act(), { days: 4, endedHours: 48 });
    await work();
    await subscribe('per_ended', 30);
    await world.clock.advance(3 * DAY_MS);
    await world.subscriptions.everybody.undo(act(), (await newest()).id);
    await work();
    // Two of the five paid days are left, and none of the four.
    expect(await leftDays('per_paid')).toBe(2);
    // Three gift days were used; the thirty that were bought meanwhile stay whole.
    expect(await leftDays('per_ended')).toBe(30);
    const { items } = await world.audit.list(
      { act: 'subscriptions.undo_extend_all' },
      { limit: 9 },
    );
    expect(items).toMatchObject([{ before: { days: '4', given: '2' } }]);
  });
});
