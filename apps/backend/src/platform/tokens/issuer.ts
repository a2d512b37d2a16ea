import { sign } from 'node:crypto';
import { AccessClaims } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import type { KeySet } from './key-set.ts';

/** Life of an access token, seconds. */
export const ACCESS_LIFE_S = 15 * 60;
/** Until when it may count while the issuer is down, seconds from the issue. */
export const DEGRADED_LIFE_S = 60 * 60;

export type TokenSubject = Readonly<{
  personId: string;
  sessionId: string;
  authzVersion: number;
  /** How the person signed in, RFC 8176. */
  amr: readonly string[];
}>;

export type IssuedToken = Readonly<{ token: string; claims: AccessClaims }>;

export interface TokenIssuer {
  issue(subject: TokenSubject): IssuedToken;
}

/** `issuer` and `audience` are the fixed names both sides agree on. */
export function createTokenIssuer(deps: {
  keys: KeySet;
  clock: Clock;
  ids: Ids;
  issuer: string;
  audience: string;
}): TokenIssuer {
  const { kid, key } = deps.keys.signing;
  const header = encode({ alg: 'EdDSA', typ: 'at+jwt', kid });
  return {
    issue(subject) {
      const iat = Math.floor(deps.clock.now().getTime() / 1000);
      const claims = AccessClaims.parse({
        iss: deps.issuer,
        sub: subject.personId,
        aud: deps.audience,
        exp: iat + ACCESS_LIFE_S,
        deg_exp: iat + DEGRADED_LIFE_S,
        nbf: iat,
        iat,
        jti: deps.ids.next('jti'),
        sid: subject.sessionId,
        authz_version: subject.authzVersion,
        amr: [...subject.amr],
      });
      const signed = `${header}.${encode(claims)}`;
      const signature = sign(null, Buffer.from(signed), key).toString('base64url');
      return { token: `${signed}.${signature}`, claims };
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
