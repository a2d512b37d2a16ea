import { hkdfSync } from 'node:crypto';
import { DomainError, type Secret } from '@opora/kernel';

/** ENCRYPTION_KEYS is not a set of keys: a fault of the configuration. Never says what was in it. */
export class SealingKeysInvalid extends DomainError {
  readonly code = 'platform.sealing_keys_invalid';
  readonly kind = 'invalid';
}

/** Most keys at once: the one that seals and older ones. */
export const KEYS_MAX = 5;
const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9_-]{1,32}$/;

/** One key of the operator as the two we use: no key serves two purposes. */
export type SealingKey = Readonly<{ id: string; sealing: Buffer; marking: Buffer }>;
export type SealingKeys = readonly [SealingKey, ...SealingKey[]];

/** Reads `id:base64` pairs, newest first; throws `SealingKeysInvalid`. */
export function readSealingKeys(encryptionKeys: Secret): SealingKeys {
  const [newest, ...older] = encryptionKeys.reveal().split(',').map(readKey);
  if (newest === undefined || older.length >= KEYS_MAX) {
    throw new SealingKeysInvalid(`one to ${String(KEYS_MAX)} keys are wanted`);
  }
  const keys: SealingKeys = [newest, ...older];
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) {
    throw new SealingKeysInvalid('ids repeat');
  }
  return keys;
}

function readKey(pair: string): SealingKey {
  const [id = '', text = '', ...rest] = pair.trim().split(':');
  // Both spellings of base64 are read.
  const bytes = Buffer.from(text, 'base64');
  if (!ID.test(id) || rest.length > 0 || bytes.length !== KEY_BYTES) {
    throw new SealingKeysInvalid('not `id:base64` of 32 bytes');
  }
  return { id, sealing: derive(bytes, 'seal'), marking: derive(bytes, 'mark') };
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `opora ${purpose}`, KEY_BYTES));
}
