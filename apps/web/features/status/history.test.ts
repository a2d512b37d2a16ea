import { describe, expect, it } from 'vitest';
import type { StatusState } from '@opora/contracts';
import { overallOf, shareText, stripOf } from './history.ts';

const AT = '2026-11-24T14:32:10.000Z';
const line = { days: [], uptime: { days30: null, days90: null } };
const status = (parts: readonly StatusState[], ways: readonly StatusState[] = []) => ({
  parts: parts.map((state) => ({ part: 'buying' as const, state, ...line })),
  ways: ways.map((state) => ({ way: 'x', title: { ru: 'x', en: 'x' }, state, ...line })),
});

describe('ninety days', () => {
  it('end today, and say of each day what was seen', () => {
    const strip = stripOf(
      [
        { day: '2026-11-22', measuredS: 86_400, downS: 0, partlyS: 299 },
        { day: '2026-11-23', measuredS: 86_400, downS: 5, partlyS: 0 },
        { day: '2026-11-24', measuredS: 52_330, downS: 0, partlyS: 300 },
      ],
      AT,
    );
    expect(strip).toHaveLength(90);
    expect(strip.slice(-4).map(({ day, tone }) => [day, tone])).toEqual([
      ['2026-11-21', 'none'],
      ['2026-11-22', 'works'],
      ['2026-11-23', 'down'],
      ['2026-11-24', 'partly'],
    ]);
  });

  it('are never rounded up to a hundred per cent', () => {
    expect(shareText(0.999_99, 'en')).toBe('99.99%');
    expect(shareText(1, 'en')).toBe('100%');
  });
});

describe('the one word', () => {
  it.each([
    [['works', 'works'], ['works'], 'works'],
    [['works', 'down'], [], 'down'],
    [['works', 'partly'], [], 'partly'],
    [['works', 'unknown'], [], 'unknown'],
    [['works'], ['works', 'down'], 'partly'],
    [['works'], ['unknown'], 'works'],
    [[], [], 'unknown'],
  ] as const)('of %j and %j is %s', (parts, ways, expected) => {
    expect(overallOf(status(parts, ways))).toBe(expected);
  });
});
