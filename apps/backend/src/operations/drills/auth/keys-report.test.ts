import { describe, expect, it } from 'vitest';
import { judgeKeys } from './keys-report.ts';
import type { Sample } from './load.ts';

const options = { rate: 40, sessions: 40, rotations: 1, atOnce: false };
const sample = (kind: Sample['kind'], status = 200): Sample => ({
  ...{ kind, status, atMs: 0, tookMs: 3 },
});
const good = [sample('read'), sample('enter'), sample('refresh')];
const judge = (samples: readonly Sample[], keysInUse = ['a', 'b']) =>
  judgeKeys({ options, samples, keysInUse, skipped: 0, durationMs: 1_000 });

describe('the judge of the drill about new keys', () => {
  it('is content when nobody saw them', () => {
    expect(judge(good)).toMatchObject({ verdict: 'passed', rotations: 1, failed: 0 });
  });

  it.each([
    ['a call that failed', [...good, sample('read', 401)], ['a', 'b'], '1 of 4 calls failed'],
    ['a key that stayed', good, ['a', 'a'], 'not every rotation'],
    ['a load without renewals', good.slice(0, 2), ['a', 'b'], 'nobody signed in or renewed'],
  ])('names %s', (_name, samples, keys, named) => {
    expect(judge(samples, keys).violations.join()).toContain(named);
  });
});
