import { describe, expect, it } from 'vitest';
import type { RealOutcome } from './real.ts';
import { judgeMonitor } from './run.ts';

const options = {
  ...({ real: ['crash of api'], rehearsed: 0, seed: 1, planted: undefined } as const),
};
const crash = {
  ...({ name: 'crash of api', kind: 'crash', seenMs: 900, toldMs: 4_000 } as const),
  isEndTold: true,
};
const good: RealOutcome = { incidents: [crash], besides: [], doubled: [], notTried: [] };
const told = (kind: string, subject: string) => ({
  ...{ kind, subject, detail: '', openedAt: '2026-11-28T01:00:00.000Z' },
});

describe('the judge of the real incidents', () => {
  it('is content when each was seen in time, told once, and so was its end', () => {
    expect(judgeMonitor(options, good, [])).toMatchObject({ verdict: 'passed', late: [] });
  });

  it('does not blame the monitor for a machine that is busy', () => {
    const besides = [told('cpu', 'cpu:machine'), told('slow', 'auth#0')];
    expect(judgeMonitor(options, { ...good, besides }, []).verdict).toBe('passed');
  });

  it.each<[string, Partial<RealOutcome>]>([
    ['crash of api: missed', { incidents: [{ ...crash, seenMs: null, toldMs: null }] }],
    ['crash of api: not told to everybody', { incidents: [{ ...crash, toldMs: null }] }],
    ['crash of api: its end was not told', { incidents: [{ ...crash, isEndTold: false }] }],
    ['told twice: mail 1 opened', { doubled: ['mail 1 opened'] }],
    ['told of auth#0 (hang) without a cause', { besides: [told('hang', 'auth#0')] }],
  ])('finds: %s', (words, change) => {
    const report = judgeMonitor(options, { ...good, ...change }, []);
    expect(report.violations).toEqual([words]);
    expect(report.verdict).toBe('failed');
  });

  it.each([
    ['seen', { seenMs: 1_001 }],
    ['told', { toldMs: 5_001 }],
  ])('finds that it was %s late', (word, change) => {
    const report = judgeMonitor(options, { ...good, incidents: [{ ...crash, ...change }] }, []);
    expect(report.late).toEqual([`crash of api: ${word} late`]);
    expect(report.verdict).toBe('failed');
  });
});
