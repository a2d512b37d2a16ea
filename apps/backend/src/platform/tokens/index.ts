/**
 * Access tokens: signed JWTs of 15 minutes (Ed25519, `typ: at+jwt`), made by the issuer and verified
 * by every role from public keys alone, so verification lives when the database does not.
 * The key set is a list, newest first: the first signs, all verify, so keys are changed by adding
 * one in front and taking the last away an hour later. A signature is verified before any claim is
 * read. Limits: tokens of 4 kB, `CACHE_MAX` verified tokens remembered until they expire.
 * Revocation is not here: it belongs to sessions.
 */
export { makeApiKey, readApiKey, type KeyPlace, type ShownKey } from './api-key.ts';
export {
  createTokenIssuer,
  type IssuedToken,
  type TokenIssuer,
  type TokenSubject,
} from './issuer.ts';
export { JWKS_PATH, JwksWire, KID_PATTERN, publicKeysOf, type PublicJwk } from './jwks.ts';
export { KeySetInvalid, readKeySet, type Jwks, type KeySet } from './key-set.ts';
export {
  createTokenVerifier,
  type TokenEnd,
  TokenRefused,
  type TokenRefusal,
  type TokenVerifier,
} from './verifier.ts';
