/** The judge where several vendors and the balance pay: what each of them really holds. */
import { describe, expect, it } from 'vitest';
import type { Books, ProviderBooks, Rule } from './books.ts';
import { judge } from './judge.ts';

type Transfer = Books['transfers'][number];
type Payment = Books['payments'][number];

const AT = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;

/**
 * Ann tops up 200 roubles by YooKassa and buys for 537: 200 from the balance, 337 by T-Kassa. Bob
 * pays one invoice in Stars twice. Kim's money went back to the balance, of which nothing is spent.
 * Somebody paid FreeKassa a rouble too little.
 */
const good: Books = {
  providers: [
    vendor('yookassa', 'RUB', [['y1', 'top', 200_00n, 200_00n]], 200_00n),
    vendor(
      'tkassa',
      'RUB',
      [
        ['t1', 'part', 337_00n, 337_00n],
        ['t2', 'kim', 199_00n, 199_00n],
      ],
      536_00n,
    ),
    vendor('stars', 'XTR', [['s1', 'bob', 150n, 300n]], 300n),
    vendor('freekassa', 'RUB', [['f1', 'less', 199_00n, 198_00n]], 198_00n),
  ],
  panel: ['ann', 'bob', 'kim'].map((username) => ({
    ...{ username, isOff: username === 'kim', creates: 1, shortId: `short-${username}` },
    expiresAtMs: AT + (username === 'kim' ? 0 : 30 * DAY),
  })),
  chats: ['ann', 'bob', 'kim'].map((name) => ({
    ...{ chatId: name, messageId: '1', text: `Paid: short-${name}` },
  })),
  orders: [
    order('o-top', 'ann', { kind: 'top_up', amountMinor: 200_00n, termDays: 0 }),
    order('o-ann', 'ann', { amountMinor: 537_00n, paymentId: 'part' }),
    order('o-bob', 'bob', { amountMinor: 150n, currency: 'XTR', paymentId: 'bob' }),
    order('o-kim', 'kim', { state: 'refunded', paymentId: 'kim' }),
    order('o-less', 'lee', { state: 'open', paidAtMs: undefined }),
  ],
  payments: [
    payment('top', 'o-top', 'ann', { amountMinor: 200_00n }),
    payment('part', 'o-ann', 'ann', { provider: 'tkassa', amountMinor: 337_00n }),
    payment('rest', 'o-ann', 'ann', { provider: 'balance', amountMinor: 200_00n }),
    payment('bob', 'o-bob', 'bob', { provider: 'stars', amountMinor: 150n, currency: 'XTR' }),
    payment('bob2', 'o-bob', 'bob', {
      ...{ provider: 'stars', amountMinor: 150n, currency: 'XTR', secondOf: 'bob' },
    }),
    payment('kim', 'o-kim', 'kim', {
      ...{ provider: 'tkassa', state: 'refunded', creditedMinor: 199_00n },
    }),
    payment('less', 'o-less', 'lee', { provider: 'freekassa', state: 'pending', isSettled: false }),
  ],
  setAside: ['less'],
  transfers: [
    arrival('top', 'yookassa', 'ann', 200_00n),
    arrival('part', 'tkassa', 'ann', 337_00n),
    move('part:sale', 'customer:ann:RUB', 'sales:vpn:RUB', { amountMinor: 337_00n }),
    move('rest:hold', 'customer:ann:RUB', 'held:ann:RUB', { kind: 'hold', amountMinor: 200_00n }),
    move('rest:sale', 'held:ann:RUB', 'sales:vpn:RUB', { amountMinor: 200_00n }),
    arrival('bob', 'stars', 'bob', 150n, 'XTR'),
    move('o-bob:sale', 'customer:bob:XTR', 'sales:vpn:XTR', { amountMinor: 150n, currency: 'XTR' }),
    arrival('bob2', 'stars', 'bob', 150n, 'XTR'),
    arrival('kim', 'tkassa', 'kim', 199_00n),
    move('o-kim:sale', 'customer:kim:RUB', 'sales:vpn:RUB', {}),
    move('ref:credit', 'sales:vpn:RUB', 'customer:kim:RUB', { kind: 'sale_refund' }),
  ],
  accounts: Object.fromEntries(
    ['yookassa', 'tkassa', 'freekassa', 'stars']
      .flatMap((name) => [`clearing:${name}:RUB`, `clearing:${name}:XTR`])
      .concat('sales:vpn:RUB', 'sales:vpn:XTR', 'held:ann:RUB')
      .concat(['ann', 'bob', 'kim'].flatMap((n) => [`customer:${n}:RUB`, `customer:${n}:XTR`]))
      .map((code) => [code, code.slice(-3)]),
  ),
  refunds: [{ paymentId: 'kim', amountMinor: 199_00n, target: 'balance' }],
  grants: ['ann', 'bob', 'kim'].map((name) => ({
    ...{ orderId: `o-${name}`, subscriptionId: name, revision: 1 },
  })),
  turns: [
    {
      ...{ kind: 'withdraw', subscriptionId: 'kim', revision: 2, ofRevision: 1 },
      ...{ lengthMs: 30 * DAY, atMs: AT },
    },
  ],
  deliveries: ['o-ann', 'o-bob', 'o-kim'],
  notices: [],
  told: [
    ...['ann', 'bob', 'kim'].map((name) => told(`delivered:o-${name}`, name)),
    ...[
      told('toppedUp:top', 'ann'),
      told('surplus:bob2', 'bob'),
      told('credited:kim:19900', 'kim'),
    ],
  ],
};

