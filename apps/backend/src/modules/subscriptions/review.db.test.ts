import { money } from '@opora/kernel';
import { afterAll, describe, expect, it } from 'vitest';
import { createMoneyWorld, POLICY, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import type { AccessPolicy } from './index.ts';

const DAY_MS = 86_400_000;
const opened: MoneyWorld[] = [];
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

type Bought = Readonly<{ id: string; orderId: string; reference: string; personId: string }>;

/** One customer under a policy; days count from the start. */
async function customer(policy: AccessPolicy = POLICY) {
  const world = await createMoneyWorld(5, undefined, { policy });
  opened.push(world);
  const start = world.clock.now().getTime();
  const PERSON = 'per_1';
  const NOTHING = money(0n, 'RUB');

  /** Every job there ever was, again: as often as killed workers would, and not in their order. */
  async function runJobs(): Promise<void> {
    const extend = await world.jobsOf('subscriptions.extend');
    const review = await world.jobsOf('subscriptions.review');
    for (const { orderId } of review) await world.subscriptions.review(String(orderId));
    for (const { orderId } of extend) await world.subscriptions.extend(String(orderId));
    for (const { orderId } of review) await world.subscriptions.review(String(orderId));
  }

  let notices = 0;
  async function told(payment: Bought, fact: Parameters<typeof world.provider.change>[1]) {
    world.provider.change(payment.reference, fact);
    notices += 1;
    await world.notify(payment.reference, `event-${String(notices)}`);
    await world.payments.judgeNotices();
    await runJobs();
  }

  return {
    world,
    told,
    async buy(fact: Parameters<typeof world.provider.change>[1] = { state: 'settled' }) {
      const payment = await world.startPayment(await world.placeOrder(PERSON));
      await told(payment, fact);
      return payment;
    },
    refund: (payment: Bought, refunded = PRICE) => told(payment, { state: 'settled', refunded }),
    dispute: (payment: Bought) => told(payment, { state: 'disputed' }),
    win: (payment: Bought) => told(payment, { state: 'settled', refunded: NOTHING }),
    lose: (payment: Bought) => told(payment, { state: 'settled', refunded: PRICE }),
    pass: (days: number) => world.clock.advance(days * DAY_MS),
    /** On which day access ends; undefined: none was ever given. */
    async endsOn() {
      const [subscription] = await world.subscriptions.ofPerson(PERSON);
      if (subscription === undefined) return undefined;
      return (subscription.expiresAt.getTime() - start) / DAY_MS;
    },
    async revisions() {
      const [subscription] = await world.subscriptions.ofPerson(PERSON);
      return subscription?.revision;
    },
  };
}

/** What is left on day 10 of an order of 30 days, behind it another one of 30. */
describe.each([
  // policy         refunded  disputed  won  lost
  ['immediately', 40, 40, 60, 40],
  ['at_period_end', 60, 60, 60, 60],
  ['never', 60, 60, 60, 60],
] as const)('with "%s" for both', (change, refunded, disputed, won, lost) => {
  const policy = { onRefund: change, onDispute: change };

  it(`a refund on day 10 leaves access until day ${String(refunded)}`, async () => {
    const one = await customer(policy);
    const first = await one.buy();
    await one.buy();
    await one.pass(10);
    await one.refund(first);
    expect(await one.endsOn()).toBe(refunded);
  });

  it(`a dispute leaves it until day ${String(disputed)}; won at once ${String(won)}, lost ${String(lost)}`, async () => {
    for (const end of ['win', 'lose'] as const) {
      const one = await customer(policy);
      const first = await one.buy();
      await one.buy();
      await one.pass(10);
      await one.dispute(first);
      expect(await one.endsOn()).toBe(disputed);
      await one[end](first);
      expect(await one.endsOn()).toBe(end === 'win' ? won : lost);
    }
  });

  it('a refund in part changes nothing', async () => {
    const one = await customer(policy);
    const first = await one.buy();
    await one.pass(10);
    await one.refund(first, money(PRICE.minor - 1n, 'RUB'));
    expect(await one.endsOn()).toBe(30);
  });

  it('money that went back before anything was given gives nothing', async () => {
    const one = await customer(policy);
    await one.buy({ state: 'settled', refunded: PRICE });
    expect(await one.endsOn()).toBeUndefined();
  });
});

describe('an order whose money is taken back', () => {
  it('gives back the days of the time it was closed when the dispute is won', async () => {
    const one = await customer();
    const payment = await one.buy();
    await one.pass(10);
    await one.dispute(payment);
    expect(await one.endsOn()).toBe(10);
    await one.pass(50);
    await one.win(payment);
    expect(await one.endsOn()).toBe(60 + 20);
  });

  it('is closed once by a refund after a dispute, and by a dispute after a refund', async () => {
    const one = await customer();
    const [first, second] = [await one.buy(), await one.buy()];
    await one.pass(10);
    await one.dispute(first);
    await one.refund(first);
    expect(await one.endsOn()).toBe(40);
    await one.refund(second);
    await one.told(second, { state: 'disputed', refunded: PRICE });
    await one.told(second, { state: 'settled', refunded: PRICE });
    expect(await one.endsOn()).toBe(10);
  });

  it('stays closed when the dispute is lost, though a refund alone would not close it', async () => {
    const one = await customer({ onRefund: 'never', onDispute: 'immediately' });
    const payment = await one.buy();
    await one.pass(10);
    await one.dispute(payment);
    await one.lose(payment);
    expect(await one.endsOn()).toBe(10);
  });

  it('opens again when only a part was lost: that is a refund in part', async () => {
    const one = await customer();
    const payment = await one.buy();
    await one.pass(10);
    await one.dispute(payment);
    await one.refund(payment, money(100n, 'RUB'));
    expect(await one.endsOn()).toBe(30);
  });

  it('changes nothing more when everybody tells it again', async () => {
    const one = await customer();
    const payment = await one.buy();
    await one.pass(10);
    await one.dispute(payment);
    const before = await one.revisions();
    await one.pass(1);
    await one.dispute(payment);
    await Promise.all(
      Array.from({ length: 10 }, () => one.world.subscriptions.review(payment.orderId)),
    );
    expect([await one.endsOn(), await one.revisions()]).toEqual([10, before]);
  });

  it('gives its access when we heard of the dispute first and it is won', async () => {
    const one = await customer();
    const payment = await one.buy({ state: 'disputed' });
    expect(await one.endsOn()).toBeUndefined();
    expect(await one.world.books()).toMatchObject({ sales: -PRICE.minor, sum: 0n });
    await one.pass(10);
    await one.win(payment);
    expect(await one.endsOn()).toBe(30);
  });

  it('leaves what was bought before and after it alone', async () => {
    const one = await customer();
    await one.buy();
    const second = await one.buy();
    await one.pass(45);
    await one.buy();
    await one.refund(second);
    // Day 45 is the fifteenth of the second order: its other fifteen go, the third stays whole.
    expect(await one.endsOn()).toBe(75);
  });
});
