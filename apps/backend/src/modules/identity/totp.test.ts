import { describe, expect, it } from 'vitest';
import { matchingStep, stepOf, totpCode, totpInvitation } from './totp.ts';

const DIGITS = '1234567890';
const secretOf = (bytes: number): Buffer => Buffer.from(DIGITS.repeat(7).slice(0, bytes));
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('codes of the authenticator', () => {
  it.each([
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ])('are those of RFC 6238 at %i seconds (C1)', (seconds, sha1, sha256, sha512) => {
    const step = stepOf(at(seconds));
    expect(totpCode(secretOf(20), step, { digits: 8 })).toBe(sha1);
    expect(totpCode(secretOf(32), step, { digits: 8, hash: 'sha256' })).toBe(sha256);
    expect(totpCode(secretOf(64), step, { digits: 8, hash: 'sha512' })).toBe(sha512);
    expect(totpCode(secretOf(20), step)).toBe(sha1.slice(2));
  });

  it('count one step early or late, and only after the last one that counted (C1)', () => {
    const secret = secretOf(20);
    const now = at(1_800_000_000);
    const step = stepOf(now);
    const match = (offset: number, lastStep: number) =>
      matchingStep(secret, totpCode(secret, step + offset), { at: now, lastStep });
    expect([-1, 0, 1].map((offset) => match(offset, 0))).toEqual([step - 1, step, step + 1]);
    expect([-2, 2].map((offset) => match(offset, 0))).toEqual([undefined, undefined]);
    expect(match(0, step)).toBeUndefined();
    expect(match(-1, step)).toBeUndefined();
    expect(match(1, step)).toBe(step + 1);
  });

  it('are asked for by an address every app reads', () => {
    expect(totpInvitation(secretOf(20), { issuer: 'Opora', account: 'owner@example.com' })).toEqual(
      {
        secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
        uri: 'otpauth://totp/Opora:owner%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Opora',
      },
    );
  });
});
