import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { offerLoad } from './load.ts';
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
  it.each(['ends well', 'fails'])('is over when what it waits for %s', async (how) => {
    const clock = createManualClock();
    const act = Promise.withResolvers<undefined>();
    const load = offerLoad({
      ...{ clock, people, visitors: [visitor()], links: [], rate: 100, until: act.promise },
    });
    await clock.advance(1_000);
    if (how === 'fails') act.reject(new Error('an instance did not come back'));
    else act.resolve(undefined);
    await clock.advance(1_000);
    const { samples, skipped } = await load;
    expect(samples.length).toBeGreaterThan(50);
    expect(samples.length).toBeLessThan(150);
    expect(skipped).toBe(0);
  });
});
