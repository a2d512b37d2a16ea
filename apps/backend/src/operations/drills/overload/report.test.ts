import { describe, expect, it } from 'vitest';
import type { Second } from './generator.ts';
import { MIX, type Kind } from './mix.ts';
import { capacityOf, judgeOverload, judgeRound, type Round } from './report.ts';

const options = {
  ...{ sessions: 10, peakSeconds: 5, seconds: 10, afterSeconds: 10 },
  ...{ times: [3, 2], patient: false },
};
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
  ...{ times: 3, seconds: 10, capacityPerS: 400 },
  overload: seconds(10, 300, (kind) => (isVital(kind) ? 300 : 0)),
  after: seconds(10, 50, () => 50),
};
const named = (facts: Partial<typeof good>): string =>
  judgeRound({ ...good, ...facts }).violations.join();

describe('the judge of the drill about overload', () => {
  it('takes the best of all measurements for the capacity', () => {
    const peaks = [seconds(5, 80, () => 80), seconds(5, 100, () => 100)];
    expect(capacityOf(peaks)).toBe(400);
    expect(capacityOf([])).toBe(0);
  });

  it('is content when the vital are served and as much is done as before', () => {
    expect(judgeRound(good)).toMatchObject({
      ...{ goodPerS: 600, goodput: 1.5, vital: 1, normalAfterS: 0, violations: [] },
    });
  });

  it('names lost goodput, a refused notice, a slow return, and a crowd that was none', () => {
    const lost = seconds(10, 300, (kind) => (isVital(kind) ? 170 : 0));
    expect(named({ overload: lost })).toContain('goodput fell to 85.00 %');
    const refused = seconds(10, 300, (kind) => (kind === 'notice' ? 299 : 300));
    expect(named({ overload: refused })).toContain('of notices and token checks');
    const slow = good.after.map((one) => ({ ...one, good: one.at === 5 ? 49 : one.good }));
    expect(named({ after: slow })).toContain('normal again after 6 s');
    const never = good.after.map((one) => ({ ...one, good: one.at === 9 ? 49 : one.good }));
    expect(named({ after: never })).toContain('normal again after null s');
    const few = seconds(10, 100, () => 100);
    expect(named({ overload: few })).toContain('only 400 calls a second came');
  });

  it('passes with the highest multiple that held, and fails when none did or somebody ended', () => {
    const round = judgeRound(good);
    const broken: Round = { ...round, violations: ['too much'] };
    const judge = (rounds: readonly Round[], exits = 0) =>
      judgeOverload({ options, capacityPerS: 400, rounds, exits });
    expect(judge([broken, { ...round, times: 2 }])).toMatchObject({ verdict: 'passed', held: 2 });
    expect(judge([broken, broken])).toMatchObject({
      ...{ verdict: 'failed', held: null, violations: ['too much'] },
    });
    expect(judge([round], 1).violations).toEqual(['1 processes ended']);
    expect(judge([]).verdict).toBe('failed');
  });
});
