/**
 * Secrets of ours at rest and marks of ours on what others carry, from one set of keys
 * (`ENCRYPTION_KEYS`, newest first: the first seals and marks, all open and verify).
 * A sealed value belongs to its place: moved to another row or column it does not open.
 * A mark (`mac`) belongs to its purpose: the mark of a cookie is none of a form.
 * Limits: 5 keys; a random 96-bit nonce per value, so well under 2^32 values per key.
 */
export { readSealingKeys, SealingKeysInvalid, type SealingKeys } from './keys.ts';
export { createSealing, SealBroken, type Place, type Sealing } from './sealing.ts';
