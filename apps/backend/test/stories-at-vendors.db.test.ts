/**
 * What people do at a vendor's page, from the order to the access and the books (issue 4, line 1): our
 * business over a real database, our adapters and the simulated vendors, over HTTP. Every provider
 * has a row, and what a vendor cannot do says why.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payment, ProviderId } from '../src/modules/payments/index.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PATIENCE = { timeout: 10_000, interval: 25 };

type Story = 'decline' | 'late' | 'twice' | 'other' | 'part';
type Row = Readonly<{
  price: Money;
  /** After the bank refused once: may the same link be paid, or is it over? */
  declined: 'open' | 'over';
  /** Stories this vendor does not have, each with its reason. */
  never: Readonly<Partial<Record<Story | 'refund', string>>>;
}>;

const rub = money(499_00n, 'RUB');
const usd = money(4_99n, 'USD');
const EXACT = 'its page takes the exact sum and nothing else';
const ONCE = 'a link is paid once';
/** Or the file where it is told instead. */
const VENDORS: Readonly<Record<ProviderId, Row | string>> = {
  // Charged inside Telegram.
  stars: 'src/bot/stars.db.test.ts',
  yookassa: { price: rub, declined: 'over', never: { twice: ONCE, other: EXACT } },
  tkassa: { price: rub, declined: 'over', never: { twice: ONCE, other: EXACT } },
  stripe: { price: usd, declined: 'open', never: { twice: ONCE, other: EXACT } },
  paypal: { price: usd, declined: 'open', never: { twice: ONCE, other: EXACT } },
  cryptopay: {
    price: usd,
    declined: 'open',
    never: {
      ...{ twice: ONCE, other: EXACT },
      ...{ refund: 'the vendor cannot give back', part: 'the vendor cannot give back' },
    },
  },
  freekassa: { price: rub, declined: 'over', never: { part: 'whole orders only' } },
  tribute: {
    price: rub,
    declined: 'open',
    never: { twice: ONCE, other: EXACT, part: 'whole payments only' },
  },
};
const rows = Object.entries(VENDORS).flatMap(
  ([id, row]) => (typeof row === 'string' ? [] : [[id as ProviderId, row] as const]), // keys of the table
);

it('tells of the others somewhere else', () => {
  const elsewhere = Object.values(VENDORS).filter((row) => typeof row === 'string');
  for (const file of elsewhere)
    expect(existsSync(join(import.meta.dirname, '..', file))).toBe(true);
});

