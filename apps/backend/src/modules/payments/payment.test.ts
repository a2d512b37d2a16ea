import { money, type Money } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canMove,
  hasMoney,
  judge,
  PAYMENT_STATES,
  type Judgement,
  type Payment,
  type PaymentState,
} from './payment.ts';
import type { ProviderPayment } from './provider.ts';

const PRICE = money(19_900n, 'RUB');
const OPTIONS = { provider: 'yookassa', acceptsTest: false };

function payment(change: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_1',
    orderId: 'ord_1',
    personId: 'per_1',
    provider: 'yookassa',
    reference: 'ref-1',
    state: 'pending',
    amount: PRICE,
    refunded: money(0n, 'RUB'),
    credited: money(0n, 'RUB'),
    checkoutUrl: undefined,
    reason: undefined,
    createdAt: new Date(0),
    settledAt: undefined,
    checks: 0,
    saveWords: undefined,
    methodId: undefined,
    advice: undefined,
    secondOf: undefined,
    receiptTo: undefined,
    asked: undefined,
    ...change,
  };
}

function fact(change: Partial<ProviderPayment> = {}): ProviderPayment {
  return {
    reference: 'ref-1',
    state: 'settled',
    amount: PRICE,
    refunded: money(0n, 'RUB'),
    paymentId: 'pay_1',
    reason: undefined,
    createdAt: new Date(0),
    isTest: false,
    ...change,
  };
}

/** A payment in a state, with the money that state implies. */
function paymentIn(state: PaymentState): Payment {
  const refunded = { partly_refunded: 5_000n, refunded: PRICE.minor, disputed: 0n }[
    state as 'refunded' // the three that have a figure; the others give undefined
  ] as bigint | undefined;
  const isPaid = hasMoney(state);
  return payment({
    state,
    refunded: money(refunded ?? 0n, 'RUB'),
    settledAt: isPaid ? new Date(1) : undefined,
  });
}

/** The payment after a judgement, as the one writer stores it. */
function apply(before: Payment, judgement: Judgement): Payment {
  if (judgement.outcome !== 'moved') return before;
  return {
    ...before,
    state: judgement.to,
    refunded: money(before.refunded.minor + (judgement.moneyBack?.minor ?? 0n), 'RUB'),
    settledAt: judgement.moneyIn === undefined ? before.settledAt : new Date(1),
  };
}

describe('the table of edges', () => {
  const ALLOWED: Record<PaymentState, string> = {
    created: 'pending authorised settled failed cancelled expired',
    pending: 'authorised settled failed cancelled expired',
    authorised: 'settled failed cancelled expired',
    settled: 'partly_refunded refunded disputed',
    failed: 'authorised settled',
    cancelled: 'authorised settled',
    expired: 'authorised settled',
    partly_refunded: 'refunded disputed',
    refunded: 'disputed',
    disputed: 'settled partly_refunded refunded',
  };

  it.each(PAYMENT_STATES)('lets %s move only where the table says', (from) => {
    const reached = PAYMENT_STATES.filter((to) => canMove(from, to));
    expect(reached.toSorted()).toEqual(ALLOWED[from].split(' ').toSorted());
  });
});

/** What each kind of fact makes of a payment in each state: `new state`, `=` duplicate, `?` unproven. */
const EXPECTED: readonly [PaymentState, string][] = [
  // state            pending  authorised  settled  part   all  declined  expired  disputed
  [
    'created',
    '        pending  authorised  settled  partly_refunded  refunded  failed  expired  disputed',
  ],
  [
    'pending',
    '        ?        authorised  settled  partly_refunded  refunded  failed  expired  disputed',
  ],
  [
    'authorised',
    '     ?        ?           settled  partly_refunded  refunded  failed  expired  disputed',
  ],
  [
    'failed',
    '         ?        authorised  settled  partly_refunded  refunded  ?       ?        disputed',
  ],
  [
    'cancelled',
    '      ?        authorised  settled  partly_refunded  refunded  ?       ?        disputed',
  ],
  [
    'expired',
    '        ?        authorised  settled  partly_refunded  refunded  ?       ?        disputed',
  ],
  [
    'settled',
    '        =        =           =        partly_refunded  refunded  =       =        disputed',
  ],
  [
    'partly_refunded',
    '=        =           =        =                refunded  =       =        disputed',
  ],
  [
    'refunded',
    '       =        =           =        =                =         =       =        disputed',
  ],
  [
    'disputed',
    '       =        =           settled  partly_refunded  refunded  =       =        =',
  ],
];
const FACTS: readonly [string, Partial<ProviderPayment>][] = [
  ['pending', { state: 'pending' }],
  ['authorised', { state: 'authorised' }],
  ['settled', { state: 'settled' }],
  ['partly refunded', { state: 'settled', refunded: money(5_000n, 'RUB') }],
  ['refunded', { state: 'settled', refunded: PRICE }],
  ['declined', { state: 'cancelled', reason: 'insufficient_funds' }],
  ['expired', { state: 'cancelled', reason: 'expired_on_confirmation' }],
  ['disputed', { state: 'disputed' }],
];

