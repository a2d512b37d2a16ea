import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { offerLoad, RAMP_MS } from './load.ts';
import type { People, Visitor } from './people.ts';

const answered = { status: 200, cookies: [], tookMs: 1 };
const people: People = {
  links: () => Promise.resolve([]),
  enter: () => Promise.resolve({ answered, visitor: undefined }),
  refresh: () => Promise.resolve(answered),
  leave: () => Promise.resolve(answered),
  read: () => Promise.resolve(answered),
  enterAll: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};
const visitor = (): Visitor => ({ access: 'a', refresh: 'r', busy: false, address: '198.18.0.1' });

describe('a load', () => {
  it.each(['ends well', 'fails'])('grows, and is over when what it waits for %s', async (how) => {
    const clock = createManualClock();
    const act = Promise.withResolvers<undefined>();
    const load = offerLoad({
      ...{ clock, people, visitors: [visitor()], links: [], rate: 100, until: act.promise },
    });
    // While the rate grows half as many come.
    await clock.advance(RAMP_MS);
    if (how === 'fails') act.reject(new Error('an instance did not come back'));
    else act.resolve(undefined);
    await clock.advance(1_000);
    const { samples, skipped } = await load;
    expect(samples.length).toBeGreaterThan(150);
    expect(samples.length).toBeLessThan(250);
    expect(skipped).toBe(0);
  });

  it('makes up for a pause of its own little by little', async () => {
    const clock = createManualClock();
    const pausing = { ...clock, sleep: () => clock.sleep(500) };
    const act = Promise.withResolvers<undefined>();
    const load = offerLoad({
      ...{ clock: pausing, people, visitors: [visitor()], links: [], rate: 1_000 },
      until: act.promise,
    });
    await clock.advance(2_500);
    act.resolve(undefined);
    await clock.advance(500);
    const { samples } = await load;
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.length).toBeLessThanOrEqual(5 * 30);
  });
});
