import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CLIENT_ID, ISSUER, jwt, rsaPair } from '../testing/oidc-issuer.ts';
import { ID_TOKEN_MAX, proveIdToken } from './id-token.ts';

const AT = new Date('2026-11-20T12:00:00Z');
const NOW_S = AT.getTime() / 1000;
const NONCE = 'n'.repeat(43);
const KID = 'oidc-1';
const pair = rsaPair();
const keys = new Map([[KID, pair.publicKey]]);
const expected = { keys, issuer: ISSUER, clientId: CLIENT_ID, nonce: NONCE };
const header = { alg: 'RS256', typ: 'JWT', kid: KID };

const claimsWith = (changes: object = {}): object => ({
  ...{ iss: ISSUER, aud: CLIENT_ID, sub: '77', iat: NOW_S, exp: NOW_S + 3_600, nonce: NONCE },
  ...{ id: 501, name: 'Ольга', preferred_username: 'olga', ...changes },
});
const tokenWith = (changes: object = {}, head: object = header): string =>
  jwt(head, claimsWith(changes), { key: pair.privateKey });
const prove = (token: string, at = AT) => proveIdToken(token, expected, at);

it('says who somebody is by the number that the bot knows, not by the subject', () => {
  expect(prove(tokenWith())).toMatchObject({
    outcome: 'proved',
    user: { id: 501n, firstName: 'Ольга', username: 'olga', languageCode: undefined },
    until: new Date(AT.getTime() + 15 * 60_000),
  });
});

it('takes one audience as a list, and a number as a text', () => {
  expect(prove(tokenWith({ aud: [CLIENT_ID], id: '501' })).outcome).toBe('proved');
});

it('is the same word however its signature is spelled', () => {
  const token = tokenWith();
  // 256 bytes leave spare bits in the last sign of base64url.
  const last = token.at(-1) ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = alphabet[alphabet.indexOf(last) ^ 1] ?? '';
  const [one, two] = [prove(token), prove(token.slice(0, -1) + other)];
  expect(two).toEqual(one);
});

describe('a token is not believed', () => {
  it.each([
    ['of another issuer', { iss: `${ISSUER}/` }, 'issuer'],
    ['without an issuer', { iss: undefined }, 'claims'],
    ['for another site', { aud: '2' }, 'audience'],
    ['for this site and another', { aud: [CLIENT_ID, '2'] }, 'claims'],
    ['for nobody', { aud: [] }, 'claims'],
    ['of another sign-in', { nonce: 'm'.repeat(43) }, 'nonce'],
    ['of no sign-in', { nonce: undefined }, 'nonce'],
    ['without an end', { exp: undefined }, 'claims'],
    ['without a beginning', { iat: undefined }, 'claims'],
    ['with a subject alone', { id: undefined, sub: '501' }, 'claims'],
    ['about nobody', { id: 0 }, 'no number of a person'],
    ['about half a person', { id: 1.5 }, 'no number of a person'],
  ])('%s', (_what, changes, reason) => {
    expect(prove(tokenWith(changes))).toEqual({ outcome: 'forged', reason });
  });

  it.each([
    [3_600_000, 600],
    [600_001, 3_600],
    [-300_001, 3_600],
  ])('%i ms after its beginning, when it lives %i s', (ageMs, livesS) => {
    const token = tokenWith({ exp: NOW_S + livesS });
    expect(prove(token, new Date(AT.getTime() + ageMs))).toEqual({ outcome: 'stale' });
  });

  it('at the very second of its end', () => {
    const token = tokenWith({ exp: NOW_S + 60 });
    expect(prove(token, new Date(AT.getTime() + 59_999)).outcome).toBe('proved');
    expect(prove(token, new Date(AT.getTime() + 60_000))).toEqual({ outcome: 'stale' });
  });

  const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' });
  const mac = (text: string): string =>
    createHmac('sha256', publicPem).update(text).digest('base64url');
  it.each([
    ['none', { signature: () => '' }, 'no JWT'],
    ['none', { signature: () => 'AA' }, 'header'],
    ['None', { signature: () => 'AA' }, 'header'],
    ['HS256', { signature: mac }, 'header'],
    ['PS256', { key: pair.privateKey }, 'header'],
    ['ES256', { key: pair.privateKey }, 'header'],
  ])('with the algorithm %s', (alg, by, reason) => {
    expect(prove(jwt({ ...header, alg }, claimsWith(), by))).toEqual({ outcome: 'forged', reason });
  });

  it('with the public key as a shared secret under the right name', () => {
    const token = jwt(header, claimsWith(), { signature: mac });
    expect(prove(token)).toEqual({ outcome: 'forged', reason: 'signature' });
  });

  it('signed by somebody else, whatever its header brings along', () => {
    const stranger = rsaPair();
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    const head = { ...header, jwk, jku: 'https://elsewhere.example/keys' };
    const token = jwt(head, claimsWith(), { key: stranger.privateKey });
    expect(prove(token)).toEqual({ outcome: 'forged', reason: 'signature' });
  });

  it('with a part changed, a part more, or what must be understood', () => {
    const [head = '', , signature = ''] = tokenWith().split('.');
    const other = Buffer.from(JSON.stringify(claimsWith({ id: 502 }))).toString('base64url');
    expect(prove(`${head}.${other}.${signature}`)).toMatchObject({ reason: 'signature' });
    expect(prove(`${tokenWith()}.AA`)).toMatchObject({ reason: 'no JWT' });
    expect(prove(tokenWith({}, { ...header, crit: ['b64'] }))).toMatchObject({ reason: 'header' });
    expect(prove('x'.repeat(ID_TOKEN_MAX + 1))).toMatchObject({ reason: 'too long' });
  });

  it.each(['../../dev/null', "' or 1=1", 'https://elsewhere.example/key', 'k'.repeat(65), ''])(
    'whose key is called %j',
    (kid) => {
      expect(prove(tokenWith({}, { ...header, kid }))).toMatchObject({ reason: 'header' });
    },
  );

  it('of a key nobody told us of, which may be a new one', () => {
    expect(prove(tokenWith({}, { ...header, kid: 'oidc-2' }))).toEqual({ outcome: 'unknown_key' });
  });
});
