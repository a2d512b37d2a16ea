/** The token endpoint: a code is exchanged once, by the client that asked, for who somebody is. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { json, type Answer, type Request } from '../../http.ts';
import type { World } from '../../world.ts';
import { formOf } from '../login-page.ts';
import { asUser, type Person } from '../people.ts';
import type { Asked } from './asked.ts';
import type { OidcKeys } from './keys.ts';

export type Mistake = 'issuer' | 'audience' | 'nonce' | 'expired' | 'foreign-key';

const CODE_LIFE_MS = 60_000;
const TOKEN_LIFE_S = 3_600;
const CODES_MAX = 1_000;
const STRANGE = 'https://oauth.telegram.example';

type Code = Asked & Readonly<{ person: Person; until: number }>;

export interface Tokens {
  codeFor(asked: Asked, person: Person): string;
  exchange(request: Request): Answer;
}

type TokensDeps = Readonly<{
  world: World;
  keys: OidcKeys;
  issuer: string;
  clientId: string;
  mistake: () => Mistake | undefined;
}>;

export function createTokens(deps: TokensDeps): Tokens {
  const { world, keys, clientId } = deps;
  const codes = new Map<string, Code>();

  const refused = (status: number, error: string): Answer =>
    json(status, { error }, { 'cache-control': 'no-store' });

  /** A code is used up by the first try, right or wrong. */
  function take(code: string): Code | undefined {
    const known = codes.get(code);
    codes.delete(code);
    return known !== undefined && known.until > world.clock.now().getTime() ? known : undefined;
  }

  return {
    codeFor(asked, person) {
      const oldest = codes.size >= CODES_MAX ? codes.keys().next().value : undefined;
      if (oldest !== undefined) codes.delete(oldest);
      const code = createHash('sha256')
        .update(`${String(world.chance())} ${asked.challenge} ${String(person.id)}`)
        .digest('base64url');
      codes.set(code, { ...asked, person, until: world.clock.now().getTime() + CODE_LIFE_MS });
      return code;
    },
    exchange(request) {
      const secret = world.config.telegram.clientSecret;
      if (secret === undefined || !isClient(request, clientId, secret)) {
        return refused(401, 'invalid_client');
      }
      const form = formOf(request);
      if (form.get('grant_type') !== 'authorization_code') {
        return refused(400, 'unsupported_grant_type');
      }
      const code = take(form.get('code') ?? '');
      const isSame = code !== undefined && form.get('redirect_uri') === code.redirectUri;
      if (!isSame || s256(form.get('code_verifier') ?? '') !== code.challenge) {
        return refused(400, 'invalid_grant');
      }
      const body = {
        access_token: createHash('sha256').update(code.challenge).digest('base64url'),
        ...{
          token_type: 'Bearer',
          expires_in: TOKEN_LIFE_S,
          id_token: keys.sign(claimsOf(code, deps), deps.mistake() === 'foreign-key'),
        },
      };
      return json(200, body, { 'cache-control': 'no-store' });
    },
  };
}

function claimsOf({ person, nonce, scopes }: Code, deps: TokensDeps): object {
  const { clientId, issuer } = deps;
  const { id, first_name: name, username } = asUser(person);
  const nowS = Math.floor(deps.world.clock.now().getTime() / 1000);
  const mistake = deps.mistake();
  const issuedS = mistake === 'expired' ? nowS - 2 * TOKEN_LIFE_S : nowS;
  const profile = { id, name, preferred_username: username };
  return {
    iss: mistake === 'issuer' ? STRANGE : issuer,
    aud: mistake === 'audience' ? '1' : clientId,
    // Of this client alone: not the number that the bot knows the person by.
    sub: createHash('sha256')
      .update(`${clientId} ${String(id)}`)
      .digest('base64url'),
    iat: issuedS,
    exp: issuedS + TOKEN_LIFE_S,
    ...(nonce === null ? {} : { nonce: mistake === 'nonce' ? 'of-another-sign-in' : nonce }),
    ...(scopes.includes('profile') ? profile : {}),
  };
}

const s256 = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** `client_secret_basic`: both halves form-encoded, then in base64 (RFC 6749 2.3.1). */
function isClient(request: Request, clientId: string, secret: string): boolean {
  const half = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
  const pair = Buffer.from(`${half(clientId)}:${half(secret)}`).toString('base64');
  const [given, expected] = [request.headers.authorization ?? '', `Basic ${pair}`].map((text) =>
    createHash('sha256').update(text).digest(),
  );
  return given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
}
