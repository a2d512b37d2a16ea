import { createManualClock } from '@opora/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow } from './index.ts';

const MINUTE = 60_000;

describe('a sliding window', () => {
  it('lets so many through, then says how long to wait, and that is how long it takes', async () => {
    const clock = createManualClock();
    const window = new SlidingWindow(clock, MINUTE);
    for (let at = 0; at < 30; at += 1) expect(window.take('a', { most: 30 }).allowed).toBe(true);
    const refused = window.take('a', { most: 30 });
    expect(refused).toMatchObject({ allowed: false, left: 0 });
    expect(window.take('b', { most: 30 }).allowed).toBe(true);
    await clock.advance(refused.resetMs - 1);
    expect(window.take('a', { most: 30 }).allowed).toBe(false);
    await clock.advance(1);
    expect(window.take('a', { most: 30 }).allowed).toBe(true);
  });

  it('is not made longer by what was refused', async () => {
    const clock = createManualClock();
    const window = new SlidingWindow(clock, MINUTE);
    window.take('a', { most: 1 });
    for (let at = 0; at < 100; at += 1) window.take('a', { most: 1 });
    await clock.advance(MINUTE * 1.1);
    expect(window.take('a', { most: 1 }).allowed).toBe(true);
  });

  it('never lets more than the limit through in any window, and forgets within 1.1 of it (A4)', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 20, maxLength: 200 });
    const limits = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(pauses, limits, async (waits, most) => {
        const clock = createManualClock();
        const window = new SlidingWindow(clock, MINUTE);
        const passed: number[] = [];
        for (const ms of waits) {
          await clock.advance(ms);
          const now = clock.monotonicMs();
          const near = (span: number) => passed.filter((at) => now - at < span).length;
          const [inWindow, remembered] = [near(MINUTE), near(MINUTE * 1.1)];
          const { allowed } = window.take('a', { most });
          if (allowed) {
            expect(inWindow).toBeLessThan(most);
            passed.push(now);
          } else expect(remembered).toBeGreaterThanOrEqual(most);
        }
      }),
    );
  });

  it('forgets the key that was idle longest when it holds too many', () => {
    const window = new SlidingWindow(createManualClock(), MINUTE, 2);
    for (const key of ['a', 'b', 'c']) window.take(key, { most: 1 });
    expect(window.size).toBe(2);
    expect([window.used('a'), window.used('b'), window.used('c')]).toEqual([0, 1, 1]);
  });
});
