/** "Log In With Telegram" from the facts: what a site asks for, and what it can make of the answer. */
import { createHash, createPublicKey, verify, type webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_SECRET, startRunning, type Running } from '../testing/running.ts';

const BOT = '7000000001';
const BACK = 'https://site.example/back';
const VERIFIER = 'a-verifier-of-forty-three-signs-at-the-least-000';
const S256 = createHash('sha256').update(VERIFIER).digest('base64url');

let at: Running;
let olga: number;

beforeAll(async () => {
  at = await startRunning();
  olga = (await at.control('POST', '/people', { name: 'Olga' })).body.id;
});
afterAll(() => at.stop());

/** Undefined takes a field away. */
type Changes = Readonly<Record<string, string | undefined>>;

function fieldsOf(changes: Changes = {}): URLSearchParams {
  const fields: Changes = {
    ...{ client_id: BOT, redirect_uri: BACK, response_type: 'code', scope: 'openid profile' },
    ...{ state: 's t', nonce: 'n1', code_challenge: S256, code_challenge_method: 'S256' },
    ...changes,
  };
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(given);
}

/** What the browser is sent back with, after its person said who they are. */
async function answered(changes: Changes = {}): Promise<URLSearchParams> {
  const body = fieldsOf({ person: String(olga), ...changes });
  const answer = await fetch(`${at.address}/oauth/auth`, {
    ...{ method: 'POST', body, redirect: 'manual' },
  });
  const target = new URL(answer.headers.get('location') ?? 'https://nowhere.example');
  expect(target.origin + target.pathname).toBe(BACK);
  return target.searchParams;
}
const codeOf = async (changes: Changes = {}): Promise<string> =>
  (await answered(changes)).get('code') ?? '';

const half = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');
const basic = (secret: string): string =>
  `Basic ${Buffer.from(`${half(BOT)}:${half(secret)}`).toString('base64')}`;

type TokenBody = { error?: string; id_token: string };

async function exchange(
  code: string,
  changes: Readonly<Record<string, string>> = {},
  secret = CLIENT_SECRET,
): Promise<{ status: number; body: TokenBody }> {
  const fields = { grant_type: 'authorization_code', code, redirect_uri: BACK };
  const answer = await fetch(`${at.address}/oauth/token`, {
    method: 'POST',
    headers: { authorization: basic(secret) },
    body: new URLSearchParams({ ...fields, code_verifier: VERIFIER, ...changes }),
  });
  return { status: answer.status, body: (await answer.json()) as TokenBody }; // what the endpoint answers
}

type Claims = Record<string, unknown>;
type Key = webcrypto.JsonWebKey & { kid: string };

async function keys(): Promise<Key[]> {
  const answer = await fetch(`${at.address}/oauth/.well-known/jwks.json`);
  return ((await answer.json()) as { keys: Key[] }).keys; // RFC 7517
}

async function read(token: string): Promise<{ claims: Claims; kid: string; isSigned: boolean }> {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const parsed = (part: string): Claims =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims; // a JSON object
  const { kid, alg } = parsed(header);
  const jwk = (await keys()).find((one) => one.kid === kid);
  if (jwk === undefined) throw new Error('no key of that name');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const text = Buffer.from(`${header}.${claims}`);
  const isSigned =
    alg === 'RS256' && verify('sha256', text, key, Buffer.from(signature, 'base64url'));
  return { claims: parsed(claims), kid: String(kid), isSigned };
}

const tell = (mistake: string | null) => at.control('PUT', '/oidc', { mistake });

describe('discovery', () => {
  it('names the issuer, its endpoints, and a set with keys of several types', async () => {
    const answer = await fetch(`${at.address}/oauth/.well-known/openid-configuration`);
    const said = (await answer.json()) as Record<string, string>; // the fields below are texts
    expect(said['issuer']).toMatch(/\/telegram\/oauth$/);
    expect(said['authorization_endpoint']).toBe(`${said['issuer'] ?? ''}/auth`);
    expect(said['token_endpoint']).toBe(`${said['issuer'] ?? ''}/token`);
    expect(said['jwks_uri']).toBe(`${said['issuer'] ?? ''}/.well-known/jwks.json`);
    expect(new Set((await keys()).map(({ kty }) => kty))).toEqual(new Set(['RSA', 'EC', 'OKP']));
    for (const key of await keys()) expect(key).not.toHaveProperty('d');
  });
});

