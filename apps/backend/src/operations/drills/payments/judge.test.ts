import { describe, expect, it } from 'vitest';
import type { Books, Rule } from './books.ts';
import { judge } from './judge.ts';

const AT = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

/** One person bought twice: 30 days, then 90 more; both paid, delivered and told. */
const good: Books = {
  providers: [
    {
      name: 'yookassa',
      payments: [
        bill('yk1', 'pay1', { amountMinor: 199_00n, takenMinor: 199_00n }),
        bill('yk2', 'pay2', { amountMinor: 537_00n, takenMinor: 537_00n }),
        bill('yk3', 'pay3', { amountMinor: 199_00n, takenMinor: 0n }),
      ],
      heldMinor: { RUB: 736_00n },
      accepted: [{ key: 'yk1:payment.succeeded:' }, { key: 'yk1:payment.succeeded:' }],
      deliveries: 3,
    },
  ],
  panel: [
    { username: 'sub1', isOff: false, expiresAtMs: AT + 120 * DAY, shortId: 'short1', creates: 1 },
  ],
  chats: [
    { chatId: '7', messageId: '1', text: 'Paid. http://panel/sub/short1' },
    { chatId: '7', messageId: '2', text: 'Extended.' },
  ],
  orders: [
    order({ id: 'ord1', termDays: 30, amountMinor: 199_00n, paymentId: 'pay1', paidAtMs: AT }),
    order({ id: 'ord2', termDays: 90, amountMinor: 537_00n, paymentId: 'pay2', paidAtMs: AT + 5 }),
    order({ id: 'ord3', state: 'open' }),
  ],
  payments: [
    payment({ id: 'pay1', orderId: 'ord1', amountMinor: 199_00n }),
    payment({ id: 'pay2', orderId: 'ord2', amountMinor: 537_00n }),
    payment({ id: 'pay3', orderId: 'ord3', state: 'pending', isSettled: false }),
  ],
  setAside: [],
  transfers: [
    arrival('pay1', 199_00n),
    sale('ord1', 199_00n),
    arrival('pay2', 537_00n),
    sale('ord2', 537_00n),
  ],
  accounts: { 'clearing:yookassa:RUB': 'RUB', 'customer:per1:RUB': 'RUB', 'sales:vpn:RUB': 'RUB' },
  grants: [
    { orderId: 'ord1', subscriptionId: 'sub1', revision: 1 },
    { orderId: 'ord2', subscriptionId: 'sub1', revision: 2 },
  ],
  refunds: [],
  turns: [],
  deliveries: ['ord1', 'ord2'],
  notices: [
    {
      provider: 'yookassa',
      dedupeKey: 'yk1:payment.succeeded:succeeded',
      ...{ state: 'done', outcome: 'moved', receipts: 2 },
      ...{ lastReceivedAtMs: AT + 2, judgedAtMs: AT + 1 },
    },
  ],
  told: [
    { key: 'delivered:ord1', state: 'sent', chatId: '7', messageId: '1' },
    { key: 'delivered:ord2', state: 'sent', chatId: '7', messageId: '2' },
  ],
};

function rubles(amountMinor: bigint) {
  return { amountMinor, currency: 'RUB' };
}
function bill(
  id: string,
  paymentId: string,
  sums: { amountMinor: bigint; takenMinor: bigint },
): Books['providers'][number]['payments'][number] {
  return { id, paymentId, status: 'any', currency: 'RUB', ...sums };
}
function payment(change: Partial<Books['payments'][number]>): Books['payments'][number] {
  return {
    ...{ id: 'pay', orderId: 'ord', personId: 'per1', provider: 'yookassa', state: 'settled' },
    ...{ isSettled: true, ...rubles(199_00n), refundedMinor: 0n, creditedMinor: 0n },
    ...{ secondOf: undefined, ...change },
  };
}
function order(change: Partial<Books['orders'][number]>): Books['orders'][number] {
  return {
    ...{ id: 'ord', kind: 'plan', personId: 'per1', product: 'vpn', state: 'paid' },
    ...rubles(199_00n),
    ...{ termDays: 30, paymentId: undefined, paidAtMs: undefined, isDisputed: false },
    ...change,
  };
}
function arrival(paymentId: string, minor: bigint): Books['transfers'][number] {
  const accounts = { debit: 'clearing:yookassa:RUB', credit: 'customer:per1:RUB' };
  return {
    id: `${paymentId}:in`,
    ...accounts,
    ...rubles(minor),
    kind: 'payment',
    reference: paymentId,
  };
}
function sale(orderId: string, minor: bigint): Books['transfers'][number] {
  const accounts = { debit: 'customer:per1:RUB', credit: 'sales:vpn:RUB' };
  return { id: `${orderId}:sale`, ...accounts, ...rubles(minor), kind: 'sale', reference: orderId };
}

