import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Ids } from '@opora/kernel';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 8;
const SECRET_BYTES = 32;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^(opk_(?:live|stage|dev)_([0-9A-Za-z]{8})_([0-9A-Za-z]{43}))([0-9A-Za-z]{6})$/;

/** Where a key counts: so that one of a test platform is known at a glance. */
export type KeyPlace = 'live' | 'stage' | 'dev';

/** What a key proves: which it is, and the hash of its secret, which is all that anybody keeps. */
export type ShownKey = Readonly<{ publicId: string; secretHash: string }>;

/**
 * `opk_<place>_<8 characters by which it is found>_<256 bits><checksum>`. The prefix lets scanners of
 * secrets find a key that was committed somewhere; the checksum spares a question about a typing error.
 */
export function makeApiKey(
  ids: Pick<Ids, 'secret'>,
  place: KeyPlace,
): ShownKey & Readonly<{ key: string; prefix: string }> {
  const publicId = base62(Buffer.from(ids.secret(PUBLIC_LENGTH), 'base64url'), PUBLIC_LENGTH);
  const secret = base62(Buffer.from(ids.secret(SECRET_BYTES), 'base64url'), SECRET_LENGTH);
  const prefix = `opk_${place}_${publicId}`;
  const body = `${prefix}_${secret}`;
  return { key: `${body}${checksum(body)}`, prefix, publicId, secretHash: hashOf(secret) };
}

/** What was sent as `Authorization`; undefined: no key at all; `malformed`: it cannot be one of ours. */
export function readApiKey(authorization: string | undefined): ShownKey | 'malformed' | undefined {
  if (authorization?.startsWith('Bearer opk_') !== true) return undefined;
  const [, body, publicId, secret, sum] = FORM.exec(authorization.slice('Bearer '.length)) ?? [];
  if (body === undefined || publicId === undefined || secret === undefined) return 'malformed';
  return checksum(body) === sum ? { publicId, secretHash: hashOf(secret) } : 'malformed';
}

/** SHA-256: enough for 256 bits of chance. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return base62(bytes, CHECKSUM_LENGTH);
}

/** The last `length` digits of the number. */
function base62(bytes: Buffer, length: number): string {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let at = 0; at < length; at += 1) {
    text = (LETTERS[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text;
}
