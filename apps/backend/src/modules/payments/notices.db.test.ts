import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import { PaymentElsewhere } from './errors.ts';

const PART = money(5_000n, 'RUB');
const LEFT = money(14_900n, 'RUB');

let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const isSettled = async (id: string): Promise<boolean> =>
  (await world.payments.find(id)).state === 'settled';

describe('a notice', () => {
  it('is stored byte for byte with its odd headers, and a repeat is the same row', async () => {
    const { reference } = await world.startPayment();
    expect(await world.notify(reference)).toBe(200);
    await Promise.all(Array.from({ length: 20 }, () => world.notify(reference)));
    const { rows } = await sql<{ receipts: number; headers: unknown; body: Buffer }>`
      select receipts, headers, body from payment_notice`.execute(world.db.read);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      receipts: 21,
      headers: { 'content-type': 'application/json', quote: `"it's" {a,b} \\ ` },
    });
    expect(rows[0]?.body.toString('utf8')).toBe(`payment.succeeded ${reference}`);
  });

  it('that is refused at the door is kept for the operator and never judged', async () => {
    expect(await world.notify('', 'nonsense')).toBe(403);
    const { rows } = await sql`select reason from payment_refusal`.execute(world.db.read);
    expect(rows).toEqual([{ reason: 'malformed' }]);
    expect(await world.payments.judgeNotices()).toBe(0);
  });

  it('in a flood of what nobody believes is judged all the same, and no refusal is kept (A4)', async () => {
    const flooded = (body: string) =>
      world.payments.accept(world.provider.id, {
        ...{ method: 'POST', query: '', headers: {}, remoteAddress: '203.0.113.7' },
        ...{ body: Buffer.from(body), receivedAt: world.clock.now(), isFlood: true },
      });
    expect((await flooded('nonsense')).status).toBe(403);
    const { rows } = await sql`select reason from payment_refusal`.execute(world.db.read);
    expect(rows).toEqual([]);
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    expect((await flooded(`payment.succeeded ${payment.reference}`)).status).toBe(200);
    await world.payments.judgeNotices();
    expect(await isSettled(payment.id)).toBe(true);
  });

  it('forged first does not use up the key of the true one that follows', async () => {
    const payment = await world.startPayment();
    await world.notify(payment.reference);
    await world.payments.judgeNotices();
    expect((await world.notices())[0]).toMatchObject({ state: 'done', outcome: 'unproven' });

    world.provider.change(payment.reference, { state: 'settled' });
    await world.notify(payment.reference);
    expect((await world.notices())[0]).toMatchObject({ state: 'waiting', outcome: null });
    await world.payments.judgeNotices();
    expect(await isSettled(payment.id)).toBe(true);
  });

  it.each(['expired', 'failed', 'cancelled'])(
    'forged after the payment had ended as %s does not use up the key of late money',
    async (state) => {
      const payment = await world.startPayment();
      await sql`update payment set state = ${state}, next_check_at = null
        where id = ${payment.id}`.execute(world.db.read);
      world.provider.change(payment.reference, { state: 'cancelled', reason: 'declined' });
      await world.notify(payment.reference);
      await world.payments.judgeNotices();
      world.provider.change(payment.reference, { state: 'settled', reason: undefined });
      await world.notify(payment.reference);
      await world.payments.judgeNotices();
      expect(await isSettled(payment.id)).toBe(true);
    },
  );

  it('forged while the payment only became pending does not use up the key', async () => {
    const payment = await world.startPayment();
    await sql`update payment set state = 'created', reference = null
      where id = ${payment.id}`.execute(world.db.read);
    await world.notify(payment.reference);
    await world.payments.judgeNotices();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'pending' });
    world.provider.change(payment.reference, { state: 'settled' });
    await world.notify(payment.reference);
    await world.payments.judgeNotices();
    expect(await isSettled(payment.id)).toBe(true);
  });

  it('about something the provider does not know yet is judged again when it is repeated', async () => {
    await world.notify('ref-early');
    await world.payments.judgeNotices();
    expect((await world.notices())[0]).toMatchObject({
      state: 'quarantined',
      outcome: 'unknown_at_provider',
    });
    await world.notify('ref-early');
    expect((await world.notices())[0]).toMatchObject({ state: 'waiting' });
  });

  it('about something that is not sold by us is done, and not as if money were wrong', async () => {
    const asks = (error: Error) => {
      world.provider.duringLookup = () => Promise.reject(error);
    };
    asks(new PaymentElsewhere('sold elsewhere'));
    await world.notify('elsewhere-1', 'new_donation');
    await world.payments.judgeNotices();
    const notForUs = { state: 'done', outcome: 'not_for_us' };
    expect((await world.notices())[0]).toMatchObject(notForUs);
    // A repeat is judged again, and is the same.
    await world.notify('elsewhere-1', 'new_donation');
    await world.payments.judgeNotices();
    expect(await world.notices()).toEqual([{ event: 'new_donation', ...notForUs }]);
  });

  it('of a part that went back while we are giving it back waits for that, and of another is seen', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    await world.payments.look(payment.id);
    const partly = { state: 'unrecognised', partlyBack: true, amount: LEFT } as const;
    world.provider.refundAnswer = 'pending';
    const wish = { paymentId: payment.id, amount: PART, reason: 'asked', idempotencyKey: 'part' };
    await world.payments.refund(wish);
    world.provider.change(payment.reference, partly);
    await world.notify(payment.reference, 'partly_back');
    await world.payments.judgeNotices();
    const outcome = async () => (await world.notices()).at(-1)?.outcome;
    expect(await outcome()).toBe('unproven');
    world.provider.put({
      ...{ reference: payment.reference, state: 'settled', amount: PRICE, refunded: PART },
      ...{ paymentId: payment.id, reason: undefined, createdAt: payment.createdAt, isTest: false },
    });
    await world.everythingDue();
    await world.payments.retryRefunds();
    world.provider.change(payment.reference, partly);
    await world.notify(payment.reference, 'partly_back');
    await world.payments.judgeNotices();
    expect(await outcome()).toBe('duplicate');
    // Somebody gives another part back in the cabinet: nobody here knows of it.
    world.provider.change(payment.reference, { amount: money(1n, 'RUB') });
    await world.notify(payment.reference, 'partly_back');
    await world.payments.judgeNotices();
    expect(await outcome()).toBe('unrecognised');
  });

  it('that led to its money is finished: a repeat asks nobody and changes nothing', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    await world.notify(payment.reference);
    await world.payments.judgeNotices();
    const asked = world.provider.lookups.length;
    await world.notify(payment.reference);
    expect(await world.payments.judgeNotices()).toBe(0);
    expect(world.provider.lookups).toHaveLength(asked);
    expect(await world.books()).toEqual(booksOf(PRICE));
  });

  it('that comes while an unproven one is being judged stays armed, in the same millisecond too', async () => {
    const payment = await world.startPayment();
    await world.notify(payment.reference);
    world.provider.duringLookup = async () => {
      world.provider.duringLookup = () => Promise.resolve();
      await world.notify(payment.reference);
    };
    await world.payments.judgeNotices();
    expect((await world.notices())[0]).toMatchObject({ state: 'waiting', outcome: null });
    world.provider.change(payment.reference, { state: 'settled' });
    await world.payments.judgeNotices();
    expect(await isSettled(payment.id)).toBe(true);
  });

  it('waits while the provider is away and is judged when it is back', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    world.provider.fault = 'away';
    await world.notify(payment.reference);
    expect(await world.payments.judgeNotices()).toBe(1);
    expect(await world.payments.judgeNotices()).toBe(0);
    const { rows } = await sql<{ later: boolean }>`
      select due_at > now() + interval '10 seconds' as later from payment_notice
       where state = 'waiting' and lease_until is null`.execute(world.db.read);
    expect(rows).toEqual([{ later: true }]);
    world.provider.fault = 'none';
    await world.everythingDue();
    await world.payments.judgeNotices();
    expect(await isSettled(payment.id)).toBe(true);
  });

  it('whose judge died is judged again once its lease has passed, and counts once', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    await world.notify(payment.reference);
    // The first taker stands still inside its question until the second has finished.
    let resume = (): void => undefined;
    const stopped = new Promise<void>((resolve) => {
      world.provider.duringLookup = () => {
        world.provider.duringLookup = () => Promise.resolve();
        resolve();
        return new Promise((go) => {
          resume = go;
        });
      };
    });
    const slow = world.payments.judgeNotices();
    await stopped;
    expect(await world.payments.judgeNotices()).toBe(0);
    await sql`update payment_notice set lease_until = now() - interval '1 second'`.execute(
      world.db.read,
    );
    expect(await world.payments.judgeNotices()).toBe(1);
    resume();
    await slow;
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect((await world.notices())[0]).toMatchObject({ state: 'done', outcome: 'moved' });
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
  });

  it('is answered with 200 only after its commit: a database that refuses it makes it fail', async () => {
    await sql`select 1`.execute(world.db.read);
    await world.db.close();
    await expect(world.notify('ref-any')).rejects.toThrow();
    opened.splice(opened.indexOf(world), 1);
  });
});
