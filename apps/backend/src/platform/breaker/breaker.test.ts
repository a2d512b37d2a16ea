import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createBreaker, DependencyOpen, type BreakerOptions } from './index.ts';

class Refused extends Error {}

function setUp(options: Partial<BreakerOptions> = {}) {
  const clock = createManualClock();
  const chances = { next: 0.5 };
  const changes: string[] = [];
  const breaker = createBreaker({
    name: 'vendor',
    clock,
    ids: { chance: () => chances.next },
    countsAsFailure: (error) => !(error instanceof Refused),
    ...options,
  });
  breaker.onChange((state) => changes.push(state));
  let calls = 0;
  const run = async (outcome: 'ok' | 'fail' | 'refused'): Promise<string> => {
    try {
      await breaker.run(() => {
        calls += 1;
        if (outcome === 'fail') return Promise.reject(new Error('down'));
        return outcome === 'ok' ? Promise.resolve() : Promise.reject(new Refused('no'));
      });
      return 'ok';
    } catch (error) {
      return error instanceof DependencyOpen ? 'open' : 'failed';
    }
  };
  const many = async (count: number, outcome: 'ok' | 'fail' | 'refused'): Promise<void> => {
    for (let at = 0; at < count; at += 1) await run(outcome);
  };
  return { clock, breaker, changes, run, many, chances, calls: () => calls };
}

describe('a closed breaker', () => {
  it('opens after five failures in a row, however few the calls', async () => {
    const { breaker, many, run, calls } = setUp();
    await many(4, 'fail');
    expect(breaker.state).toBe('closed');
    await many(1, 'fail');
    expect(breaker.state).toBe('open');
    expect(await run('ok')).toBe('open');
    expect(calls()).toBe(5);
  });

  it('opens when half of at least twenty calls failed', async () => {
    const { breaker, many } = setUp();
    for (let at = 0; at < 9; at += 1) {
      await many(1, 'fail');
      await many(1, 'ok');
    }
    await many(1, 'ok');
    expect(breaker.state).toBe('closed');
    await many(1, 'fail');
    expect(breaker.state).toBe('open');
  });

  it('does not open on nineteen calls with a bad share', async () => {
    const { breaker, many } = setUp();
    for (let at = 0; at < 9; at += 1) {
      await many(1, 'ok');
      await many(1, 'fail');
    }
    expect(breaker.state).toBe('closed');
  });

  it('forgets what is older than the window', async () => {
    const { breaker, many, clock } = setUp();
    for (let at = 0; at < 9; at += 1) {
      await many(1, 'fail');
      await many(1, 'ok');
    }
    await clock.advance(33_000);
    await many(2, 'fail');
    expect(breaker.state).toBe('closed');
  });

  it('takes no refusal of ours for a failure', async () => {
    const { breaker, many } = setUp();
    await many(50, 'refused');
    expect(breaker.state).toBe('closed');
  });

  it('opens when four of five calls are slow', async () => {
    const { breaker } = setUp({ slowMs: 100 });
    for (let at = 0; at < 4; at += 1) breaker.settle('success', 100);
    for (let at = 0; at < 15; at += 1) breaker.settle('success', 101);
    expect(breaker.state).toBe('closed');
    breaker.settle('success', 101);
    expect(breaker.state).toBe('open');
  });
});

describe('an open breaker', () => {
  it('waits 5 s, then twice as long after each failed probe, a minute at most', async () => {
    const { breaker, many, run, clock } = setUp();
    await many(5, 'fail');
    for (const wait of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      expect(breaker.retryAfterMs).toBe(wait);
      await clock.advance(wait - 1);
      expect(await run('fail')).toBe('open');
      await clock.advance(1);
      expect(await run('fail')).toBe('failed');
    }
  });

  it('never waits over 15 s for services of our own, jitter included', async () => {
    const { breaker, many, clock, chances, run } = setUp({ waitMaxMs: 15_000 });
    chances.next = 0.999;
    await many(5, 'fail');
    for (let at = 0; at < 6; at += 1) {
      expect(breaker.retryAfterMs).toBeLessThanOrEqual(15_000);
      await clock.advance(15_000);
      expect(await run('fail')).toBe('failed');
    }
  });

  it('spreads its waits by a fifth', async () => {
    for (const [chance, wait] of [
      [0, 4_000],
      [1, 6_000],
    ] as const) {
      const { breaker, many, chances } = setUp();
      chances.next = chance;
      await many(5, 'fail');
      expect(breaker.retryAfterMs).toBe(wait);
    }
  });

  it('tells the caller when to come back', async () => {
    const { breaker, many, clock } = setUp();
    await many(5, 'fail');
    await clock.advance(2_000);
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      code: 'platform.dependency_open',
      retryAfterMs: 3_000,
    });
  });
});

describe('a half-open breaker', () => {
  it('closes after three successes and counts its waits from the beginning', async () => {
    const { breaker, many, clock, changes } = setUp();
    await many(5, 'fail');
    await clock.advance(5_000);
    await many(2, 'ok');
    expect(breaker.state).toBe('half_open');
    await many(1, 'ok');
    expect(changes).toEqual(['open', 'half_open', 'closed']);
    await many(5, 'fail');
    expect(breaker.retryAfterMs).toBe(5_000);
  });

  it('lets one probe out at a time', async () => {
    const { breaker, many, clock, run } = setUp();
    await many(5, 'fail');
    await clock.advance(5_000);
    let finish = (): void => undefined;
    const probe = breaker.run(() => new Promise<void>((resolve) => (finish = resolve)));
    expect(await run('ok')).toBe('open');
    finish();
    await probe;
    expect(await run('ok')).toBe('ok');
  });

  it('gives the probe back when the call proved nothing', async () => {
    const { breaker, many, clock, run } = setUp();
    await many(5, 'fail');
    await clock.advance(5_000);
    await many(3, 'refused');
    expect(breaker.state).toBe('half_open');
    expect(await run('ok')).toBe('ok');
  });

  it('ignores late news of calls from before it opened', async () => {
    const { breaker, many, clock } = setUp();
    await many(5, 'fail');
    breaker.settle('success', 1);
    breaker.settle('failure', 1);
    expect([breaker.state, breaker.retryAfterMs]).toEqual(['open', 5_000]);
    await clock.advance(5_000);
    expect(breaker.permit()).toBe(true);
  });
});

describe("the operator's switch", () => {
  it('holds it open until it expires, then begins afresh', async () => {
    const { breaker, run, clock, changes } = setUp();
    breaker.force('open', 60_000);
    expect(await run('ok')).toBe('open');
    expect(breaker.retryAfterMs).toBe(60_000);
    await clock.advance(60_000);
    expect(await run('ok')).toBe('ok');
    expect(changes).toEqual(['open', 'closed']);
  });

  it('holds it closed whatever the calls say', async () => {
    const { breaker, many } = setUp();
    breaker.force('closed', 60_000);
    await many(50, 'fail');
    expect(breaker.state).toBe('closed');
    breaker.release();
    await many(5, 'fail');
    expect(breaker.state).toBe('open');
  });

  it('does not outlive a day', async () => {
    const { breaker, clock } = setUp();
    breaker.force('open', Number.MAX_SAFE_INTEGER);
    await clock.advance(24 * 3_600_000);
    expect(breaker.state).toBe('closed');
  });
});