const brokenRules = (books: Books): Rule[] => [
  ...new Set(judge(books).violations.map(({ rule }) => rule)),
];
const provider = (change: Partial<Books['providers'][number]>): Books => ({
  ...good,
  providers: good.providers.map((each) => ({ ...each, ...change })),
});
const bills = (change: (entry: Bill) => Bill): Books =>
  provider({ payments: good.providers.flatMap(({ payments }) => payments.map(change)) });
type Bill = Books['providers'][number]['payments'][number];
const notice = (change: Partial<Books['notices'][number]>): Books => ({
  ...good,
  notices: good.notices.map((row) => ({ ...row, ...change })),
});
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

describe('the judge', () => {
  it('finds nothing in books that agree', () => {
    expect(judge(good)).toEqual({
      ...{ violations: [], sold: 2, paid: 2, delivered: 2, surplus: 0, toldTwice: 0 },
      vendors: {
        yookassa: { sold: 2, setAside: 0, refunded: 0, deliveries: 3, acknowledged: 2 },
      },
    });
  });

  it.each<[Rule, string, Books]>([
    ['R1', 'a payment that is not in the ledger', { ...good, transfers: good.transfers.slice(2) }],
    [
      'R1',
      'one that is there twice',
      { ...good, transfers: [...good.transfers, { ...arrival('pay1', 199_00n), id: 'pay1:in:2' }] },
    ],
    [
      'R1',
      'money the provider never took',
      { ...good, transfers: [...good.transfers, arrival('pay3', 199_00n)] },
    ],
    ['R1', 'another sum', bills(cheaper)],
    ['R2', 'a paid order without a grant', { ...good, grants: without(good.grants, 1) }],
    [
      'R2',
      'an order granted twice',
      {
        ...good,
        grants: [...good.grants, { orderId: 'ord1', subscriptionId: 'sub1', revision: 3 }],
      },
    ],
    ['R2', 'an unpaid order that was delivered', { ...good, deliveries: ['ord1', 'ord2', 'ord3'] }],
    ['R3', 'a provider that holds another sum', provider({ heldMinor: { RUB: 735_00n } })],
    ['R3', 'a sale that was not booked', { ...good, transfers: without(good.transfers, 1) }],
    [
      'R3',
      'an account of another currency',
      { ...good, accounts: { ...good.accounts, 'sales:vpn:RUB': 'USD' } },
    ],
    ['R4', 'an expiry that is a term short', { ...good, panel: good.panel.map(ends(90)) }],
    ['R4', 'an expiry that is a term long', { ...good, panel: good.panel.map(ends(150)) }],
    ['R4', 'a subscription the panel does not have', { ...good, panel: [] }],
    [
      'R4',
      'a user nobody bought',
      { ...good, panel: good.panel.flatMap((user) => [user, { ...user, username: 'x' }]) },
    ],
    ['R4', 'a user made twice', { ...good, panel: good.panel.map((u) => ({ ...u, creates: 2 })) }],
    ['R5', 'a customer who was not told', { ...good, chats: good.chats.slice(0, 1) }],
    ['R5', 'a first message without its link', { ...good, chats: good.chats.map(wordless) }],
    ['R6', 'an acknowledged notice that is not stored', { ...good, notices: [] }],
    ['R6', 'one that was stored less often than acknowledged', notice({ receipts: 1 })],
    ['R6', 'one that was never judged', notice({ state: 'waiting', judgedAtMs: undefined })],
    ['R6', 'a forged one that was not judged again', notice({ outcome: 'unproven' })],
    [
      'R7',
      'an order whose money was taken and that is open',
      { ...good, orders: [...good.orders.slice(1), order({ id: 'ord1', state: 'open' })] },
    ],
    ['R8', 'somebody who still waits', { ...good, deliveries: ['ord1'] }],
  ])('%s sees %s', (rule, _what, books) => {
    expect(brokenRules(books)).toContain(rule);
  });

  it('takes a second payment of one order for surplus, which must be told', () => {
    const twice: Books = {
      ...good,
      providers: bills((entry) => ({ ...entry, takenMinor: entry.amountMinor })).providers.map(
        (each) => ({ ...each, heldMinor: { RUB: 935_00n } }),
      ),
      payments: good.payments.map((row) =>
        row.id === 'pay3' ? { ...row, orderId: 'ord1', state: 'settled', isSettled: true } : row,
      ),
      transfers: [...good.transfers, arrival('pay3', 199_00n)],
    };
    expect(judge(twice)).toMatchObject({ surplus: 1, violations: [{ rule: 'R5' }] });
    const told = { key: 'surplus:pay3', state: 'sent', chatId: '7', messageId: '3' };
    const message = { chatId: '7', messageId: '3', text: 'Paid twice.' };
    const heard = { ...twice, told: [...twice.told, told], chats: [...twice.chats, message] };
    expect(judge(heard)).toMatchObject({ surplus: 1, violations: [] });
  });

  it('starts a term anew when the last one had ended before the payment', () => {
    const late = AT + 45 * DAY;
    const orders = good.orders.map((row) => (row.id === 'ord2' ? { ...row, paidAtMs: late } : row));
    expect(brokenRules({ ...good, orders, panel: good.panel.map(ends(135)) })).toEqual([]);
  });

  it('takes back the access of what was refunded, once, and wants it told', () => {
    const back = backOf('pay2', 537_00n);
    expect(brokenRules(back)).toEqual([]);
    expect(brokenRules({ ...back, turns: [] })).toContain('R9');
    expect(brokenRules({ ...back, turns: [...back.turns, ...back.turns] })).toContain('R9');
    expect(brokenRules({ ...back, told: good.told })).toContain('R9');
    expect(brokenRules({ ...back, panel: good.panel })).toContain('R4');
    const off = back.panel.map((user) => ({ ...user, isOff: true }));
    expect(brokenRules({ ...back, panel: off })).toContain('R4');
    expect(brokenRules({ ...back, refunds: [...back.refunds, ...back.refunds] })).toContain('R9');
    expect(brokenRules({ ...back, transfers: good.transfers })).toContain('R3');
  });

  it('wants everybody switched off who is left with nothing', () => {
    const ended = backOf('pay2', 537_00n);
    const turns = ended.turns.map((turn) => ({ ...turn, atMs: AT + 30 * DAY }));
    const off = ended.panel.map((user) => ({ ...user, isOff: true }));
    expect(brokenRules({ ...ended, turns, panel: off })).toEqual([]);
    expect(brokenRules({ ...ended, turns })).toContain('R4');
  });

  it('leaves the access of an order that was given back in part', () => {
    expect(brokenRules(backOf('pay2', 100_00n))).toEqual([]);
  });

  it('counts a message that came again, and does not mind it', () => {
    const again = { chatId: '7', messageId: '9', text: 'Extended.' };
    expect(judge({ ...good, chats: [...good.chats, again] })).toMatchObject({
      toldTwice: 1,
      violations: [],
    });
  });
});

