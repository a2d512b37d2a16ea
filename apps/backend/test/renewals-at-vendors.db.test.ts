/**
 * Renewals and disputes at the vendors whose methods we charge, from the purchase to the books: our
 * business over a real database, our adapters, and the simulated vendors, which keep methods, charge
 * them, decline in the vendors' words and send their own notices. A vendor that says it keeps
 * methods for us has a row here.
 */
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payment, ProviderId } from '../src/modules/payments/index.ts';
import { RENEWAL_WORDS } from '../src/modules/subscriptions/index.ts';
import { savingProviders } from './saving-providers.ts';
import { createVendorWorld, type Json, type VendorWorld } from './vendor-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TERM_MS = 30 * DAY_MS;
const PATIENCE = { timeout: 10_000, interval: 25 };

type Row = Readonly<{
  price: Money;
  /** What the vendor's cabinet makes a charge of a saved method meet, by what it should mean. */
  meets: Readonly<Record<'retry' | 'another' | 'stop', string>>;
  title: string;
  /** The call by which the vendor forgets a method; undefined: it has none. */
  removal: RegExp | undefined;
  /** It tells of disputes. */
  hasDisputes: boolean;
  /** Which answer of a charge is lost; its calls before that one arrive. */
  loses: Readonly<{ probability: number; seed: number }>;
  /** What its cabinet has to allow first. */
  cabinet?: Json;
}>;

const FIRST = { probability: 1, seed: 1 };
const VENDORS: Partial<Record<ProviderId, Row>> = {
  yookassa: {
    price: money(499_00n, 'RUB'),
    meets: { retry: 'insufficient_funds', another: 'card_expired', stop: 'permission_revoked' },
    title: '•• 4477',
    removal: undefined,
    hasDisputes: false,
    loses: FIRST,
  },
  tkassa: {
    price: money(499_00n, 'RUB'),
    meets: { retry: 'noFunds', another: 'otherCard', stop: 'lostCard' },
    title: '•• 0013',
    removal: /^RemoveCard OK$/,
    hasDisputes: false,
    // The order is asked for, the payment begun: both answers come, that of the charge is lost.
    loses: { probability: 0.5, seed: 38 },
    cabinet: { chargeAllowed: true },
  },
  stripe: {
    price: money(4_99n, 'USD'),
    meets: { retry: 'insufficient_funds', another: 'authentication_required', stop: 'lost_card' },
    title: '•• 4242',
    removal: /^POST \/payment_methods\/pm_\w+\/detach 200$/,
    hasDisputes: true,
    loses: FIRST,
  },
  paypal: {
    price: money(4_99n, 'USD'),
    meets: { retry: 'declined', another: 'blocked', stop: 'revoked' },
    title: 'PayPal b•••@personal.example.com',
    removal: /^DELETE \/v3\/vault\/payment-tokens\/\w+ 204$/,
    hasDisputes: true,
    loses: FIRST,
  },
};

it('has a row for every vendor that says it keeps methods for us', () => {
  expect(savingProviders('merchant').toSorted()).toEqual(Object.keys(VENDORS).toSorted());
});

