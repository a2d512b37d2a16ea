import { money } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
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
  return items.map(({ kind, state, reference, paymentId }) => ({
    kind,
    state,
    reference,
    paymentId,
  }));
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

describe('two books that agree', () => {
  it('are said to, with what was compared, and nothing is asked twice', async () => {
    await paid();
    await world.startPayment();
    world.provider.lookups.length = 0;
    expect(await reconcile()).toMatchObject({
      state: 'agreed',
      provider: 'yookassa',
      day: DAY,
      theirs: 2,
      ours: 1,
      found: 0,
      repaired: 0,
      failure: undefined,
      finishedAt: world.clock.now(),
    });
    expect(world.provider.lookups).toEqual([]);
    expect(await differences()).toEqual([]);
  });

  it('have an hour on both sides, and what belongs to another day is left to it', async () => {
    world.provider.put(stranger({ createdAt: new Date('2026-11-19T23:30:00Z') }));
    world.provider.put(
      stranger({ reference: 'just-in-time', createdAt: new Date('2026-11-20T23:59:59Z') }),
    );
    expect(await reconcile()).toMatchObject({ theirs: 1, found: 1 });
    expect(world.provider.windows).toEqual([
      { from: new Date('2026-11-19T23:00:00Z'), to: new Date('2026-11-21T01:00:00Z') },
    ]);
    expect(await differences()).toMatchObject([{ reference: 'just-in-time' }]);
  });

  it('are those of one day when the clocks of the two stand an hour apart', async () => {
    const payment = await world.startPayment();
    const createdAt = new Date('2026-11-21T00:20:00Z');
    world.provider.change(payment.reference, { state: 'settled', createdAt });
    expect(await reconcile()).toMatchObject({ found: 1, repaired: 1 });
  });
});

describe('what our core can apply', () => {
  it('is money whose notice was lost: the order is paid, once', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'settled' });
    expect(await reconcile()).toMatchObject({ state: 'agreed', found: 1, repaired: 1 });
    expect(await world.orders.find(payment.orderId)).toMatchObject({ state: 'paid' });
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
    expect(await world.payments.timeline(payment.id)).toContainEqual(
      expect.objectContaining({ kind: 'settled', detail: 'told by reconciliation' }),
    );
    expect(await differences()).toEqual([
      {
        kind: 'not_settled_here',
        state: 'repaired',
        reference: payment.reference,
        paymentId: payment.id,
      },
    ]);
    await reconcile();
    expect(await world.books()).toEqual(booksOf(PRICE));
    expect(await world.jobsOf('subscriptions.extend')).toHaveLength(1);
  });

  it('is money whose payment had ended here: real money is still money', async () => {
    const payment = await world.startPayment();
    await sql`update payment set state = 'expired', next_check_at = null`.execute(world.db.read);
    world.provider.change(payment.reference, { state: 'settled' });
    expect(await reconcile()).toMatchObject({ repaired: 1 });
    expect(await world.books()).toEqual(booksOf(PRICE));
  });

  it('is money of a payment whose start was never answered', async () => {
    world.provider.fault = 'answer lost';
    const order = await world.placeOrder();
    await world.startPayment(order).catch(() => undefined);
    world.provider.fault = 'none';
    const started = await world.payments.newestOf(order.id);
    expect(started?.reference).toBeUndefined();
    world.provider.change(`ref-${started?.id ?? ''}`, { state: 'settled' });
    expect(await reconcile()).toMatchObject({ found: 1, repaired: 1 });
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
  });

  it('is what was given back in the cabinet', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { refunded: money(5_000n, 'RUB') });
    expect(await reconcile()).toMatchObject({ state: 'agreed', found: 1, repaired: 1 });
    expect(await world.payments.find(payment.id)).toMatchObject({
      state: 'partly_refunded',
      refunded: money(5_000n, 'RUB'),
    });
    expect(await differences()).toMatchObject([{ kind: 'refunded_there', state: 'repaired' }]);
  });

  it('is a dispute, and its end', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { state: 'disputed' });
    await reconcile();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'disputed' });
    world.provider.change(payment.reference, { state: 'settled' });
    await reconcile();
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'settled' });
    expect((await differences()).map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'dispute_over repaired',
      'disputed_there repaired',
    ]);
  });

  it('is a dispute of money that nobody told of', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'disputed' });
    expect(await reconcile()).toMatchObject({ state: 'agreed', found: 1, repaired: 1 });
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'disputed' });
    expect(await world.books()).toEqual(booksOf(PRICE));
  });

  it('is what was given back before the bank asked for it', async () => {
    const payment = await paid();
    world.provider.change(payment.reference, { state: 'disputed', refunded: PRICE });
    expect(await reconcile()).toMatchObject({ state: 'agreed', repaired: 1 });
    expect(await world.payments.find(payment.id)).toMatchObject({ refunded: PRICE });
  });

  it('is a hold nobody told of', async () => {
    const payment = await world.startPayment();
    world.provider.change(payment.reference, { state: 'authorised' });
    expect(await reconcile()).toMatchObject({ found: 1, repaired: 1 });
    expect(await world.payments.find(payment.id)).toMatchObject({ state: 'authorised' });
    expect(await reconcile()).toMatchObject({ found: 0 });
  });
});

