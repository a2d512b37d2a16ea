import { describe, expect, it } from 'vitest';
import { judgeRevocation } from './revocation-report.ts';

const options = { sessions: 3, cutSessions: 2, tries: 4 };
const good = {
  options,
  withFeedMs: [300, 200, 999],
  withoutFeedMs: [4_000, 9_990],
  statuses: [401, 401, 401, 401],
};

describe('the judge of the drill about ended sessions', () => {
  it('is content when all ends were known in time', () => {
    expect(judgeRevocation(good)).toMatchObject({ verdict: 'passed', accepted: 0, p99Ms: 999 });
  });

  it.each([
    ['a slow end', { withFeedMs: [300, 200, 1_001] }, 'p99'],
    ['an end that was not measured', { withFeedMs: [300, 200] }, 'not every session'],
    ['a life of its own without the feed', { withoutFeedMs: [4_000, 10_001] }, 'lived for 10001'],
    ['a feed that was never cut', { withoutFeedMs: [] }, 'was not cut'],
    ['one try that was accepted', { statuses: [401, 401, 401, 200] }, '1 tries of ended'],
    ['a refusal for another reason', { statuses: [401, 401, 401, 429] }, 'only 3 of 4'],
    ['tries that were left out', { statuses: [401] }, 'only 1 of 4'],
  ])('names %s', (_name, change, named) => {
    expect(judgeRevocation({ ...good, ...change }).violations.join()).toContain(named);
  });
});
