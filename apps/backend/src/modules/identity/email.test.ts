import { describe, expect, it } from 'vitest';
import { readEmail } from './email.ts';
import { EmailInvalid } from './errors.ts';

describe('an e-mail address', () => {
  it.each([
    ['  Owner@Example.COM ', 'owner@example.com'],
    ['olga@почта.рф', 'olga@xn--80a1acny.xn--p1ai'],
    ['OLGA@ＥＸＡＭＰＬＥ.com', 'olga@example.com'],
    ['a.b+tag@example.com', 'a.b+tag@example.com'],
  ])('%s is compared as %s (A10)', (text, address) => {
    expect(readEmail(text).address).toBe(address);
  });

  it.each([
    ['a Cyrillic letter that looks Latin', 'оwner@example.com'],
    ['a full-width letter', 'ｏwner@example.com'],
    ['a zero-width space', 'ow​ner@example.com'],
    ['a combining mark', 'owne\u0301r@example.com'],
    ['no domain', 'owner@'],
    ['a domain without a dot', 'owner@localhost'],
    ['two dots', 'a..b@example.com'],
    ['no @', 'owner.example.com'],
    ['a line break', 'owner@example.com\nbcc:x@example.com'],
  ])('with %s is refused (A10)', (_name, text) => {
    expect(() => readEmail(text)).toThrow(EmailInvalid);
  });
});