describe('what needs a person', () => {
  /** Each planted alone; nothing of ours changes by it. */
  const planted: Record<string, [kind: string, plant: () => Promise<string>]> = {
    'paid there under an id we do not have': [
      'unknown_here',
      () => {
        world.provider.put(stranger({ paymentId: 'pay_01jd0000000000000000000003' }));
        return Promise.resolve('made-in-the-cabinet');
      },
    ],
    'paid there without an id of ours': [
      'without_our_id',
      () => {
        world.provider.put(stranger());
        return Promise.resolve('made-in-the-cabinet');
      },
    ],
    'a second object of a payment': [
      'second_object',
      async () => {
        const { id } = await paid();
        world.provider.put(stranger({ reference: 'second', paymentId: id }));
        return 'second';
      },
    ],
    'settled here and pending there': [
      'not_paid_there',
      async () => {
        const { reference } = await paid();
        world.provider.change(reference, { state: 'pending' });
        return reference;
      },
    ],
    'settled here and cancelled there': [
      'not_paid_there',
      async () => {
        const { reference } = await paid();
        world.provider.change(reference, { state: 'cancelled' });
        return reference;
      },
    ],
    'settled here and unknown there': [
      'unknown_there',
      async () => {
        const { reference } = await paid();
        world.provider.lose(reference);
        return reference;
      },
    ],
    'another amount': [
      'wrong_amount',
      async () => {
        const { reference } = await world.startPayment();
        world.provider.change(reference, { state: 'settled', amount: money(100n, 'RUB') });
        return reference;
      },
    ],
    'another currency': [
      'wrong_currency',
      async () => {
        const { reference } = await world.startPayment();
        const amount = money(PRICE.minor, 'USD');
        world.provider.change(reference, { state: 'settled', amount, refunded: money(0n, 'USD') });
        return reference;
      },
    ],
    'given back here and not there': [
      'refunded_here',
      async () => {
        const { id, reference } = await paid();
        await world.payments.refund({
          paymentId: id,
          amount: money(5_000n, 'RUB'),
          reason: 'asked',
          idempotencyKey: id,
        });
        world.provider.change(reference, { refunded: NOTHING });
        return reference;
      },
    ],
    'a test object': [
      'test_object',
      async () => {
        const { reference } = await world.startPayment();
        world.provider.change(reference, { state: 'settled', isTest: true });
        return reference;
      },
    ],
    'a test object nobody here asked for': [
      'test_object',
      () => {
        world.provider.put(stranger({ isTest: true }));
        return Promise.resolve('made-in-the-cabinet');
      },
    ],
    'a word we do not know': [
      'unrecognised',
      async () => {
        const { reference } = await world.startPayment();
        world.provider.change(reference, { state: 'unrecognised', reason: 'status MOONED' });
        return reference;
      },
    ],
  };

  it.each(Object.entries(planted))(
    '%s is reported, and only that',
    async (_name, [kind, plant]) => {
      const reference = await plant();
      const before = await world.books();
      expect(await reconcile()).toMatchObject({ state: 'differs', found: 1, repaired: 0 });
      const left = (await differences()).filter(({ state }) => state === 'open');
      expect(left).toMatchObject([{ kind, reference }]);
      expect(await world.books()).toEqual(before);
    },
  );

  it('is the same difference when it is met again, and gone when it is met no more', async () => {
    world.provider.put(stranger());
    await reconcile();
    await reconcile();
    expect(await differences()).toMatchObject([{ state: 'open' }]);
    world.provider.lose('made-in-the-cabinet');
    expect(await reconcile()).toMatchObject({ state: 'agreed' });
    expect(await differences()).toMatchObject([{ state: 'gone' }]);
  });

  it('is not an unpaid object, whoever made it: there is no money to disagree about', async () => {
    world.provider.put(stranger({ state: 'pending' }));
    world.provider.put(stranger({ reference: 'b', state: 'cancelled', isTest: true }));
    expect(await reconcile()).toMatchObject({ state: 'agreed', found: 0 });
  });
});

describe('a list that changes while it is read', () => {
  it('makes no difference of a payment that was settled meanwhile', async () => {
    const payment = await world.startPayment();
    // The list says `pending`; then it is paid and its notice judged, before we compare.
    world.provider.duringList = async (given) => {
      if (given !== 1) return;
      world.provider.change(payment.reference, { state: 'settled' });
      await world.notify(payment.reference);
      await world.payments.judgeNotices();
    };
    expect(await reconcile()).toMatchObject({ state: 'agreed', found: 0 });
    expect(world.provider.lookups).toContain(payment.reference);
  });

  it('makes no difference of a payment that moved to another page and was not read', async () => {
    const payment = await paid();
    world.provider.duringList = () => {
      world.provider.change(payment.reference, { createdAt: new Date(0) });
      return Promise.resolve();
    };
    expect(await reconcile()).toMatchObject({ state: 'agreed', theirs: 0, ours: 1, found: 0 });
  });
});
