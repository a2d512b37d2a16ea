import { describe, expect, it } from 'vitest';
import { money } from '@opora/kernel';
import { moneyFromWire, moneyToWire, MoneyWire, ProblemWire } from './wire.ts';

describe('money on the wire', () => {
  it('comes back exactly, above 2^53 and below zero', () => {
    for (const sum of [
      money(9_007_199_254_740_993n, 'RUB'),
      money(-1n, 'USDT'),
      money(0n, 'XTR'),
    ]) {
      expect(moneyFromWire(MoneyWire.parse(JSON.parse(JSON.stringify(moneyToWire(sum)))))).toEqual(
        sum,
      );
    }
  });

  it.each(['1.5', '1e3', '01', '-0', '', ' 1', '0x1', '1'.repeat(20)])('refuses %j', (minor) => {
    expect(MoneyWire.safeParse({ minor, currency: 'RUB' }).success).toBe(false);
  });

  it('refuses numbers and foreign currencies', () => {
    expect(MoneyWire.safeParse({ minor: 1, currency: 'RUB' }).success).toBe(false);
    expect(MoneyWire.safeParse({ minor: '1', currency: 'BTC' }).success).toBe(false);
  });
});

describe('a problem on the wire', () => {
  it('keeps the facts beside the fixed members', () => {
    const problem = {
      type: 'urn:opora:problem:payments.not_found',
      title: 'Payment not found',
      status: 404,
      code: 'payments.not_found',
      instance: 'urn:opora:request:req_1',
      paymentId: 'pay_1',
    };
    expect(ProblemWire.parse(problem)).toEqual(problem);
  });
});
