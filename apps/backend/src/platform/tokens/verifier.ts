import { verify, type KeyObject } from 'node:crypto';
import { AccessClaims } from '@opora/contracts';
import { DomainError, type Clock } from '@opora/kernel';
import { DEGRADED_LIFE_S } from './issuer.ts';
import { KID_PATTERN } from './jwks.ts';

export type TokenRefusal =
  | 'malformed'
  | 'header'
  | 'unknown_key'
  | 'signature'
  | 'claims'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid';

/** The token proves nothing. The reason is for our log; the asker learns only "sign in". */
export class TokenRefused extends DomainError {
  readonly code = 'platform.token_refused';
  readonly kind = 'unauthenticated';
  readonly reason: TokenRefusal;

  constructor(reason: TokenRefusal) {
    super(`access token refused: ${reason}`);
    this.reason = reason;
  }
}

export type TokenEnd = 'exp' | 'deg_exp' | 'day';

export interface TokenVerifier {
  /**
   * The claims of a good token; throws `TokenRefused`. `until` names the end that counts: its own, or,
   * only while the auth service is away, `deg_exp` or a day from its issue (resilience 9, R3).
   */
  verify(token: string, until?: TokenEnd): AccessClaims;
  /** Verified tokens that are remembered now. */
  readonly remembered: number;
}

/** Longest token that is looked at, characters: ours are under 700. */
const TOKEN_MAX = 4_096;
/** How far clocks of two hosts may differ, seconds. */
const LEEWAY_S = 30;
const DAY_S = 24 * 3600;
/** Verified tokens remembered: a signature costs more than the rest of a request. */
const CACHE_MAX = 10_000;

const SEGMENT = /^[A-Za-z0-9_-]+$/;

/** `keys` holds public keys by kid; `issuer` and `audience` must equal the claims exactly. */
export function createTokenVerifier(deps: {
  keys: ReadonlyMap<string, KeyObject>;
  clock: Clock;
  issuer: string;
  audience: string;
  cacheMax?: number;
}): TokenVerifier {
  const { keys, clock, issuer, audience, cacheMax = CACHE_MAX } = deps;
  const verified = new Map<string, AccessClaims>();

  function judge(token: string): AccessClaims {
    const claims = readClaims(signedPayload(token, keys));
    if (claims.iss !== issuer) throw new TokenRefused('issuer');
    if (claims.aud !== audience) throw new TokenRefused('audience');
    return claims;
  }

  return {
    verify(token, until = 'exp') {
      const known = verified.get(token);
      const claims = known ?? judge(token);
      const nowS = clock.now().getTime() / 1000;
      if (nowS >= endOf(claims, until) + LEEWAY_S) {
        if (nowS >= claims.deg_exp + LEEWAY_S) verified.delete(token);
        throw new TokenRefused('expired');
      }
      if (nowS < claims.nbf - LEEWAY_S) throw new TokenRefused('not_yet_valid');
      if (known === undefined) remember(verified, token, claims, cacheMax);
      return claims;
    },
    get remembered() {
      return verified.size;
    },
  };
}

function endOf(claims: AccessClaims, until: TokenEnd): number {
  return until === 'day' ? claims.iat + DAY_S : claims[until];
}

/** The oldest goes first: tokens live equally long, so it is also the next to expire. */
function remember(
  verified: Map<string, AccessClaims>,
  token: string,
  claims: AccessClaims,
  most: number,
): void {
  const oldest = verified.size >= most ? verified.keys().next().value : undefined;
  if (oldest !== undefined) verified.delete(oldest);
  verified.set(token, Object.freeze(claims));
}

/** The payload's text once its signature is proved; nothing of it was looked at before. */
function signedPayload(token: string, keys: ReadonlyMap<string, KeyObject>): string {
  if (token.length > TOKEN_MAX) throw new TokenRefused('malformed');
  const [header, payload, signature, surplus] = token.split('.', 4);
  if (header === undefined || payload === undefined || signature === undefined) {
    throw new TokenRefused('malformed');
  }
  const wellFormed = [header, payload, signature].every((segment) => SEGMENT.test(segment));
  if (surplus !== undefined || !wellFormed) throw new TokenRefused('malformed');
  const key = keys.get(kidOf(decode(header)));
  if (key === undefined) throw new TokenRefused('unknown_key');
  const bytes = Buffer.from(signature, 'base64url');
  // Base64url has spare bits: only the one canonical spelling of a signature counts.
  const canonical = bytes.toString('base64url') === signature;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!canonical || !verify(null, signed, key, bytes)) throw new TokenRefused('signature');
  return decode(payload);
}

/** Exactly our header and nothing else: `crit`, `b64`, `jku`, `jwk` and their kin have no place. */
function kidOf(text: string): string {
  const json = parseCanonical(text);
  if (typeof json !== 'object' || json === null) throw new TokenRefused('header');
  const { alg, typ, kid, ...others } = json as Record<string, unknown>; // an object, just checked
  const ours = alg === 'EdDSA' && typ === 'at+jwt' && Object.keys(others).length === 0;
  if (!ours || typeof kid !== 'string' || !KID_PATTERN.test(kid)) throw new TokenRefused('header');
  return kid;
}

function readClaims(text: string): AccessClaims {
  const result = AccessClaims.safeParse(parseCanonical(text));
  if (!result.success) throw new TokenRefused('claims');
  const { iat, nbf, exp, deg_exp: degradedUntil } = result.data;
  const ordered = iat <= nbf && nbf < exp && exp <= degradedUntil;
  if (!ordered || degradedUntil > iat + DEGRADED_LIFE_S) throw new TokenRefused('claims');
  return result.data;
}

/**
 * Our issuer writes JSON in one way; a text that does not survive the round trip has duplicate
 * names, odd numbers or blanks, and two readers could understand it differently.
 */
function parseCanonical(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TokenRefused('malformed');
  }
  if (JSON.stringify(json) !== text) throw new TokenRefused('malformed');
  return json;
}

function decode(segment: string): string {
  return Buffer.from(segment, 'base64url').toString('utf8');
}
