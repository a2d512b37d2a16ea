/**
 * Secrets of ours at rest and marks of ours on what others carry, from one set of keys
 * (`ENCRYPTION_KEYS`, newest first: the first seals and marks, all open and verify).
 * A sealed value belongs to its place: moved to another row or column it does not open.
 * A mark (`mac`) belongs to its purpose: the mark of a cookie is none of a form.
 * When the newest key changes, `resealColumn` moves what older ones had sealed to it.
 * Limits: 5 keys; a random 96-bit nonce per value, so well under 2^32 values per key.
 */
export { KEYS_MAX, readSealingKeys, SealingKeysInvalid, type SealingKeys } from './keys.ts';
export { countByKey, resealColumn, type Resealed } from './reseal.ts';
export {
  createSealing,
  placeIn,
  SealBroken,
  type Place,
  type SealedColumn,
  type Sealing,
} from './sealing.ts';