describe('judging a fact', () => {
  const cases = EXPECTED.flatMap(([state, row]) =>
    row
      .trim()
      .split(/\s+/)
      .map((expected, at) => [state, FACTS[at]?.[0] ?? '', expected, FACTS[at]?.[1]] as const),
  );

  it.each(cases)('a %s payment told "%s" becomes %s', (state, _name, expected, change) => {
    const before = paymentIn(state);
    const judgement = judge(before, fact(change), OPTIONS);
    if (expected === '=' || expected === '?') {
      expect(judgement).toEqual({ outcome: expected === '=' ? 'duplicate' : 'unproven' });
      return;
    }
    const isPaid = ['settled', 'partly_refunded', 'refunded', 'disputed'].includes(expected);
    const back = (change?.refunded?.minor ?? 0n) - before.refunded.minor;
    expect(judgement).toEqual({
      outcome: 'moved',
      from: state,
      to: expected,
      moneyIn: isPaid && before.settledAt === undefined ? PRICE : undefined,
      moneyBack: isPaid && back > 0n ? money(back, 'RUB') : undefined,
    });
  });

  it.each([
    ['deadline_expired', 'expired'],
    ['EXPIRED', 'expired'],
    ['card_expired', 'failed'],
    ['expired_card', 'failed'],
  ])('a pending payment that ended by %s is %s', (reason, to) => {
    expect(
      judge(paymentIn('pending'), fact({ state: 'cancelled', reason }), OPTIONS),
    ).toMatchObject({ to });
  });

  it.each([
    ['one minor unit less', { amount: money(19_899n, 'RUB') }, {}, 'wrong_amount'],
    ['one minor unit more', { amount: money(19_901n, 'RUB') }, {}, 'wrong_amount'],
    [
      'the same number of another currency',
      { amount: money(19_900n, 'USD') },
      {},
      'wrong_currency',
    ],
    ['a refund in another currency', { refunded: money(1n, 'USD') }, {}, 'wrong_currency'],
    ['a refund above the sum', { refunded: money(19_901n, 'RUB') }, {}, 'wrong_amount'],
    ['a negative refund', { refunded: money(-1n, 'RUB') }, {}, 'wrong_amount'],
    ['the object of another payment', { paymentId: 'pay-2' }, {}, 'other_payment'],
    ['another object of the vendor', { reference: 'ref-2' }, {}, 'other_reference'],
    ['a test object', { isTest: true }, {}, 'test_object'],
    ['an unknown state', { state: 'unrecognised' }, {}, 'unrecognised'],
    ['another provider', {}, { provider: 'other' }, 'other_provider'],
  ] as const)('refuses %s in every state', (_name, change, options, mismatch) => {
    for (const state of PAYMENT_STATES) {
      expect(judge(paymentIn(state), fact(change), { ...OPTIONS, ...options })).toEqual({
        outcome: 'mismatch',
        mismatch,
      });
    }
  });

  it('takes a test object where tests are accepted', () => {
    expect(
      judge(payment(), fact({ isTest: true }), { ...OPTIONS, acceptsTest: true }),
    ).toMatchObject({ outcome: 'moved', to: 'settled' });
  });
});

