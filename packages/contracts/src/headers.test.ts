import { describe, expect, it } from 'vitest';
import { cookieNames } from './headers.ts';

describe('names of cookies', () => {
  it('carry the prefixes that make browsers insist on https', () => {
    expect(cookieNames({ webPort: 5000, secure: true })).toEqual({
      access: '__Host-at-5000',
      refresh: '__Secure-rt-5000',
      device: '__Secure-dv-5000',
      telegram: '__Secure-tg-5000',
    });
  });

  it('go without the prefixes over plain http, where browsers would drop them', () => {
    expect(cookieNames({ webPort: 5000, secure: false })).toEqual({
      access: 'at-5000',
      refresh: 'rt-5000',
      device: 'dv-5000',
      telegram: 'tg-5000',
    });
  });

  it('differ between two runs on one host', () => {
    const first = Object.values(cookieNames({ webPort: 5000, secure: false }));
    const second = Object.values(cookieNames({ webPort: 7000, secure: false }));
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });
});
