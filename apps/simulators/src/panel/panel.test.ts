import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openPanel, PROXY, TOKEN, type TestPanel } from './testing/panel.ts';

const AT = '2026-11-20T12:00:10.000Z';
const LATER = '2026-12-20T12:00:00.000Z';
const NOBODY = '00000000-0000-4000-8000-000000000000';
/** How many users the platform's drills create. */
const CROWD = 3_000;
const TOGETHER = 50;
/** Three thousand calls on a busy machine. */
const CROWD_PATIENCE_MS = 60_000;

let panel: TestPanel | undefined;
const open = async (options: Parameters<typeof openPanel>[0] = {}): Promise<TestPanel> => {
  panel = await openPanel({ at: AT, ...options });
  return panel;
};
afterEach(async () => {
  await panel?.close();
  panel = undefined;
});

const create = (on: TestPanel, username: string, more: object = {}): ReturnType<TestPanel['api']> =>
  on.api('POST', '/users', { username, expireAt: LATER, ...more });

describe('creating', () => {
  it('lets one of five simultaneous creates through and answers A019 to four', async () => {
    const on = await open();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => create(on, 'tg_race')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400]);
    const calls = await on.control('GET', 'calls');
    expect(calls.body).toEqual({ calls: { tg_race: { createCalls: 5, created: 1, updates: 0 } } });
    const { body } = await on.control('GET', 'users');
    expect(body).toMatchObject({ users: [{ id: 1, username: 'tg_race', creates: 1, updates: 0 }] });
  });

  it('does the work of a call whose answer is lost', async () => {
    const on = await open();
    on.world.faults.set({ target: 'remnawave', kind: 'drop-answer', probability: 1, seed: 1 });
    expect((await create(on, 'tg_lost')).status).toBe(0);
    on.world.faults.clear();
    expect((await create(on, 'tg_lost')).body).toMatchObject({ errorCode: 'A019' });
  });

  it('crashes on what the database refuses, and keeps case and unknown keys apart', async () => {
    const on = await open();
    for (const slip of [
      { telegramId: 1.5 },
      { trafficLimitBytes: 0.5 },
      { externalSquadUuid: NOBODY },
    ]) {
      const { status, body } = await create(on, 'tg_slip', slip);
      expect([status, body]).toMatchObject([500, { errorCode: 'A018' }]);
    }
    expect((await on.api('GET', '/users/1.5')).status).toBe(500);
    expect((await create(on, 'tg_case', { telegramId: '1' })).status).toBe(400);
    expect((await create(on, 'tg_case', { expireAt: '2026-12-20' })).status).toBe(400);
    expect((await create(on, 'tg_case')).status).toBe(201);
    const variant = await create(on, 'TG_CASE', {
      expireAt: '2026-12-20T15:00:00+03:00',
      unknown: 1,
    });
    expect(variant.body).toMatchObject({ response: { id: 2, expireAt: LATER } });
    expect((variant.body as { response: object }).response).not.toHaveProperty('unknown'); // 201
  });

  it('points to a link that is a page for browsers and a list for apps', async () => {
    const on = await open();
    const squads = await on.api('GET', '/internal-squads');
    const squad = /"uuid":"([^"]+)"/.exec(squads.text)?.[1];
    const made = await create(on, 'tg_link', { activeInternalSquads: [squad] });
    const url = /"subscriptionUrl":"([^"]+)"/.exec(made.text)?.[1] ?? '';
    const path = new URL(url).pathname;
    const page = await on.call('GET', `${path}?lang=ru`, undefined, { accept: 'text/html' });
    expect(page.text).toContain('Это ваша подписка');
    const list = await on.call('GET', path, undefined, { 'user-agent': 'Happ/1' });
    expect(Buffer.from(list.text, 'base64').toString()).toMatch(/^vless:\/\/.+@ams\.vpn.+\nvless:/);
    const anonymous = await on.call('GET', `/remnawave/api${path.slice(10)}`, undefined, PROXY);
    expect([anonymous.status, anonymous.body]).toEqual([
      403,
      { statusCode: 403, message: 'Forbidden' },
    ]);
  });
});

