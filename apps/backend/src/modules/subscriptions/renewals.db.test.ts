import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createMoneyWorld,
  PRICE,
  savedMethod,
  testSealing,
  type MoneyWorld,
} from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { RENEWAL_WORDS } from './renewal.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EN = { provider: 'yookassa', language: 'en' } as const;
const PERSON = 'per_renews';
let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

/** A month is bought, and the buyer agreed that it renews itself. */
async function bought({ saveWords }: { saveWords?: string } = { saveWords: RENEWAL_WORDS }) {
  const order = await world.placeOrder(PERSON);
  const payment = await world.payments.start({
    ...{ orderId: order.id, ...EN },
    description: 'Month',
    saveWords,
  });
  world.provider.change(payment.reference ?? '', { state: 'settled', savedMethod: savedMethod() });
  await world.payments.look(payment.id);
  await world.subscriptions.extend(order.id);
  return subscription();
}

async function subscription() {
  const [only] = await world.subscriptions.ofPerson(PERSON);
  if (only === undefined) throw new Error('no subscription');
  return only;
}

async function renewal() {
  const { id } = await subscription();
  return (await world.subscriptions.renewals.of([id])).get(id);
}

async function method() {
  const [newest] = await world.payments.methods.ofPerson(PERSON);
  if (newest === undefined) throw new Error('nothing was saved');
  return newest;
}

/** The worker's rounds while time passes, hour by hour; paid orders are extended as it does. */
async function hours(count: number, each: () => Promise<unknown> = round): Promise<void> {
  for (let hour = 0; hour < count; hour += 1) {
    await world.clock.advance(HOUR_MS);
    await each();
  }
}

/** The same in longer steps, where the hour does not matter. */
async function days(count: number): Promise<void> {
  for (let half = 0; half < count * 2; half += 1) {
    await world.clock.advance(DAY_MS / 2);
    await round();
  }
}

async function round(): Promise<void> {
  await world.subscriptions.renewals.runDue();
  for (const { orderId } of await world.jobsOf('subscriptions.extend')) {
    await world.subscriptions.extend(String(orderId));
  }
}

async function firstPayment({ personId }: { personId: string }) {
  const { items } = await world.payments.ofPerson(personId, { after: undefined, limit: 1 });
  const [payment] = items;
  if (payment === undefined) throw new Error('no payment');
  return payment;
}

/** The provider tells of a refund or a dispute of what was bought. */
async function takeBack(fact: Parameters<typeof world.provider.change>[1]): Promise<void> {
  const { reference = '' } = await firstPayment({ personId: PERSON });
  world.provider.change(reference, fact);
  await world.notify(reference, `back-${String(fact.state)}`);
  await world.payments.judgeNotices();
}

const told = async (task: string) => (await world.jobsOf(`tell.${task}`)).length;

describe('a saved method', () => {
  it('is kept only by the consent of its owner, sealed, and once however often it is told', async () => {
    await bought({});
    expect(await world.payments.methods.ofPerson(PERSON)).toEqual([]);
    expect(await renewal()).toBeUndefined();

    await bought();
    const saved = await world.payments.methods.ofPerson(PERSON);
    expect(saved).toHaveLength(1);
    expect(saved[0]).toMatchObject({ title: '•• 4477', isDefault: true, words: RENEWAL_WORDS });
    const { rows } = await sql`select * from saved_method`.execute(world.db.read);
    expect(JSON.stringify(rows)).not.toContain('token-');
    const place = { table: 'saved_method', column: 'token', row: saved[0]?.id ?? '' };
    expect(testSealing.open(saved[0]?.sealed ?? '', place).toString()).toBe('token-1');
  });

  it('that is saved again takes its own place, and the newest is the one that is meant', async () => {
    await bought();
    await bought();
    const all = await world.payments.methods.ofPerson(PERSON);
    expect(all.map(({ state, isDefault }) => [state, isDefault])).toEqual([
      ['active', true],
      ['removed', false],
    ]);
    expect((await renewal())?.methodId).toBe(all[0]?.id);
  });

  it('is never linked to by a link that keeps nothing, nor the other way', async () => {
    const order = await world.placeOrder(PERSON);
    const wish = { orderId: order.id, ...EN };
    const plain = await world.payments.start({ ...wish, description: 'Month' });
    const keeping = await world.payments.start({ ...wish, description: 'Month', saveWords: 'v' });
    expect(keeping.id).not.toBe(plain.id);
    expect((await world.payments.start({ ...wish, description: 'Month' })).id).toBe(plain.id);
  });

  it("is removed by its owner alone, and ends what rests on it in the owner's own transaction", async () => {
    await bought();
    const { id } = await method();
    const { renewals } = world.subscriptions;
    await expect(renewals.removeMethod(id, 'per_other')).rejects.toThrow(/no saved method/);
    await renewals.removeMethod(id, PERSON);
    await renewals.removeMethod(id, PERSON);
    expect((await method()).state).toBe('removed');
    expect(await renewal()).toMatchObject({ state: 'ended', why: 'method_removed' });
    await days(31);
    expect(world.provider.charged).toEqual([]);
  });
});

