import { Secret } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import { PanelMisconfigured, PanelRefused, PanelUnavailable } from '../../errors.ts';
import type { Panel } from '../../panel.ts';
import { WANTED } from '../conformance-case.ts';
import { panelConformance } from '../conformance.ts';
import { createPanel, type PanelDeps } from '../registry.ts';
import { PanelHeadersInvalid } from './client.ts';
import type { RemnawaveSettings } from './index.ts';
import { recorded, responseOf, scriptPanel } from './scripted-panel.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.panel-token-7f3a.c2lnbmF0dXJl';
const GATE_KEY = 'gate-key-19c4';
const COOKIE = 'gate=cookie-55d1';

function configAt(url: string, change: Partial<RemnawaveSettings> = {}): RemnawaveSettings {
  return {
    url,
    token: new Secret(TOKEN),
    webhookSecret: undefined,
    headers: new Secret(JSON.stringify({ 'X-Api-Key': GATE_KEY })),
    cookie: new Secret(COOKIE),
    squads: [],
    ...change,
  };
}

const GENERATIONS = { '3.3.2': '2.8.1', '2.8.1': '3.3.2' };
for (const [version, otherVersion] of Object.entries(GENERATIONS))
  panelConformance({
    name: `remnawave ${version}`,
    create: (url, deps) => createPanel(configAt(url), deps),
    createWithoutSecrets: (url, deps) =>
      createPanel(configAt(url, { token: new Secret('') }), deps),
    secrets: [TOKEN, GATE_KEY, COOKIE],
    script: {
      behaves: (server) => scriptPanel(server, version),
      otherVersion,
      isOfUnknownGeneration: (server) => scriptPanel(server, '4.0.0'),
      tooMany: { status: 429, headers: { 'retry-after': '3' }, body: '<html>slow down</html>' },
      retryAfterMs: 3_000,
      foreignMissing: [
        recorded('user-get-by-telegram-id-old-2x-route'),
        { status: 404, body: '<html>not found</html>' },
        { status: 404, body: { errorCode: 'A063' } },
        { status: 404 },
      ],
      badCredentials: [
        recorded('no-token'),
        recorded('deleted-token'),
        recorded('api-token-on-tokens'),
        recorded('scoped-token-write-refused'),
      ],
    },
  });

