/** Telegram's sign-in as a test scripts it: a set of keys, and the token it hands out for a code. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { Secret, type Clock } from '@opora/kernel';
import { NetworkFailed, type HttpCall, type HttpReply } from '../../http-client/index.ts';

export const ISSUER = 'https://oauth.telegram.test';
export const CLIENT_ID = '123456789';
export const OIDC_CONFIG = {
  ...{ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: new Secret('a client secret') },
};

export type Pair = Readonly<{ publicKey: KeyObject; privateKey: KeyObject }>;
export const rsaPair = (bits = 2048): Pair => generateKeyPairSync('rsa', { modulusLength: bits });

/** A JWT signed by `key`, or with `signature` as it is. */
export function jwt(
  header: object,
  claims: object,
  by: Readonly<{ key: KeyObject } | { signature: (text: string) => string }>,
): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  const signature =
    'key' in by
      ? sign('sha256', Buffer.from(text), by.key).toString('base64url')
      : by.signature(text);
  return `${text}.${signature}`;
}

export type OidcIssuer = ReturnType<typeof scriptIssuer>;

export function scriptIssuer(clock: Clock) {
  const calls: HttpCall[] = [];
  const stranger = rsaPair();
  const claims: Readonly<Record<string, unknown>> = {};
  const script = {
    keys: new Map<string, Pair>([['oidc-1', rsaPair()]]),
    signsWith: 'oidc-1',
    discovery: {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/auth`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
    },
    /** Of Telegram's, by the last part of their paths. */
    away: new Set<string>(),
    /** What the token endpoint answers instead of a token. */
    tokenStatus: 200,
    /** Of the sign-in that is under way; `claims` change what it says. */
    nonce: '',
    claims,
  };

  function idToken(): string {
    const nowS = Math.floor(clock.now().getTime() / 1000);
    const said = {
      ...{ iss: ISSUER, aud: CLIENT_ID, sub: 'of-this-client', iat: nowS, exp: nowS + 3_600 },
      ...{ nonce: script.nonce, id: 501, name: 'Olga', preferred_username: 'olga' },
      ...script.claims,
    };
    const pair = script.keys.get(script.signsWith) ?? stranger;
    const header = { alg: 'RS256', typ: 'JWT', kid: script.signsWith };
    return jwt(header, said, { key: pair.privateKey });
  }

  function keySet(): object {
    const rsa = [...script.keys].map(([kid, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      ...{ kid, alg: 'RS256', use: 'sig' },
    }));
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    return { keys: [{ ...other, kid: 'oidc-eddsa', alg: 'EdDSA', use: 'sig' }, ...rsa] };
  }

  const reply = (status: number, json: unknown): HttpReply => ({
    ...{ status, json, headers: {}, text: '' },
  });
  return {
    script,
    calls,
    asked: (path: string): number =>
      calls.filter(({ url }) => url.pathname.endsWith(`/${path}`)).length,
    idToken,
    http: {
      call(call: HttpCall): Promise<HttpReply> {
        calls.push(call);
        const path = call.url.pathname.split('/').at(-1) ?? '';
        if (script.away.has(path)) {
          return Promise.reject(new NetworkFailed('timeout', 'no answer in time'));
        }
        if (path === 'openid-configuration') return Promise.resolve(reply(200, script.discovery));
        if (path === 'jwks.json') return Promise.resolve(reply(200, keySet()));
        const { tokenStatus: status } = script;
        const body = status === 200 ? { id_token: idToken() } : { error: 'invalid_grant' };
        return Promise.resolve(reply(status, body));
      },
    },
  };
}
