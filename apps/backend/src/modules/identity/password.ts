/** Which passwords are taken (security A1, A2): long enough, not known to everybody, not personal. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD_MAX, PASSWORD_MIN } from '@opora/contracts';
import { assert } from '@opora/kernel';
import { PasswordWeak } from './errors.ts';

/**
 * The 10,000 most used passwords of eight characters and more, each as the first five bytes of its
 * SHA-256 (made of the list of zxcvbn-ts, MIT): a stranger's password is taken for one of them once
 * in a hundred million.
 */
const KNOWN_FILE = join(import.meta.dirname, 'known-passwords.txt');
const KNOWN_BYTES = 5;
const KNOWN_MIN = 10_000;
/** Fewer different characters than this are a pattern, not a password. */
const DIFFERENT_MIN = 4;
/** Shorter words of a person are found in any text. */
const WORD_MIN = 4;

/** `least`: characters it must have; more where it is the only thing that is asked for. */
export type PasswordPolicy = (password: string, words: readonly string[], least: number) => void;

/** Two keyboards write one letter in two ways; set and check see one (security A1). */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * Reads the list once; without it nothing starts, because a rule that is skipped is no rule. The
 * policy throws `PasswordWeak`; `words` are the person's and the product's own.
 */
export function createPasswordPolicy(file = KNOWN_FILE): PasswordPolicy {
  const known = readKnown(file);
  return (password, words, least) => {
    const text = normalizePassword(password);
    const points = Array.from(text);
    const lower = text.toLowerCase();
    refuse(points.length < least, 'too_short');
    refuse(points.length > PASSWORD_MAX, 'too_long');
    refuse(new Set(points).size < DIFFERENT_MIN, 'simple');
    refuse(known.has(prefixOf(lower)), 'common');
    // What is left without the words that anybody would try first must be long enough itself.
    const own = words.map((word) => word.toLowerCase()).filter((word) => word.length >= WORD_MIN);
    const rest = own.reduce((left, word) => left.replaceAll(word, ''), lower);
    refuse(rest !== lower && Array.from(rest).length < PASSWORD_MIN, 'personal');
  };
}

function refuse(isWeak: boolean, reason: string): void {
  if (isWeak) throw new PasswordWeak(`password refused: ${reason}`, { facts: { reason } });
}

function readKnown(file: string): ReadonlySet<string> {
  const bytes = Buffer.from(readFileSync(file, 'utf8'), 'base64');
  const known = new Set<string>();
  for (let at = 0; at + KNOWN_BYTES <= bytes.length; at += KNOWN_BYTES) {
    known.add(bytes.toString('hex', at, at + KNOWN_BYTES));
  }
  assert(known.size >= KNOWN_MIN, 'the list of known passwords is cut');
  return known;
}

function prefixOf(text: string): string {
  return createHash('sha256').update(text).digest().toString('hex', 0, KNOWN_BYTES);
}
