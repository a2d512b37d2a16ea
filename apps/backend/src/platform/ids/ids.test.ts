import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUuid, systemIds } from './index.ts';

describe('ids', () => {
  it('sort by the time they were made and never repeat', () => {
    const made = Array.from({ length: 2_000 }, () => systemIds.next('pay'));
    expect(new Set(made).size).toBe(made.length);
    const times = made.map((id) => id.slice(0, 'pay_'.length + 9));
    expect(times).toEqual(times.toSorted());
  });

  it('are a prefix and 26 characters, 30 in all', () => {
    expect(systemIds.next('ord')).toMatch(/^ord_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('keep the order and the difference of the uuids they are made of', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        const [a, b] = [encodeUuid(one), encodeUuid(other)];
        expect(a < b).toBe(one < other);
        expect(a === b).toBe(one === other);
      }),
    );
  });
});
