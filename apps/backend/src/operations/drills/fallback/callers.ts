/** Sessions of the drill's own, and the tokens somebody may show for them, good and forged ones. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Clock, Ids } from '@opora/kernel';
import { TOKEN_NAMES } from '../../../config/session-names.ts';
import type { Config } from '../../../config/shape.ts';
import { readKeySet } from '../../../platform/tokens/index.ts';
import type { Ask } from '../ask-database.ts';
import { DrillRefused } from '../simulated-only.ts';
import { REVOCATIONS, ROLES, type Revocation, type Role, type Token } from './truth.ts';

export type Caller = Readonly<{
  personId: string;
  sessionId: string;
  role: Role;
  revocation: Revocation;
  /** The gateway has seen this session while auth was there. */
  isKnown: boolean;
}>;

const MINUTE_S = 60;
/** How long before the drill each token was issued, seconds; a minute unless said here. */
const AGES_S: Readonly<Record<string, number>> = {
  spent: 20 * MINUTE_S,
  old: 70 * MINUTE_S,
  ancient: 25 * 60 * MINUTE_S,
  'long-lived': 70 * MINUTE_S,
};

/** One caller of each role and fate, once known and once unknown to the gateway. */
export async function openSessions(ask: Ask, ids: Ids): Promise<Caller[]> {
  const callers = ROLES.flatMap((role) =>
    REVOCATIONS.flatMap((revocation) =>
      [true, false].map((isKnown) => ({
        ...{ role, revocation, isKnown },
        personId: ids.next('per'),
        sessionId: ids.next('ses'),
      })),
    ),
  );
  for (const { personId, sessionId, role } of callers) {
    await ask(
      `insert into person (id, name, language, state, created_at)
       values ($1, 'Drill', 'en', 'active', now())`,
      [personId],
    );
    if (role !== 'customer') {
      await ask(
        `insert into staff_member (person_id, role, state, created_at, created_by)
         values ($1, $2, 'active', now(), 'drill')`,
        [personId, role],
      );
    }
    await ask(
      `insert into session (id, person_id, created_at, expires_at, refresh_hash,
         refresh_expires_at, rotated_at, kind, amr, second_factor_at)
       values ($1, $2, now(), now() + interval '8 hours', $3, now() + interval '8 hours', now(),
         $4, 'otp', now())`,
      [sessionId, personId, ids.secret(32), role === 'customer' ? 'customer' : 'staff'],
    );
  }
  return callers;
}

/** Ends what is to be ended: one session, all of a person, or what a person was issued until now. */
export async function revoke(ask: Ask, ids: Ids, callers: readonly Caller[]): Promise<void> {
  const of = (kind: Revocation): Caller[] =>
    callers.filter(({ revocation }) => revocation === kind);
  await ask(
    `update session set revoked_at = now(), revoked_reason = 'drill'
      where id = any($1) or person_id = any($2)`,
    [of('session').map(({ sessionId }) => sessionId), of('person').map(({ personId }) => personId)],
  );
  for (const { personId } of of('cut')) {
    await ask(
      `insert into revocation (id, kind, subject, issued_before, at)
       values ($1, 'person', $2, now(), now())`,
      [ids.next('cut'), personId],
    );
  }
}

/**
 * Every token is of before this moment, however late it is shown: what cuts its person off later cuts
 * it off. `isKeyLeaked`: what a stranger signs is signed with our key.
 */
export function createMint(
  config: Pick<Config, 'jwtKeys'>,
  { clock, ids }: { clock: Clock; ids: Ids },
  isKeyLeaked: boolean,
): (caller: Caller, token: Token) => string {
  if (config.jwtKeys === undefined) throw new DrillRefused('no keys of tokens');
  const { kid, key } = readKeySet(config.jwtKeys).signing;
  const foreign = isKeyLeaked ? key : generateKeyPairSync('ed25519').privateKey;
  const begunS = Math.floor(clock.now().getTime() / 1000);
  return (caller, token) => {
    const iat = begunS - (AGES_S[token] ?? MINUTE_S);
    const claims = {
      iss: TOKEN_NAMES.issuer,
      sub: caller.personId,
      aud: token === 'other-audience' ? 'somebody-else' : TOKEN_NAMES.audience,
      exp: iat + 15 * MINUTE_S,
      deg_exp: iat + (token === 'long-lived' ? 24 * 60 : 60) * MINUTE_S,
      ...{ nbf: iat, iat, jti: ids.next('jti'), sid: caller.sessionId },
      ...{ authz_version: 1, amr: ['otp'] },
    };
    const header = { alg: 'EdDSA', typ: 'at+jwt', kid: token === 'unknown-key' ? 'stranger' : kid };
    const isForeign = token === 'wrong-key' || token === 'unknown-key';
    const signed = signedBy(isForeign ? foreign : key, header, claims);
    return token === 'tampered' ? tamper(signed, claims) : signed;
  };
}

function signedBy(key: KeyObject, header: object, claims: object): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** Lives a second longer, under the old signature. */
function tamper(token: string, claims: { exp: number }): string {
  const [header = '', , signature = ''] = token.split('.');
  return `${header}.${encode({ ...claims, exp: claims.exp + 1 })}.${signature}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
