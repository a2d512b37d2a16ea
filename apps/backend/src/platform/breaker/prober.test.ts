import { createManualClock } from '@opora/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBreaker, type OperatedBreaker } from './breaker.ts';
import { createProber, type Prober } from './prober.ts';

class Away extends Error {}
class NoSuchPayment extends Error {}

/** Longer than a breaker ever waits. */
const LONG_MS = 90_000;

let clock: ReturnType<typeof createManualClock>;
let breaker: OperatedBreaker;
let prober: Prober;
let isAway: boolean;
const asked = vi.fn();

beforeEach(() => {
  clock = createManualClock();
  breaker = createBreaker({
    ...{ name: 'yookassa', clock, ids: { chance: () => 0.5 } },
    countsAsFailure: (error) => error instanceof Away,
  });
  prober = createProber({ clock });
  isAway = true;
  asked.mockReset();
});
afterEach(() => prober.stop());

const call = (): Promise<void> =>
  breaker.run(() => (isAway ? Promise.reject(new Away()) : Promise.resolve()));
const knock = async (): Promise<void> => {
  asked();
  await call();
};

async function open(): Promise<void> {
  for (let at = 0; at < 5; at += 1) await call().catch(() => undefined);
  expect(breaker.state).toBe('open');
}

async function pass(steps: number, ms = LONG_MS): Promise<void> {
  for (let step = 0; step < steps; step += 1) await clock.advance(ms);
}

describe('a prober', () => {
  it('closes a breaker that nobody calls through', async () => {
    prober.watch(breaker, knock);
    await open();
    await pass(3);
    expect(breaker.state).toBe('open');
    isAway = false;
    await pass(4);
    expect(breaker.state).toBe('closed');
  });

  it('is quiet while it is closed and after it closed', async () => {
    prober.watch(breaker, knock);
    await pass(2);
    expect(asked).not.toHaveBeenCalled();
    await open();
    isAway = false;
    await pass(4);
    const knocks = asked.mock.calls.length;
    await pass(4);
    expect(asked).toHaveBeenCalledTimes(knocks);
  });

  it('asks as often as the breaker lets it, never more', async () => {
    prober.watch(breaker, knock);
    await open();
    await pass(120, 1_000);
    // 5 s, 10 s, 20 s, 40 s: what is due in two minutes.
    expect(asked).toHaveBeenCalledTimes(4);
  });

  it('takes an answer that the breaker ignores for a good one', async () => {
    prober.watch(breaker, async () => {
      const answer = breaker.run(() =>
        isAway ? Promise.reject(new Away()) : Promise.reject(new NoSuchPayment()),
      );
      await answer.catch((error: unknown) => {
        if (!(error instanceof NoSuchPayment)) throw error;
      });
    });
    await open();
    isAway = false;
    await pass(4);
    expect(breaker.state).toBe('closed');
  });

  it('lets staff hold it open, and goes on from their release', async () => {
    prober.watch(breaker, knock);
    breaker.force('open', 3_600_000);
    await pass(10);
    expect(asked).not.toHaveBeenCalled();
    breaker.release();
    expect(breaker.state).toBe('closed');
    await open();
    isAway = false;
    await pass(4);
    expect(breaker.state).toBe('closed');
  });

  it('stops with its process', async () => {
    prober.watch(breaker, knock);
    await open();
    await prober.stop();
    await pass(2);
    expect(asked).not.toHaveBeenCalled();
  });
});
