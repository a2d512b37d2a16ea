/** Secrets that come from outside, beside the ones we know: compared without telling how near they were. */
import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Compares a text that came with one that only we, or we and a vendor, can know, in a time that tells
 * nothing of either. Hashed first: texts of different lengths compare like any others.
 */
export function isEqualText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
