import { describe, expect, it } from 'vitest';
import { judgeHang, type Ejection } from './hang-report.ts';
import type { Load } from './load.ts';

const options = { rate: 60, sessions: 60, stops: 2, instances: 2 };
const good: Ejection[] = [
  { fault: 'hang', tookMs: 1_200 },
  { fault: 'hang', tookMs: 1_900 },
  { fault: 'gray-errors', tookMs: 700 },
  { fault: 'gray-slow', tookMs: 4_900 },
];

function load(failed: number): Load {
  const samples = Array.from({ length: 1_000 }, (_, at) => ({
    ...{ kind: 'read' as const, atMs: at, tookMs: 3 },
    status: at < failed ? 504 : 200,
  }));
  return { samples, skipped: 0 };
}

const judge = (ejections: readonly Ejection[], failed = 0) =>
  judgeHang({ options, ejections, loads: [load(failed)] }).violations;

describe('the judge of the drill about a hanging auth', () => {
  it('is content with quick ejections and one failure in a thousand', () => {
    expect(judge(good, 1)).toEqual([]);
  });

  it.each([
    ['a late one', [{ fault: 'hang', tookMs: 2_001 }, ...good.slice(1)], 0, 'taken out after 2001'],
    ['one that never came', [{ fault: 'hang', tookMs: null }, ...good.slice(1)], 0, 'never'],
    ['a stop that was left out', good.slice(1), 0, 'not every stop'],
    ['a gray fault that was left out', good.slice(0, 3), 0, 'gray-slow did not'],
    ['two failures in a thousand', good, 2, '2 of 1000'],
  ] as const)('names %s', (_name, ejections, failed, named) => {
    expect(judge(ejections, failed).join()).toContain(named);
  });

  it('is not content when nobody called', () => {
    const report = judgeHang({ options, ejections: good, loads: [] });
    expect(report.verdict).toBe('failed');
  });
});
