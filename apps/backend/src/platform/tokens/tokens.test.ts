import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { systemIds } from '../ids/index.ts';
import {
  createTokenIssuer,
  createTokenVerifier,
  KeySetInvalid,
  readKeySet,
  TokenRefused,
} from './index.ts';

const NAMES = { issuer: 'opora', audience: 'opora-api' };
const SUBJECT = { personId: 'per_1', sessionId: 'ses_1', authzVersion: 3, amr: ['otp'] };

function jwk(kid: string) {
  return { kid, ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) };
}
const NEW = jwk('2026-11');
const OLD = jwk('2026-08');
const keys = readKeySet(new Secret(JSON.stringify([NEW, OLD])));

function setUp(cacheMax?: number) {
  const clock = createManualClock();
  const parts = { ...NAMES, clock };
  return {
    clock,
    issuer: createTokenIssuer({ ...parts, keys, ids: systemIds }),
    verifier: createTokenVerifier({
      ...parts,
      keys: keys.verifying,
      ...(cacheMax === undefined ? {} : { cacheMax }),
    }),
  };
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const header = { alg: 'EdDSA', typ: 'at+jwt', kid: NEW.kid };

/** Signs anything with our real key: what a bug of the issuer could send. */
function forge(head: unknown, payload: unknown, key: KeyObject = keys.signing.key): string {
  const signed = `${encode(head)}.${encode(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

function reasonOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof TokenRefused) return error.reason;
    throw error;
  }
  return 'accepted';
}

describe('an access token', () => {
  it('lives 15 minutes, 60 in a degraded world, and says nothing personal', () => {
    const { issuer, verifier, clock } = setUp();
    const { token, claims } = issuer.issue(SUBJECT);
    const iat = clock.now().getTime() / 1000;
    expect(claims).toEqual({
      iss: 'opora',
      sub: 'per_1',
      aud: 'opora-api',
      exp: iat + 900,
      deg_exp: iat + 3600,
      nbf: iat,
      iat,
      jti: expect.stringMatching(/^jti_/) as string, // a matcher, typed as any by Vitest
      sid: 'ses_1',
      authz_version: 3,
      amr: ['otp'],
    });
    expect(verifier.verify(token)).toEqual(claims);
  });

  it('of a retired key is good until the key is taken away', () => {
    const { clock, verifier } = setUp();
    const retired = readKeySet(new Secret(JSON.stringify([OLD])));
    const { token } = createTokenIssuer({ ...NAMES, clock, ids: systemIds, keys: retired }).issue(
      SUBJECT,
    );
    expect(verifier.verify(token).sub).toBe('per_1');
    const without = createTokenVerifier({
      ...NAMES,
      clock,
      keys: new Map([...keys.verifying].slice(0, 1)),
    });
    expect(reasonOf(() => without.verify(token))).toBe('unknown_key');
  });
});

describe('time', () => {
  it.each([
    ['one second before its end', 900 + 29, 'accepted'],
    ['at its end', 900 + 30, 'expired'],
    ['one second after its end', 900 + 31, 'expired'],
  ])('%s (leeway included) a token is %s', async (_name, seconds, outcome) => {
    const { issuer, verifier, clock } = setUp();
    const { token } = issuer.issue(SUBJECT);
    await clock.advance(seconds * 1000);
    expect(reasonOf(() => verifier.verify(token))).toBe(outcome);
  });

  it.each([
    [30, 'accepted'],
    [31, 'not_yet_valid'],
  ])('a token that begins in %i s is %s', (seconds, outcome) => {
    const { issuer, verifier } = setUp();
    const { claims } = issuer.issue(SUBJECT);
    const nbf = claims.nbf + seconds;
    expect(reasonOf(() => verifier.verify(forge(header, { ...claims, nbf })))).toBe(outcome);
  });

  it('ends for remembered tokens too, and forgets them', async () => {
    const { issuer, verifier, clock } = setUp();
    const { token } = issuer.issue(SUBJECT);
    verifier.verify(token);
    expect(verifier.remembered).toBe(1);
    await clock.advance(930_000);
    expect(reasonOf(() => verifier.verify(token))).toBe('expired');
    // Without the issuer it counts on, for what that level allows: until its second end.
    expect(verifier.verify(token, 'deg_exp').sub).toBe(SUBJECT.personId);
    await clock.advance(2_700_000);
    expect(reasonOf(() => verifier.verify(token, 'deg_exp'))).toBe('expired');
    expect(verifier.remembered).toBe(0);
    expect(verifier.verify(token, 'day').sub).toBe(SUBJECT.personId);
  });

  it('in a degraded world is a claim, never a longer life here', async () => {
    const { issuer, verifier, clock } = setUp();
    const { token } = issuer.issue(SUBJECT);
    await clock.advance(20 * 60_000);
    expect(reasonOf(() => verifier.verify(token))).toBe('expired');
  });
});

describe('headers of attackers', () => {
  const { issuer, verifier } = setUp();
  const { token, claims } = issuer.issue(SUBJECT);
  const [head = '', payload = '', signature = ''] = token.split('.');
  const publicPem = createPublicKey(keys.signing.key).export({ type: 'spki', format: 'pem' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  function hs256(): string {
    const signed = `${encode({ ...header, alg: 'HS256' })}.${payload}`;
    return `${signed}.${createHmac('sha256', publicPem).update(signed).digest('base64url')}`;
  }
  /** Signed by another kind of key, announced as `alg`. */
  function signedBy(key: KeyObject, alg: string): string {
    const signed = `${encode({ ...header, alg })}.${payload}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  it.each([
    ...['none', 'None', 'nOnE', 'NONE', 'EDDSA', 'eddsa', 'HS512', 'PS256', ''].map(
      (alg) => [`alg ${alg}`, forge({ ...header, alg }, claims), 'header'] as const,
    ),
    [
      'alg none without a signature',
      `${encode({ alg: 'none', typ: 'at+jwt', kid: NEW.kid })}.${payload}.`,
      'malformed',
    ],
    ['HS256 with the public key as secret', hs256(), 'header'],
    ['RS256', signedBy(rsa, 'RS256'), 'header'],
    ['ES256', signedBy(ec, 'ES256'), 'header'],
    ['an RSA signature under EdDSA', signedBy(rsa, 'EdDSA'), 'signature'],
    ['an ECDSA signature under EdDSA', signedBy(ec, 'EdDSA'), 'signature'],
    ['an empty signature', `${head}.${payload}.`, 'malformed'],
    ['no signature', `${head}.${payload}`, 'malformed'],
    ['four segments', `${token}.${signature}`, 'malformed'],
    [
      'a stranger key under our kid',
      forge(header, claims, generateKeyPairSync('ed25519').privateKey),
      'signature',
    ],
    ['crit', forge({ ...header, crit: ['b64'] }, claims), 'header'],
    ['b64=false', forge({ ...header, b64: false, crit: ['b64'] }, claims), 'header'],
    ['jku', forge({ ...header, jku: 'https://evil.example/jwks.json' }, claims), 'header'],
    ['jwk', forge({ ...header, jwk: NEW }, claims), 'header'],
    ['x5u', forge({ ...header, x5u: 'https://evil.example' }, claims), 'header'],
    ['x5c', forge({ ...header, x5c: ['MIIB'] }, claims), 'header'],
    ...['JWT', 'rt+jwt', 'id+jwt', 'AT+JWT', 'application/at+jwt'].map(
      (typ) => [`typ ${typ}`, forge({ ...header, typ }, claims), 'header'] as const,
    ),
    ['no typ', forge({ alg: 'EdDSA', kid: NEW.kid }, claims), 'header'],
    ['a header that is a list', forge([], claims), 'header'],
    ['a header that is null', forge('null', claims), 'header'],
    [
      'duplicate alg',
      forge(`{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${NEW.kid}"}`, claims),
      'malformed',
    ],
    ['a token of 64 kB', forge(header, { ...claims, sub: 'x'.repeat(65_536) }), 'malformed'],
    ['an empty token', '', 'malformed'],
    ['blanks around', ` ${token}`, 'malformed'],
    ['padding', `${token}=`, 'malformed'],
  ] as const)('%s: refused', (_name, attempt, reason) => {
    expect(reasonOf(() => verifier.verify(attempt))).toBe(reason);
  });

  it.each([
    '../../dev/null',
    "' or 1=1 --",
    'https://evil.example/key',
    '',
    'a'.repeat(65),
    7,
    null,
    '__proto__',
    'constructor',
  ])('kid %j: refused', (kid) => {
    expect(['header', 'unknown_key']).toContain(
      reasonOf(() => verifier.verify(forge({ ...header, kid }, claims))),
    );
  });

  it('one changed character anywhere is refused', () => {
    for (let at = 0; at < token.length; at += 7) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(reasonOf(() => verifier.verify(changed))).not.toBe('accepted');
    }
  });

  it('the same signature in another spelling is refused', () => {
    // 64 bytes leave four spare bits in the last character.
    const last = signature.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = alphabet[alphabet.indexOf(last) + 1] ?? '';
    expect(Buffer.from(signature.slice(0, -1) + twin, 'base64url')).toEqual(
      Buffer.from(signature, 'base64url'),
    );
    expect(reasonOf(() => verifier.verify(token.slice(0, -1) + twin))).toBe('signature');
  });
});