/** The second order's money went back ten days after it was paid: all of it, or a part. */
function backOf(paymentId: string, minor: bigint): Books {
  const isWhole = minor === 537_00n;
  const reference = { kind: 'refund', reference: paymentId, ...rubles(minor) };
  const key = `${paymentId}:back:${String(minor)}`;
  const accounts = { debit: 'customer:per1:RUB', credit: 'clearing:yookassa:RUB' };
  const lengthMs = 90 * DAY;
  return {
    ...good,
    ...provider({ heldMinor: { RUB: 736_00n - minor } }),
    panel: good.panel.map(ends(isWhole ? 30 : 120)),
    orders: good.orders.map((row) =>
      row.id === 'ord2' && isWhole ? { ...row, state: 'refunded' } : row,
    ),
    payments: good.payments.map((row) =>
      row.id === paymentId ? { ...row, refundedMinor: minor } : row,
    ),
    transfers: [
      ...good.transfers,
      { ...reference, ...accounts, id: key },
      {
        ...{ ...reference, kind: 'sale_refund', id: `${key}:sale` },
        ...{ debit: 'sales:vpn:RUB', credit: 'customer:per1:RUB' },
      },
    ],
    refunds: [{ paymentId, amountMinor: minor, target: 'provider' }],
    turns: isWhole
      ? [
          {
            ...{ kind: 'withdraw', subscriptionId: 'sub1', revision: 3, ofRevision: 2 },
            ...{ lengthMs, atMs: AT + 10 * DAY },
          },
        ]
      : [],
    told: [...good.told, { key: `refunded:${paymentId}:${String(minor)}`, ...SENT }],
  };
}
const SENT = { state: 'sent', chatId: '7', messageId: '5' };
function cheaper(entry: Bill): Bill {
  return { ...entry, amountMinor: entry.amountMinor - 1n, takenMinor: entry.amountMinor - 1n };
}
function ends(days: number) {
  return <T>(user: T): T & { expiresAtMs: number } => ({ ...user, expiresAtMs: AT + days * DAY });
}
function wordless<T>(message: T): T & { text: string } {
  return { ...message, text: 'Paid.' };
}
