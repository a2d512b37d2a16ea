import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { createProviders } from '../../../modules/payments/index.ts';
import { createBreaker } from '../../../platform/breaker/index.ts';
import { systemClock } from '../../../platform/clock/index.ts';
import { createHttpClient } from '../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedAnswer,
} from '../../../platform/http-client/scripted-server.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { PAGES } from '../check.ts';
import { shopsOf, type Shop } from '../shops.ts';
import { checkPayments } from './payments.ts';

const CANARY = 'live_canary_of_this_test';
const server = await startScriptedServer();
const parts = { clock: systemClock, ids: systemIds };
const http = createHttpClient(parts);
const log = createLog({ level: 'silent', role: 'test' });
afterAll(async () => {
  await http.close();
  await server.close();
});
beforeEach(() => {
  server.clear();
});

const shop: Shop = {
  id: 'yookassa',
  title: 'YooKassa',
  apiUrl: 'unused: the configuration below has it',
  settings: { YOOKASSA_SHOP_ID: '100500', YOOKASSA_SECRET_KEY: new Secret(CANARY) },
  where: 'the cabinet',
  page: PAGES.yookassa,
  isOptional: false,
  isTest: false,
  acceptsTest: true,
};

function look(change: Partial<Shop>, answer: ScriptedAnswer = { status: 200 }) {
  server.answer('GET /v3/payments', answer);
  const config = loadConfig({
    OPORA_HOME: '/nonexistent',
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_SECRET_KEY: CANARY,
    YOOKASSA_API_URL: `${server.url}/v3/`,
  });
  const breaker = (name: string) => createBreaker({ ...parts, name });
  const provider = () => createProviders(config, { ...parts, http, log, breaker }).get('yookassa');
  return checkPayments({ ...shop, ...change }, provider, createManualClock()).run();
}

const list = { status: 200, body: { type: 'list', items: [] } };
const error = (status: number): ScriptedAnswer => ({
  status,
  body: { type: 'error', id: 'x', code: 'invalid_credentials', description: 'no' },
});

it('is good when the shop lets us read, which is all that is asked', async () => {
  expect(await look({}, list)).toEqual({ state: 'good', says: 'YooKassa lets us in' });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v3/payments',
  ]);
  expect((await look({ isTest: true }, list)).says).toMatch(/a test shop$/);
});

it.each([401, 403])('is wrong when it refuses the credentials with %i', async (status) => {
  const found = await look({}, error(status));
  expect(found).toMatchObject({ state: 'wrong', mend: 'the cabinet' });
  expect(found.says).toBe('YooKassa refuses YOOKASSA_SHOP_ID or YOOKASSA_SECRET_KEY');
});

it.each([error(500), 'reset' as const, { status: 200, body: '<html>' }, error(404)])(
  'is wrong, and keeps the secret, when it answers oddly or not: %o',
  async (answer) => {
    const found = await look({}, answer);
    expect(found).toMatchObject({ state: 'wrong' });
    expect(found.says).toMatch(/^YooKassa does not answer as it should/);
    expect(JSON.stringify(found)).not.toContain(CANARY);
  },
);

it('is wrong when half of it is set, a warning when nothing is', async () => {
  const half = { YOOKASSA_SHOP_ID: '100500', YOOKASSA_SECRET_KEY: undefined };
  expect(await look({ settings: half })).toMatchObject({
    state: 'wrong',
    says: 'YOOKASSA_SECRET_KEY is not set: YooKassa is closed',
  });
  const none = { YOOKASSA_SHOP_ID: undefined, YOOKASSA_SECRET_KEY: undefined };
  expect(await look({ settings: none })).toMatchObject({ state: 'warning' });
});

it('is wrong with a test shop where test payments do not count', async () => {
  expect(await look({ isTest: true, acceptsTest: false }, list)).toMatchObject({ state: 'wrong' });
});

