/**
 * The answer to a refund is lost at each vendor that gives money back: it was carried out there or it
 * was not, and nobody here knows. Asked again it is the same refund: given back once, and booked once.
 */
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId } from '../src/modules/payments/index.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const MINUTE_MS = 60_000;
const PATIENCE = { timeout: 20_000, interval: 50 };

const PRICES: Partial<Record<ProviderId, Money>> = {
  yookassa: money(499_00n, 'RUB'),
  tkassa: money(499_00n, 'RUB'),
  stripe: money(4_99n, 'USD'),
  paypal: money(4_99n, 'USD'),
  tribute: money(499_00n, 'RUB'),
};

describe.each(Object.entries(PRICES))('%s', (id, price) => {
  const vendor = id as ProviderId; // a key of the table
  let shop: VendorWorld;
  beforeAll(async () => {
    shop = await createVendorWorld(vendor, price);
  });
  afterAll(() => shop.close());

  it.each([1, 7, 19])('gives back once, whichever answers are lost (seed %i)', async (seed) => {
    const person = `per_lost_${String(seed)}`;
    const payment = await shop.bought(person);
    const before = await shop.world.books();
    shop.losesAnswers({ probability: 0.6, seed, isMute: true });
    const { payments } = shop.world;
    const wish = { paymentId: payment.id, amount: price, reason: 'asked', idempotencyKey: person };
    await payments.refund(wish).catch(() => undefined);
    await shop.world.everythingDue();
    await payments.retryRefunds();
    shop.clear();
    await expect
      .poll(async () => {
        await shop.world.clock.advance(MINUTE_MS);
        await shop.world.everythingDue();
        await payments.retryRefunds();
        await payments.judgeNotices();
        return (await payments.refund(wish)).state;
      }, PATIENCE)
      .toBe('refunded');
    expect(await payments.find(payment.id)).toMatchObject({ state: 'refunded', refunded: price });
    const { taken, returned } = await shop.bill(payment);
    expect(returned).toBe(taken);
    const after = await shop.world.books();
    expect(after).toMatchObject({ sales: before.sales + price.minor, sum: 0n });
    expect(after.clearing).toBe(before.clearing - price.minor);
  });
});
