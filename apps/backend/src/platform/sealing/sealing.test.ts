import { randomBytes } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { createSealing, readSealingKeys, SealBroken, SealingKeysInvalid } from './index.ts';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [NEW, OLD] = [key('2026-11'), key('2026-08')];
const open = (...pairs: string[]) =>
  createSealing(readSealingKeys(new Secret(pairs.join(','))), [
    { table: 'totp_credential', column: 'secret', row: 'person_id' },
  ]);
const place = { table: 'totp_credential', column: 'secret', row: 'per_1' };

describe('a sealed value', () => {
  it('opens where it was sealed, also after the key became the older one', () => {
    const sealed = open(OLD).seal(Buffer.from('canary'), place);
    expect(sealed).not.toContain('canary');
    expect(open(NEW, OLD).open(sealed, place).toString()).toBe('canary');
    expect(() => open(NEW).open(sealed, place)).toThrow(SealBroken);
  });

  it('opens nowhere else: not in another row, column or table (I1)', () => {
    const sealing = open(NEW);
    const sealed = sealing.seal(Buffer.from('canary'), place);
    for (const other of [{ row: 'per_2' }, { column: 'x' }, { table: 'y' }]) {
      expect(() => sealing.open(sealed, { ...place, ...other })).toThrow(SealBroken);
    }
  });

  it('does not open with any changed bit, and never repeats itself', () => {
    const sealing = open(NEW);
    const sealed = sealing.seal(Buffer.from('canary'), place);
    expect(sealing.seal(Buffer.from('canary'), place)).not.toBe(sealed);
    const [version = '', id = '', text = ''] = sealed.split('.');
    const blob = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const changed = Buffer.from(blob);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const altered = `${version}.${id}.${changed.toString('base64url')}`;
      expect(() => sealing.open(altered, place)).toThrow(SealBroken);
    }
    expect(() => sealing.open('', place)).toThrow(SealBroken);
  });
});

describe('a mark', () => {
  it('fits its text and purpose only, by every key of the set', () => {
    const mac = open(OLD).mac('csrf', 'ses_1');
    const sealing = open(NEW, OLD);
    expect(sealing.verifies('csrf', 'ses_1', mac)).toBe(true);
    expect(sealing.verifies('csrf', 'ses_2', mac)).toBe(false);
    expect(sealing.verifies('refresh', 'ses_1', mac)).toBe(false);
    expect(sealing.verifies('csrf', 'ses_1', '')).toBe(false);
    expect(open(NEW).verifies('csrf', 'ses_1', mac)).toBe(false);
  });
});

describe('the keys', () => {
  it.each([
    ['nothing', ''],
    ['a key without an id', randomBytes(32).toString('base64')],
    ['a short key', `a:${randomBytes(16).toString('base64')}`],
    ['one id twice', `${NEW},2026-11:${randomBytes(32).toString('base64')}`],
    ['six keys', ['a', 'b', 'c', 'd', 'e', 'f'].map(key).join(',')],
  ])('refuse %s and do not quote it', (_name, text) => {
    expect(() => readSealingKeys(new Secret(text))).toThrow(SealingKeysInvalid);
  });
});
