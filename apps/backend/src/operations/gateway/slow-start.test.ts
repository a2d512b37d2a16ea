import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/ids/index.ts';
import { choose, Instance } from './instance.ts';

const clock = createManualClock();
const made: Instance[] = [];

/** Passed its first check. */
function instance(): Instance {
  const one = new Instance({ name: 'api-0', origin: 'http://127.0.0.1:1', clock, ids: systemIds });
  one.noteCheck(true);
  made.push(one);
  return one;
}

function goAndReturn(one: Instance): void {
  for (const passed of [false, false, true, true]) one.noteCheck(passed);
}

/** A fifth of a circle and a bit more: never twice the same, and evenly spread. */
function evenChance(): () => number {
  let at = 0;
  return () => (at = (at + 0.618_033_988_75) % 1);
}

/** Its part of a thousand calls that end at once. */
function shareOf(one: Instance, all: readonly Instance[]): number {
  const chance = evenChance();
  const chosen = Array.from({ length: 1_000 }, () => choose(all, chance)?.instance);
  return chosen.filter((each) => each === one).length / 1_000;
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((one) => one.line.pool.destroy()));
});

describe('an instance that is back', () => {
  it('gets little at first and its whole share after ten seconds', async () => {
    const [back, other] = [instance(), instance()];
    goAndReturn(back);
    const shares = [shareOf(back, [back, other])];
    for (const seconds of [5, 5]) {
      await clock.advance(seconds * 1_000);
      shares.push(shareOf(back, [back, other]));
    }
    const [first = 1, half = 0, whole = 0] = shares;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(0.15);
    expect(half).toBeGreaterThan(first);
    expect(half).toBeLessThan(0.4);
    expect(whole).toBeCloseTo(0.5, 1);
  });

  it('takes everything when there is no other', () => {
    const back = instance();
    goAndReturn(back);
    expect(shareOf(back, [back])).toBe(1);
  });

  it('is not slowed when it is the gateway that is new', () => {
    expect(instance().weight).toBe(1);
  });

  it('is loaded slowly too when live traffic had taken it out', async () => {
    const back = instance();
    back.breaker.trip();
    await clock.advance(10_000);
    for (let probes = 0; probes < 3; probes += 1) {
      expect(back.breaker.permit()).toBe(true);
      back.breaker.settle('success', 5);
    }
    expect([back.breaker.state, back.weight]).toEqual(['closed', 0.1]);
  });
});
