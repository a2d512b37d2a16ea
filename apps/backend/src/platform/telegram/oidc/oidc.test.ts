/** This site as a client of Telegram's sign-in: what it asks, and what it does while Telegram is away. */
import { createHash } from 'node:crypto';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../log/index.ts';
import { CLIENT_ID, ISSUER, OIDC_CONFIG, rsaPair, scriptIssuer } from '../testing/oidc-issuer.ts';
import { createTelegramOidc, type TelegramOidc } from './index.ts';
import { ASKED_EVERY_MS, FRESH_MS, KEPT_MS } from './issuer.ts';

const BACK = 'https://opora.example/sign-in/telegram';
const VERIFIER = 'v'.repeat(43);
const NONCE = 'n'.repeat(43);
const answer = { code: 'c1', redirectUri: BACK, nonce: NONCE, verifier: VERIFIER };

let clock: ManualClock;
let telegram: ReturnType<typeof scriptIssuer>;
let oidc: TelegramOidc;
let lines: string[];

beforeEach(() => {
  clock = createManualClock();
  telegram = scriptIssuer(clock);
  telegram.script.nonce = NONCE;
  lines = [];
  const log = createLog({ level: 'info', role: 'test', write: (line) => void lines.push(line) });
  oidc = createTelegramOidc({ config: OIDC_CONFIG, http: telegram.http, clock, log });
});

const asks = () => oidc.askingUrl({ ...answer, state: 's1' });
const outcome = async (): Promise<string> => (await oidc.prove(answer)).outcome;

describe('a sign-in', () => {
  it('is asked for with state, nonce and the hash of the verifier, never with the verifier', async () => {
    const url = new URL((await asks()) ?? '');
    expect(url.origin + url.pathname).toBe(`${ISSUER}/auth`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ response_type: 'code', client_id: CLIENT_ID, redirect_uri: BACK },
      ...{ scope: 'openid profile telegram:bot_access', state: 's1', nonce: NONCE },
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(url.href).not.toContain(VERIFIER);
  });

  it('exchanges its code once, proving the client and the browser', async () => {
    expect(await oidc.prove(answer)).toMatchObject({ outcome: 'proved', user: { id: 501n } });
    const asked = telegram.calls.filter(({ url }) => url.href === `${ISSUER}/token`);
    expect(asked).toHaveLength(1);
    const [call] = asked;
    const basic = Buffer.from(`${CLIENT_ID}:a+client+secret`).toString('base64');
    expect(call).toMatchObject({ method: 'POST', headers: { authorization: `Basic ${basic}` } });
    expect(Object.fromEntries(new URLSearchParams(String(call?.body)))).toEqual({
      ...{ grant_type: 'authorization_code', code: 'c1', redirect_uri: BACK },
      ...{ client_id: CLIENT_ID, code_verifier: VERIFIER },
    });
  });

  it('is refused for a used code; a refused secret and an outage say nothing about the person', async () => {
    telegram.script.tokenStatus = 400;
    expect(await outcome()).toBe('forged');
    for (const status of [401, 429, 500, 302]) {
      telegram.script.tokenStatus = status;
      expect(await outcome()).toBe('away');
    }
    telegram.script.away.add('token');
    expect(await outcome()).toBe('away');
    expect(telegram.asked('token')).toBe(6);
    expect(lines.join('')).not.toMatch(/a client secret|a\+client|c1|Olga/);
  });
});

describe('keys', () => {
  it('are read once an hour, by everybody together', async () => {
    expect(await Promise.all([outcome(), outcome(), outcome()])).toEqual(
      Array.from({ length: 3 }, () => 'proved'),
    );
    await clock.advance(FRESH_MS - 1);
    expect(await outcome()).toBe('proved');
    expect(telegram.asked('jwks.json')).toBe(1);
    await clock.advance(1);
    expect(await outcome()).toBe('proved');
    expect(telegram.asked('jwks.json')).toBe(2);
  });

  it('that are new are asked for, at most every half minute', async () => {
    expect(await outcome()).toBe('proved');
    telegram.script.keys.set('oidc-2', rsaPair());
    telegram.script.signsWith = 'oidc-2';
    for (let time = 0; time < 20; time += 1) expect(await outcome()).toBe('unknown_key');
    expect(telegram.asked('jwks.json')).toBe(1);
    await clock.advance(ASKED_EVERY_MS);
    expect(await outcome()).toBe('proved');
    expect(telegram.asked('jwks.json')).toBe(2);
    telegram.script.signsWith = 'oidc-eddsa';
    await clock.advance(ASKED_EVERY_MS);
    for (let time = 0; time < 20; time += 1) expect(await outcome()).toBe('unknown_key');
    expect(telegram.asked('jwks.json')).toBe(3);
  });

  it('serve on while Telegram does not tell any, for a day', async () => {
    expect(await outcome()).toBe('proved');
    for (const path of ['openid-configuration', 'jwks.json']) telegram.script.away.add(path);
    await clock.advance(KEPT_MS);
    expect(await outcome()).toBe('proved');
    expect(await asks()).toContain(`${ISSUER}/auth`);
    await clock.advance(1);
    expect([await outcome(), await asks()]).toEqual(['away', undefined]);
  });

  it('that were never told let nobody in, and are asked for again after half a minute', async () => {
    telegram.script.away.add('jwks.json');
    for (let time = 0; time < 5; time += 1) expect(await asks()).toBeUndefined();
    expect(telegram.asked('jwks.json')).toBe(1);
    telegram.script.away.clear();
    expect(await outcome()).toBe('away');
    await clock.advance(ASKED_EVERY_MS);
    expect(await outcome()).toBe('proved');
  });

  it('of RSA count when they are long enough', async () => {
    telegram.script.keys.set('oidc-1', rsaPair(1024));
    expect(await outcome()).toBe('unknown_key');
  });
});

describe('a discovery is refused', () => {
  it.each([
    { issuer: 'https://elsewhere.example' },
    { token_endpoint: 'https://elsewhere.example/token' },
    { authorization_endpoint: 'http://oauth.telegram.test/auth' },
    { jwks_uri: 'https://elsewhere.example/keys' },
    { jwks_uri: undefined },
  ])('that names %j', async (wrong) => {
    Object.assign(telegram.script.discovery, wrong);
    expect(await outcome()).toBe('away');
    expect(telegram.asked('token')).toBe(0);
    expect(telegram.calls.filter(({ url }) => !url.href.startsWith(`${ISSUER}/`))).toEqual([]);
  });
});