function vendor(
  name: string,
  currency: string,
  bills: readonly (readonly [id: string, paymentId: string, asked: bigint, taken: bigint])[],
  held: bigint,
): ProviderBooks {
  return {
    name,
    payments: bills.map(([id, paymentId, amountMinor, takenMinor]) => ({
      ...{ id, paymentId, status: 'any', amountMinor, takenMinor, currency },
    })),
    heldMinor: { [currency]: held },
    ...{ accepted: [], deliveries: 0 },
  };
}
function order(
  id: string,
  personId: string,
  change: Partial<Books['orders'][number]>,
): Books['orders'][number] {
  return {
    ...{ id, kind: 'plan', personId, product: 'vpn', state: 'paid', amountMinor: 199_00n },
    ...{ currency: 'RUB', termDays: 30, paymentId: undefined, paidAtMs: AT, isDisputed: false },
    ...change,
  };
}
function payment(id: string, orderId: string, personId: string, change: Partial<Payment>): Payment {
  return {
    ...{ id, orderId, personId, provider: 'yookassa', state: 'settled', isSettled: true },
    ...{ amountMinor: 199_00n, refundedMinor: 0n, creditedMinor: 0n, currency: 'RUB' },
    ...{ secondOf: undefined, ...change },
  };
}
function move(id: string, debit: string, credit: string, change: Partial<Transfer>): Transfer {
  return {
    ...{ id, debit, credit, amountMinor: 199_00n, currency: 'RUB', kind: 'sale', reference: id },
    ...change,
  };
}
function arrival(id: string, by: string, person: string, amountMinor: bigint, currency = 'RUB') {
  return move(`${id}:in`, `clearing:${by}:${currency}`, `customer:${person}:${currency}`, {
    ...{ amountMinor, currency, kind: 'payment', reference: id },
  });
}
function told(key: string, chatId: string): Books['told'][number] {
  return { key, chatId, state: 'sent', messageId: '1' };
}

const brokenRules = (books: Books): Rule[] => [
  ...new Set(judge(books).violations.map(({ rule }) => rule)),
];
const without = (id: string): Books => ({
  ...good,
  transfers: good.transfers.filter((each) => each.id !== id),
});
const change = (id: string, to: Partial<Transfer>): Books => ({
  ...good,
  transfers: good.transfers.map((each) => (each.id === id ? { ...each, ...to } : each)),
});
const more = (transfer: Transfer): Books => ({
  ...good,
  transfers: [...good.transfers, transfer],
});
const untold = (key: string): Books => ({
  ...good,
  told: good.told.filter((each) => each.key !== key),
});
const paid = (id: string, to: Partial<Payment>): Books => ({
  ...good,
  payments: good.payments.map((each) => (each.id === id ? { ...each, ...to } : each)),
});

describe('the judge over several vendors and the balance', () => {
  it('finds nothing in books that agree, and counts by vendor', () => {
    const { violations, ...figures } = judge(good);
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ sold: 5, paid: 3, surplus: 1 });
    expect(figures.vendors).toMatchObject({
      stars: { sold: 2, setAside: 0 },
      freekassa: { sold: 0, setAside: 1 },
    });
  });

  it.each<[Rule, string, Books]>([
    ['R1', 'a link paid twice that came in once', without('bob2:in')],
    ['R1', 'another sum that nobody is shown', { ...good, setAside: [] }],
    ['R1', 'another sum that was credited', more(arrival('less', 'freekassa', 'lee', 198_00n))],
    [
      'R1',
      'money booked as of another vendor',
      change('part:in', { debit: 'clearing:yookassa:RUB' }),
    ],
    ['R2', 'a top-up that gave access', { ...good, deliveries: [...good.deliveries, 'o-top'] }],
    [
      'R3',
      'two vendors exchanged in the books',
      change('top:in', { debit: 'clearing:tkassa:RUB' }),
    ],
    ['R3', 'a part of a price that the balance never paid', without('rest:sale')],
    ['R3', 'a part that was held and not counted', paid('rest', { state: 'authorised' })],
    ['R3', 'an order that cost more than was paid', paid('rest', { isSettled: false })],
    [
      'R3',
      'a balance spent twice: below zero',
      more(move('again', 'customer:ann:RUB', 'sales:vpn:RUB', { amountMinor: 200_00n })),
    ],
    [
      'R3',
      'a balance made of nothing',
      more(move('gift', 'sales:vpn:RUB', 'customer:ann:RUB', {})),
    ],
    ['R3', 'an account nobody knows', more(move('x', 'lost:RUB', 'lost2:RUB', {}))],
    ['R5', 'a top-up that was not told', untold('toppedUp:top')],
    ['R5', 'a second payment that was not told', untold('surplus:bob2')],
    ['R9', 'money on the balance that was not told', untold('credited:kim:19900')],
    ['R9', 'a credit that nobody asked for', { ...good, refunds: [] }],
    ['R9', 'access that was kept after its money went back', { ...good, turns: [] }],
  ])('%s sees %s', (rule, _what, books) => {
    expect(brokenRules(books)).toContain(rule);
  });

  it('lets access that was never made be, when its money went back before', () => {
    const quick: Books = {
      ...good,
      grants: good.grants.filter(({ orderId }) => orderId !== 'o-kim'),
      deliveries: good.deliveries.filter((id) => id !== 'o-kim'),
      panel: good.panel.filter(({ username }) => username !== 'kim'),
      turns: [],
    };
    expect(brokenRules(quick)).toEqual([]);
  });
});