describe('changing', () => {
  it('leaves updatedAt alone when disabling, and a disabled user disabled when extending', async () => {
    const on = await open();
    const made = await create(on, 'tg_off');
    const { updatedAt } = (made.body as { response: { updatedAt: string } }).response; // 201
    on.clock.set('2026-11-21T00:00:00.000Z');
    const off = await on.api('POST', '/users/1/actions/disable');
    expect(off.body).toMatchObject({ response: { status: 'DISABLED', updatedAt } });
    const extended = await on.api('POST', '/users/1/actions/extend', { days: 1 });
    expect(extended.body).toMatchObject({
      response: { status: 'DISABLED', expireAt: '2026-12-21T12:00:00.000Z' },
    });
  });

  it('renames nobody, clears with null, and refuses a body that names no user', async () => {
    const on = await open();
    await create(on, 'tg_name', { tag: 'SHOP', telegramId: 5 });
    const changed = await on.api('PATCH', '/users', { id: 1, username: 'tg_other', tag: null });
    expect(changed.body).toMatchObject({
      response: { username: 'tg_name', tag: null, telegramId: 5 },
    });
    const byName = await on.api('PATCH', '/users', { username: 'tg_name', description: 'x' });
    expect(byName.body).toMatchObject({ response: { id: 1, description: 'x' } });
    const nobody = await on.api('PATCH', '/users', { uuid: NOBODY });
    expect(nobody.text).toContain('At least one of username, id must be provided');
    const squad = await on.api('PATCH', '/users', { id: 1, activeInternalSquads: [NOBODY] });
    expect([squad.status, squad.body]).toMatchObject([500, { errorCode: 'A039' }]);
  });

  it('moves the link at a revoke: the old one is gone at once', async () => {
    const on = await open();
    await create(on, 'tg_revoked', { shortUuid: 'oldoldoldoldold1' });
    const wish = { shortUuid: 'newnewnewnewnew1' };
    await on.api('POST', '/users/1/actions/revoke', wish);
    const headers = { ...PROXY, 'user-agent': 'x' };
    const old = await on.call('GET', '/remnawave/api/sub/oldoldoldoldold1', undefined, headers);
    expect([old.status, old.body]).toMatchObject([404, { isFound: false }]);
    const current = await on.call('GET', '/remnawave/api/sub/newnewnewnewnew1', undefined, headers);
    expect(current.status).toBe(200);
  });

  it('extends in bulk from the old expiry and tells nobody', async () => {
    const on = await open();
    await create(on, 'tg_bulk', { status: 'EXPIRED', expireAt: '2026-11-10T12:00:00Z' });
    await on.event('user.created');
    const wish = { userIds: [1, 99], extendDays: 11 };
    expect((await on.api('POST', '/users/bulk/extend-expiration-date', wish)).status).toBe(204);
    expect((await on.api('GET', '/users/1')).body).toMatchObject({
      response: { status: 'ACTIVE', expireAt: '2026-11-21T12:00:00.000Z' },
    });
    await on.clock.advance(1_000);
    expect(on.received.map(({ event }) => event)).not.toContain('user.modified');
  });
});

describe('time', () => {
  it('expires within 30 s, and enabling an expired user lasts until the next sweep', async () => {
    const on = await open();
    await create(on, 'tg_short', { expireAt: '2026-11-20T12:00:20.000Z' });
    await on.clock.advance(15_000);
    expect((await on.api('GET', '/users/1')).text).toContain('"status":"ACTIVE"');
    await on.clock.advance(5_000);
    expect((await on.api('GET', '/users/1')).text).toContain('"status":"EXPIRED"');
    await on.api('POST', '/users/1/actions/enable');
    expect((await on.api('GET', '/users/1')).text).toContain('"status":"ACTIVE"');
    await on.clock.advance(30_000);
    expect((await on.api('GET', '/users/1')).text).toContain('"status":"EXPIRED"');
    await on.event('user.expired', 2);
  });

  it('limits by traffic and resets it at its hour', async () => {
    const on = await open({ at: '2026-11-20T23:59:00.000Z' });
    await create(on, 'tg_daily', { trafficLimitBytes: 10, trafficLimitStrategy: 'DAY' });
    await create(on, 'tg_monthly', { trafficLimitBytes: 10, trafficLimitStrategy: 'MONTH' });
    for (const id of [1, 2]) {
      await on.control('POST', `users/${String(id)}/traffic`, { usedBytes: 10 });
    }
    await on.event('user.limited', 2);
    on.clock.set('2026-11-21T00:04:50.000Z');
    await on.event('user.traffic_reset');
    expect(on.clock.now().toISOString()).toMatch(/^2026-11-21T00:05:/);
    const { body } = await on.control('GET', 'users');
    expect(body).toMatchObject({ users: [{ status: 'ACTIVE' }, { status: 'LIMITED' }] });
  });
});

