/**
 * The one place that makes ids and reads chance. An id is `<prefix>_` and 26 characters of
 * Crockford base32 over a UUIDv7: sortable by time, 30 characters in all.
 */
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Ids } from '@opora/kernel';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ENCODED_LENGTH = 26;

export const systemIds: Ids = {
  next: (prefix) => `${prefix}_${encodeUuid(randomUUIDv7())}`,
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
  chance: () => Math.random(),
};

/** 128 bits as 26 characters of base32, the most significant first. */
export function encodeUuid(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let at = 0; at < ENCODED_LENGTH; at += 1) {
    text = (ALPHABET[Number(rest & 31n)] ?? '') + text;
    rest >>= 5n;
  }
  return text;
}
