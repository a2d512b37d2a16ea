import { describe, expect, it } from 'vitest';
import { systemIds } from '../ids/index.ts';
import { makeApiKey, readApiKey } from './api-key.ts';

describe('an API key', () => {
  it('says where it counts, and proves by a hash of 256 bits (I9)', () => {
    for (let at = 0; at < 200; at += 1) {
      const { key, prefix, publicId, secretHash } = makeApiKey(systemIds, 'live');
      expect(key).toMatch(/^opk_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
      expect(key.startsWith(`${prefix}_`)).toBe(true);
      expect(readApiKey(`Bearer ${key}`)).toEqual({ publicId, secretHash });
    }
  });

  it('with one changed sign is none, and other credentials are not looked at', () => {
    const { key } = makeApiKey(systemIds, 'dev');
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'x' ? 'y' : 'x';
      const changed = `${key.slice(0, at)}${other}${key.slice(at + 1)}`;
      expect(typeof readApiKey(`Bearer ${changed}`)).not.toBe('object');
    }
    for (const wrong of [key, `Bearer ${key}0`, `Bearer opk_`, `bearer ${key}`, '', undefined]) {
      expect(typeof readApiKey(wrong)).not.toBe('object');
    }
    expect(readApiKey('Bearer eyJhbGciOi.x.y')).toBeUndefined();
  });
});
