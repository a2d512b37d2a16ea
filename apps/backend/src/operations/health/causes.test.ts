import { expect, it } from 'vitest';
import { withoutConsequences } from './causes.ts';
import type { Standing } from './standing.ts';

const gone: Standing = {
  ...{ kind: 'hang', detail: '', isUnavailable: true, isOutage: true, isCritical: false },
};

it('the server is not told of beside the role that keeps it, nor in the moment after it is back', () => {
  const about = (sinceMs: number) =>
    withoutConsequences(
      new Map<string, Standing>([
        ['postgres#0', gone],
        ['database#0', sinceMs === 0 ? gone : 'fine'],
      ]),
      { troubledMs: new Map([['database#0', 1_000]]), nowMs: 1_000 + sinceMs },
    ).get('postgres#0');
  expect(about(0)).toBe('unknown');
  expect(about(5_000)).toBe('unknown');
  expect(about(20_000)).toEqual(gone);
});