describe('remnawave', () => {
  const http = createHttpClient({ clock: systemClock });
  const log = createLog({ level: 'fatal', role: 'test' });
  const now = new Date('2026-11-21T00:00:00.000Z');
  let monotonic = 0;
  const clock = { ...systemClock, now: () => now, monotonicMs: () => monotonic };
  const deps: PanelDeps = { http, log, clock, breaker: { run: (call) => call() } };
  let server: ScriptedServer;
  const panel = (change: Partial<RemnawaveSettings> = {}): Panel => {
    const made = createPanel(configAt(`${server.url}/`, change), deps);
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const sent = (method: string) => server.requests.filter((one) => one.method === method);

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
  });

  it('shows its breaker a cut connection as what is counted', async () => {
    const seen: unknown[] = [];
    const run: PanelDeps['breaker']['run'] = async (call) => {
      try {
        return await call();
      } catch (error) {
        seen.push(error);
        throw error;
      }
    };
    const watched = createPanel(configAt(`${server.url}/`), { ...deps, breaker: { run } });
    server.answer('*', 'reset');
    await expect(watched?.info()).rejects.toThrow(PanelUnavailable);
    expect(seen[0]).toBeInstanceOf(PanelUnavailable);
  });

  it('sends what the panel and the proxy before it want', async () => {
    server.answer('*', recorded('system-metadata'));
    expect(await panel().info()).toEqual({ version: '3.3.2', isSupported: true });
    expect(server.requests[0]).toMatchObject({
      path: '/api/system/metadata',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'x-forwarded-proto': 'https',
        'x-forwarded-for': '127.0.0.1',
        'x-api-key': GATE_KEY,
        cookie: COOKIE,
      },
    });
  });

  it('does not let extra headers replace the token', async () => {
    server.answer('*', recorded('system-metadata'));
    const headers = new Secret('{"Authorization":"Basic x","X-Forwarded-Proto":"http"}');
    await panel({ headers }).info();
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'x-forwarded-proto': 'https',
    });
  });

  it.each(['{"a":1}', 'X-Api-Key: secret', '[]'])('refuses extra headers %s', (text) => {
    expect(() => panel({ headers: new Secret(text) })).toThrow(PanelHeadersInvalid);
    expect(() => panel({ headers: new Secret(text) })).not.toThrow(/secret/);
  });

  it.each([
    ['2.7.4', false],
    ['2.8.1', true],
    ['2.9.0', false],
    ['3.0.0', true],
    ['3.12.1-rc.1', true],
    ['13.0.0', false],
    ['4.0.0', false],
    ['', false],
  ])('knows whether it may write to version "%s": %s', async (version, isSupported) => {
    server.answer('*', { status: 200, body: { response: { version } } });
    expect(await panel().info()).toEqual({ version, isSupported });
  });

  it('reads the recorded account', async () => {
    server.answer('GET /api/users/by-username/tg_100200300', recorded('user-get-by-username'));
    expect(await panel().find('tg_100200300')).toEqual({
      id: '2',
      key: '2',
      username: 'tg_100200300',
      shortId: 'VHbSCjFLdnY1uDd3',
      status: 'ACTIVE',
      expiresAt: new Date('2026-12-20T23:21:37.669Z'),
      subscriptionUrl: 'https://sub.example.test/VHbSCjFLdnY1uDd3',
      trafficUsedBytes: 0n,
      trafficLimitBytes: 107_374_182_400n,
      trafficReset: 'month',
      deviceLimit: 3,
      squads: ['fcb14450-1a70-484f-8ed2-f8929042b4da'],
      description: 'order 1',
      updatedAt: new Date('2026-11-20T23:21:37.681Z'),
    });
  });

  it('reads a recorded account of the second generation by its uuid and its number', async () => {
    server.answer('*', recorded('user-create', 'panel_2_8_1'));
    expect(await panel().find('tg_100200300')).toMatchObject({
      username: 'tg_100200300',
      id: '2',
      key: 'f493e3d5-f937-4558-97e4-cc5a4e669f70',
    });
  });

  it('asks a panel 2.8 by uuid and a panel 3 by number', async () => {
    const ways: (readonly [string, unknown])[] = [];
    for (const version of ['2.8.1', '3.3.2']) {
      server.clear();
      scriptPanel(server, version);
      const made = panel();
      const account = await made.ensure(WANTED);
      await made.devices(account);
      await made.removeDevice(account, 'device-000000001');
      await made.disable(account);
      ways.push(...server.requests.slice(-3).map(({ path, body }) => [path, body] as const));
    }
    const uuid = 'f493e3d5-f937-4558-97e4-000000000002';
    const hwid = 'device-000000001';
    expect(ways).toEqual([
      [`/api/hwid/devices/${uuid}`, ''],
      ['/api/hwid/devices/delete', { userUuid: uuid, hwid }],
      [`/api/users/${uuid}/actions/disable`, ''],
      ['/api/hwid/devices/2', ''],
      ['/api/hwid/devices/delete', { userId: 2, hwid }],
      ['/api/users/2/actions/disable', ''],
    ]);
  });

  it.each([
    'user-create-duplicate-username',
    'user-create-validation-error',
    'user-disable-again',
    'user-get-numeric-id-3x-style',
  ])('takes the recorded answer %s of a panel 2.8.1 for a refusal', async (name) => {
    server.answer('*', recorded(name, 'panel_2_8_1'));
    await expect(panel().find('tg_1')).rejects.toBeInstanceOf(PanelRefused);
  });

  it('takes a missing account of a panel 2.8.1 for missing, and its missing route for misconfigured', async () => {
    server.answer('*', recorded('user-get-by-username-404', 'panel_2_8_1'));
    expect(await panel().find('absent')).toBeUndefined();
    server.answer('*', recorded('user-extend-3x-route', 'panel_2_8_1'));
    await expect(panel().find('absent')).rejects.toBeInstanceOf(PanelMisconfigured);
  });

  it('tolerates keys and a status it does not know', async () => {
    const user = { ...responseOf('user-get-by-username'), status: 'PAUSED', novelty: {} };
    server.answer('*', { status: 200, body: { response: user } });
    expect((await panel().find('tg_100200300'))?.status).toBe('PAUSED');
  });

  it('creates with everything, dates with Z, and the squads of the panel', async () => {
    scriptPanel(server);
    await panel().ensure(WANTED);
    expect(sent('POST')[0]?.body).toEqual({
      username: WANTED.username,
      expireAt: '2100-01-01T00:00:00.000Z',
      trafficLimitBytes: 107_374_182_400,
      trafficLimitStrategy: 'MONTH',
      hwidDeviceLimit: 3,
      activeInternalSquads: ['fcb14450-1a70-484f-8ed2-f8929042b4da'],
      description: 'ord_01JD0005',
      telegramId: 7_812_345_678_901,
    });
  });

  it('prefers the squads of the order, then those of the configuration', async () => {
    scriptPanel(server);
    const made = panel({ squads: ['configured'] });
    await made.ensure(WANTED);
    await made.ensure({ ...WANTED, username: 'sub_two', squads: ['ordered'] });
    expect(sent('POST').map(({ body }) => body)).toMatchObject([
      { activeInternalSquads: ['configured'] },
      { activeInternalSquads: ['ordered'] },
    ]);
    expect(server.requests.some(({ path }) => path === '/api/internal-squads')).toBe(false);
  });

  it('remembers all squads for a minute', async () => {
    scriptPanel(server);
    const made = panel();
    const asked = () => server.requests.filter(({ path }) => path === '/api/internal-squads');
    await made.ensure(WANTED);
    monotonic += 59_999;
    await made.ensure(WANTED);
    expect(asked()).toHaveLength(1);
    monotonic += 1;
    await made.ensure(WANTED);
    expect(asked()).toHaveLength(2);
  });

  it('updates by username and only what differs; squads in another order are the same', async () => {
    scriptPanel(server);
    const made = panel();
    await made.ensure({ ...WANTED, squads: ['b', 'a'] });
    const longer = { ...WANTED, expiresAt: new Date('2100-02-01T00:00:00.000Z') };
    await made.ensure({ ...longer, squads: ['a', 'b'], telegramId: undefined });
    await made.ensure({ ...longer, squads: ['a'] });
    await made.ensure({ ...longer, squads: ['c'] });
    expect(sent('PATCH').map(({ body }) => body)).toEqual([
      { username: WANTED.username, expireAt: '2100-02-01T00:00:00.000Z' },
      { username: WANTED.username, activeInternalSquads: ['a'] },
      { username: WANTED.username, activeInternalSquads: ['c'] },
    ]);
  });

  it('sends no expiry in the past on update, because the panel refuses it', async () => {
    scriptPanel(server);
    const made = panel();
    await made.ensure(WANTED);
    await made.ensure({ ...WANTED, expiresAt: now, deviceLimit: 5 });
    expect(sent('PATCH').map(({ body }) => body)).toEqual([
      { username: WANTED.username, hwidDeviceLimit: 5 },
    ]);
  });

  it('says what the panel refused', async () => {
    scriptPanel(server);
    server.answer('POST /api/users', recorded('user-create-validation-error'));
    const refusal = await panel()
      .ensure(WANTED)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PanelRefused);
    expect(String(refusal)).toContain('username, trafficLimitBytes, expireAt, tag, email');
  });

  it.each(['user-update-past-expiry', 'user-create-malformed-json', 'user-get-by-id-not-number'])(
    'takes the recorded answer %s for a refusal',
    async (name) => {
      server.answer('*', recorded(name));
      await expect(panel().find('tg_1')).rejects.toBeInstanceOf(PanelRefused);
    },
  );

  it.each(['A025', 'A062', 'A063'])('takes a 404 %s for a missing account', async (errorCode) => {
    server.answer('*', { status: 404, body: { message: 'not found', errorCode } });
    expect(await panel().find('tg_1')).toBeUndefined();
  });

  it('takes another code of a 404 for a refusal, never for a missing account', async () => {
    server.answer('*', recorded('hwid-delete-404'));
    await expect(panel().find('tg_1')).rejects.toBeInstanceOf(PanelRefused);
  });

  it('takes an unknown squad (500 A018) for an outage, bounded by whoever repeats', async () => {
    scriptPanel(server);
    server.answer('POST /api/users', recorded('user-create-unknown-squad'));
    await expect(panel().ensure(WANTED)).rejects.toBeInstanceOf(PanelUnavailable);
  });

  it('does not accept an account with another name', async () => {
    server.answer('*', recorded('user-get-by-username'));
    await expect(panel().find('TG_100200300')).rejects.toBeInstanceOf(PanelMisconfigured);
  });

  it('shows devices by model and platform, and none', async () => {
    scriptPanel(server);
    const made = panel();
    const account = await made.ensure(WANTED);
    server.answer(`GET /api/hwid/devices/${account.id}`, recorded('hwid-create'));
    expect(await made.devices(account)).toEqual([
      {
        hwid: 'manual-hwid-1',
        name: 'iPhone 15 iOS 17',
        seenAt: new Date('2026-11-20T23:21:38.441Z'),
      },
    ]);
    server.answer(`GET /api/hwid/devices/${account.id}`, recorded('hwid-devices-after'));
    expect(await made.devices(account)).toEqual([]);
  });

  it('pages by the cursor the panel gives', async () => {
    server.answer(
      'GET /api/users/stream',
      recorded('users-stream-page-1'),
      recorded('users-stream-by-telegram-id'),
    );
    const names = (await Array.fromAsync(panel().list())).map(({ username }) => username);
    expect(names).toEqual(['tg_100200300', 'tg_minimal', 'tg_100200300']);
    expect(server.requests.map(({ query }) => query.get('cursor'))).toEqual([null, '3']);
  });
});
