/** The api role's own routes over real services and a real database, one block per promise. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { API, endpoints, INNER_PATHS, OutsideWire } from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeModules, type Modules } from '../src/compose.ts';
import { settingsTable } from '../src/config/describe.ts';
import { loadConfig, type Environment } from '../src/config/load.ts';
import {
  formOf,
  SHOP,
  WORD_2,
} from '../src/modules/payments/providers/freekassa/testing/notices.ts';
import {
  PASSWORD,
  signed,
  TERMINAL,
} from '../src/modules/payments/providers/tkassa/testing/notices.ts';
import { sql } from '../src/platform/db/index.ts';
import type { Http } from '../src/platform/http/index.ts';
import { composeApi } from '../src/roles/api.ts';
import { createMetrics } from '../src/platform/metrics/index.ts';
import { composeAuth } from '../src/roles/auth.ts';
import { linkOf, SERVICE_KEYS } from '../src/platform/http/testing/link.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

/** What our gateway sends to the API now. */
const inner = () => linkOf('gateway', systemClock).tokenFor('api');
const WEB = 'http://127.0.0.1:5000';
const PANEL_SECRET = 'a'.repeat(64);
/** Through our gateway, from an address of YooKassa's published list. */
const fromYookassa = {
  get 'x-opora-inner'() {
    return inner();
  },
  'x-forwarded-for': '185.71.76.5',
};
const sameOrigin = { 'sec-fetch-site': 'same-origin' };

let environment: Environment;
let base: TestDatabase;
let parts: Modules;
let http: Http;
let auth: Http;

beforeAll(async () => {
  base = await cloneDatabase(2);
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  environment = {
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    OPORA_LOG_LEVEL: 'error',
    DATABASE_URL: base.url,
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...key }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SERVICE_KEYS,
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_SECRET_KEY: 'test_secret',
    TKASSA_TERMINAL_KEY: TERMINAL,
    TKASSA_PASSWORD: PASSWORD,
    FREEKASSA_SHOP_ID: SHOP,
    FREEKASSA_SECRET_1: 'word-1',
    FREEKASSA_SECRET_2: WORD_2,
    FREEKASSA_API_KEY: 'api-key',
    REMNAWAVE_WEBHOOK_SECRET: PANEL_SECRET,
  };
  parts = await composeModules(loadConfig(environment), 'api', 0);
  await parts.catalog.seed(parts.product.slug, parts.product.plans);
  http = await composeApi(parts, environment);
  auth = composeAuth({ ...parts, metrics: createMetrics() });
});

afterAll(async () => {
  await parts.lifecycle.stop('done');
  await base.close();
});

function notice(reference = '2e7a1111-000f-5000-8000-112233445566'): string {
  return JSON.stringify({
    type: 'notification',
    event: 'payment.succeeded',
    object: { id: reference, status: 'succeeded', amount: { value: '199.00', currency: 'RUB' } },
  });
}

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  http.app.inject({ method: 'POST', url, payload, headers });