const TOKEN = { status: 200, body: { access_token: CANARY, expires_in: 32_400 } };
const vendors = [
  {
    id: 'stripe',
    title: 'Stripe',
    settings: { STRIPE_API_KEY: `sk_test_${CANARY}`, STRIPE_WEBHOOK_SECRET: 'whsec_1' },
    address: 'STRIPE_API_URL',
    asked: ['GET /checkout/sessions', 'GET /payment_intents'],
    good: { status: 200, body: { object: 'list', data: [], has_more: false } },
    no: { error: { type: 'invalid_request_error', message: 'no' } },
  },
  {
    id: 'paypal',
    title: 'PayPal',
    settings: { PAYPAL_CLIENT_ID: 'A1', PAYPAL_SECRET: CANARY, PAYPAL_WEBHOOK_ID: 'W1234' },
    address: 'PAYPAL_API_URL',
    asked: ['POST /v1/oauth2/token', 'GET /v2/checkout/orders/OPORA-KNOCKS'],
    good: { status: 404, body: { name: 'RESOURCE_NOT_FOUND', details: [] } },
    no: { name: 'AUTHENTICATION_FAILURE', message: 'no' },
  },
] as const;

describe.each(vendors)('$title', ({ id, title, settings, address, asked, good, no }) => {
  function look(answer: ScriptedAnswer, given: Record<string, string> = settings) {
    for (const question of asked) {
      server.answer(question, question.endsWith('/oauth2/token') ? TOKEN : answer);
    }
    const home = { OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off' };
    const config = loadConfig({ ...home, ...given, [address]: `${server.url}/` });
    const breaker = (name: string) => createBreaker({ ...parts, name });
    const provider = () => createProviders(config, { ...parts, http, log, breaker }).get(id);
    const found = shopsOf(config).find((each) => each.id === id);
    if (found === undefined) throw new Error(`the doctor does not know ${id}`);
    return checkPayments(found, provider, createManualClock()).run();
  }

  it('is good when it lets us read, which is all that is asked', async () => {
    const found = await look(good);
    expect(found.state).toBe('good');
    // Of PayPal's credentials nothing tells: its trial shops are at another address.
    expect(found.says).toBe(`${title} lets us in${id === 'stripe' ? ', a test shop' : ''}`);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(asked);
  });

  it.each([401, 403])('is wrong when it refuses the credentials with %i', async (status) => {
    const found = await look({ status, body: no });
    expect(found).toMatchObject({ state: 'wrong' });
    expect(found.says).toBe(`${title} refuses ${Object.keys(settings).join(' or ')}`);
  });

  it('is wrong, and keeps the secret, when it answers oddly', async () => {
    const found = await look({ status: 500, body: no });
    expect(found).toMatchObject({ state: 'wrong', page: PAGES[id] });
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });

  it('is nothing to look at when nothing is set, and wrong when half of it is', async () => {
    expect(await look(good, {})).toMatchObject({ state: 'skipped' });
    const [first = '', value = ''] = Object.entries(settings)[0] ?? [];
    expect(await look(good, { [first]: value })).toMatchObject({ state: 'wrong' });
  });
});

describe('T-Kassa', () => {
  const settings = { TKASSA_TERMINAL_KEY: '1700000000001', TKASSA_PASSWORD: CANARY };
  const look = (body: object, given: Record<string, string> = settings) => {
    server.answer('POST /v2/GetState', { status: 200, body });
    return lookAt('tkassa', { ...given, TKASSA_API_URL: `${server.url}/v2/` });
  };
  const no = (ErrorCode: string) => ({ Success: false, ErrorCode, Message: 'no' });

  it('is good when the bank says that nobody made the payment that is asked about', async () => {
    expect(await look(no('335'))).toEqual({ state: 'good', says: 'T-Kassa lets us in' });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v2/GetState',
    ]);
  });

  it.each(['204', '501', '202'])('is wrong when it refuses with %s under 200', async (code) => {
    const found = await look(no(code));
    expect(found).toMatchObject({ state: 'wrong', page: PAGES.toReal });
    expect(found.says).toBe('T-Kassa refuses TKASSA_TERMINAL_KEY or TKASSA_PASSWORD');
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });

  it('is wrong with a DEMO terminal in production, and when it answers oddly', async () => {
    const demo = { ...settings, TKASSA_TERMINAL_KEY: '1700000000001DEMO' };
    expect((await look(no('335'), demo)).says).toMatch(/a test shop$/);
    expect(await look({ hello: 'world' })).toMatchObject({ state: 'wrong' });
    expect(await look({}, {})).toMatchObject({ state: 'skipped' });
  });
});

