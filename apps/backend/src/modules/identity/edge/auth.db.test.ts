/** Identity over HTTP: cookies, foreign sites, and who may call what of the whole API. */
import {
  cookieNames,
  endpoints,
  isStaffPermission,
  ROLE_PERMISSIONS,
  SessionWire,
  STAFF_ROLES,
  STEP_UP_PERMISSIONS,
  type StaffRole,
} from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietLog } from '../../../../test/database.ts';
import { createHttp, serveMedia, type Http } from '../../../platform/http/index.ts';
import { linkOf } from '../../../platform/http/testing/link.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import {
  act,
  createWorld,
  firstOwner,
  freshCode,
  invited,
  PASSWORD,
  sealing,
  type Member,
  type World,
} from '../testing/world.ts';
import { authRoutes, createAuthorise, installSession } from './http.ts';

const WEB = 'https://opora.example';
const OURS = { 'sec-fetch-site': 'same-origin' };
const inner = () => ({ 'x-opora-inner': linkOf('gateway', world.clock).tokenFor('auth') });
const cookies = cookieNames({ webPort: 443, secure: true });
const staffEndpoints = endpoints().filter(({ endpoint }) => isStaffPermission(endpoint.permission));

let world: World;
let http: Http;
let owner: Member;
const members = new Map<StaffRole, Member>();

beforeAll(async () => {
  world = await createWorld();
  const { apiKeys, clock, sessions, signIn, verifier } = world;
  const link = linkOf('auth', clock);
  const guard = { apiKeys, clock, sessions, verifier, sealing, cookies, webUrl: WEB, link };
  http = createHttp({
    log: quietLog(),
    ids: systemIds,
    clock,
    link,
    trustedProxies: ['127.0.0.1/32'],
    authorise: createAuthorise(guard),
  });
  installSession(http.app);
  authRoutes({ ...guard, signIn, jwks: { keys: [] } })(http.app);
  // Every address of staff there is, each answering with who called.
  for (const { endpoint } of staffEndpoints) {
    const { params: _p, query: _q, body: _b, ...bare } = endpoint;
    serveMedia(http.app, bare, async ({ request, reply }) => reply.send(request.staff));
  }
  owner = await firstOwner(world);
  members.set('owner', owner);
  for (const role of ['admin', 'finance', 'support'] as const) {
    members.set(role, await invited(world, owner, { role, email: `${role}@example.com` }));
  }
});
afterAll(async () => {
  await http.close();
  await world.base.close();
});

