import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, savedMethod, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { ProviderUnavailable } from './index.ts';

const HOUR_MS = 3_600_000;
const EN = { provider: 'yookassa', language: 'en' } as const;
const PERSON = 'per_charged';
const yes = (): Promise<boolean> => Promise.resolve(true);
let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

/** A method that was saved with a payment, and an order to charge it for. */
async function saved() {
  const { id: orderId } = await world.placeOrder(PERSON);
  const wish = { orderId, ...EN };
  const payment = await world.payments.start({ ...wish, description: 'Month', saveWords: 'v' });
  world.provider.change(payment.reference ?? '', { state: 'settled', savedMethod: savedMethod() });
  await world.payments.look(payment.id);
  const [method] = await world.payments.methods.ofPerson(PERSON);
  if (method === undefined) throw new Error('nothing was saved');
  const order = await world.placeOrder(PERSON);
  const charge = (after?: string, confirm = yes) =>
    world.payments.charge(
      { orderId: order.id, methodId: method.id, after, language: 'en', description: 'Month' },
      confirm,
    );
  return { order, method, charge };
}

async function askDue(): Promise<void> {
  await world.everythingDue();
  await world.payments.askDue();
}

describe('a charge of a saved method', () => {
  it('says the very same when it is repeated, whatever language its owner reads by then', async () => {
    const { order, method } = await saved();
    const asked = { orderId: order.id, methodId: method.id, after: undefined };
    world.provider.fault = 'answer lost';
    const charge = world.payments.charge({ ...asked, language: 'ru', description: 'Месяц' }, yes);
    await expect(charge).rejects.toThrow(ProviderUnavailable);
    world.provider.fault = 'none';
    await askDue();
    // Refused as another request it would be failed, and the next try a second charge.
    const [payment] = await world.payments.ofOrder(order.id);
    expect(payment).toMatchObject({ state: 'settled' });
    expect(world.provider.charged).toHaveLength(1);
  });

  it('is one for an order, however many ask at once and again', async () => {
    const { order, charge } = await saved();
    const others = Promise.withResolvers<undefined>();
    world.provider.duringCharge = () => others.promise;
    let answered = 0;
    const all = Array.from({ length: 6 }, async () => {
      const payment = await charge();
      answered += 1;
      // The one that is at the provider ends when all others were sent away.
      if (answered === 5) others.resolve(undefined);
      return payment;
    });
    const payments = await Promise.all(all);
    expect(new Set(payments.map((payment) => payment?.id)).size).toBe(1);
    expect(world.provider.charged).toHaveLength(1);
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
    await expect(charge()).rejects.toThrow(/not open/);
  });

  it('is not tried again by somebody who does not know of the last try', async () => {
    const { charge } = await saved();
    world.provider.chargeAnswer = { state: 'cancelled', reason: 'low', advice: 'retry' };
    const first = await charge();
    expect(first).toMatchObject({ state: 'failed', reason: 'low', advice: 'retry' });
    expect((await charge())?.id).toBe(first?.id);
    expect(world.provider.charged).toHaveLength(1);
    expect((await charge(first?.id))?.id).not.toBe(first?.id);
    expect(world.provider.charged).toHaveLength(2);
  });

  it('needs a method that is active and a last word that is yes, and writes nothing without', async () => {
    const { order, method, charge } = await saved();
    expect(await charge(undefined, () => Promise.resolve(false))).toBeUndefined();
    await world.payments.methods.remove(method.id, PERSON, () => Promise.resolve());
    expect(await charge()).toBeUndefined();
    expect(await world.payments.ofOrder(order.id)).toEqual([]);
    expect(world.provider.charged).toEqual([]);
  });

  it('waits while staff has its provider switched off, and is made when it is on again', async () => {
    const { order, charge } = await saved();
    const turn = (isOff: boolean, key: string) =>
      world.payments.switchByStaff(
        { actor: SYSTEM, reason: 'it takes no cards', key },
        { provider: 'yookassa', isOff },
      );
    await turn(true, 'key-off');
    expect(await charge()).toBeUndefined();
    expect(world.provider.charged).toEqual([]);
    await turn(false, 'key-on');
    await charge();
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
  });

  it('whose key is forgotten at the provider is searched in its list, and not sent again', async () => {
    const { order, charge } = await saved();
    world.provider.fault = 'answer lost';
    await expect(charge()).rejects.toThrow(ProviderUnavailable);
    world.provider.fault = 'none';
    world.provider.forgetsKeys = true;
    await world.clock.advance(6 * HOUR_MS);
    await askDue();
    expect(world.provider.charged).toHaveLength(1);
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
  });

  it('that nobody can find any more stays unknown and blocks the next one', async () => {
    const { order, charge } = await saved();
    world.provider.fault = 'away';
    await expect(charge()).rejects.toThrow(ProviderUnavailable);
    world.provider.fault = 'none';
    await world.clock.advance(24 * HOUR_MS);
    await askDue();
    const [payment] = await world.payments.ofOrder(order.id);
    expect(payment).toMatchObject({ state: 'expired', reference: undefined });
    expect((await charge(payment?.id))?.id).toBe(payment?.id);
    expect(world.provider.charged).toEqual([]);
  });

  it('that the provider refuses is a failed payment, and no error of ours', async () => {
    const { charge } = await saved();
    world.provider.refusesCharges = true;
    expect(await charge()).toMatchObject({ state: 'failed', advice: undefined });
  });

  it('is never shown as a link to the one who pays the same order by hand', async () => {
    const { order, charge } = await saved();
    world.provider.chargeAnswer = { state: 'pending' };
    const charged = await charge();
    expect((await world.startPayment(order)).id).not.toBe(charged?.id);
  });

  it('leaves the token in no row and no timeline', async () => {
    const { charge } = await saved();
    const payment = await charge();
    const { rows } = await sql`select to_jsonb(m) as row from saved_method as m union all
      select to_jsonb(p) from payment as p union all
      select to_jsonb(e) from payment_event as e`.execute(world.db.read);
    expect(rows.length).toBeGreaterThan(4);
    expect(JSON.stringify(rows)).not.toContain('token-1');
    expect(payment?.methodId).toBeDefined();
  });
});
