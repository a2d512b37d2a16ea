/**
 * Receipts by 54-FZ as the vendors really received them: read from the calls that reached YooKassa and
 * T-Kassa. And the vendors refuse what the law would not take, so that nothing wrong passes unseen.
 */
import { money, type Money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payment, ProviderId } from '../src/modules/payments/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createVendorWorld, type Json, type VendorWorld } from './vendor-world.ts';

const PRICE = money(499_01n, 'RUB');
const REFUSED = /^payments\.(provider_refused|unsupported)$/;
const MAILBOX = 'receipts@example.com';
const emails = new Map<string, string>();

/** A receipt in our words, whatever the vendor calls its parts. */
type Seen = Readonly<{
  to: unknown;
  /** Of the money that moves, in kopecks. */
  moves: number;
  lines: readonly Readonly<Record<'sum' | 'vat' | 'mode' | 'subject', unknown>>[];
}>;
type Row = Readonly<{
  /** Its calls that move money, as its journal names them. */
  calls: Readonly<Record<'pay' | 'refund', RegExp>>;
  read(body: Json): Seen;
  vat: unknown;
}>;

const kopecks = (sum: unknown): number =>
  Math.round(Number((sum as { value: string }).value) * 100); // its `Amount`
const itemsOf = (receipt: Json, name: string): Json[] => receipt[name] as Json[]; // as it was read

const VENDORS: Readonly<Record<'yookassa' | 'tkassa', Row>> = {
  yookassa: {
    calls: { pay: /^POST \/payments 200/, refund: /^POST \/refunds 200/ },
    vat: 1,
    read(body) {
      const receipt = body['receipt'] as Json; // the test fails below when there is none
      return {
        to: (receipt['customer'] as Json)['email'], // the same
        moves: kopecks(body['amount']),
        lines: itemsOf(receipt, 'items').map((item) => ({
          sum: kopecks(item['amount']) * Number(item['quantity']),
          vat: item['vat_code'],
          mode: item['payment_mode'],
          subject: item['payment_subject'],
        })),
      };
    },
  },
  tkassa: {
    calls: { pay: /^Init OK/, refund: /^Cancel OK/ },
    vat: 'none',
    read(body) {
      const receipt = body['Receipt'] as Json; // the test fails below when there is none
      return {
        to: receipt['Email'],
        moves: Number(body['Amount']),
        lines: itemsOf(receipt, 'Items').map((item) => ({
          sum: Number(item['Amount']),
          vat: item['Tax'],
          mode: item['PaymentMethod'],
          subject: item['PaymentObject'],
        })),
      };
    },
  },
};

