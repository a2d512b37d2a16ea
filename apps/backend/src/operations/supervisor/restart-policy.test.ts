import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EARLY_WITHIN_MS, judge, MEMORY_MS, type Death } from './restart-policy.ts';

const neverReady = (atMs: number): Death => ({ atMs, readyAtMs: undefined });
const served = (atMs: number, forMs = EARLY_WITHIN_MS): Death => ({
  atMs,
  readyAtMs: atMs - forMs,
});

describe('the restart policy', () => {
  it('starts a child again within 300 ms after its first death', () => {
    expect(judge([served(100_000)], 0)).toEqual({ outcome: 'restart', delayMs: 150 });
    expect(judge([neverReady(5)], 0.999)).toMatchObject({ delayMs: expect.closeTo(299.85) });
  });

  it('doubles the wait with every recent death', () => {
    const deaths = [1, 2, 3, 4].map((second) => neverReady(second * 1000));
    const delays = deaths.map((_, at) => judge(deaths.slice(0, at + 1), 1));
    expect(delays).toEqual(
      [300, 1000, 2000, 4000].map((delayMs) => ({ outcome: 'restart', delayMs })),
    );
  });

  it('gives up after five early deaths in ten minutes', () => {
    const deaths = [1, 2, 3, 4, 5].map((second) => neverReady(second * 1000));
    expect(judge(deaths, 0)).toEqual({ outcome: 'give_up', earlyDeaths: 5 });
  });

  it('never gives up on a child whose dependency is away, and has it back in a second', () => {
    const early = [1, 2, 3, 4].map((second) => neverReady(second * 1000));
    const foreign = Array.from({ length: 40 }, (_, at) => ({
      ...neverReady(5000 + at * 1000),
      isForeign: true,
    }));
    for (let count = 1; count <= foreign.length; count += 1) {
      const verdict = judge([...early, ...foreign.slice(0, count)], 1);
      expect(verdict).toEqual({ outcome: 'restart', delayMs: 1000 });
    }
    // Its own deaths are counted as ever.
    expect(judge([...early, ...foreign, neverReady(50_000)], 0)).toMatchObject({
      outcome: 'give_up',
      earlyDeaths: 5,
    });
  });

  it('forgets deaths that are ten minutes old', () => {
    const old = [1, 2, 3, 4].map((second) => neverReady(second * 1000));
    expect(judge([...old, neverReady(MEMORY_MS + 4000)], 0)).toEqual({
      outcome: 'restart',
      delayMs: 150,
    });
  });

  it('never gives up on a child that was serving for half a minute, and has it back in 10 s', () => {
    const death = fc.record({
      gapMs: fc.integer({ min: 0, max: EARLY_WITHIN_MS }),
      upMs: fc.option(fc.integer({ min: 0, max: MEMORY_MS }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(death, { maxLength: 60 }),
        fc.integer({ min: EARLY_WITHIN_MS, max: MEMORY_MS }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (earlier, upMs, chance) => {
          let atMs = 0;
          const history = earlier.map(({ gapMs, upMs: up }) => {
            atMs += gapMs;
            return { atMs, readyAtMs: up === undefined ? undefined : atMs - up };
          });
          const verdict = judge([...history, served(atMs + 1, upMs)], chance);
          expect(verdict.outcome).toBe('restart');
          expect(verdict).toSatisfy((v: typeof verdict) => 'delayMs' in v && v.delayMs <= 10_000);
        },
      ),
    );
  });
});
