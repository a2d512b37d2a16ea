/** Secrets that work once: links, challenges, invitations, codes to read and type. Only hashes stay. */
import { createHash } from 'node:crypto';
import type { Ids } from '@opora/kernel';

/** 256 bits for what travels in links and answers. */
export const SECRET_BYTES = 32;
/** Without the letters that are taken for digits. */
const READABLE = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 7;
const GROUP_LENGTH = 4;
const MAIL_CODE_DIGITS = 6;

/** SHA-256: enough for at least 128 bits of chance, and for nothing less. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** 140 bits to copy from paper: `7b3q-k2mf-...`, seven groups. */
export function readableCode(ids: Pick<Ids, 'secret'>): string {
  const bytes = Buffer.from(ids.secret(GROUPS * GROUP_LENGTH), 'base64url');
  const text = Array.from(bytes, (byte) => READABLE[byte & 31] ?? '').join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** The hash of a readable code, however it was typed. */
export function hashOfReadable(code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  return hashOf(plain.replaceAll('o', '0').replaceAll(/[il]/g, '1'));
}

/** Six digits for a mail; the remainder of 64 bits favours none by more than a billionth. */
export function mailCode(ids: Pick<Ids, 'secret'>): string {
  const number = Buffer.from(ids.secret(8), 'base64url').readBigUInt64BE();
  return String(number % 10n ** BigInt(MAIL_CODE_DIGITS)).padStart(MAIL_CODE_DIGITS, '0');
}