describe.each(Object.entries(VENDORS))('the receipts of %s', (id, row) => {
  const vendor = id as ProviderId; // a key of the table
  let shop: VendorWorld;

  beforeAll(async () => {
    emails.clear();
    shop = await createVendorWorld(vendor, PRICE, { receiptsTo: MAILBOX, emails });
    await shop.set({ receiptsRequired: true });
  });
  afterAll(async () => {
    await shop.close();
  });

  /** Receipts of these calls, oldest first. */
  function seen(call: RegExp): Seen[] {
    const calls = shop.simulators.journal.list(vendor).filter(({ summary }) => call.test(summary));
    return calls.map(({ detail }) => row.read(requestOf(detail)));
  }
  function expectLawful({ to, moves, lines }: Seen, moved: Money, mailbox = MAILBOX): void {
    expect(moves).toBe(Number(moved.minor));
    expect(lines.reduce((sum, line) => sum + Number(line.sum), 0)).toBe(moves);
    expect(to).toBe(mailbox);
    for (const { vat, mode, subject } of lines) {
      expect([vat, mode, subject]).toEqual([row.vat, 'full_payment', 'service']);
    }
  }
  const giveBack = (payment: Payment, amount: Money) =>
    shop.world.payments.refund({
      paymentId: payment.id,
      amount,
      reason: 'asked by the buyer',
      idempotencyKey: systemIds.next('ref'),
    });

  it('say what is sold, for exactly the sum, when a payment is asked for', async () => {
    await shop.bought('per_pays');
    const [receipt, ...more] = seen(row.calls.pay);
    expect(more).toEqual([]);
    if (receipt === undefined) throw new Error('no payment was asked for');
    expectLawful(receipt, PRICE);
  });

  it('say what goes back, when a part does and when the rest does', async () => {
    const payment = await shop.bought('per_parts');
    const [part, rest] = [money(100_01n, 'RUB'), money(399_00n, 'RUB')];
    for (const amount of [part, rest]) {
      expect(await giveBack(payment, amount)).toMatchObject({ state: 'refunded' });
    }
    const receipts = seen(row.calls.refund);
    expect(receipts).toHaveLength(2);
    for (const [at, amount] of [part, rest].entries()) {
      const receipt = receipts[at];
      if (receipt !== undefined) expectLawful(receipt, amount);
    }
  });

  it('say it when everything goes back at once', async () => {
    const payment = await shop.bought('per_whole');
    const before = seen(row.calls.refund).length;
    expect(await giveBack(payment, PRICE)).toMatchObject({ state: 'refunded' });
    const receipt = seen(row.calls.refund)[before];
    if (receipt === undefined) throw new Error('nothing was given back');
    expectLawful(receipt, PRICE);
  });

  it('go to the mailbox of the customer who has one, the same for all that moves of a payment', async () => {
    emails.set('per_mail', 'olga@example.com');
    const paid = seen(row.calls.pay).length;
    const payment = await shop.bought('per_mail');
    const receipt = seen(row.calls.pay)[paid];
    if (receipt === undefined) throw new Error('no payment was asked for');
    expectLawful(receipt, PRICE, 'olga@example.com');
    const timeline = await shop.world.payments.timeline(payment.id);
    const sent = timeline.find(({ kind }) => kind === 'sent')?.detail;
    expect(sent).toMatch(/receipt to the customer$/);
    // Another mailbox since: what goes back of it is told where it was told before.
    emails.set('per_mail', 'new@example.com');
    const back = seen(row.calls.refund).length;
    expect(await giveBack(payment, PRICE)).toMatchObject({ state: 'refunded' });
    const refund = seen(row.calls.refund)[back];
    if (refund === undefined) throw new Error('nothing was given back');
    expectLawful(refund, PRICE, 'olga@example.com');
  });

  it('say the same when an answer was lost, though the customer has given a mailbox since', async () => {
    const lost = vendor === 'tkassa' ? { probability: 0.5, seed: 1 } : { probability: 1, seed: 1 };
    shop.losesAnswers(lost);
    const asked = shop.begun('per_late').then(
      () => 'begun',
      () => 'lost',
    );
    expect(await asked).toBe('lost');
    shop.clear();
    emails.set('per_late', 'late@example.com');
    await shop.world.clock.advance(60_000);
    await shop.world.everythingDue();
    await shop.world.payments.askDue();
    const { items } = await shop.world.payments.ofPerson('per_late', { limit: 5 });
    const first = items.at(-1);
    expect(first?.receiptTo).toBeUndefined();
    // Taken for another payment it would have been refused for good.
    expect(first?.state).not.toBe('failed');
  });

  const startWith = (change: (line: Line) => Partial<Line>, to: object = { email: MAILBOX }) => {
    const line: Line = { ...LINE, ...change(LINE) };
    return shop.provider.start({
      ...{ paymentId: systemIds.next('pay'), orderId: systemIds.next('ord'), amount: PRICE },
      ...{ createdAt: shop.world.clock.now(), description: 'Month', language: 'ru' },
      ...{ returnUrl: 'https://shop.example/return', captureAtOnce: true },
      receipt: { customer: to, items: [line], taxSystemCode: 2 },
    });
  };

  it('are taken when they are right, so that a refusal below is of what is wrong', async () => {
    expect((await startWith(() => ({}))).payment.state).toBe('pending');
  });

  it.each<[string, (line: Line) => Partial<Line>, object?]>([
    ['a kopeck too little', ({ amount }) => ({ amount: { ...amount, minor: amount.minor - 1n } })],
    ['a kopeck too much', ({ amount }) => ({ amount: { ...amount, minor: amount.minor + 1n } })],
    ['two of what is one', () => ({ quantity: 2 })],
    ['a VAT code nobody has', () => ({ vatCode: 13 })],
    ['nobody to send it to', () => ({}), {}],
  ])('are refused with %s', async (_what, change, to) => {
    const asked = shop.calls().length;
    await expect(startWith(change, to)).rejects.toMatchObject({
      code: expect.stringMatching(REFUSED) as string, // a word of the kind
    });
    // Nothing of it is a payment there: it said no, or we did not ask.
    expect(
      shop
        .calls()
        .slice(asked)
        .filter((call) => row.calls.pay.test(call)),
    ).toEqual([]);
  });

  it('are missed when the shop owes them', async () => {
    const payment = await shop.bought('per_none');
    const part = money(1_00n, 'RUB');
    const refund = { refundId: 'ref_none', reference: payment.reference ?? '', amount: part };
    const asked = shop.provider.refund({ ...refund, reason: 'asked', receipt: undefined });
    await expect(asked).rejects.toThrow(/receipt/i);
    expect((await shop.world.payments.find(payment.id)).state).toBe('settled');
  });
});

type Line = Readonly<{
  description: string;
  quantity: number;
  amount: Money;
  vatCode: number;
  paymentMode: string;
  paymentSubject: string;
}>;
const LINE: Line = {
  description: 'Month',
  quantity: 1,
  amount: PRICE,
  vatCode: 1,
  paymentMode: 'full_payment',
  paymentSubject: 'service',
};

/** What the call brought, as the journal keeps it. */
function requestOf(detail: unknown): Json {
  const { body } = detail as { body: string }; // the simulator's own journal
  return JSON.parse(body) as Json; // and ours in it
}
