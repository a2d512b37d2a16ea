import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { assert, OperationalError } from '@opora/kernel';
import type { SealingKey, SealingKeys } from './keys.ts';

/** The key of the value is not among ours, or the value is not what was sealed there. */
export class SealBroken extends OperationalError {
  readonly code = 'platform.seal_broken';
}

/** A column of sealed values; `row` is the column that names the row, its primary key. */
export type SealedColumn = Readonly<{ table: string; column: string; row: string }>;

/** Where a sealed value lives; part of what is authenticated. */
export type Place = Readonly<{ table: string; column: string; row: string }>;

export interface Sealing {
  /** The key that seals now. */
  readonly keyId: string;
  /** All keys, the one that seals first. */
  readonly keyIds: readonly string[];
  /** Every column that may hold sealed values. */
  readonly columns: readonly SealedColumn[];
  /** `1.<key id>.<nonce, tag and ciphertext>`. */
  seal(value: Buffer, place: Place): string;
  /** Throws `SealBroken`. */
  open(sealed: string, place: Place): Buffer;
  /** 128 bits of HMAC-SHA-256 as base64url, with the newest key. */
  mac(purpose: string, text: string): string;
  /** In constant time, by any key of the set. */
  verifies(purpose: string, text: string, mac: string): boolean;
}

/** The place of a value in this row of the column. */
export function placeIn({ table, column }: SealedColumn, row: string): Place {
  return { table, column, row };
}

const VERSION = '1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAC_BYTES = 16;

/** A value sealed outside of `columns` would be forgotten when the keys change: that is a defect. */
export function createSealing(keys: SealingKeys, columns: readonly SealedColumn[]): Sealing {
  return {
    keyId: keys[0].id,
    keyIds: keys.map(({ id }) => id),
    columns,
    seal(value, place) {
      const isKnown = columns.some(
        (one) => one.table === place.table && one.column === place.column,
      );
      assert(isKnown, `${place.table}.${place.column} is no sealed column`);
      const [{ id, sealing }] = keys;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      cipher.setAAD(joined(VERSION, id, place.table, place.column, place.row));
      const body = Buffer.concat([cipher.update(value), cipher.final()]);
      const blob = Buffer.concat([nonce, cipher.getAuthTag(), body]);
      return `${VERSION}.${id}.${blob.toString('base64url')}`;
    },
    open(sealed, place) {
      const [version, id, text = ''] = sealed.split('.', 3);
      const key = keys.find((one) => one.id === id);
      const blob = Buffer.from(text, 'base64url');
      if (version !== VERSION || key === undefined || blob.length < NONCE_BYTES + TAG_BYTES) {
        throw new SealBroken(`no key or no form for a value of ${place.table}.${place.column}`);
      }
      return unseal(key, blob, place);
    },
    mac: (purpose, text) => mark(keys[0], purpose, text).toString('base64url'),
    verifies(purpose, text, mac) {
      const given = Buffer.from(mac, 'base64url');
      // Every key is tried, so the time tells nothing about which one fits.
      const fits = keys.map(
        (key) => given.length === MAC_BYTES && timingSafeEqual(given, mark(key, purpose, text)),
      );
      return fits.includes(true);
    },
  };
}

function unseal(key: SealingKey, blob: Buffer, place: Place): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.sealing, blob.subarray(0, NONCE_BYTES));
  decipher.setAAD(joined(VERSION, key.id, place.table, place.column, place.row));
  decipher.setAuthTag(blob.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const body = blob.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw new SealBroken(`a value of ${place.table}.${place.column} does not open`, { cause });
  }
}

function mark(key: SealingKey, purpose: string, text: string): Buffer {
  return createHmac('sha256', key.marking)
    .update(joined(purpose, text))
    .digest()
    .subarray(0, MAC_BYTES);
}

/** Each part behind its length, so that no two lists of parts are the same bytes. */
function joined(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.map((part) => `${String(Buffer.byteLength(part))}:${part}`).join(''));
}