describe('any walk of facts', () => {
  const anyFact = fc.record({
    state: fc.constantFrom(
      'pending',
      'authorised',
      'settled',
      'cancelled',
      'disputed',
      'unrecognised',
    ),
    refunded: fc.bigInt({ min: -1n, max: PRICE.minor + 1n }).map((minor) => money(minor, 'RUB')),
    amount: fc.constantFrom<Money>(PRICE, PRICE, PRICE, PRICE, money(1n, 'RUB')),
    reason: fc.constantFrom(undefined, 'declined', 'expired_x', 'canceled_by_merchant'),
  });

  it('brings the money in once at most, never gives back more than came, and never unpays', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 20 }), (walk) => {
        let current = payment({ state: 'created', reference: undefined });
        let [cameIn, wentBack] = [0n, 0n];
        for (const step of walk) {
          const judgement = judge(current, fact(step), OPTIONS);
          const next = apply(current, judgement);
          if (judgement.outcome === 'moved') {
            cameIn += judgement.moneyIn?.minor ?? 0n;
            wentBack += judgement.moneyBack?.minor ?? 0n;
          }
          if (hasMoney(current.state)) expect(hasMoney(next.state)).toBe(true);
          expect(next.refunded.minor).toBeGreaterThanOrEqual(current.refunded.minor);
          expect(cameIn).toBe(next.settledAt === undefined ? 0n : PRICE.minor);
          expect(wentBack).toBe(next.refunded.minor);
          expect(wentBack <= cameIn).toBe(true);
          current = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends where the newest fact says, in whatever order true facts arrive', () => {
    // A true history only grows: pending, held, paid, given back in steps.
    const history: Partial<ProviderPayment>[] = [
      { state: 'pending' },
      { state: 'authorised' },
      { state: 'settled' },
      { state: 'settled', refunded: money(5_000n, 'RUB') },
      { state: 'settled', refunded: money(9_000n, 'RUB') },
    ];
    const order = fc.shuffledSubarray([...history.keys()], { minLength: 1 });
    fc.assert(
      fc.property(order, (arrivals) => {
        const end = arrivals.reduce(
          (current, at) => apply(current, judge(current, fact(history[at]), OPTIONS)),
          payment({ state: 'created', reference: undefined }),
        );
        const newest = Math.max(...arrivals);
        expect(end.state).toBe(
          ['pending', 'authorised', 'settled', 'partly_refunded', 'partly_refunded'][newest],
        );
        expect(end.refunded.minor).toBe(history[newest]?.refunded?.minor ?? 0n);
      }),
    );
  });
});

describe('a part that went back, from a vendor that does not say how much', () => {
  const partly = (minor: bigint) =>
    fact({ state: 'unrecognised', partlyBack: true, amount: money(minor, 'RUB') });
  const known = payment({
    ...{ state: 'partly_refunded', refunded: money(5_000n, 'RUB'), settledAt: new Date(1) },
  });

  it.each([
    ['what we gave back', known, 5_000n, { outcome: 'duplicate' }],
    ['what that left', known, 14_900n, { outcome: 'duplicate' }],
    ['another part', known, 6_000n, { outcome: 'mismatch', mismatch: 'unrecognised' }],
    ['the whole sum', known, 19_900n, { outcome: 'mismatch', mismatch: 'unrecognised' }],
    [
      'the whole of what we gave nothing back of',
      payment({ state: 'settled', settledAt: new Date(1) }),
      19_900n,
      { outcome: 'mismatch', mismatch: 'unrecognised' },
    ],
    [
      'a part of what we gave nothing back of',
      payment({ state: 'settled', settledAt: new Date(1) }),
      5_000n,
      { outcome: 'mismatch', mismatch: 'unrecognised' },
    ],
  ])('that shows %s', (_name, of, minor, judgement) => {
    expect(judge(of, partly(minor), OPTIONS)).toEqual(judgement);
  });

  it('of another payment, in another currency or in test money is none of it', () => {
    for (const odd of [{ reference: 'ref-2' }, { paymentId: 'pay_2' }, { isTest: true }]) {
      expect(judge(known, { ...partly(5_000n), ...odd }, OPTIONS).outcome).toBe('mismatch');
    }
    const dollars = { ...partly(5_000n), amount: money(5_000n, 'USD') };
    expect(judge(known, dollars, OPTIONS)).toMatchObject({ mismatch: 'wrong_currency' });
  });
});
