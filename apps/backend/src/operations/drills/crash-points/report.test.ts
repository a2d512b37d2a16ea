import { expect, it } from 'vitest';
import { describeReport, makeReport, type StoryReport } from './report.ts';

const story: StoryReport = {
  ...{ provider: 'stripe', story: 'refund', points: 90, aborts: 40, missed: [], violations: [] },
  ...{ left: 50, last: 'before the call POST /refunds #1', durationMs: 1 },
};
const told = (change: Partial<StoryReport>) =>
  makeReport({
    ...{ planted: undefined, absent: [], unbegun: ['stripe dispute'], durationMs: 1 },
    stories: [{ ...story, ...change }],
  });

it('says where a run without more time ended, and what nobody began', () => {
  const words = describeReport(told({}));
  expect(words).toContain("50 left: go on with --after 'before the call POST /refunds #1'");
  expect(words).toMatch(/stripe dispute +not begun/);
});

it('fails when a point never came or nothing was ended: it would prove nothing', () => {
  expect(told({}).verdict).toBe('passed');
  expect(told({ missed: ['a point #1'] }).verdict).toBe('failed');
  expect(told({ aborts: 0 }).verdict).toBe('failed');
});
