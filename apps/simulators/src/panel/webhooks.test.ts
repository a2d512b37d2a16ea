import { afterEach, describe, expect, it } from 'vitest';
import { openPanel, type TestPanel } from './testing/panel.ts';
import { signWebhook } from './webhooks.ts';

let panel: TestPanel | undefined;
afterEach(async () => {
  await panel?.close();
  panel = undefined;
});

describe('the signature vectors of the fact sheet', () => {
  const secret = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01';
  const started =
    '{"scope":"service","event":"service.panel_started","timestamp":"2026-01-07T11:57:29.426Z","data":{"panelVersion":"3.3.2"}}';
  const expired =
    '{"scope":"user","event":"user.expired","timestamp":"2026-02-01T00:00:30.123Z","data":{"id":42,"username":"tg_1","status":"EXPIRED","description":"Заказ №5 🚀"},"meta":null}';

  it.each([
    [started, 122, '8174868d3ba426960a908ae511b8052535f21033a03987f9b80e5612d4d64003'],
    [expired, 181, 'a14bb0e7fca791ea01892e5548cd46db8b1ce631463c536241742dc721a2cc7f'],
    [
      started.replace(':', ': '),
      123,
      '7781a1e4237a13590a39d148551b6c10ee2eff6ed2e94ec0089c911be82e3aee',
    ],
  ])('hold for %s', (body, bytes, signature) => {
    expect(Buffer.byteLength(body)).toBe(bytes);
    expect(signWebhook(body, secret)).toBe(signature);
  });
});

describe('a delivery', () => {
  it('is lost after four refusals, 15 s after the first', async () => {
    const on = await openPanel();
    panel = on;
    on.answers.push(500, 500, 500, 500);
    await on.event('service.panel_started', 4);
    await on.clock.advance(60_000);
    expect(on.received).toHaveLength(4);
    expect(on.world.deliveries.list('remnawave')).toMatchObject([{ state: 'given-up', tries: 4 }]);
  });

  it('goes to each configured address, and nowhere when webhooks are off', async () => {
    const on = await openPanel();
    panel = on;
    await on.event('service.panel_started');
    const user = { username: 'tg_heard', expireAt: '2030-01-01T00:00:00Z' };
    const gateway = on.world.config.gatewayUrl;
    await on.control('PUT', 'settings', { webhookUrl: `${gateway}/a,${gateway}/b` });
    await on.api('POST', '/users', user);
    const first = await on.event('user.created', 1);
    const second = await on.event('user.created', 2);
    expect(second.body).toBe(first.body);
    await on.control('PUT', 'settings', { webhookUrl: '' });
    await on.api('DELETE', '/users/1');
    await on.clock.advance(1_000);
    expect(on.received.map(({ event }) => event)).not.toContain('user.deleted');
  });

  it('of a removed device carries the device and its user without squads', async () => {
    const on = await openPanel();
    panel = on;
    const squads = await on.api('GET', '/internal-squads');
    const squad = /"uuid":"([^"]+)"/.exec(squads.text)?.[1];
    const user = { username: 'tg_device', expireAt: '2030-01-01T00:00:00Z' };
    await on.api('POST', '/users', { ...user, activeInternalSquads: [squad] });
    await on.api('POST', '/hwid/devices', { userId: 1, hwid: 'device-0001' });
    const left = await on.api('POST', '/hwid/devices/delete-all', { userId: 1 });
    expect(left.body).toEqual({ response: { total: 0, devices: [] } });
    const { body } = await on.event('user_hwid_devices.deleted');
    expect(JSON.parse(body)).toMatchObject({
      data: { hwidUserDevice: { hwid: 'device-0001' }, user: { activeInternalSquads: [] } },
    });
  });
});