describe('claims', () => {
  const { issuer, verifier } = setUp();
  const { claims } = issuer.issue(SUBJECT);

  it.each(Object.keys(claims))('without %s: refused', (name) => {
    const rest = Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
    expect(reasonOf(() => verifier.verify(forge(header, rest)))).toBe('claims');
  });

  it.each([
    ['another issuer', { iss: 'evil' }, 'issuer'],
    ['another audience', { aud: 'opora-admin' }, 'audience'],
    ['an audience that is a list', { aud: ['opora-api'] }, 'claims'],
    ['an audience that begins alike', { aud: 'opora-api.evil' }, 'audience'],
    ['times as text', { exp: '9999999999' }, 'claims'],
    ['a fraction of a second', { exp: claims.exp + 0.5 }, 'claims'],
    ['a claim we do not know', { role: 'admin' }, 'claims'],
    ['no way of signing in', { amr: [] }, 'claims'],
    ['a degraded life over an hour', { deg_exp: claims.iat + 3601 }, 'claims'],
    ['a life longer than the degraded one', { exp: claims.deg_exp + 1 }, 'claims'],
  ])('with %s: refused', (_name, change, reason) => {
    expect(reasonOf(() => verifier.verify(forge(header, { ...claims, ...change })))).toBe(reason);
  });

  it('twice: refused, whichever would win', () => {
    const text = JSON.stringify(claims);
    for (const doubled of [
      text.replace('{', '{"sub":"per_2",'),
      text.replace(/}$/, ',"sub":"per_2"}'),
      text.replace(/}$/, ',"s\\u0075b":"per_2"}'),
    ]) {
      expect(reasonOf(() => verifier.verify(forge(header, doubled)))).toBe('malformed');
    }
  });

  it('are never read before the signature: a tampered subject reaches no message', () => {
    const { token } = issuer.issue(SUBJECT);
    const [head, , signature] = token.split('.');
    const tampered = `${String(head)}.${encode({ ...claims, sub: 'per_victim' })}.${String(signature)}`;
    expect(() => verifier.verify(tampered)).toThrow(/^access token refused: signature$/);
  });
});