describe('a person who says who they are', () => {
  it('is named by an id_token with the number of the bot, signed by a published key', async () => {
    const back = await answered();
    expect(back.get('state')).toBe('s t');
    const { status, body } = await exchange(back.get('code') ?? '');
    expect(status).toBe(200);
    const { claims, isSigned } = await read(body.id_token);
    const nowS = at.clock.now().getTime() / 1000;
    expect(isSigned).toBe(true);
    expect(claims).toMatchObject({ aud: BOT, nonce: 'n1', iat: nowS, exp: nowS + 3_600, id: olga });
    expect(claims).toMatchObject({ name: 'Olga', preferred_username: `person${String(olga)}` });
    expect(claims['iss']).toMatch(/\/telegram\/oauth$/);
    expect(claims['sub']).not.toBe(String(olga));
  });

  it('is not named to a site that did not ask for the profile', async () => {
    const { body } = await exchange(await codeOf({ scope: 'openid' }));
    const { claims } = await read(body.id_token);
    expect(claims).not.toHaveProperty('id');
  });

  it('may decline', async () => {
    expect((await answered({ answer: 'no' })).get('error')).toBe('access_denied');
  });
});

describe('the authorization endpoint', () => {
  it.each([{ client_id: '2' }, { redirect_uri: 'javascript:1' }, { redirect_uri: undefined }])(
    'sends nobody anywhere for %j',
    async (changes) => {
      const answer = await fetch(`${at.address}/oauth/auth?${fieldsOf(changes).toString()}`, {
        redirect: 'manual',
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    },
  );

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'profile' }, 'invalid_scope'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
  ] as const)('refuses %j', async (changes, error) => {
    const back = await answered(changes);
    expect([back.get('error'), back.get('code')]).toEqual([error, null]);
  });
});

describe('a code', () => {
  it('is good once', async () => {
    const code = await codeOf();
    expect((await exchange(code)).status).toBe(200);
    expect(await exchange(code)).toEqual({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each([
    { code_verifier: 'another-verifier-of-forty-three-signs-at-least-0' },
    { code_verifier: '' },
    { redirect_uri: `${BACK}/` },
    { redirect_uri: 'https://site.example/back?x' },
  ])('is worth nothing with %j', async (changes) => {
    expect((await exchange(await codeOf(), changes)).body).toEqual({ error: 'invalid_grant' });
  });

  it('is for the client that proves itself, and lives a minute', async () => {
    const stranger = await exchange(await codeOf(), {}, 'guessed');
    expect(stranger).toEqual({ status: 401, body: { error: 'invalid_client' } });
    const code = await codeOf();
    at.clock.advance(60_001);
    expect((await exchange(code)).body).toEqual({ error: 'invalid_grant' });
  });
});

describe('told to', () => {
  it.each([
    ['issuer', { iss: 'https://oauth.telegram.example' }],
    ['audience', { aud: '1' }],
    ['nonce', { nonce: 'of-another-sign-in' }],
  ])('makes the mistake %s', async (mistake, wrong) => {
    await tell(mistake);
    const { claims } = await read((await exchange(await codeOf())).body.id_token);
    expect(claims).toMatchObject(wrong);
  });

  it('says what has expired, or signs with a key of nobody', async () => {
    await tell('expired');
    const { claims } = await read((await exchange(await codeOf())).body.id_token);
    expect(Number(claims['exp'])).toBeLessThan(at.clock.now().getTime() / 1000);
    await tell('foreign-key');
    expect((await read((await exchange(await codeOf())).body.id_token)).isSigned).toBe(false);
    await tell(null);
    expect((await read((await exchange(await codeOf())).body.id_token)).isSigned).toBe(true);
    expect((await tell('nothing')).status).toBe(400);
  });

  it('changes its key: the new one signs, the one before it is still published', async () => {
    const before = (await read((await exchange(await codeOf())).body.id_token)).kid;
    await at.control('POST', '/oidc/rotate');
    const { kid, isSigned } = await read((await exchange(await codeOf())).body.id_token);
    expect([kid === before, isSigned]).toEqual([false, true]);
    expect((await keys()).map((key) => key.kid)).toContain(before);
  });

  it('is away with the rest of Telegram', async () => {
    at.world.faults.set({ target: 'telegram', kind: 'error', probability: 1, seed: 1 });
    expect((await fetch(`${at.address}/oauth/.well-known/jwks.json`)).status).toBe(500);
    at.world.faults.clear();
  });
});
