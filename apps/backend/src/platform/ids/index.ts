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

/** 128 bits as 26 characters of base32, the most significant first. */
export function encodeUuid(uuid: string): string {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  let text = '';
  let held = 0;
  // 26 characters carry 130 bits: two zero bits stand in front.
  let heldBits = 2;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      text += ALPHABET[(held >>> heldBits) & 31] ?? '';
    }
  }
  return text;
}
