/**
 * The one place that makes ids and reads chance. An id is `<prefix>_` and 26 characters of
 * Crockford base32 over a UUIDv7: sortable by time, 30 characters in all.
 */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Ids } from '@opora/kernel';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export const systemIds: Ids = {
  next: (prefix) => `${prefix}_${encodeUuid(randomUUIDv7())}`,
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
  chance: () => Math.random(),
};

const DASH = 45;
const DIGIT_ZERO = 48;
const DIGIT_NINE = 57;
/** `a` is 97 and worth 10. */
const LETTER_OFFSET = 87;

/**
 * 128 bits as 26 characters of base32, the most significant first. Digit by digit out of the text:
 * every request has an id, and a buffer in between would double its cost.
 */
export function encodeUuid(uuid: string): string {
  let text = '';
  let held = 0;
  // 26 characters carry 130 bits: two zero bits stand in front.
  let heldBits = 2;
  for (let at = 0; at < uuid.length; at += 1) {
    const code = uuid.charCodeAt(at);
    if (code === DASH) continue;
    const digit = code <= DIGIT_NINE ? code - DIGIT_ZERO : code - LETTER_OFFSET;
    held = ((held << 4) | digit) & 0xff;
    heldBits += 4;
    if (heldBits >= 5) {
      heldBits -= 5;
      text += ALPHABET[(held >>> heldBits) & 31] ?? '';
    }
  }
  return text;
}