describe('FreeKassa', () => {
  const settings = {
    FREEKASSA_SHOP_ID: '7012',
    FREEKASSA_SECRET_1: 'word-one',
    FREEKASSA_SECRET_2: 'word-two',
    FREEKASSA_API_KEY: CANARY,
  };
  const look = (answer: ScriptedAnswer, given: Record<string, string> = settings) => {
    server.answer('POST /fk/orders', answer);
    return lookAt('freekassa', { ...given, FREEKASSA_API_URL: `${server.url}/fk/` });
  };
  const none = { status: 200, body: { type: 'success', pages: 1, orders: [] } };

  it('is good when it shows the orders of the last minute, which is all that is asked', async () => {
    expect(await look(none)).toEqual({ state: 'good', says: 'FreeKassa lets us in' });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /fk/orders',
    ]);
  });

  it('is wrong when it refuses the key, answers oddly, or half of it is set', async () => {
    const refused = { status: 401, body: { type: 'error', message: 'wrong signature' } };
    const found = await look(refused);
    expect(found.says).toMatch(/^FreeKassa refuses FREEKASSA_SHOP_ID or/);
    expect(JSON.stringify(found)).not.toContain(CANARY);
    expect(await look({ status: 500, body: '<html>' })).toMatchObject({ state: 'wrong' });
    const half = await look(none, { FREEKASSA_SHOP_ID: '7012' });
    expect(half).toMatchObject({ state: 'wrong', page: PAGES.toReal });
    expect(await look(none, {})).toMatchObject({ state: 'skipped' });
  });
});

describe.each([
  {
    id: 'cryptopay',
    title: 'CryptoPay',
    key: 'CRYPTOPAY_TOKEN',
    asked: 'GET /api/getInvoices',
    none: { ok: true, result: { items: [] } },
    no: { ok: false, error: { code: 401, name: 'UNAUTHORIZED' } },
  },
  {
    id: 'tribute',
    title: 'Tribute',
    key: 'TRIBUTE_API_KEY',
    asked: 'GET /api/shop/orders',
    none: [],
    no: { error: 'error_unauthorized', message: 'no' },
  },
] as const)('$title', ({ id, title, key, asked, none, no }) => {
  const look = (answer: ScriptedAnswer, given: Record<string, string> = { [key]: CANARY }) => {
    server.answer(asked, answer);
    return lookAt(id, { ...given, [`${id.toUpperCase()}_API_URL`]: `${server.url}/api/` });
  };

  it('is good when it shows a list, which is all that is asked', async () => {
    const found = await look({ status: 200, body: none });
    expect(found).toEqual({ state: 'good', says: `${title} lets us in` });
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([asked]);
  });

  it('is wrong when it refuses the key or answers oddly, and keeps the secret', async () => {
    const refused = await look({ status: 401, body: no });
    expect(refused).toMatchObject({ state: 'wrong', says: `${title} refuses ${key}` });
    const odd = await look({ status: 500, body: '<html>' });
    expect(odd).toMatchObject({ state: 'wrong', page: PAGES[id] });
    expect(JSON.stringify([refused, odd])).not.toContain(CANARY);
    expect(await look({ status: 200, body: none }, {})).toMatchObject({ state: 'skipped' });
  });
});

/** The check of one vendor, with settings as an operator would give them. */
function lookAt(
  id: 'tkassa' | 'freekassa' | 'cryptopay' | 'tribute',
  given: Record<string, string>,
) {
  const config = loadConfig({ OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off', ...given });
  const breaker = (name: string) => createBreaker({ ...parts, name });
  const provider = () => createProviders(config, { ...parts, http, log, breaker }).get(id);
  const found = shopsOf(config).find((each) => each.id === id);
  if (found === undefined) throw new Error(`the doctor does not know ${id}`);
  return checkPayments(found, provider, createManualClock()).run();
}
