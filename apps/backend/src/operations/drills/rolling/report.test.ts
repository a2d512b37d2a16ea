import { describe, expect, it } from 'vitest';
import type { Judgement } from '../payments/judge.ts';
import { judgeRolling, type RollingFacts } from './report.ts';

const judgement: Judgement = {
  violations: [],
  vendors: { yookassa: { sold: 2, setAside: 0, refunded: 0, deliveries: 3, acknowledged: 3 } },
  ...{ sold: 2, paid: 2, delivered: 2, surplus: 0, toldTwice: 0 },
};
const good: RollingFacts = {
  options: {
    ...{ rounds: 2, rate: 30, sessions: 40, payments: 8, seed: 1 },
    ...{ providers: ['yookassa'], web: false, ownListeners: false },
  },
  restarts: { 'gateway#0': 2, 'api#0': 2 },
  problems: [],
  calls: [
    { kind: 'read', status: 200, tookMs: 10 },
    { kind: 'order', status: 201, tookMs: 20 },
  ],
  skipped: 0,
  commands: [{ key: 'a', orderIds: ['ord_1', 'ord_1'] }],
  ordersOfCommands: 1,
  noticesRefused: [],
  inVain: [],
  judgement,
  quiet: { quietAfterMs: 10, moving: {} },
  durationMs: 1_000,
};

describe('the drill about restarts', () => {
  it('passes when nobody saw anything', () => {
    const report = judgeRolling(good);
    expect(report).toMatchObject({ verdict: 'passed', failed: 0, deliveries: 3, slowestMs: 20 });
  });

  it.each<[string, Partial<RollingFacts>]>([
    ['1 of 1 calls failed', { calls: [{ kind: 'read', status: 0, tookMs: 1 }] }],
    ['1 notices were not acknowledged at once', { noticesRefused: ['503'] }],
    ['1 people did not get what they came for', { inVain: ['a payment'] }],
    ['api#0 was restarted 3 times', { restarts: { 'gateway#0': 2, 'api#0': 3 } }],
    ['1 commands made 2 orders', { ordersOfCommands: 2 }],
    [
      '1 commands answered otherwise when they were repeated',
      { commands: [{ key: 'a', orderIds: ['ord_1', undefined] }] },
    ],
    ['nothing was sold or ordered', { judgement: { ...judgement, sold: 0 } }],
    ['the next api did not become ready', { problems: ['the next api did not become ready'] }],
  ])('fails with: %s', (words, change) => {
    const report = judgeRolling({ ...good, ...change });
    expect(report.violations).toEqual([words]);
    expect(report.verdict).toBe('failed');
  });

  it.each<[string, RollingFacts['quiet']]>([
    ['no quiet: messages 2', { quietAfterMs: undefined, moving: { messages: 2 } }],
    ['quiet only after 61000 ms', { quietAfterMs: 61_000, moving: {} }],
  ])('fails with: %s', (what, quiet) => {
    const report = judgeRolling({ ...good, quiet });
    expect(report.violations).toEqual([{ rule: 'R8', what }]);
    expect(report.verdict).toBe('failed');
  });

  it('fails when the judge of money fails', () => {
    const violations = [{ rule: 'R4', what: 'delivered twice' }] as const;
    const report = judgeRolling({ ...good, judgement: { ...judgement, violations } });
    expect(report.violations).toEqual(violations);
  });
});
