/**
 * Every story of a payment at every vendor, over HTTP: our core on a real database, our adapter, the
 * vendor simulated, and its page pressed as a buyer presses it. The table is `vendor-stories.ts`.
 */
import { formatMajor, money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../src/modules/orders/index.ts';
import { createProviders, type Payment, type ProviderId } from '../src/modules/payments/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createHttpClient } from '../src/platform/http-client/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createLog } from '../src/platform/log/index.ts';
import { offers, openPage, press, resultOf, type OpenPage } from './checkout-page.ts';
import { STORIES, VENDORS, type Ending, type Story } from './vendor-stories.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const BUYER = 77_001;
const UPDATES = '/telegram/control/updates/pending';
const NOTHING_WAITS = '{"count":0}';

it('has a row for every provider there is', async () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', role: 'test', write: (line) => lines.push(line) });
  const http = createHttpClient({ clock: systemClock });
  createProviders(
    {},
    { http, clock: systemClock, log, breaker: () => ({ run: (call) => call() }) },
  );
  await http.close();
  // Without its settings none is offered, and each says so.
  const known = lines.map((line) => /"provider":"(\w+)"/.exec(line)?.[1]);
  expect(known.toSorted()).toEqual(Object.keys(VENDORS).toSorted());
});

describe.each(Object.entries(VENDORS))('%s', (id, row) => {
  const vendor = id as ProviderId; // a key of the table
  let shop: VendorWorld;
  /** Notices of earlier stories. */
  let known = 0;

  beforeAll(async () => {
    shop = await createVendorWorld(vendor, row.price);
    const base = shop.simulators.selfUrl;
    const buyer = JSON.stringify({ id: BUYER, name: 'Anna', language: 'en', started: true });
    await fetch(`${base}/telegram/control/people`, { method: 'POST', body: buyer });
  });
  afterAll(async () => {
    await shop.close();
  });

  async function placed(): Promise<Order> {
    const { catalog, orders } = shop.world;
    const { versionId: planVersionId } = await catalog.byCode('vpn', 'month');
    const personId = systemIds.next('per');
    return orders.place({ personId, product: 'vpn', planVersionId, amount: row.price });
  }
  const startAt = (provider: ProviderId, { id: orderId }: Order): Promise<Payment> =>
    shop.world.payments.start({ orderId, provider, language: 'en', description: 'Month' });
  const page = (payment: Payment): Promise<OpenPage> => openPage(payment.checkoutUrl ?? '');
  const button = (story: keyof typeof PRESSED): string => row.buttons?.[story] ?? PRESSED[story];
  const tap = (at: OpenPage, testId: string, typed = {}): Promise<OpenPage> =>
    press(at, testId, { person: String(BUYER), ...typed });

  /**
   * Every notice has arrived and was answered well. Before time is moved too: one that is on its way
   * meanwhile would be too old when it comes, and its vendor repeats it in hours.
   */
  async function allTold(): Promise<void> {
    const isDone = async (): Promise<boolean> => {
      const deliveries = await shop.deliveries();
      const updates = await fetch(`${shop.simulators.selfUrl}${UPDATES}`);
      return (
        deliveries.every(({ state }) => state === 'done') &&
        (await updates.text()) === NOTHING_WAITS
      );
    };
    await expect.poll(isDone, PATIENCE).toBe(true);
  }

  /** All is told, and what it brought is in the books. */
  async function quiet(): Promise<void> {
    await allTold();
    while ((await shop.world.payments.judgeNotices()) > 0);
  }

  async function ending({ id: orderId, personId }: Order): Promise<Ending> {
    const { payments, orders, subscriptions, ledger, db, clock } = shop.world;
    const own = (await payments.ofOrder(orderId)).filter(({ provider }) => provider === vendor);
    const ids = own.map((payment) => payment.secondOf ?? payment.id);
    const taken = (await shop.bills())
      .filter(
        (bill) =>
          ids.includes(bill.reference ?? '') || own.some((one) => one.reference === bill.id),
      )
      .reduce((sum, bill) => sum + Number(bill.taken) - Number(bill.returned), 0);
    const balance = await ledger.balance(db.read, personId, row.price.currency);
    const news = (await shop.world.notices()).slice(known);
    const odd = news.find(({ state }) => state === 'quarantined')?.outcome;
    await shop.round();
    const bought = await subscriptions.ofPerson(personId);
    const hasAccess = bought.some(({ expiresAt }) => expiresAt > clock.now());
    const order = await orders.find(orderId);
    return {
      ...(order.state !== 'refunded' && { hasAccess }),
      payments: own.map(({ state }) => state).toReversed(),
      order: order.state,
      spare: Number(balance.minor) / Number(row.price.minor),
      taken: taken / Number(formatMajor(row.price)),
      ...(odd != null && { quarantine: odd }),
    };
  }

  it.each(STORIES)('%s', async (story) => {
    const told = row.stories[story];
    const sold = await placed();
    known = (await shop.world.notices()).length;
    if ('cannot' in told) await refuses(story, sold);
    else {
      await play(story, sold);
      await expect.poll(() => nowIs(sold), PATIENCE).toEqual(told);
      // Whoever asks the vendor afterwards learns nothing new.
      await comesBack(sold);
      expect(await ending(sold)).toEqual(told);
      if (story === 'abandoned') await staysUnpaid(sold);
    }
    expect((await shop.world.books()).sum).toBe(0n);
  });

  /** The worker's rounds, and how it stands after them. */
  async function nowIs(sold: Order): Promise<Ending> {
    await shop.world.payments.judgeNotices();
    await shop.world.payments.retryRefunds();
    return ending(sold);
  }

  /** The buyer is at our page again: it asks the vendor. */
  async function comesBack(sold: Order): Promise<void> {
    for (const { id } of await shop.world.payments.ofOrder(sold.id)) {
      await shop.world.payments.look(id);
    }
  }

  async function play(story: Story, sold: Order): Promise<void> {
    const till = await page(await startAt(vendor, sold));
    expect(resultOf(till)).toBeUndefined();
    switch (story) {
      case 'accepted':
        await tap(till, row.pay);
        break;
      case 'declined':
      case 'abandoned':
        await tap(till, button(story));
        // Not every vendor tells of a refusal.
        await comesBack(sold);
        break;
      case 'recovered': {
        await tap(till, button('declined'));
        await comesBack(sold);
        await tap(await page(await startAt(vendor, sold)), row.pay);
        break;
      }
      case 'late':
        await tap(till, button('late'), { minutes: '60' });
        await allTold();
        await shop.world.clock.advance(61 * MINUTE_MS);
        await expect
          .poll(
            async () => (await shop.bills()).find(({ id }) => till.url.includes(id))?.payAt,
            PATIENCE,
          )
          .toBeUndefined();
        break;
      case 'again':
        if (row.buttons?.again !== undefined) await tap(till, row.buttons.again);
        // The page stands open in two tabs.
        else for (const tab of [till, till]) await tap(tab, row.pay);
        break;
      case 'twice':
        await payByAnotherWay(sold);
        await tap(till, row.pay);
        break;
      case 'other':
        await tap(till, 'pay-other-amount', { value: formatMajor(half(row.price)) });
        break;
      case 'whole':
      case 'part':
      case 'rest':
        await tap(till, row.pay);
        await quiet();
        await giveBack(sold, story === 'whole' ? row.price : half(row.price));
        if (story === 'rest') {
          await expect(giveBack(sold, row.price)).rejects.toMatchObject({
            code: 'payments.refund_exceeds_payment',
          });
          await giveBack(sold, half(row.price));
        }
        // Where it takes its time.
        await shop.world.clock.advance(MINUTE_MS);
        await shop.world.everythingDue();
    }
    await quiet();
  }

  /** However the vendor ends it, nothing is bought. */
  async function staysUnpaid(sold: Order): Promise<void> {
    for (let day = 0; day < 3; day += 1) {
      await allTold();
      await shop.world.clock.advance(DAY_MS);
    }
    await shop.world.everythingDue();
    await shop.world.payments.askDue();
    await quiet();
    expect(await ending(sold)).toMatchObject({ order: 'open', hasAccess: false, taken: 0 });
  }

  async function payByAnotherWay(sold: Order): Promise<void> {
    const { payments, provider } = shop.world;
    const { id, reference } = await shop.world.startPayment(sold);
    provider.change(reference, { state: 'settled' });
    expect(await payments.look(id)).toMatchObject({ state: 'settled' });
  }

  async function giveBack(sold: Order, amount: Money): Promise<void> {
    const [payment] = await shop.world.payments.ofOrder(sold.id);
    await shop.world.payments.refund({
      paymentId: payment?.id ?? '',
      amount,
      reason: 'asked by the buyer',
      idempotencyKey: systemIds.next('ref'),
    });
  }

  /** What the table says it cannot, the page does not offer and the core refuses before it asks. */
  async function refuses(story: Story, sold: Order): Promise<void> {
    const till = await page(await startAt(vendor, sold));
    if (story === 'other') {
      expect(offers(till, 'pay-other-amount')).toBe(false);
      return;
    }
    await tap(till, row.pay);
    await quiet();
    const before = shop.calls().length;
    const refused = giveBack(sold, story === 'whole' ? row.price : half(row.price));
    await expect(refused).rejects.toMatchObject({ code: 'payments.unsupported' });
    expect(shop.calls()).toHaveLength(before);
    expect(await ending(sold)).toEqual(row.stories.accepted);
  }
});

const half = ({ minor, currency }: Money): Money => money(minor / 2n, currency);

const PRESSED = {
  declined: 'pay-decline',
  abandoned: 'pay-abandon',
  late: 'pay-late',
} as const;
