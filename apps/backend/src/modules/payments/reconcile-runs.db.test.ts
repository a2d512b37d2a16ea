import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { ProviderProtocolError, ProviderUnavailable } from './errors.ts';
import type { ProviderPayment } from './provider.ts';

/** The day on which the clock of a test stands at first. */
const DAY = '2026-11-20';
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

async function reconcile(day = DAY) {
  const run = await world.payments.reconcile({ provider: 'yookassa', day });
  if (run === undefined) throw new Error('another run is underway');
  return run;
}

async function differences() {
  const { items } = await world.payments.admin.differences({}, { limit: 100 });
  return items.map(({ kind, state }) => ({ kind, state }));
}

async function paid() {
  const payment = await world.startPayment();
  world.provider.change(payment.reference, { state: 'settled' });
  await world.notify(payment.reference);
  await world.payments.judgeNotices();
  return payment;
}

/** An object that the vendor has and that did not begin with us. */
function stranger(change: Partial<ProviderPayment> = {}): ProviderPayment {
  return {
    reference: 'made-in-the-cabinet',
    state: 'settled',
    amount: PRICE,
    refunded: NOTHING,
    paymentId: undefined,
    reason: undefined,
    createdAt: world.clock.now(),
    isTest: false,
    ...change,
  };
}

describe('a provider that fails', () => {
  it('in the middle leaves a partial run: what was read before is repaired', async () => {
    const [first, second] = [await world.startPayment(), await world.startPayment()];
    for (const { reference } of [first, second]) {
      world.provider.change(reference, { state: 'settled' });
    }
    world.provider.duringList = (given) =>
      given === 1 ? Promise.reject(new ProviderUnavailable('the line was cut')) : Promise.resolve();
    expect(await reconcile()).toMatchObject({
      state: 'partial',
      failure: 'the line was cut',
      repaired: 1,
    });
    expect(await world.payments.find(second.id)).toMatchObject({ state: 'pending' });
    world.provider.duringList = () => Promise.resolve();
    expect(await reconcile()).toMatchObject({ state: 'agreed', repaired: 1 });
    expect(await world.payments.find(second.id)).toMatchObject({ state: 'settled' });
  });

  it('closes no difference that a partial run did not come to', async () => {
    world.provider.put(stranger());
    await reconcile();
    world.provider.duringList = () => Promise.reject(new ProviderUnavailable('away'));
    expect(await reconcile()).toMatchObject({ state: 'partial' });
    expect(await differences()).toMatchObject([{ state: 'open' }]);
  });

  it('at one odd object still has our own payments asked about, and is partial', async () => {
    const lostThere = await paid();
    world.provider.lose(lostThere.reference);
    world.provider.duringList = () => Promise.reject(new ProviderProtocolError('an odd object'));
    expect(await reconcile()).toMatchObject({ state: 'partial', failure: 'an odd object' });
    expect(await differences()).toMatchObject([{ kind: 'unknown_there' }]);
  });

  it('while it is asked about a payment leaves that one open', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { state: 'pending' });
    world.provider.fault = 'away';
    expect(await reconcile()).toMatchObject({ state: 'partial', found: 0 });
  });
});

describe('a provider without a list', () => {
  beforeEach(() => {
    world.provider.capabilities.lists = false;
  });

  it('is asked about each of our payments of that day, paid or not', async () => {
    const [lost, settled, unpaid] = [
      await world.startPayment(),
      await paid(),
      await world.startPayment(),
    ];
    world.provider.change(lost.reference, { state: 'settled' });
    world.provider.lookups.length = 0;
    expect(await reconcile()).toMatchObject({ state: 'agreed', ours: 3, repaired: 1 });
    expect(world.provider.lookups.toSorted()).toEqual(
      [lost, settled, unpaid].map(({ reference }) => reference).toSorted(),
    );
    expect(world.provider.windows).toEqual([]);
    expect(await world.payments.find(lost.id)).toMatchObject({ state: 'settled' });
  });

  it('that does not know an unpaid payment of ours agrees with us', async () => {
    const payment = await world.startPayment();
    world.provider.lose(payment.reference);
    expect(await reconcile()).toMatchObject({ state: 'agreed' });
  });
});