describe('a crowd of three thousand', () => {
  it('is found by name, short uuid and cursor', { timeout: CROWD_PATIENCE_MS }, async () => {
    const on = await open();
    await on.control('PUT', 'settings', { webhookUrl: '' });
    for (let at = 1; at <= CROWD; at += TOGETHER) {
      const names = Array.from({ length: TOGETHER }, (_, more) => `tg_${String(at + more)}00`);
      await Promise.all(names.map((name) => create(on, name)));
    }
    const one = await on.api('GET', `/users/by-username/tg_${String(CROWD)}00`);
    const { shortUuid } = (one.body as { response: { shortUuid: string } }).response; // 200
    expect((await on.api('GET', `/users/by-short-uuid/${shortUuid}`)).body).toEqual(one.body);
    const page = await on.api('GET', '/users/stream?size=1000&cursor=2500');
    expect(page.body).toMatchObject({ response: { nextCursor: null, hasMore: false } });
    expect((page.text.match(/"username"/g) ?? []).length).toBe(500);
    expect((await on.api('GET', '/users?size=1001')).status).toBe(400);
    expect((await on.call('GET', '/remnawave/')).text).toContain('tg_290100');
  });
});

describe('a restart', () => {
  it('forgets nothing and invents nothing twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'panel-'));
    try {
      const before = await openPanel({ at: AT, folder });
      const first = await create(before, 'tg_first', { activeInternalSquads: [] });
      await before.api('POST', '/hwid/devices', { userId: 1, hwid: 'device-0001' });
      await before.api('PUT', '/metadata/user/1', { metadata: { order: 7 } });
      await before.control('PUT', 'settings', { version: '3.4.0' });
      const squads = await before.api('GET', '/internal-squads');
      await before.close();
      const on = await open({ folder });
      const { response } = first.body as { response: Record<string, unknown> }; // 201
      const { subscriptionUrl: _portOfThisRun, ...kept } = response;
      expect((await on.api('GET', '/users/by-username/tg_first')).body).toMatchObject({
        response: kept,
      });
      expect((await on.api('GET', '/internal-squads')).body).toEqual(squads.body);
      expect((await on.api('GET', '/hwid/devices/1')).text).toContain('device-0001');
      expect((await on.api('GET', '/metadata/user/1')).text).toContain('{"order":7}');
      expect((await on.api('GET', '/system/metadata')).text).toContain('"3.4.0"');
      const second = await create(on, 'tg_second');
      expect(second.body).toMatchObject({ response: { id: 2 } });
      expect(second.text).not.toContain(String(response['shortUuid']));
      expect((await create(on, 'tg_first')).body).toMatchObject({ errorCode: 'A019' });
    } finally {
      await panel?.close();
      panel = undefined;
      rmSync(folder, { recursive: true });
    }
  });
});

it('sends every call but a public one away without a token, and none without a proxy', async () => {
  const on = await open();
  const bearer = { authorization: `Bearer ${TOKEN}` };
  expect((await on.call('GET', '/remnawave/api/system/health', undefined, bearer)).status).toBe(0);
  const onlyOne = { ...bearer, 'x-forwarded-proto': 'https' };
  expect((await on.call('GET', '/remnawave/api/system/health', undefined, onlyOne)).status).toBe(0);
  expect((await on.call('GET', '/remnawave/api/system/health', undefined, PROXY)).status).toBe(401);
  expect((await on.api('GET', '/system/health')).status).toBe(200);
});