describe('the memory of verified tokens', () => {
  it('is bounded, the oldest leaves first', () => {
    const { issuer, verifier } = setUp(3);
    const tokens = Array.from({ length: 5 }, () => issuer.issue(SUBJECT).token);
    for (const token of tokens) verifier.verify(token);
    expect(verifier.remembered).toBe(3);
    for (const token of tokens) expect(verifier.verify(token).sub).toBe('per_1');
  });

  it('never holds what was refused', () => {
    const { verifier, issuer } = setUp();
    const { claims } = issuer.issue(SUBJECT);
    for (let at = 0; at < 100; at += 1) {
      reasonOf(() => verifier.verify(forge({ ...header, kid: `kid-${String(at)}` }, claims)));
    }
    expect(verifier.remembered).toBe(0);
  });
});

describe('the key set', () => {
  it('publishes public halves only', () => {
    const text = JSON.stringify(keys.jwks());
    expect(keys.jwks().keys.map(({ kid }) => kid)).toEqual(['2026-11', '2026-08']);
    expect(text).not.toContain('"d"');
    expect(text).not.toContain(String(NEW.d));
  });

  it.each([
    ['not JSON', '{"kty"'],
    ['an empty list', '[]'],
    ['a public key', JSON.stringify([{ ...NEW, d: undefined }])],
    [
      'an RSA key',
      JSON.stringify([
        generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
      ]),
    ],
    ['one kid twice', JSON.stringify([NEW, { ...OLD, kid: NEW.kid }])],
    ['a kid that is a path', JSON.stringify([{ ...NEW, kid: '../key' }])],
    ['halves of two keys', JSON.stringify([{ ...NEW, x: OLD.x }])],
    ['more than five keys', JSON.stringify(Array.from({ length: 6 }, (_, at) => jwk(String(at))))],
  ])('refuses %s and does not quote it', (_name, text) => {
    const attempt = () => readKeySet(new Secret(text));
    expect(attempt).toThrow(KeySetInvalid);
    expect(attempt).not.toThrow(String(NEW.d));
  });
});