describe('one run of a provider and day at a time', () => {
  it('is begun by one of two who start together', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    const wish = { provider: 'yookassa', day: DAY };
    // Held until the other has been turned away: two runs one after the other are allowed.
    const listed = Promise.withResolvers<undefined>();
    world.provider.duringList = () => listed.promise;
    const runs = [world.payments.reconcile(wish), world.payments.reconcile(wish)];
    expect(await Promise.race(runs)).toBeUndefined();
    listed.resolve(undefined);
    expect((await Promise.all(runs)).filter((run) => run !== undefined)).toHaveLength(1);
    const { rows } = await sql`select id from reconciliation_run`.execute(world.db.read);
    expect(rows).toHaveLength(1);
  });

  it('is taken over from a process that died, whose run is called abandoned', async () => {
    let died: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => {
      died = resolve;
    });
    await world.startPayment();
    world.provider.duringList = () => dead;
    const hanging = reconcile();
    hanging.catch(() => undefined);
    await expect.poll(() => world.provider.windows.length).toBe(1);
    await sql`update reconciliation_run set lease_until = now() - interval '1 second'`.execute(
      world.db.read,
    );
    world.provider.duringList = () => Promise.resolve();
    expect(await reconcile()).toMatchObject({ state: 'agreed' });
    died();
    await expect(hanging).rejects.toMatchObject({ code: 'payments.reconciliation_lost' });
    const { rows } = await sql<{ state: string }>`
      select state from reconciliation_run order by started_at, id`.execute(world.db.read);
    expect(rows.map(({ state }) => state).toSorted()).toEqual(['abandoned', 'agreed']);
  });
});

describe('every night', () => {
  const HOUR_MS = 3_600_000;
  async function untilDone(): Promise<void> {
    while ((await world.payments.reconcileDue()) > 0);
  }
  async function daysRead(): Promise<string[]> {
    const { rows } = await sql<{ day: string }>`
      select day from reconciliation_run order by day desc`.execute(world.db.read);
    return rows.map(({ day }) => day);
  }

  it('yesterday is reconciled when it is final, and days further back once more', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    await world.clock.advance(14 * HOUR_MS); // 02:00 of the next day
    await untilDone();
    expect(await daysRead()).toEqual([]);
    await world.clock.advance(HOUR_MS);
    await untilDone();
    expect(await daysRead()).toEqual(['2026-11-20', '2026-11-18', '2026-11-14', '2026-10-22']);
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    await world.clock.advance(HOUR_MS);
    await untilDone();
    expect(await daysRead()).toHaveLength(4);
  });

  it('finds what was given back in the cabinet two days later', async () => {
    const payment = await paid();
    await world.clock.advance(15 * HOUR_MS);
    await untilDone();
    world.provider.change(payment.reference, { refunded: PRICE });
    await world.clock.advance(24 * HOUR_MS);
    await untilDone();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    await world.clock.advance(24 * HOUR_MS);
    await untilDone();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
  });

  it('a day that could not be read is tried again an hour later, not at once', async () => {
    await world.clock.advance(15 * HOUR_MS);
    world.provider.duringList = () => Promise.reject(new ProviderUnavailable('away'));
    await untilDone();
    expect(await daysRead()).toHaveLength(4);
    await world.clock.advance(HOUR_MS / 2);
    await untilDone();
    expect(await daysRead()).toHaveLength(4);
    world.provider.duringList = () => Promise.resolve();
    await world.clock.advance(HOUR_MS / 2);
    await untilDone();
    expect(await daysRead()).toHaveLength(8);
  });
});
