import { describe, expect, it } from 'vitest';
import type { Second } from './generator.ts';
import { MIX, type Kind } from './mix.ts';
import { judgeOverload } from './report.ts';

const options = { sessions: 10, peakSeconds: 5, seconds: 10, times: 3, patient: false };
const kinds = Object.keys(MIX) as Kind[]; // the keys of MIX

/** So many seconds in which `sent` calls of each kind come and `good` of them are good. */
function seconds(count: number, sent: number, good: (kind: Kind) => number): Second[] {
  return Array.from({ length: count }, (_, at) =>
    kinds.map((kind) => ({
      ...{ kind, at, sent, good: good(kind), worstMs: 9, late: 0, crowded: 0, failed: 0 },
      shed: sent - good(kind),
    })),
  ).flat();
}

const isVital = (kind: Kind): boolean => kind === 'notice' || kind === 'token';
/** A hundred of each a second is the peak; three hundred come, and the vital are all served. */
const good = {
  options,
  peaks: [seconds(5, 80, () => 80), seconds(5, 100, () => 100)],
  overload: seconds(10, 300, (kind) => (isVital(kind) ? 300 : 0)),
  after: seconds(10, 50, () => 50),
  exits: 0,
};
const named = (facts: Partial<typeof good>): string =>
  judgeOverload({ ...good, ...facts }).violations.join();

describe('the judge of the drill about overload', () => {
  it('is content when the vital are served and as much is done as before', () => {
    expect(judgeOverload(good)).toMatchObject({
      ...{ verdict: 'passed', capacityPerS: 400, goodPerS: 600, goodput: 1.5, vital: 1 },
      normalAfterS: 0,
    });
  });

  it('names lost goodput, a refused notice, a slow return, an exit, and a crowd that was none', () => {
    const lost = seconds(10, 300, (kind) => (isVital(kind) ? 170 : 0));
    expect(named({ overload: lost })).toContain('goodput fell to 85.00 %');
    const refused = seconds(10, 300, (kind) => (kind === 'notice' ? 299 : 300));
    expect(named({ overload: refused })).toContain('of notices and token checks');
    const slow = good.after.map((one) => ({ ...one, good: one.at === 5 ? 49 : one.good }));
    expect(named({ after: slow })).toContain('normal again after 6 s');
    const never = good.after.map((one) => ({ ...one, good: one.at === 9 ? 49 : one.good }));
    expect(named({ after: never })).toContain('normal again after null s');
    expect(named({ exits: 1 })).toContain('1 processes ended');
    const few = seconds(10, 100, () => 100);
    expect(named({ overload: few })).toContain('only 400 calls a second came');
  });
});