type Asked = Readonly<{ method?: string; body?: object; headers?: Record<string, string> }>;
const ask = (url: string, { method = 'POST', body, headers = OURS }: Asked = {}) =>
  http.app.inject({
    method: method === 'GET' ? 'GET' : 'POST',
    url,
    headers: { 'user-agent': 'Firefox', ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
type Answer = Awaited<ReturnType<typeof ask>>;

/** The cookies an answer sets, by name, with their attributes. */
function cookiesOf(answer: Answer): Map<string, string> {
  const lines = [answer.headers['set-cookie'] ?? []].flat();
  return new Map(
    lines.map((line) => {
      const cut = line.indexOf('=');
      return [line.slice(0, cut), line.slice(cut + 1)];
    }),
  );
}
const value = (answer: Answer, name: string): string =>
  cookiesOf(answer).get(name)?.split(';')[0] ?? '';

/** Signs a member in through HTTP; what a browser would send from then on. */
async function enter(member: Member) {
  const body = { email: member.email, password: PASSWORD };
  const device = `${cookies.device}=${member.signedIn.device ?? ''}`;
  const first = await ask('/auth/password', { body, headers: { ...OURS, cookie: device } });
  const { challenge } = first.json<{ challenge: string }>();
  const code = await freshCode(world, member.secret);
  const answer = await ask('/auth/second-factor', { body: { challenge, code } });
  expect(answer.statusCode).toBe(200);
  const { session } = answer.json<{ session: SessionWire }>();
  const cookie = `${cookies.access}=${value(answer, cookies.access)}`;
  return { first, answer, session, cookie, csrf: { 'x-csrf-token': session.csrfToken } };
}

describe('signing in over HTTP', () => {
  it('sets cookies only with the second factor: closed to scripts, bound to our site (B1)', async () => {
    const { first, answer, session } = await enter(owner);
    expect(first.json()).toEqual({
      next: 'second_factor',
      challenge: expect.any(String),
      hasPasskey: false,
    });
    expect(first.headers['set-cookie']).toBeUndefined();
    const set = cookiesOf(answer);
    expect([...set.keys()]).toEqual([cookies.access, cookies.refresh, cookies.device]);
    expect(set.get(cookies.access)).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; .*; Secure$/);
    for (const name of [cookies.refresh, cookies.device]) {
      expect(set.get(name)).toMatch(/; Path=\/auth; HttpOnly; SameSite=Strict; .*; Secure$/);
    }
    for (const name of set.keys()) expect(answer.body).not.toContain(value(answer, name));
    expect(SessionWire.parse(session)).toMatchObject({
      personId: owner.personId,
      email: owner.email,
      staff: { role: 'owner', permissions: [...ROLE_PERMISSIONS.owner] },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('answers alike, headers too, for unknown, wrong and disabled (A5)', async () => {
    const gone = await invited(world, owner, { role: 'support', email: 'gone@example.com' });
    await world.identity.staff.disable(act(owner), gone.personId);
    const bare = async (email: string) => {
      const { statusCode, headers, body } = await ask('/auth/password', {
        body: { email, password: 'not this one' },
      });
      const { 'x-request-id': id, date: _date, ...rest } = headers;
      return { statusCode, headers: rest, body: body.replaceAll(String(id), 'req') };
    };
    const wrong = await bare(owner.email);
    expect(wrong.statusCode).toBe(401);
    expect(await bare('nobody@example.com')).toEqual(wrong);
    expect(await bare(gone.email)).toEqual(wrong);
  });

  it('says how long to wait when somebody guesses', async () => {
    const body = { email: 'guessed@example.com', password: 'not this one' };
    for (let at = 0; at < 6; at += 1) await ask('/auth/password', { body });
    const answer = await ask('/auth/password', { body });
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ code: 'identity.too_many_tries' });
  });

  it('tells and renews a session, and ends it', async () => {
    const { answer, cookie, session } = await enter(owner);
    const read = await ask('/auth/session', { method: 'GET', headers: { cookie } });
    expect(read.json()).toEqual(session);
    const refresh = `${cookies.refresh}=${value(answer, cookies.refresh)}`;
    const renewed = await ask('/auth/refresh', { headers: { ...OURS, cookie: refresh } });
    expect(renewed.json()).toMatchObject({ csrfToken: session.csrfToken });
    const next = `${cookies.refresh}=${value(renewed, cookies.refresh)}`;
    const left = await ask('/auth/leave', { headers: { ...OURS, cookie: next } });
    expect(left.json()).toEqual({ left: true });
    expect([...cookiesOf(left).values()].every((one) => one.includes('Max-Age=0'))).toBe(true);
    expect((await ask('/auth/refresh', { headers: { ...OURS, cookie: next } })).statusCode).toBe(
      401,
    );
    const after = await ask('/auth/session', { method: 'GET', headers: { cookie } });
    expect(after.statusCode).toBe(401);
  });

  it('takes an invitation from the mail to the recovery codes', async () => {
    const wish = { email: 'new@example.com', role: 'finance' } as const;
    const { token } = await world.identity.staff.invite(act(owner), wish);
    const read = await ask('/auth/invitation', { body: { token } });
    expect(read.json()).toMatchObject(wish);
    const body = { token, name: 'New', password: PASSWORD };
    const accepted = await ask('/auth/invitation/accept', { body });
    expect(accepted.json()).toMatchObject({ next: 'enrol' });
    expect(accepted.headers['set-cookie']).toBeUndefined();
  });
});

describe('an unsafe call', () => {
  const foreign: [string, Record<string, string>][] = [
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['from the address bar', { 'sec-fetch-site': 'none' }],
    ['with a foreign Origin', { origin: 'https://evil.example' }],
    ['with a longer Origin', { origin: `${WEB}.evil.example` }],
    ['with a null Origin', { origin: 'null' }],
    ['with our Origin in another scheme', { origin: 'http://opora.example' }],
    ['with another port', { origin: `${WEB}:8443` }],
    ['that says nothing', {}],
  ];
  const unsafe = endpoints().filter(
    ({ id, endpoint }) => id.startsWith('session.') && endpoint.method === 'POST',
  );

  it.each(foreign)('%s is refused everywhere under /auth (B11)', async (_name, headers) => {
    const { cookie, csrf } = await enter(owner);
    for (const { endpoint } of unsafe) {
      const body = endpoint.example.body as object | undefined; // objects in every example
      const answer = await ask(endpoint.path, {
        headers: { cookie, ...csrf, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      expect([endpoint.path, answer.json<{ code: string }>().code]).toEqual([
        endpoint.path,
        'http.forbidden',
      ]);
    }
  });

  it('of the site s own server passes with our Origin and the token of the session', async () => {
    const { cookie, csrf } = await enter(owner);
    const body = { code: await freshCode(world, owner.secret) };
    const headers = { cookie, ...csrf, origin: WEB };
    expect((await ask('/auth/step-up', { body, headers })).statusCode).toBe(200);
  });

  it('without the token of this very session is refused (B11)', async () => {
    const { cookie } = await enter(owner);
    const other = await enter(members.get('admin') ?? owner);
    const body = { code: '000000' };
    for (const token of [undefined, '', 'x'.repeat(22), other.session.csrfToken]) {
      const headers = {
        ...OURS,
        cookie,
        ...(token === undefined ? {} : { 'x-csrf-token': token }),
      };
      const answer = await ask('/auth/step-up', { body, headers });
      expect(answer.json()).toMatchObject({ code: 'identity.csrf_refused' });
    }
  });

  it('takes JSON only, so no form of another site can speak it (B11)', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await http.app.inject({
        method: 'POST',
        url: '/auth/password',
        headers: { ...OURS, 'content-type': type },
        payload: JSON.stringify({ email: owner.email, password: PASSWORD }),
      });
      expect(answer.statusCode).toBe(415);
    }
  });
});

describe('the rights of staff', () => {
  const call = (
    { endpoint }: (typeof staffEndpoints)[number],
    by: { cookie: string; csrf: Record<string, string> },
  ) => {
    const url = endpoint.path.replaceAll(/\{\w+\}/g, 'x');
    return http.app.inject({
      method: endpoint.method,
      url,
      headers: { ...OURS, cookie: by.cookie, ...by.csrf, 'idempotency-key': 'key-of-the-matrix' },
      ...(endpoint.method === 'GET' ? {} : { payload: {} }),
    });
  };

  it.each(STAFF_ROLES)(
    'of %s are those of the table, at every address of the API (D1, D4)',
    async (role) => {
      const member = members.get(role) ?? owner;
      const by = await enter(member);
      expect(staffEndpoints.length).toBeGreaterThan(40);
      for (const one of staffEndpoints) {
        const { permission } = one.endpoint;
        const may = isStaffPermission(permission) && ROLE_PERMISSIONS[role].has(permission);
        const answer = await call(one, by);
        expect([one.id, answer.statusCode]).toEqual([one.id, may ? 200 : 403]);
        if (may) expect(answer.json()).toMatchObject({ personId: member.personId, role });
      }
    },
  );

  it('that move money or rights want a second factor of the last five minutes (C7)', async () => {
    const by = await enter(owner);
    await world.clock.advance(5 * 60_000 - 1_000);
    for (const one of staffEndpoints) expect((await call(one, by)).statusCode).toBe(200);
    await world.clock.advance(1_000);
    for (const one of staffEndpoints) {
      const { permission, previews } = one.endpoint;
      const isHeavy = isStaffPermission(permission) && STEP_UP_PERMISSIONS.has(permission);
      const asks = isHeavy && previews !== true;
      const answer = await call(one, by);
      expect([one.id, answer.statusCode]).toEqual([one.id, asks ? 401 : 200]);
      if (asks) expect(answer.json()).toMatchObject({ code: 'identity.step_up_required' });
    }
    const code = await freshCode(world, owner.secret);
    const headers = { ...OURS, cookie: by.cookie, ...by.csrf };
    const stepped = await ask('/auth/step-up', { body: { code }, headers });
    expect(stepped.json<SessionWire>().staff?.steppedUpUntil).not.toBeNull();
    for (const one of staffEndpoints) expect((await call(one, by)).statusCode).toBe(200);
  });

  it('are nobody s without a session of staff, and end with the member at once (B4)', async () => {
    const [one] = staffEndpoints;
    if (one === undefined) throw new Error('no endpoints');
    expect((await call(one, { cookie: '', csrf: {} })).statusCode).toBe(401);
    const link = await world.sessions.createLink(owner.personId);
    const entered = await ask('/auth/enter', { body: { link } });
    const { session } = entered.json<{ session: SessionWire }>();
    expect(session.staff).toBeNull();
    const customer = {
      cookie: `${cookies.access}=${value(entered, cookies.access)}`,
      csrf: { 'x-csrf-token': session.csrfToken },
    };
    const refused = await call(one, customer);
    expect(refused.json()).toMatchObject({ code: 'identity.session_ended' });

    const helper = await invited(world, owner, { role: 'admin', email: 'brief@example.com' });
    const by = await enter(helper);
    expect((await call(one, by)).statusCode).toBe(200);
    await world.identity.staff.disable(act(owner), helper.personId);
    expect((await call(one, by)).statusCode).toBe(401);
  });

  it('follow the role of this moment, not the token s (D6)', async () => {
    const helper = await invited(world, owner, { role: 'support', email: 'moved@example.com' });
    const before = await enter(helper);
    await world.identity.staff.setRole(act(owner), { personId: helper.personId, role: 'admin' });
    const [one] = staffEndpoints;
    if (one !== undefined) expect((await call(one, before)).statusCode).toBe(401);
    expect((await enter(helper)).session.staff?.role).toBe('admin');
  });

  it('write down who acted, over which request, from where', async () => {
    const by = await enter(owner);
    const [one] = staffEndpoints;
    const answer = await http.app.inject({
      method: 'GET',
      url: one?.endpoint.path ?? '',
      headers: { cookie: by.cookie, ...inner(), 'x-forwarded-for': '203.0.113.7' },
    });
    expect(answer.json()).toMatchObject({
      actor: {
        id: owner.personId,
        name: 'owner',
        requestId: answer.headers['x-request-id'],
        remoteAddress: '203.0.113.7',
      },
    });
  });
});

describe('a link whose answer was lost', () => {
  const enterWith = async (link: string, headers: Record<string, string>) =>
    ask('/auth/enter', { body: { link }, headers: { ...OURS, ...headers } });
  const again = () => ({ ...inner(), 'x-opora-again': '1' });
  const freshLink = async () => {
    const telegram = { id: 77n, firstName: 'Eve', username: undefined, languageCode: 'en' };
    return world.sessions.createLink((await world.identity.resolveTelegram(telegram)).id);
  };

  it('opens once more for the gateway s second try, and the first session ends', async () => {
    const link = await freshLink();
    const first = await enterWith(link, {});
    const second = await enterWith(link, again());
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    const read = (answer: typeof first) =>
      ask('/auth/session', {
        method: 'GET',
        headers: { cookie: `${cookies.access}=${value(answer, cookies.access)}` },
      });
    expect((await read(first)).statusCode).toBe(401);
    expect((await read(second)).statusCode).toBe(200);
  });

  it('is used up for everybody who only says so, and after ten seconds', async () => {
    const link = await freshLink();
    expect((await enterWith(link, {})).statusCode).toBe(200);
    expect((await enterWith(link, { 'x-opora-again': '1' })).statusCode).toBe(401);
    await world.clock.advance(11_000);
    expect((await enterWith(link, again())).statusCode).toBe(401);
  });
});
