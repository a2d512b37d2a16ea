import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createBulkhead, createRetryBudget, fullJitterMs, Overloaded } from './index.ts';

describe('a bulkhead', () => {
  function setUp() {
    const clock = createManualClock();
    const bulkhead = createBulkhead({ name: 'vendor', clock });
    const finishers: (() => void)[] = [];
    const start = (): Promise<void> =>
      bulkhead.run(() => new Promise<void>((resolve) => finishers.push(resolve)));
    return { clock, bulkhead, finishers, start };
  }

  it('lets 32 in, lets 32 wait and refuses the rest at once', async () => {
    const { bulkhead, start } = setUp();
    const calls = Array.from({ length: 64 }, start);
    expect([bulkhead.inFlight, bulkhead.waiting]).toEqual([32, 32]);
    await expect(start()).rejects.toThrow(Overloaded);
    expect(calls).toHaveLength(64);
  });

  it('hands a place to the one who waited longest', async () => {
    const { bulkhead, start, finishers, clock } = setUp();
    const calls = Array.from({ length: 33 }, start);
    await clock.advance(0);
    finishers[0]?.();
    await calls[0];
    await clock.advance(0);
    expect([bulkhead.inFlight, bulkhead.waiting, finishers.length]).toEqual([32, 0, 33]);
  });

  it('lets nobody wait over 200 ms', async () => {
    const { bulkhead, start, clock } = setUp();
    Array.from({ length: 32 }, () => void start());
    const late = expect(start()).rejects.toThrow('did not free a place');
    await clock.advance(199);
    expect(bulkhead.waiting).toBe(1);
    await clock.advance(1);
    await late;
    expect(bulkhead.waiting).toBe(0);
  });

  it('frees the place of a call that failed', async () => {
    const { bulkhead } = setUp();
    await expect(bulkhead.run(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(bulkhead.inFlight).toBe(0);
  });
});

describe('retries', () => {
  it('wait anywhere between nothing and a doubling bound', () => {
    const wait = { baseMs: 50, capMs: 1_000 };
    expect(fullJitterMs({ chance: () => 1 }, { ...wait, attempt: 0 })).toBe(50);
    expect(fullJitterMs({ chance: () => 1 }, { ...wait, attempt: 3 })).toBe(400);
    expect(fullJitterMs({ chance: () => 1 }, { ...wait, attempt: 30 })).toBe(1_000);
    expect(fullJitterMs({ chance: () => 0 }, { ...wait, attempt: 3 })).toBe(0);
  });

  it('are three at once, or a fifth of the active requests', () => {
    const budget = createRetryBudget();
    expect([1, 1, 1, 1].map((active) => budget.take(active))).toEqual([true, true, true, false]);
    expect(budget.take(20)).toBe(true);
    expect(budget.take(20)).toBe(false);
    budget.giveBack();
    expect(budget.take(20)).toBe(true);
    expect(budget.exhausted).toBe(2);
  });
});
