/** The keys of "Log In With Telegram": several types in one set, of which one RSA key signs. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
  type webcrypto,
} from 'node:crypto';
import type { World } from '../../world.ts';

/** As many as are published; the newest signs. */
const KEYS_MAX = 3;
const RSA_BITS = 2048;

type Row = Readonly<{ kid: string; jwk: webcrypto.JsonWebKey }>;

export interface OidcKeys {
  /** What `jwks.json` answers. */
  published(): object;
  /** A new key signs from now on; those before it stay in the set for a while. */
  rotate(): string;
  /** A signed JWT; `isForeign`: by a key that is in no set, under the name of the one that is. */
  sign(claims: object, isForeign: boolean): string;
}

/** They are made when first needed: RSA takes its time, and most runs never ask. */
export function createOidcKeys(world: World): OidcKeys {
  const rows = world.store.collection<Row>('telegram.oidc.keys');
  const others = otherTypes();
  const make = (): Row => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
    const kid = `oidc-${String(world.store.sequence('telegram.oidc.key'))}`;
    const row = { kid, jwk: privateKey.export({ format: 'jwk' }) };
    rows.put(kid, row);
    for (const { kid: old } of rows.values().slice(0, -KEYS_MAX)) rows.delete(old);
    return row;
  };
  const newest = (): Row => rows.values().at(-1) ?? make();
  return {
    published() {
      newest();
      const rsa = rows.values().map(({ kid, jwk }) => ({ ...publicHalf(jwk), kid, alg: 'RS256' }));
      return { keys: [...others, ...rsa].map((key) => ({ ...key, use: 'sig' })) };
    },
    rotate: () => make().kid,
    sign(claims, isForeign) {
      const { kid, jwk } = newest();
      const key = isForeign
        ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey
        : createPrivateKey({ key: jwk, format: 'jwk' });
      return compact({ alg: 'RS256', typ: 'JWT', kid }, claims, key);
    },
  };
}

function compact(header: object, claims: object, key: KeyObject): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** A site may ask for other algorithms in BotFather, so their keys stand in the same set. */
function otherTypes(): readonly object[] {
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const ed25519 = generateKeyPairSync('ed25519').publicKey;
  return [
    { ...p256.export({ format: 'jwk' }), kid: 'oidc-es256', alg: 'ES256' },
    { ...ed25519.export({ format: 'jwk' }), kid: 'oidc-eddsa', alg: 'EdDSA' },
  ];
}

function publicHalf(jwk: webcrypto.JsonWebKey): webcrypto.JsonWebKey {
  return createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })).export({ format: 'jwk' });
}
