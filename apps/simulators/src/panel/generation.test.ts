import { afterEach, describe, expect, it } from 'vitest';
import { openPanel, type TestPanel } from './testing/panel.ts';
import { recordedUser, type RecordedUser } from './testing/transcripts.ts';

const LATER = '2030-01-01T00:00:00.000Z';
let panel: TestPanel | undefined;
afterEach(async () => {
  await panel?.close();
  panel = undefined;
});

async function open(version: string): Promise<TestPanel> {
  panel = await openPanel();
  await panel.control('PUT', 'settings', { version });
  return panel;
}

async function create(on: TestPanel, username: string, more: object = {}): Promise<RecordedUser> {
  const made = await on.api('POST', '/users', { username, expireAt: LATER, ...more });
  return recordedUser(made.body, 'response');
}

describe('a panel 2.8.1', () => {
  it('names users and owners of devices by uuid, and takes a device name of any form', async () => {
    const on = await open('2.8.1');
    const { uuid = '' } = await create(on, 'tg_second');
    expect((await on.api('GET', '/users/1')).text).toContain('Invalid uuid');
    const changed = await on.api('PATCH', '/users', { uuid, username: 'tg_other', tag: 'A' });
    expect(changed.body).toMatchObject({ response: { username: 'tg_second', tag: 'A' } });
    const device = { userUuid: uuid, hwid: 'short' };
    expect((await on.api('POST', '/hwid/devices', device)).status).toBe(200);
    expect((await on.api('GET', `/hwid/devices/${uuid}`)).text).toContain('"userId":1');
    const left = await on.api('POST', '/hwid/devices/delete', device);
    expect(left.body).toEqual({ response: { total: 0, devices: [] } });
    const wrong = await on.api('POST', '/hwid/devices/delete', { userId: 1, hwid: 'short' });
    expect(wrong.status).toBe(400);
  });

  it('has the searches that 3.x took away, and streams like it', async () => {
    const on = await open('2.8.1');
    const { uuid } = await create(on, 'tg_found', { tag: 'SHOP', email: 'a@b.test' });
    for (const path of ['by-tag/SHOP', 'by-email/a@b.test']) {
      expect((await on.api('GET', `/users/${path}`)).body).toMatchObject({ response: [{ uuid }] });
    }
    expect((await on.api('GET', '/users/by-id/1')).body).toMatchObject({ response: { uuid } });
    expect((await on.api('GET', '/users/stream')).body).toMatchObject({
      response: { users: [{ uuid, id: 1 }], nextCursor: null, hasMore: false },
    });
    const resolved = await on.api('POST', '/users/resolve', { uuid });
    expect(resolved.body).toMatchObject({ response: { uuid, id: 1, username: 'tg_found' } });
  });
});

describe('an upgrade from 2.8.1 to 3.3.2', () => {
  it('keeps number, name and link, takes the uuid away, and is announced', async () => {
    const on = await open('2.8.1');
    const before = await create(on, 'tg_kept');
    await on.api('POST', '/hwid/devices', { userUuid: before.uuid, hwid: 'device-0001' });
    await on.control('PUT', 'settings', { version: '3.3.2' });
    const { uuid, ...rest } = before;
    expect((await on.api('GET', '/users/1')).body).toEqual({ response: rest });
    expect((await on.api('GET', `/users/${uuid ?? ''}`)).status).toBe(400);
    expect((await on.api('GET', '/hwid/devices/1')).text).toContain('device-0001');
    const { body } = await on.event('service.panel_started', 3);
    expect(JSON.parse(body)).toMatchObject({ data: { panelVersion: '3.3.2' } });
  });

  it('is one press on the page, which shows what is played', async () => {
    const on = await open('2.8.1');
    expect((await on.call('GET', '/remnawave/?lang=en')).text).toContain(
      'Plays version <b>2.8.1</b>',
    );
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await on.call('POST', '/remnawave/version?lang=en', 'version=3.3.2', form);
    await on.call('POST', '/remnawave/version?lang=en', 'version=1.0.0', form);
    expect((await on.api('GET', '/system/metadata')).text).toContain('"version":"3.3.2"');
  });
});
