import { join } from 'node:path';
import { CUSTOMER_PASSWORD_MIN, PASSWORD_MIN } from '@opora/contracts';
import { describe, expect, it } from 'vitest';
import { PasswordWeak } from './errors.ts';
import { createPasswordPolicy } from './password.ts';

const judge = createPasswordPolicy();
const WORDS = ['owner@example.com', 'owner', 'example', '2GETPRO'];

function reasonOf(password: string, least = PASSWORD_MIN): string {
  try {
    judge(password, WORDS, least);
  } catch (error) {
    if (error instanceof PasswordWeak) return String(error.facts['reason']);
    throw error;
  }
  return 'taken';
}

describe('a password', () => {
  it.each([
    ['qv8-Lw2', 'too_short'],
    ['qv8-Lw2x', 'taken'],
    ['пароль-подлиннее', 'taken'],
    ['🐴🔋📎🐴🔋📎', 'too_short'],
    ['🐴🔋📎🦊🐴🔋📎🦊', 'taken'],
    ['with blanks inside it', 'taken'],
    [`a-long-one-${'xyz'.repeat(30)}`, 'taken'],
    [`${'abcd'.repeat(64)}e`, 'too_long'],
    ['abcd'.repeat(64), 'taken'],
    ['aaaaaaaaaaaa', 'simple'],
    ['abababababab', 'simple'],
  ])('%s is %s (A1)', (password, outcome) => {
    expect(reasonOf(password)).toBe(outcome);
  });

  it.each(['password', 'Password', '1234567890', 'qwertyuiop', 'baseball', 'trustno1'])(
    '%s is known to everybody (A2)',
    (password) => {
      expect(reasonOf(password)).toBe('common');
    },
  );

  it.each(['owner@example.com', 'Owner@Example.com1', 'example2024', '2getpro-2getpro'])(
    '%s is what anybody would try first (A2)',
    (password) => {
      expect(reasonOf(password)).toBe('personal');
    },
  );

  it('may hold such a word when enough is left without it', () => {
    expect(reasonOf('owner of nine lilac geese')).toBe('taken');
  });

  it('is judged by the list or not at all (A2)', () => {
    expect(() => createPasswordPolicy('/nonexistent')).toThrow('ENOENT');
    expect(() => createPasswordPolicy(join(import.meta.dirname, 'index.ts'))).toThrow('is cut');
  });

  it('is longer where nothing else is asked for (A1)', () => {
    expect(reasonOf('four-words-7xq', CUSTOMER_PASSWORD_MIN)).toBe('too_short');
    expect(reasonOf('four-words-7xq', PASSWORD_MIN)).toBe('taken');
    expect(reasonOf('four-words-7xqz', CUSTOMER_PASSWORD_MIN)).toBe('taken');
  });

  it('is never in the refusal', () => {
    expect(() => {
      judge('short-1', WORDS, PASSWORD_MIN);
    }).not.toThrow('short-1');
  });
});
