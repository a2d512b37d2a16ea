/**
 * Recurring orders that Tribute charges by its own schedule: our business over a real database, our
 * adapter, and Tribute simulated, which charges a period on demand and tells of it. The path that ends
 * an order is a setting, because its documents name none; the simulator's is a guess as good as any.
 */
import { money } from '@opora/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Payment } from '../src/modules/payments/index.ts';
import { RENEWAL_WORDS } from '../src/modules/subscriptions/index.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TERM_MS = 30 * DAY_MS;
const PRICE = money(499_00n, 'RUB');
const PATIENCE = { timeout: 10_000, interval: 25 };

let shop: VendorWorld;
beforeAll(async () => {
  const settings = { TRIBUTE_CANCEL_PATH: 'shop/orders/{uuid}/cancel' };
  shop = await createVendorWorld('tribute', PRICE, { settings });
});
afterAll(() => shop.close());

const endsAt = async (personId: string): Promise<number> =>
  (await shop.subscription(personId)).expiresAt.getTime();
/** Tribute charges the next period now. */
const charged = ({ reference = '' }: Payment, outcome = 'success') =>
  shop.ask('POST', `/payments/${reference}/renew`, { outcome });
/** What came is judged, and the worker goes round, until this is so. */
async function until(personId: string, at: number): Promise<void> {
  await expect
    .poll(async () => {
      await shop.world.payments.judgeNotices();
      await shop.round();
      return endsAt(personId);
    }, PATIENCE)
    .toBe(at);
}
async function ended(personId: string): Promise<void> {
  const { id } = await shop.subscription(personId);
  await shop.world.subscriptions.renewals.switchOff(id, personId);
  for (const { methodId } of await shop.world.jobsOf('payments.forgetMethod')) {
    await shop.world.payments.methods.forget(String(methodId));
  }
}

it('extends by each charge once, as an order and a payment of its own', async () => {
  const first = await shop.bought('per_renews', RENEWAL_WORDS);
  expect(await shop.method('per_renews')).toMatchObject({
    ...{ paymentId: first.id, state: 'active', title: 'Tribute •• 4242' },
  });
  const term = await endsAt('per_renews');
  await shop.pass(27 * DAY_MS + 12 * HOUR_MS, DAY_MS / 2);
  expect(await shop.world.jobsOf('tell.renewalSoon')).toHaveLength(1);
  await charged(first);
  await until('per_renews', term + TERM_MS);
  await shop.act(first, 'resend');
  await charged(first);
  await until('per_renews', term + 2 * TERM_MS);
  const { items } = await shop.world.payments.ofPerson('per_renews', { limit: 10 });
  expect(items).toHaveLength(3);
  expect(new Set(items.map(({ orderId }) => orderId)).size).toBe(3);
  expect((await shop.world.books()).customers).toBe(0n);
  await ended('per_renews');
  expect(
    shop.calls().filter((call) => /^POST \/shop\/orders\/[\w-]+\/cancel 200$/.test(call)),
  ).toHaveLength(1);
});

it('that nobody agreed to is paid once', async () => {
  const payment = await shop.bought('per_plain');
  expect(await shop.world.payments.methods.ofPerson('per_plain')).toEqual([]);
  await expect(charged(payment)).rejects.toThrow(/no active subscription/);
});

it('whose notice was lost is asked for before it is said that none came', async () => {
  const payment = await shop.bought('per_lost', RENEWAL_WORDS);
  const term = await endsAt('per_lost');
  await shop.pass(TERM_MS - HOUR_MS, TERM_MS - HOUR_MS);
  shop.losesAnswers({ probability: 0, seed: 1, isMute: true });
  await charged(payment);
  await shop.pass(2 * HOUR_MS, HOUR_MS);
  shop.clear();
  // It is known from the moment it was found on, and the customer loses nothing by that.
  expect(await endsAt('per_lost')).toBeGreaterThanOrEqual(term + TERM_MS);
  await ended('per_lost');
});

it('that does not come within five days has ended, and is ended there', async () => {
  const payment = await shop.bought('per_poor', RENEWAL_WORDS);
  const term = await endsAt('per_poor');
  for (let tries = 0; tries < 3; tries += 1) await charged(payment, 'failed');
  await shop.pass(TERM_MS + 4 * DAY_MS, DAY_MS);
  expect(await shop.renewal('per_poor')).toMatchObject({ state: 'on' });
  await shop.pass(2 * DAY_MS, DAY_MS / 2);
  expect(await shop.renewal('per_poor')).toMatchObject({ state: 'ended', why: 'declined' });
  expect(await endsAt('per_poor')).toBe(term);
  const { id } = await shop.method('per_poor');
  // Tribute had ended it by itself: nothing is asked twice.
  await shop.world.payments.methods.forget(id);
});

it('that nobody but staff can end there is left to them, once', async () => {
  const payment = await shop.bought('per_left', RENEWAL_WORDS);
  const { id } = await shop.method('per_left');
  const { removeMethod, capabilities } = shop.provider;
  // The setting that says how an order is ended is gone.
  const withoutPath = { ...capabilities, savedMethods: 'none' };
  Object.assign(shop.provider, { removeMethod: undefined, capabilities: withoutPath });
  await shop.world.subscriptions.renewals.removeMethod(id, 'per_left');
  await shop.world.payments.methods.forget(id);
  await shop.world.payments.methods.forget(id);
  Object.assign(shop.provider, { removeMethod, capabilities });
  expect(await shop.world.jobsOf('staff.methodLeft')).toEqual([
    { methodId: id, personId: 'per_left', paymentId: payment.id, provider: 'tribute' },
  ]);
  const timeline = await shop.world.payments.timeline(payment.id);
  expect(timeline.map(({ kind }) => kind)).toContain('renewal goes on at the provider');
});