describe.each(rows)('%s', (vendor, row) => {
  const { price } = row;
  let shop: VendorWorld;
  let people = 0;

  beforeAll(async () => {
    shop = await createVendorWorld(vendor, price);
  });
  afterAll(async () => {
    await shop.close();
  });

  const accessOf = async (personId: string): Promise<number> =>
    (await shop.world.subscriptions.ofPerson(personId)).length;
  const now = (payment: Payment) => shop.world.payments.find(payment.id);
  /** Asks the vendor and lets happen what its answer brings. */
  async function settled(payment: Payment): Promise<Payment> {
    const looked = await shop.world.payments.look(payment.id);
    await shop.round();
    return looked;
  }
  async function begun() {
    people += 1;
    const personId = `per_${vendor}_${String(people)}`;
    return { personId, payment: await shop.begun(personId) };
  }
  /** What a vendor does not have is told in the table and tried nowhere. */
  function unless(story: Story | 'refund', title: string, test: () => Promise<void>): void {
    if (!(story in row.never)) it(title, test);
  }

  it('has every story that its page and its refunds allow', async () => {
    const { acts } = (await shop.ask('GET', '/acts')) as unknown as { acts: string[] }; // its JSON
    for (const story of ['decline', 'late', 'twice', 'other', 'refund'] as const) {
      if (!(story in row.never)) expect(acts).toContain(story);
    }
    const { refunds } = shop.provider.capabilities;
    expect('refund' in row.never).toBe(refunds === 'none');
    expect('part' in row.never).toBe(refunds !== 'partial');
  });

  it('accepted: access, and the books show one sale', async () => {
    const before = await shop.world.books();
    const { personId, payment } = await begun();
    await shop.act(payment, 'pay');
    expect(await settled(payment)).toMatchObject({ state: 'settled' });
    expect(await accessOf(personId)).toBe(1);
    const after = await shop.world.books();
    expect([after.sales - before.sales, after.sum]).toEqual([-price.minor, 0n]);
  });

  unless('decline', 'declined: no access; then the buyer pays after all', async () => {
    const { personId, payment } = await begun();
    await shop.act(payment, 'decline');
    const refused = await settled(payment);
    expect(refused.state).toBe(row.declined === 'open' ? 'pending' : 'failed');
    expect(await accessOf(personId)).toBe(0);
    const again = row.declined === 'open' ? payment : await shop.begunAgain(payment);
    await shop.act(again, 'pay');
    expect(await settled(again)).toMatchObject({ state: 'settled' });
    expect(await accessOf(personId)).toBe(1);
  });

  it('abandoned: nothing happens, and it ends by itself', async () => {
    const { personId, payment } = await begun();
    await shop.act(payment, 'abandon');
    expect(await settled(payment)).toMatchObject({ state: 'pending' });
    await shop.pass(3 * DAY_MS, DAY_MS);
    await shop.world.payments.look(payment.id);
    expect((await now(payment)).settledAt).toBeUndefined();
    expect(await accessOf(personId)).toBe(0);
  });

  unless('late', 'paid late: the order was closed, the money still brings access', async () => {
    const { personId, payment } = await begun();
    await shop.pass(2 * HOUR_MS, HOUR_MS);
    await shop.act(payment, 'late');
    expect(await settled(payment)).toMatchObject({ state: 'settled' });
    expect(await accessOf(personId)).toBe(1);
    expect((await shop.world.books()).sum).toBe(0n);
  });

  unless('twice', 'paid twice: access once, the second sum is on the balance', async () => {
    const { personId, payment } = await begun();
    await shop.act(payment, 'twice');
    await settled(payment);
    await expect
      .poll(async () => {
        await shop.world.everythingDue();
        await shop.world.payments.judgeNotices();
        await shop.round();
        return (await shop.world.payments.wallet(personId)).free.map(({ minor }) => minor);
      }, PATIENCE)
      .toEqual([price.minor]);
    expect(await accessOf(personId)).toBe(1);
  });

  unless('other', 'another sum: no access, and staff are shown it', async () => {
    const { personId, payment } = await begun();
    await shop.act(payment, 'other', { value: '1.00' });
    const looked = await settled(payment);
    expect(looked.settledAt).toBeUndefined();
    expect(await accessOf(personId)).toBe(0);
  });

  unless('refund', 'given back whole: at the vendor and in the books', async () => {
    const { payment } = await begun();
    await shop.act(payment, 'pay');
    await settled(payment);
    const before = await shop.world.books();
    await giveBack(shop, payment, price);
    expect(await now(payment)).toMatchObject({ state: 'refunded', refunded: price });
    expect(Number((await shop.bill(payment)).returned)).toBe(Number(price.minor) / 100);
    const after = await shop.world.books();
    expect([after.sales - before.sales, after.sum]).toEqual([price.minor, 0n]);
  });

  unless('part', 'given back in part: the rest can go too, and no more', async () => {
    const { payment } = await begun();
    await shop.act(payment, 'pay');
    await settled(payment);
    const part = money(1_00n, price.currency);
    await giveBack(shop, payment, part);
    expect(await now(payment)).toMatchObject({ state: 'partly_refunded', refunded: part });
    expect(Number((await shop.bill(payment)).returned)).toBe(1);
    await expect(giveBack(shop, payment, price)).rejects.toThrow();
    await giveBack(shop, payment, money(price.minor - 1_00n, price.currency));
    expect(await now(payment)).toMatchObject({ state: 'refunded', refunded: price });
  });
});

/** Receipts are required by law: the vendor refuses what has none, or one that does not add up. */
describe.each(['yookassa', 'tkassa'] as const)(
  '%s of a shop that owes receipts (54-FZ)',
  (vendor) => {
    const shopWith = async (rules: Parameters<typeof createVendorWorld>[2]) => {
      const shop = await createVendorWorld(vendor, rub, rules);
      await shop.set({ receiptsRequired: true });
      return shop;
    };

    it('takes payments and gives back parts, each with its receipt', async () => {
      const shop = await shopWith({ receiptsTo: 'receipts@example.com' });
      const payment = await shop.bought('per_receipts');
      await giveBack(shop, payment, money(100_00n, 'RUB'));
      await giveBack(shop, payment, money(399_00n, 'RUB'));
      expect(await shop.world.payments.find(payment.id)).toMatchObject({ state: 'refunded' });
      await shop.close();
    });

    it('is refused without them', async () => {
      const shop = await shopWith({});
      await expect(shop.begun('per_none')).rejects.toThrow(/receipt/i);
      await shop.close();
    });
  },
);

async function giveBack(shop: VendorWorld, payment: Payment, amount: Money): Promise<void> {
  const refunded = async () => (await shop.world.payments.find(payment.id)).refunded.minor;
  const idempotencyKey = `${payment.id} ${String(amount.minor)}`;
  const before = await refunded();
  await shop.world.payments.refund({
    ...{ paymentId: payment.id, amount, reason: 'asked', idempotencyKey },
  });
  // Some vendors take their time and say it in a notice.
  await expect
    .poll(async () => {
      await shop.world.clock.advance(60_000);
      await shop.world.everythingDue();
      await shop.world.payments.retryRefunds();
      await shop.world.payments.judgeNotices();
      return (await refunded()) - before;
    }, PATIENCE)
    .toBe(amount.minor);
}
