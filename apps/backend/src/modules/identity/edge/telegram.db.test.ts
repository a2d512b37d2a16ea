/** Telegram's sign-in over HTTP: the cookie of the browser that began, and who may ask at all. */
import { cookieNames } from '@opora/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietLog } from '../../../../test/database.ts';
import { createHttp, type Http } from '../../../platform/http/index.ts';
import { linkOf } from '../../../platform/http/testing/link.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import { createWorld, sealing, type World } from '../testing/world.ts';
import { accountRoutes } from './account.ts';
import { authRoutes, createAuthorise, installSession } from './http.ts';

const OURS = { 'sec-fetch-site': 'same-origin' };
const cookies = cookieNames({ webPort: 443, secure: true });
let world: World;
let http: Http;

beforeAll(async () => {
  world = await createWorld();
  const { apiKeys, clock, sessions, signIn, verifier } = world;
  const link = linkOf('auth', clock);
  const webUrl = 'https://opora.example';
  const guard = { apiKeys, clock, sessions, verifier, sealing, cookies, webUrl, link };
  http = createHttp({
    ...{ log: quietLog(), ids: systemIds, clock, link, trustedProxies: ['127.0.0.1/32'] },
    authorise: createAuthorise(guard),
  });
  installSession(http.app);
  const offered = { telegramUrl: null, telegramOidc: true };
  authRoutes({ ...guard, signIn, jwks: { keys: [] }, offered })(http.app);
  accountRoutes({ ...guard, signIn })(http.app);
});
afterAll(async () => {
  await http.close();
  await world.base.close();
});

const post = (url: string, body: object, headers: Record<string, string> = {}, method = 'POST') =>
  http.app.inject({
    ...{ method: method === 'PUT' ? 'PUT' : 'POST', url, payload: body },
    headers: {
      ...{ 'x-opora-inner': linkOf('gateway', world.clock).tokenFor('auth'), ...OURS, ...headers },
    },
  });
type Answer = Awaited<ReturnType<typeof post>>;
const setBy = (answer: Answer): string[] => [answer.headers['set-cookie'] ?? []].flat();

async function begin(place: 'sign-in' | 'account') {
  const answer = await post('/auth/telegram/ask', { place });
  const [line = ''] = setBy(answer);
  const asked = new URL(answer.json<{ url: string }>().url).searchParams;
  const claims = { id: 4_001 };
  Object.assign(world.telegram.script, { nonce: asked.get('nonce') ?? '', claims });
  const cookie = line.split(';')[0] ?? '';
  return { answer, line, cookie, word: { code: 'c1', state: asked.get('state') ?? '' } };
}

it('gives the browser that begins a cookie that only it and only /auth sees, and no more', async () => {
  const { answer, line, cookie } = await begin('sign-in');
  expect(answer.statusCode).toBe(200);
  expect(setBy(answer)).toHaveLength(1);
  expect(cookie).toMatch(new RegExp(`^${cookies.telegram}=[\\w-]{43}$`));
  expect(line).toMatch(/; Path=\/auth; HttpOnly; SameSite=Strict; Max-Age=600; Secure$/);
  expect(Object.keys(answer.json<object>())).toEqual(['url']);
  expect(answer.body).not.toContain(cookie.split('=')[1]);
  expect(answer.headers['cache-control']).toBe('no-store');
});

it('signs in the browser that brings cookie and state, and no other', async () => {
  const { cookie, word } = await begin('sign-in');
  const bare = await post('/auth/telegram', word);
  expect([bare.statusCode, setBy(bare)]).toEqual([401, []]);
  expect(bare.json()).toMatchObject({ code: 'identity.telegram_refused' });
  const answer = await post('/auth/telegram', word, { cookie });
  expect(answer.statusCode).toBe(200);
  expect(setBy(answer).map((one) => one.split('=')[0])).toContain(cookies.access);
  expect((await post('/auth/telegram', word, { cookie })).statusCode).toBe(401);
});

it('begins and ends on pages of this site only', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site' };
  expect((await post('/auth/telegram/ask', { place: 'sign-in' }, foreign)).statusCode).toBe(403);
  const { cookie, word } = await begin('sign-in');
  expect((await post('/auth/telegram', word, { cookie, ...foreign })).statusCode).toBe(403);
  for (const body of [{}, { place: 'admin' }, { place: 'account', next: 'https://evil.example' }]) {
    expect((await post('/auth/telegram/ask', body)).statusCode).toBe(400);
  }
});

it('connects nothing to an account without its session', async () => {
  const { cookie, word } = await begin('account');
  const answer = await post('/auth/account/telegram', word, { cookie }, 'PUT');
  expect(answer.statusCode).toBe(401);
});

it('says that Telegram does not answer, with a way out', async () => {
  const { cookie, word } = await begin('sign-in');
  world.telegram.script.away.add('token');
  const answer = await post('/auth/telegram', word, { cookie });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ code: 'identity.telegram_unreachable' });
  world.telegram.script.away.clear();
});