describe.each(Object.entries(VENDORS))('%s', (id, row) => {
  const vendor = id as ProviderId; // a key of the table
  const { price, meets } = row;
  let shop: VendorWorld;

  beforeAll(async () => {
    shop = await createVendorWorld(vendor, price);
    if (row.cabinet !== undefined) await shop.set(row.cabinet);
  });
  afterAll(async () => {
    await shop.close();
  });

  const meet = (savedCharge: string) => shop.set({ savedCharge });
  const switchOff = async (personId: string): Promise<void> => {
    const { id: subscriptionId } = await shop.subscription(personId);
    await shop.world.subscriptions.renewals.switchOff(subscriptionId, personId);
  };
  const endsAt = async (personId: string): Promise<number> =>
    (await shop.subscription(personId)).expiresAt.getTime();
  /** Until an hour before the charge of what was just bought. */
  const almostDue = async (): Promise<void> => {
    await shop.pass(26 * DAY_MS, 26 * DAY_MS);
    await shop.pass(2 * DAY_MS, DAY_MS / 2);
    await shop.pass(23 * HOUR_MS, 23 * HOUR_MS);
  };
  /** The same, with what a charge asks first (an access token) fresh, so that its own answer is lost. */
  const dueAndFresh = async ({ reference = '' }: Payment): Promise<void> => {
    await almostDue();
    await shop.provider.lookup(reference);
  };

  it('keeps the method with the money, charges it when it is due, and extends', async () => {
    const before = await shop.world.books();
    const payment = await shop.bought('per_renews', RENEWAL_WORDS);
    expect(await shop.method('per_renews')).toMatchObject({
      ...{ paymentId: payment.id, state: 'active', title: row.title },
    });
    const expiresAt = await endsAt('per_renews');
    const paid = await shop.taken();
    await almostDue();
    expect(await shop.taken()).toEqual(paid);
    await shop.pass(3 * HOUR_MS, HOUR_MS);
    expect(await shop.taken()).toHaveLength(paid.length + 1);
    expect(await endsAt('per_renews')).toBe(expiresAt + TERM_MS);
    const after = await shop.world.books();
    expect(after).toMatchObject({ sales: before.sales - 2n * price.minor, sum: 0n });
    await switchOff('per_renews');
  });

  it('that keeps nothing unasked cannot charge', async () => {
    await shop.bought('per_plain');
    expect(await shop.world.payments.methods.ofPerson('per_plain')).toEqual([]);
  });

  it('whose answer was lost is asked for the same charge again and takes money once', async () => {
    const payment = await shop.bought('per_lost', RENEWAL_WORDS);
    const expiresAt = await endsAt('per_lost');
    await dueAndFresh(payment);
    const paid = await shop.taken();
    shop.losesAnswers({ ...row.loses, isMute: true });
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    shop.clear();
    expect(await shop.taken()).toHaveLength(paid.length + 1);
    expect(await endsAt('per_lost')).toBe(expiresAt);
    await shop.world.everythingDue();
    await shop.world.payments.askDue();
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    expect(await shop.taken()).toHaveLength(paid.length + 1);
    expect(await endsAt('per_lost')).toBe(expiresAt + TERM_MS);
    await switchOff('per_lost');
  });

  it('whose answer was lost is paid by the notice, when that comes first', async () => {
    const payment = await shop.bought('per_told', RENEWAL_WORDS);
    const expiresAt = await endsAt('per_told');
    await dueAndFresh(payment);
    shop.losesAnswers(row.loses);
    await shop.pass(HOUR_MS, HOUR_MS);
    shop.clear();
    await expect
      .poll(async () => {
        await shop.world.payments.judgeNotices();
        await shop.round();
        return endsAt('per_told');
      }, PATIENCE)
      .toBe(expiresAt + TERM_MS);
    await switchOff('per_told');
  });

  it('whose answer stays away longer than the key lives is found by our id or its list, where there is one', async () => {
    const payment = await shop.bought('per_found', RENEWAL_WORDS);
    const expiresAt = await endsAt('per_found');
    await dueAndFresh(payment);
    const paid = await shop.taken();
    shop.losesAnswers({ ...row.loses, isMute: true });
    await shop.pass(HOUR_MS, HOUR_MS);
    shop.fails();
    await shop.pass(6 * HOUR_MS, HOUR_MS);
    shop.clear();
    await shop.world.everythingDue();
    await shop.world.payments.askDue();
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    expect(await shop.taken()).toHaveLength(paid.length + 1);
    const isFound = shop.provider.capabilities.lists || shop.provider.find !== undefined;
    expect(await endsAt('per_found')).toBe(expiresAt + (isFound ? TERM_MS : 0));
    await switchOff('per_found');
  });

  it('declines softly: it is tried again later, and then paid', async () => {
    await shop.bought('per_poor', RENEWAL_WORDS);
    const expiresAt = await endsAt('per_poor');
    await almostDue();
    await meet(meets.retry);
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    expect(await shop.renewal('per_poor')).toMatchObject({ state: 'on' });
    expect(await endsAt('per_poor')).toBe(expiresAt);
    await meet('succeeded');
    await shop.pass(7 * HOUR_MS, HOUR_MS);
    expect(await endsAt('per_poor')).toBe(expiresAt + TERM_MS);
    await switchOff('per_poor');
  });

  it.each([
    ['another', 'another_method', 'active'],
    ['stop', 'stop', 'refused'],
  ] as const)('declines for good (%s): nobody tries again', async (meeting, why, state) => {
    const person = `per_${meeting}`;
    await shop.bought(person, RENEWAL_WORDS);
    await almostDue();
    const paid = await shop.taken();
    await meet(meets[meeting]);
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    await meet('succeeded');
    await shop.pass(2 * DAY_MS, HOUR_MS * 6);
    expect(await shop.renewal(person)).toMatchObject({ state: 'ended', why });
    expect((await shop.method(person)).state).toBe(state);
    expect(await shop.taken()).toEqual(paid);
  });

  it('forgets a method that its owner removed, also when it was away at first', async () => {
    const { world } = shop;
    await shop.bought('per_removes', RENEWAL_WORDS);
    const { id: methodId } = await shop.method('per_removes');
    await world.subscriptions.renewals.removeMethod(methodId, 'per_removes');
    const jobs = await world.jobsOf('payments.forgetMethod');
    expect(jobs.filter((job) => job['methodId'] === methodId)).toHaveLength(1);
    const before = shop.calls().length;
    const removals = () => shop.calls().filter((call) => row.removal?.test(call) === true);
    shop.fails();
    const away = await world.payments.methods.forget(methodId).then(
      () => 'done',
      () => 'failed',
    );
    expect(away).toBe(row.removal === undefined ? 'done' : 'failed');
    shop.clear();
    expect(removals()).toEqual([]);
    await world.payments.methods.forget(methodId);
    await world.payments.methods.forget(methodId);
    if (row.removal === undefined) expect(shop.calls()).toHaveLength(before);
    else expect(removals().length).toBeGreaterThan(0);
  });

  it.runIf(row.hasDisputes)(
    'tells of a dispute when it opens, and whose money it is when it ends',
    async () => {
      const { world } = shop;
      const state = async ({ id: paymentId }: Payment) => {
        await world.payments.judgeNotices();
        return (await world.payments.find(paymentId)).state;
      };
      const isRunning = async (person: string) => {
        for (const { orderId } of await world.jobsOf('subscriptions.review')) {
          await world.subscriptions.review(String(orderId));
        }
        return (await endsAt(person)) > world.clock.now().getTime();
      };
      for (const [person, end, left] of [
        ['per_wins', 'lose', 'refunded'],
        ['per_loses', 'win', 'settled'],
      ] as const) {
        const payment = await shop.bought(person);
        await shop.act(payment, 'dispute');
        await expect.poll(() => state(payment), PATIENCE).toBe('disputed');
        expect(await isRunning(person)).toBe(false);
        await shop.act(payment, end);
        await expect.poll(() => state(payment), PATIENCE).toBe(left);
        expect(await isRunning(person)).toBe(end === 'win');
      }
      expect((await world.books()).sum).toBe(0n);
    },
  );
});
