/**
 * Telegram's own word as OpenID Connect has it: a JWT about who somebody is. Its signature is verified
 * before any claim is read, by a key of the set we were given: what a header says about keys or
 * algorithms chooses nothing. One algorithm counts, the one BotFather gives unless told otherwise.
 */
import { createHash, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isEqualText } from '../../equal-text/index.ts';
import { parseJson } from '../../json/index.ts';
import { KID_PATTERN } from '../../tokens/index.ts';
import { AHEAD_MS, OLDEST_MS, userOf, type TelegramProof } from '../proof.ts';

export const ID_TOKEN_ALGORITHM = 'RS256';
/** Longest token that is looked at, characters; Telegram's are about 900. */
export const ID_TOKEN_MAX = 8_192;

/** What a token must be for, and the RSA keys that may have signed it, by key id. */
export type Expected = Readonly<{
  keys: ReadonlyMap<string, KeyObject>;
  issuer: string;
  /** The bot's number. */
  clientId: string;
  /** Of this one sign-in. */
  nonce: string;
}>;

/** `reason` is for our log; `unknown_key`: perhaps a newer key than we know. */
export type IdTokenProof =
  | Exclude<TelegramProof, Readonly<{ outcome: 'forged' }>>
  | Readonly<{ outcome: 'forged'; reason: string }>
  | Readonly<{ outcome: 'unknown_key' }>;

const SEGMENT = /^[A-Za-z0-9_-]+$/;
const Header = z.looseObject({
  alg: z.literal(ID_TOKEN_ALGORITHM),
  kid: z.string().regex(KID_PATTERN),
  // Whoever does not understand what stands there must refuse (RFC 7515 4.1.11).
  crit: z.undefined().optional(),
});
const Claims = z.looseObject({
  iss: z.string(),
  // Several audiences would be several sites: the token would be for others too.
  aud: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]),
  exp: z.number(),
  iat: z.number(),
  nonce: z.string().optional(),
  /** The number the bot knows the person by; `sub` is another one, of this client alone. */
  id: z.union([z.number(), z.string()]),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/** Pure: the time is the caller's. */
export function proveIdToken(token: string, expected: Expected, at: Date): IdTokenProof {
  const forged = (reason: string): IdTokenProof => ({ outcome: 'forged', reason });
  if (token.length > ID_TOKEN_MAX) return forged('too long');
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => SEGMENT.test(part))) return forged('no JWT');
  const head = Header.safeParse(decoded(header));
  if (!head.success) return forged('header');
  const key = expected.keys.get(head.data.kid);
  if (key === undefined) return { outcome: 'unknown_key' };
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) {
    return forged('signature');
  }
  const claims = Claims.safeParse(decoded(payload));
  if (!claims.success) return forged('claims');
  return judge(claims.data, { expected, id: idOf(token), at });
}

function judge(
  claims: z.infer<typeof Claims>,
  { expected, id, at }: { expected: Expected; id: string; at: Date },
): IdTokenProof {
  const { iss, aud, nonce, exp, iat, name, preferred_username: username } = claims;
  const forged = (reason: string): IdTokenProof => ({ outcome: 'forged', reason });
  if (iss !== expected.issuer) return forged('issuer');
  if (aud !== expected.clientId) return forged('audience');
  if (nonce === undefined || !isEqualText(nonce, expected.nonce)) return forged('nonce');
  const user = userOf({ id: claims.id, first_name: name, username });
  if (user === undefined) return forged('no number of a person');
  const age = at.getTime() - iat * 1000;
  if (at.getTime() >= exp * 1000 || age > OLDEST_MS || age < -AHEAD_MS) return { outcome: 'stale' };
  return { outcome: 'proved', user, id, until: new Date(iat * 1000 + OLDEST_MS + AHEAD_MS) };
}

/** The same for the same token however its signature is spelled. */
function idOf(token: string): string {
  const said = token.slice(0, token.lastIndexOf('.'));
  return createHash('sha256').update(said).digest('base64url');
}

function decoded(segment: string): unknown {
  return parseJson(Buffer.from(segment, 'base64url').toString('utf8'));
}
