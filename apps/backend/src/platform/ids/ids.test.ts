import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUuid, systemIds } from './index.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const decode = (text: string): bigint =>
  [...text].reduce((sum, sign) => sum * 32n + BigInt(ALPHABET.indexOf(sign)), 0n);

describe('ids', () => {
  it('carry all 128 bits of the uuid in 26 characters', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const text = encodeUuid(uuid);
        expect(text).toHaveLength(26);
        expect(decode(text)).toBe(BigInt(`0x${uuid.replaceAll('-', '')}`));
      }),
    );
  });

  it('are 30 characters with their prefix and sort by the time they were made', () => {
    const ids = Array.from({ length: 200 }, () => systemIds.next('pay'));
    expect(ids.every((id) => /^pay_[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(200);
    const times = ids.map((id) => decode(id.slice(4)) >> 80n);
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  });
});
