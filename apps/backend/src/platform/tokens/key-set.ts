import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { DomainError, type Secret } from '@opora/kernel';
import { z } from 'zod';
import { coordinate, publicJwk } from './jwks.ts';

/** JWT_KEYS is not a set of keys: a fault of the configuration. Never says what was in it. */
export class KeySetInvalid extends DomainError {
  readonly code = 'platform.key_set_invalid';
  readonly kind = 'invalid';
}

/** Most keys at once: the signing one and those being retired. */
const KEYS_MAX = 5;

const privateJwk = publicJwk.extend({ d: coordinate });
const keyList = z.array(privateJwk).min(1).max(KEYS_MAX);

/** What `/.well-known/jwks.json` answers: public halves only. */
export type Jwks = Readonly<{
  keys: readonly Readonly<{
    kty: 'OKP';
    crv: 'Ed25519';
    kid: string;
    x: string;
    alg: 'EdDSA';
    use: 'sig';
  }>[];
}>;

export type KeySet = Readonly<{
  signing: Readonly<{ kid: string; key: KeyObject }>;
  /** Public keys by kid: the only thing a token's `kid` can ever pick from. */
  verifying: ReadonlyMap<string, KeyObject>;
  jwks(): Jwks;
}>;

/** Reads JWT_KEYS (a JSON array of Ed25519 JWKs, newest first); throws `KeySetInvalid`. */
export function readKeySet(jwtKeys: Secret): KeySet {
  const jwks = parse(jwtKeys.reveal());
  const [newest] = jwks;
  const kids = new Set(jwks.map(({ kid }) => kid));
  if (newest === undefined || kids.size !== jwks.length) throw new KeySetInvalid('kids repeat');
  const keys = jwks.map((jwk) => ({ jwk, key: importKey(jwk) }));
  return {
    signing: { kid: newest.kid, key: importKey(newest) },
    verifying: new Map(keys.map(({ jwk, key }) => [jwk.kid, createPublicKey(key)])),
    jwks: () => ({
      keys: jwks.map(({ kty, crv, kid, x }) => ({ kty, crv, kid, x, alg: 'EdDSA', use: 'sig' })),
    }),
  };
}

type PrivateJwk = z.infer<typeof privateJwk>;

function parse(text: string): PrivateJwk[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Without the cause: a parser's message may quote the secret.
    throw new KeySetInvalid('not JSON');
  }
  const result = keyList.safeParse(json);
  if (!result.success) {
    throw new KeySetInvalid(
      `not a list of Ed25519 JWKs at ${String(result.error.issues[0]?.path)}`,
    );
  }
  return result.data;
}

function importKey(jwk: PrivateJwk): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new KeySetInvalid(`key ${jwk.kid} cannot be imported`);
  }
  // A public half of another key would publish what nobody signs with.
  if (createPublicKey(key).export({ format: 'jwk' }).x !== jwk.x) {
    throw new KeySetInvalid(`the halves of key ${jwk.kid} do not belong together`);
  }
  return key;
}
