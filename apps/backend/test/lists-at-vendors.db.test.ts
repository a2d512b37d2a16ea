/**
 * The vendor's own list, from which the books of a day are compared (issue 4, line 3): our adapters
 * read it from the simulated vendors over HTTP. Nothing of a window is lost, nothing comes twice; each
 * property is tried against the faults it is there for.
 */
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import type { ProviderId } from '../src/modules/payments/index.ts';
import { LIST_FAULTS, type List, type ListProperty } from './list-faults.ts';
import { createVendorWorld, type VendorWorld } from './vendor-world.ts';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 3_600_000;

type Row = Readonly<{
  price: Money;
  /** Payments of one second: more than two of its pages, or one more than one. */
  many: number;
  /** Its dates have no zone: a day around is read too, and the core knows better. */
  isWide?: true;
}>;

const rub = money(499_00n, 'RUB');
const usd = money(4_99n, 'USD');
/** Or why there is no list of it here. */
const VENDORS: Readonly<Record<ProviderId, Row | string>> = {
  yookassa: { price: rub, many: 205 },
  stripe: { price: usd, many: 205 },
  cryptopay: { price: usd, many: 1_001 },
  freekassa: { price: rub, many: 205, isWide: true },
  tribute: { price: rub, many: 205 },
  tkassa: 'the vendor has no list',
  paypal: 'its list is another product (reporting), hours late',
  stars: 'src/modules/payments/providers/stars: the list of Telegram has no window',
};
const rows = Object.entries(VENDORS).flatMap(
  ([id, row]) => (typeof row === 'string' ? [] : [[id as ProviderId, row] as const]), // keys of the table
);

describe.each(rows)('the list of %s', (vendor, { price, many, isWide }) => {
  let shop: VendorWorld;
  let number = 0;

  beforeAll(async () => {
    shop = await createVendorWorld(vendor, price);
    expect(shop.provider.capabilities.lists).toBe(true);
  });
  afterAll(async () => {
    await shop.close();
  });

  /** One payment now, in the shop's own words; answers our id of it. */
  async function begin(): Promise<string> {
    number += 1;
    const paymentId = `pay_${String(number).padStart(26, '0')}`;
    const { checkoutUrl = '' } = await shop.provider.start({
      ...{ paymentId, orderId: `ord_${String(number)}`, amount: price, language: 'en' },
      createdAt: shop.world.clock.now(),
      ...{ description: 'Month', returnUrl: 'https://shop.example/return' },
      ...{ captureAtOnce: true, receipt: undefined },
    });
    // Where a link makes the bill, there is none before somebody opens it.
    if (vendor === 'freekassa') await fetch(checkoutUrl);
    return paymentId;
  }
  /** The same, past our adapter, which looks through all open invoices first. */
  async function beginQuickly(): Promise<string> {
    if (vendor !== 'cryptopay') return begin();
    number += 1;
    const payload = `pay_${String(number).padStart(26, '0')}`;
    const invoice = { currency_type: 'fiat', fiat: 'USD', amount: '4.99', payload };
    const answer = await fetch(`${shop.simulators.selfUrl}/cryptopay/api/createInvoice`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'crypto-pay-api-token': SIMULATED_KEYS.cryptopay.token,
      },
      body: JSON.stringify(invoice),
    });
    expect(answer.status).toBe(200);
    return payload;
  }
  const nowMs = (): number => shop.world.clock.now().getTime();
  const windowOf = (fromMs: number, toMs: number) => ({
    from: new Date(fromMs),
    to: new Date(toMs),
  });
  const trueList: List = (window) => shop.provider.list(window);
  async function idsIn(list: List, fromMs: number, toMs: number): Promise<(string | undefined)[]> {
    const found = await Array.fromAsync(list(windowOf(fromMs, toMs)));
    return found.map(({ paymentId }) => paymentId).toSorted();
  }
  /** To a whole second far from everything before. */
  async function elsewhen(): Promise<number> {
    await shop.world.clock.advance(3 * DAY_MS - (nowMs() % DAY_MS));
    return nowMs();
  }

  /** Many of one second, begun once: some of them are paid while the first reading goes on. */
  let crowd: { startMs: number; begun: string[] } | undefined;
  async function crowded(): Promise<{ startMs: number; begun: string[] }> {
    const startMs = await elsewhen();
    const begun: string[] = [];
    for (let at = 0; at < many; at += 1) begun.push(await beginQuickly());
    return { startMs, begun };
  }

  /** Each throws when the list does not keep it. */
  const PROPERTIES: Readonly<Record<ListProperty, (list: List) => Promise<void>>> = {
    async edges(list) {
      const startMs = await elsewhen();
      const first = await begin();
      await shop.world.clock.advance(10 * SECOND_MS);
      const last = await begin();
      const lastMs = nowMs();
      const all = [first, last];
      expect(await idsIn(list, startMs, lastMs + SECOND_MS)).toEqual(all);
      expect(await idsIn(list, startMs, lastMs)).toEqual(isWide ? all : [first]);
      expect(await idsIn(list, startMs + SECOND_MS, lastMs)).toEqual(isWide ? all : []);
    },
    async midnight(list) {
      const midnightMs = (await elsewhen()) + DAY_MS;
      await shop.world.clock.advance(DAY_MS - SECOND_MS);
      const before = await begin();
      await shop.world.clock.advance(SECOND_MS);
      expect(nowMs()).toBe(midnightMs);
      const after = await begin();
      const both = [before, after];
      const day = await idsIn(list, midnightMs - DAY_MS, midnightMs);
      expect(day).toEqual(isWide ? both : [before]);
      const next = await idsIn(list, midnightMs, midnightMs + DAY_MS);
      expect(next).toEqual(isWide ? both : [after]);
    },
    async many(list) {
      const isFirst = crowd === undefined;
      const { startMs, begun } = (crowd ??= await crowded());
      const found: (string | undefined)[] = [];
      for await (const one of list(windowOf(startMs, startMs + SECOND_MS))) {
        found.push(one.paymentId);
        // Of the first page and of the last, while nobody has read the last.
        if (found.length !== 1 || !isFirst) continue;
        for (const id of [begun.at(0) ?? '', begun.at(-1) ?? '']) await shop.act({ id }, 'pay');
      }
      expect(found.toSorted()).toEqual(begun);
    },
  };

  it.each([
    ['has the start of a window in it, and not its end', 'edges'],
    ['cuts days at midnight in UTC, wherever the vendor lives', 'midnight'],
    ['gives each of many of one second once, over pages, while some of them are paid', 'many'],
  ] as const)('%s', (_name, property) => PROPERTIES[property](trueList));

  it.each(LIST_FAULTS)('would be seen: $name', async ({ breaks, plant }) => {
    // Where a day around is read too, the core cuts the window and not the list.
    if (isWide && breaks !== 'many') return;
    await expect(PROPERTIES[breaks](plant(trueList))).rejects.toThrow(/expected/);
  });
});