const stored = async (table: 'payment_notice' | 'payment_refusal'): Promise<number> => {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) from ${sql.table(table)}`.execute(parts.db.read);
  return Number(rows[0]?.count);
};

describe('a payment notice', () => {
  it('is stored before it is acknowledged, once however often it comes', async () => {
    for (let time = 0; time < 3; time += 1) {
      const answer = await post('/webhooks/payments/yookassa', notice(), fromYookassa);
      expect(answer.statusCode).toBe(200);
    }
    const { rows } = await sql<{ receipts: number; body: Buffer }>`
      select receipts, body from payment_notice`.execute(parts.db.read);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.receipts).toBe(3);
    expect(rows[0]?.body.toString()).toBe(notice());
  });

  it.each([
    ['from a stranger', { ...fromYookassa, 'x-forwarded-for': '203.0.113.9' }, 403],
    [
      'that says it comes from the provider but not through our gateway',
      { 'x-forwarded-for': '185.71.76.5' },
      403,
    ],
  ])('%s is refused, kept for the operator, and stores nothing', async (_name, headers, status) => {
    const [notices, refusals] = [await stored('payment_notice'), await stored('payment_refusal')];
    const answer = await post('/webhooks/payments/yookassa', notice('2e7a9999-000f'), headers);
    expect(answer.statusCode).toBe(status);
    expect(await stored('payment_notice')).toBe(notices);
    expect(await stored('payment_refusal')).toBe(refusals + 1);
  });

  it.each([
    ['broken JSON', '{"type":'],
    ['another shape', '{"hello":1}'],
    ['an escaped NUL in the id', notice('2e7a\\u0000')],
  ])('with %s gets 400 and is kept for the operator', async (_name, body) => {
    const refusals = await stored('payment_refusal');
    const answer = await post('/webhooks/payments/yookassa', body, fromYookassa);
    expect(answer.statusCode).toBe(400);
    expect(await stored('payment_refusal')).toBe(refusals + 1);
  });

  it('above the limit is refused with 413, counted and kept', async () => {
    const refusals = await stored('payment_refusal');
    const answer = await post('/webhooks/payments/yookassa', Buffer.alloc(262_145), fromYookassa);
    expect(answer.statusCode).toBe(413);
    expect(await stored('payment_refusal')).toBe(refusals + 1);
    expect(http.metrics.text()).toMatch(/payment_facts_total\{[^}]*refused_oversized[^}]*\} 1/);
  });

  it('of a provider that is not configured meets a closed door', async () => {
    const answer = await post('/webhooks/payments/stripe', notice(), fromYookassa);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'payments.provider_not_configured' });
  });
});

describe('a notice of FreeKassa', () => {
  const from = { ...fromYookassa, 'x-forwarded-for': '168.119.60.227' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const url = '/webhooks/payments/freekassa';

  it('is taken by POST and by GET for the same one, and answered with YES', async () => {
    // A question mark inside a value is legal and must reach the signature.
    const text = `${new URLSearchParams(formOf()).toString()}&us_note=a?b`;
    const answers = [
      await post(url, text, { ...from, ...form }),
      await http.app.inject({ method: 'GET', url: `${url}?${text}`, headers: from }),
    ];
    expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual([
      [200, 'YES'],
      [200, 'YES'],
    ]);
    const { rows } = await sql`
      select receipts, query from payment_notice where provider = 'freekassa'`.execute(
      parts.db.read,
    );
    expect(rows).toEqual([{ receipts: 2, query: text }]);
  });

  it('with a repeated field or another sum is refused, and never answered with YES', async () => {
    const text = new URLSearchParams(formOf()).toString();
    const repeated = await http.app.inject({
      ...{ method: 'GET', headers: from },
      url: `${url}?${text}&AMOUNT=499`,
    });
    const changed = await post(url, text.replace('=499&', '=4990&'), { ...from, ...form });
    expect([repeated.statusCode, changed.statusCode]).toEqual([400, 403]);
    expect(repeated.body + changed.body).toBe('');
  });
});

describe('a notice of T-Kassa', () => {
  it('is answered with OK and nothing else, and refused by GET', async () => {
    const url = '/webhooks/payments/tkassa';
    const answer = await post(url, JSON.stringify(signed()), {
      'content-type': 'application/json',
    });
    expect([answer.statusCode, answer.body]).toEqual([200, 'OK']);
    expect(answer.headers['content-type']).toBe('text/plain');
    const read = await http.app.inject({ method: 'GET', url: `${url}?a=b` });
    expect(read.statusCode).toBe(400);
  });
});

describe('a panel event', () => {
  it('without the right signature is refused and nothing is stored', async () => {
    const answer = await post('/webhooks/remnawave', '{"event":"user.modified"}', {
      'x-remnawave-signature': '00'.repeat(32),
    });
    expect(answer.statusCode).toBe(403);
    const { rows } = await sql`select 1 from panel_event`.execute(parts.db.read);
    expect(rows).toEqual([]);
  });
});

describe('the product', () => {
  it('is public, with exact prices', async () => {
    const answer = await http.app.inject('/api/v1/product');
    expect(answer.statusCode).toBe(200);
    const { plans } = answer.json<{ plans: { code: string; prices: unknown[] }[] }>();
    expect(plans[0]?.prices).toContainEqual({ minor: '19900', currency: 'RUB' });
  });
});

describe('the table of the API', () => {
  const OF_STAFF = '/api/v1/admin/';

  it('is served whole where staff is concerned', () => {
    const table = endpoints().filter(({ endpoint }) => endpoint.path.startsWith(OF_STAFF));
    const missing = table.filter(
      ({ endpoint: { method, path } }) =>
        !http.app.hasRoute({ method, url: path.replace(/\{(\w+)\}/g, ':$1') }),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('asks somebody to sign in before anything of staff', async () => {
    for (const { endpoint } of endpoints()) {
      if (!endpoint.path.startsWith(OF_STAFF)) continue;
      const url = endpoint.path.replace(/\{\w+\}/g, 'x');
      const answer = await http.app.inject({ method: endpoint.method, url, headers: sameOrigin });
      expect([401, 403, 404], endpoint.path).toContain(answer.statusCode);
    }
  });

  it('is published as a document and as a page without a script', async () => {
    const document = await http.app.inject('/api/openapi.json');
    expect(document.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: WEB }] });
    const page = await http.app.inject('/api/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).not.toContain('<script');
    const [, hash = ''] =
      /style-src '(sha256-[^']+)'/.exec(String(page.headers['content-security-policy'])) ?? [];
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(page.body) ?? [];
    expect(hash).toBe(`sha256-${createHash('sha256').update(style).digest('base64')}`);
    for (const { id } of endpoints()) expect(page.body).toContain(`id="${id}"`);
  });
});

describe('what the monitor asks and tells', () => {
  const asMonitor = () => ({
    authorization: `Bearer ${linkOf('monitor', systemClock).tokenFor('api')}`,
  });

  it('is each way to pay by its name, and whether the panel rests', async () => {
    const answer = await http.app.inject({ url: INNER_PATHS.outside, headers: asMonitor() });
    const { ways, panelRests } = OutsideWire.parse(answer.json());
    expect(ways).toContainEqual({
      ...{ way: 'yookassa', rests: false },
      title: { ru: 'Карта или СБП', en: 'Card or SBP' },
    });
    expect(panelRests).toBe(false);
  });

  it('is an act of staff that it did alone: one entry, however often it is told', async () => {
    const act = {
      ...{ id: parts.ids.next('aud'), at: '2026-11-24T10:00:00.000Z', key: 'key-of-a-restart' },
      ...{ act: 'services.restart', subject: 'api#1', reason: 'it leaks memory' },
      actor: { id: 'per_x', name: 'Operator', requestId: 'req_x', remoteAddress: '127.0.0.1' },
    };
    const tell = () =>
      http.app.inject({
        ...{
          method: 'POST',
          url: INNER_PATHS.acts,
          headers: asMonitor(),
          payload: { acts: [act] },
        },
      });
    expect((await tell()).json()).toEqual({ taken: 1 });
    expect((await tell()).statusCode).toBe(200);
    const entry = (await parts.audit.read([act.id])).get(act.id);
    expect(entry).toMatchObject({ act: 'services.restart', reason: 'it leaks memory' });
  });

  it.each([INNER_PATHS.outside, INNER_PATHS.acts])('%s is closed to strangers', async (url) => {
    const method = url === INNER_PATHS.acts ? 'POST' : 'GET';
    expect((await http.app.inject({ method, url, payload: {} })).statusCode).toBe(401);
  });
});

describe('the page of settings', () => {
  it('shows no secret, only whether it is set', async () => {
    const { items } = API.settings.list.answer.parse({ items: settingsTable(environment) });
    const told = JSON.stringify(items);
    for (const canary of [SERVICE_KEYS, PANEL_SECRET, 'test_secret', base.url]) {
      expect(told).not.toContain(canary);
    }
    const secret = items.find(({ key }) => key === 'YOOKASSA_SECRET_KEY');
    expect(secret).toMatchObject({ isSecret: true, isSet: true, value: null });
    expect(items.find(({ key }) => key === 'YOOKASSA_SHOP_ID')?.value).toBe('100500');
  });
});

describe('signing in', () => {
  async function enter(): Promise<{ access: string; refresh: string; cookies: string[] }> {
    const { id } = await parts.identity.resolveTelegram({
      id: 5n,
      firstName: 'Ann',
      username: undefined,
      languageCode: 'en',
    });
    const link = await parts.sessions.createLink(id);
    const answer = await auth.app.inject({
      method: 'POST',
      url: '/auth/enter',
      payload: { link },
      headers: sameOrigin,
    });
    expect(answer.statusCode).toBe(200);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    const [access = '', refresh = ''] = cookies.map((cookie) => cookie.split(';')[0] ?? '');
    return { access, refresh, cookies };
  }

  it('gives cookies that scripts cannot read, and no token in the body', async () => {
    const { cookies, access } = await enter();
    expect(cookies[0]).toMatch(/^at-5000=.*; Path=\/; HttpOnly; SameSite=Lax/);
    expect(cookies[1]).toMatch(/^rt-5000=ses_.*; Path=\/auth; HttpOnly; SameSite=Strict/);
    const me = await auth.app.inject({ url: '/auth/session', headers: { cookie: access } });
    expect(me.json()).toMatchObject({ name: 'Ann', language: 'en', staff: null });
  });

  it('shows own subscriptions only, and nothing without a token', async () => {
    const { access } = await enter();
    const url = '/api/v1/me/subscriptions';
    expect((await http.app.inject(url)).statusCode).toBe(401);
    const own = await http.app.inject({ url, headers: { cookie: access } });
    expect(own.json()).toEqual({ items: [] });
    expect(own.headers['cache-control']).toBe('no-store');
    const altered = await http.app.inject({ url, headers: { cookie: `${access.slice(0, -2)}xx` } });
    expect(altered.statusCode).toBe(401);
  });

  it('refuses an invented link, another site, and an unknown field', async () => {
    const enterWith = (payload: object, headers: Record<string, string>) =>
      auth.app.inject({ method: 'POST', url: '/auth/enter', payload, headers });
    const link = 'x'.repeat(43);
    expect((await enterWith({ link }, sameOrigin)).statusCode).toBe(401);
    expect((await enterWith({ link }, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await enterWith({ link }, { origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await enterWith({ link, role: 'owner' }, { origin: WEB })).statusCode).toBe(400);
  });

  it('rotates the refresh token and ends the session when an old one comes back late', async () => {
    const { refresh } = await enter();
    const renew = (cookie: string) =>
      auth.app.inject({
        method: 'POST',
        url: '/auth/refresh',
        headers: { ...sameOrigin, cookie },
      });
    const renewed = await renew(refresh);
    const next = [renewed.headers['set-cookie'] ?? []].flat()[1]?.split(';')[0] ?? '';
    expect(next).not.toBe(refresh);
    // The loser of a race is given the same successor, so nobody is logged out by a lost answer.
    const loser = [(await renew(refresh)).headers['set-cookie'] ?? []].flat()[1]?.split(';')[0];
    expect(loser).toBe(next);
    expect((await renew(next)).statusCode).toBe(200);
    expect((await renew(refresh)).statusCode).toBe(401);
    expect((await renew(next)).statusCode).toBe(401);
  });

  it('publishes public keys only', async () => {
    const answer = await auth.app.inject('/.well-known/jwks.json');
    const { keys } = answer.json<{ keys: Record<string, unknown>[] }>();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });
});
