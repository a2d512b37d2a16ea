/** The figures of the first page against a world whose figures are known. */
import type { DeliveryRow, TodayWire } from '@opora/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';
import { sql } from '../../platform/db/index.ts';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});
afterEach(() => world.close());

const read = async (): Promise<TodayWire> => (await world.get('/api/v1/admin/today')).json();
const rub = (minor: string) => ({ minor, currency: 'RUB' });

describe('today', () => {
  it('counts what was sold since midnight and until this hour a week ago', async () => {
    const olga = await world.meet();
    await world.sell(olga);
    const old = await world.sell(olga);
    const tooLate = await world.sell(olga);
    await world.placeOrder(olga);
    const now = world.clock.now().getTime();
    const move = (id: string, hours: number) =>
      sql`update payment set settled_at = ${new Date(now - hours * 3_600_000)} where id = ${id}
        `.execute(world.db.read);
    await move(old, 7 * 24 + 1);
    await move(tooLate, 7 * 24 - 1);
    const today = await read();
    expect(today.sales).toMatchObject({ today: [rub('19900')], weekAgo: [rub('19900')] });
    expect(today.sales.days).toHaveLength(14);
    expect(today.sales.days.at(-1)).toEqual({ day: '2026-11-20', value: '19900' });
    expect(today.sales.days.at(-8)?.value).toBe('39800');
    expect(today.sales.days.at(-2)?.value).toBe('0');
    expect(today.people).toMatchObject({ today: expect.any(Number), weekAgo: 0 });
    expect(today.conversion).toMatchObject({ placed: 4, paid: 3, placedWeekAgo: 0 });
    expect(today.books).toEqual({ ledger: [rub('0')], behindPanel: 0 });
  });

  it('compares the share of paid orders with a week ago, and counts a provider by the hour', async () => {
    const olga = await world.meet();
    const orderOf = async (paymentId: string) => (await world.payments.find(paymentId)).orderId;
    const hoursAgo = (hours: number) => new Date(world.clock.now().getTime() - hours * 3_600_000);
    const place = (id: string, hours: number) =>
      sql`update customer_order set created_at = ${hoursAgo(hours)} where id = ${id}`.execute(
        world.db.read,
      );
    await world.sell(olga);
    await place(await orderOf(await world.sell(olga)), 7 * 24 + 1);
    await place(await orderOf(await world.sell(olga)), 7 * 24 - 1);
    for (const hours of [1, 2]) await place((await world.placeOrder(olga)).id, 7 * 24 + hours);
    const declined = await world.startPayment(await world.placeOrder(olga));
    world.provider.change(declined.reference, { state: 'cancelled', reason: 'low funds' });
    await world.notify(declined.reference, 'payment.canceled');
    await world.payments.judgeNotices();
    const { conversion, providers } = await read();
    expect(conversion).toEqual({ placed: 2, paid: 1, placedWeekAgo: 3, paidWeekAgo: 1 });
    expect(providers).toMatchObject([{ started: 4, settled: 3, declined: 1, pending: 0 }]);
    await sql`update payment set created_at = ${hoursAgo(1.02)} where id = ${declined.id}`.execute(
      world.db.read,
    );
    expect((await read()).providers).toMatchObject([{ started: 3, settled: 3, declined: 0 }]);
  });

  it('shows the order that has waited longest, and why', async () => {
    world.panel.callsToRefuse = 1;
    await expect(world.sell(await world.meet())).rejects.toThrow('away');
    await world.clock.advance(61_000);
    const { undelivered, books } = await read();
    expect(undelivered).toMatchObject({
      count: 1,
      oldest: { attempts: 1, lastError: 'the panel is away' },
    });
    expect(books.behindPanel).toBe(1);
    const list = async (state: string): Promise<DeliveryRow[]> =>
      (await world.get(`/api/v1/admin/deliveries?state=${state}`)).json().items;
    const [stuck] = await list('stuck');
    expect(stuck).toMatchObject({ state: 'stuck', orderId: undelivered.oldest?.orderId });
    expect(stuck?.nextTryAt).not.toBeNull();
    expect(await list('waiting')).toEqual([]);
    const waiting = await world.get('/api/v1/admin/orders?undelivered=yes');
    expect(waiting.json().items).toHaveLength(1);
    await world.runJobs();
    expect((await read()).undelivered).toEqual({ count: 0, oldest: null });
    expect(await list('delivered')).toMatchObject([{ state: 'delivered', attempts: 0 }]);
  });

  it('names what nobody knows, what was refused, and how each provider does', async () => {
    world.provider.fault = 'answer lost';
    await expect(world.startPayment()).rejects.toThrow();
    world.provider.fault = 'none';
    await world.clock.advance(16_000);
    await world.notify('');
    await world.notify('ref-of-somebody-else');
    await world.payments.judgeNotices();
    const states = world.parts.breakers;
    const listeners: ((state: 'open') => void)[] = [];
    states.watch({
      name: 'yookassa',
      state: 'closed',
      onChange: (listener) => listeners.push(listener),
    });
    for (const listener of listeners) listener('open');
    await expect.poll(async () => (await read()).providers[0]?.breaker).toBe('open');
    const today = await read();
    expect(today.unknown.count).toBe(1);
    expect(today.refusedNotices).toMatchObject({ day: 1 });
    expect(today.quarantinedNotices).toBe(1);
    expect(today.providers).toMatchObject([
      { provider: 'yookassa', started: 1, settled: 0, pending: 1, refusedNotices: 1 },
    ]);
  });
});

describe('the state of a breaker', () => {
  it('is the worst word of any process, and an old word of an open one is none', async () => {
    const ago = (hours: number) => new Date(world.clock.now().getTime() - hours * 3_600_000);
    const say = (process: string, state: string, ageHours: number) =>
      sql`insert into breaker_state (dependency, process, state, changed_at)
        values ('panel', ${process}, ${state}, ${ago(ageHours)})`.execute(world.db.read);
    const { breakers } = world.parts;
    await say('api#0', 'closed', 48);
    await say('worker#7', 'open', 2);
    expect((await breakers.read(world.db.read)).get('panel')).toBe('closed');
    await say('worker#0', 'half_open', 0);
    expect((await breakers.read(world.db.read)).get('panel')).toBe('half_open');
    expect((await breakers.read(world.db.read)).get('yookassa')).toBeUndefined();
  });
});