describe('a renewal', () => {
  it('tells before, charges a day before the end, extends, and goes on to the next term', async () => {
    const { expiresAt } = await bought();
    await days(26);
    await hours(23);
    expect(await told('renewalSoon')).toBe(0);
    await hours(2);
    expect(await told('renewalSoon')).toBe(1);
    expect(world.provider.charged).toEqual([]);
    await hours(48);
    expect(world.provider.charged).toHaveLength(1);
    expect((await subscription()).expiresAt.getTime()).toBe(expiresAt.getTime() + 30 * DAY_MS);
    await days(30);
    expect(world.provider.charged).toHaveLength(2);
    expect(await told('renewalSoon')).toBe(2);
    expect(await world.books()).toMatchObject({ sales: -3n * PRICE.minor, sum: 0n });
  });

  it('whose answer was lost is looked for under its own key and never charged a second time', async () => {
    const { expiresAt } = await bought();
    world.provider.fault = 'answer lost';
    await days(28);
    await hours(26);
    expect(world.provider.charged).toHaveLength(1);
    world.provider.fault = 'none';
    await hours(2);
    expect(world.provider.charged).toHaveLength(1);
    await world.everythingDue();
    await world.payments.askDue();
    await hours(2);
    expect(world.provider.charged).toHaveLength(1);
    expect((await subscription()).expiresAt.getTime()).toBe(expiresAt.getTime() + 30 * DAY_MS);
  });

  it('whose worker died between the intent and the call is charged once, by whoever comes next', async () => {
    await bought();
    await days(28);
    world.provider.duringCharge = () => Promise.reject(new Error('killed'));
    await hours(26, () => world.subscriptions.renewals.runDue());
    const { rows } = await sql`select state from payment where method_id is not null`.execute(
      world.db.read,
    );
    expect(rows).toEqual([{ state: 'created' }]);
    world.provider.duringCharge = () => Promise.resolve();
    await world.everythingDue();
    await world.payments.askDue();
    await hours(3);
    expect(world.provider.charged).toHaveLength(1);
  });

  it('that stays unknown beyond the key of the provider ends, and finds late money by its list', async () => {
    await bought();
    await days(28);
    world.provider.fault = 'answer lost';
    await hours(26);
    world.provider.fault = 'away';
    await hours(24, async () => {
      await world.everythingDue();
      await world.payments.askDue();
      await round();
    });
    world.provider.fault = 'none';
    expect(world.provider.charged).toHaveLength(1);
    await hours(2, async () => {
      await world.everythingDue();
      await world.payments.askDue();
      await round();
    });
    expect(world.provider.charged).toHaveLength(1);
    expect((await subscription()).revision).toBe(2);
  });

  it('tries again on a growing schedule while the provider allows it, and then ends', async () => {
    await bought();
    world.provider.chargeAnswer = { state: 'cancelled', reason: 'low', advice: 'retry' };
    await days(28);
    await hours(5 * 24);
    expect(world.provider.charged).toHaveLength(4);
    const { rows } = await sql<{ hours: number }>`
      select round(extract(epoch from created_at - lag(created_at) over (order by created_at))
                   / 3600)::int as hours
        from payment where method_id is not null order by created_at offset 1`.execute(
      world.db.read,
    );
    expect(rows.map((row) => row.hours)).toEqual([6, 12, 24]);
    expect(await renewal()).toMatchObject({ state: 'ended', why: 'declined' });
    expect(await told('renewalDeclined')).toBe(3);
    expect(await told('renewalEnded')).toBe(1);
    expect((await method()).state).toBe('active');
  });

  it.each([
    ['another_method', 'active'],
    ['stop', 'refused'],
  ] as const)('that is declined for good (%s) ends at once and tells', async (advice, state) => {
    await bought();
    world.provider.chargeAnswer = { state: 'cancelled', reason: 'no', advice };
    await days(33);
    expect(world.provider.charged).toHaveLength(1);
    expect(await renewal()).toMatchObject({ state: 'ended', why: advice });
    expect((await method()).state).toBe(state);
    expect(await told('renewalEnded')).toBe(1);
    expect(await told('declined')).toBe(0);
  });

  it('does not charge a price the customer did not agree to', async () => {
    await bought();
    const [month] = await world.catalog.offered('vpn');
    if (month === undefined) throw new Error('no plan');
    const { code, title, termDays, devices, trafficBytes } = month;
    const dearer = { code, title, termDays, devices, trafficBytes };
    await world.catalog.seed('vpn', [{ ...dearer, prices: [money(29_900n, 'RUB')] }]);
    await days(33);
    expect(world.provider.charged).toEqual([]);
    expect(await renewal()).toMatchObject({ state: 'ended', why: 'terms_changed' });
    expect(await told('renewalEnded')).toBe(1);
  });

  it('of which the last payment was given back ends at once, tells, and charges nothing', async () => {
    const { orderId } = await firstPayment(await bought());
    await takeBack({ state: 'settled', refunded: PRICE });
    await world.subscriptions.review(orderId);
    await round();
    expect(await renewal()).toMatchObject({ state: 'ended', why: 'money_back' });
    expect(await told('renewalEnded')).toBe(1);
    await days(33);
    expect(world.provider.charged).toEqual([]);
  });

  it('charges nobody whose payment is disputed, and goes on when the dispute is won', async () => {
    await bought();
    await days(28);
    await takeBack({ state: 'disputed' });
    await hours(30);
    expect(world.provider.charged).toEqual([]);
    expect(await renewal()).toMatchObject({ state: 'on' });
    await takeBack({ state: 'settled', refunded: money(0n, 'RUB') });
    await hours(2);
    expect(world.provider.charged).toHaveLength(1);
  });

  it.each(['switch off', 'remove', 'buy', 'agree again'] as const)(
    'charges nobody who acts (%s) in the last moment before the charge',
    async (act) => {
      const { id } = await bought();
      const { renewals } = world.subscriptions;
      const saved = await method();
      await days(28);
      await world.clock.advance(DAY_MS + HOUR_MS);
      // The round has decided to charge, and its intent is not written yet.
      const place = world.orders.place.bind(world.orders);
      world.orders.place = async (wish) => {
        world.orders.place = place;
        if (act === 'remove') await renewals.removeMethod(saved.id, PERSON);
        else if (act === 'buy') await bought({});
        else if (act === 'agree again') await bought();
        else await renewals.switchOff(id, PERSON);
        return place(wish);
      };
      await renewals.runDue();
      world.orders.place = place;
      expect(world.provider.charged).toEqual([]);
      const { state } = (await renewal()) ?? {};
      expect(state).toBe(
        { remove: 'ended', 'switch off': 'off', buy: 'on', 'agree again': 'on' }[act],
      );
    },
  );

  it('that is prepared and not sent when the method is taken back is not sent', async () => {
    await bought();
    const saved = await method();
    await days(28);
    world.provider.fault = 'away';
    await hours(26);
    await world.subscriptions.renewals.removeMethod(saved.id, PERSON);
    world.provider.fault = 'none';
    await world.everythingDue();
    await world.payments.askDue();
    await hours(3);
    expect(world.provider.charged).toEqual([]);
  });

  it('does not charge for a term that was bought by hand meanwhile', async () => {
    await bought();
    await days(28);
    const order = await world.placeOrder(PERSON);
    const payment = await world.startPayment(order);
    world.provider.change(payment.reference, { state: 'settled' });
    await world.payments.look(payment.id);
    await hours(48);
    expect(world.provider.charged).toEqual([]);
    expect(await renewal()).toMatchObject({ state: 'on' });
  });

  it('is switched on by its owner for the saved method, at the price they saw', async () => {
    const { id } = await bought();
    const { renewals } = world.subscriptions;
    await renewals.switchOff(id, PERSON);
    await expect(renewals.switchOn(id, 'per_other', PRICE)).rejects.toThrow(/no such/);
    await expect(renewals.switchOn(id, PERSON, money(1n, 'RUB'))).rejects.toThrow(/another price/);
    await renewals.switchOn(id, PERSON, PRICE);
    expect(await renewal()).toMatchObject({ state: 'on', amount: PRICE, words: RENEWAL_WORDS });
    await days(30);
    expect(world.provider.charged).toHaveLength(1);
    await renewals.removeMethod((await method()).id, PERSON);
    await expect(renewals.switchOn(id, PERSON, PRICE)).rejects.toThrow(/no saved method/);
  });

  it('is refused at a provider that keeps nothing', async () => {
    const order = await world.placeOrder(PERSON);
    const capabilities = { ...world.provider.capabilities, savedMethods: 'none' as const };
    Object.assign(world.provider, { capabilities });
    const wish = { orderId: order.id, ...EN };
    await expect(
      world.payments.start({ ...wish, description: 'Month', saveWords: 'v' }),
    ).rejects.toThrow(/keeps no methods/);
  });

  it('whose charge stays unknown for good ends, and tells instead of charging again', async () => {
    await bought();
    await days(28);
    world.provider.fault = 'away';
    await hours(49);
    world.provider.fault = 'none';
    await world.everythingDue();
    await world.payments.askDue();
    await hours(2);
    expect(await renewal()).toMatchObject({ state: 'ended', why: 'unknown' });
    expect(await told('renewalEnded')).toBe(1);
    expect(world.provider.charged).toEqual([]);
  });

  it('survives a provider that is away', async () => {
    await bought();
    world.provider.fault = 'away';
    await days(28);
    await hours(26);
    expect(world.provider.charged).toEqual([]);
    world.provider.fault = 'none';
    await world.everythingDue();
    await world.payments.askDue();
    await hours(2);
    expect(world.provider.charged).toHaveLength(1);
  });
});
