import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

export const JWKS_PATH = '/.well-known/jwks.json';
/** More than any set of ours holds. */
const KEYS_READ_MAX = 10;

export const KID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** 32 bytes in base64url. */
export const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const publicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().regex(KID_PATTERN),
  x: coordinate,
});
export type PublicJwk = z.infer<typeof publicJwk>;

/** What `JWKS_PATH` of the auth service answers, as its readers need it. */
export const JwksWire = z.object({ keys: z.array(publicJwk).min(1).max(KEYS_READ_MAX) });

/** By key id, for the verifier. */
export function publicKeysOf(keys: readonly PublicJwk[]): Map<string, KeyObject> {
  return new Map(
    keys.map(({ kty, crv, kid, x }) => {
      return [kid, createPublicKey({ key: { kty, crv, x }, format: 'jwk' })];
    }),
  );
}
