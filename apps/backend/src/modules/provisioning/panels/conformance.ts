/**
 * One suite for every panel adapter. The panel is a real HTTP server: a small scripted one that
 * remembers accounts, or a fixed answer where a fault is wanted. Nothing of ours is replaced.
 */
import { inspect } from 'node:util';
import type { Clock } from '@opora/kernel';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock/index.ts';
import { createHttpClient, type HttpClient } from '../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedAnswer,
  type ScriptedServer,
} from '../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../platform/log/index.ts';
import {
  PanelCredentialsRefused,
  PanelMisconfigured,
  PanelUnavailable,
  PanelUnsupported,
} from '../errors.ts';
import type { Panel, PanelAccount, WantedAccount } from '../panel.ts';
import { WANTED, type PanelCase } from './conformance-case.ts';
import type { PanelDeps } from './registry.ts';

type Make = (clock?: Clock) => Panel;
type At = () => ScriptedServer;

export function panelConformance(subject: PanelCase): void {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', role: 'test', write: (line) => lines.push(line) });
  const clients: HttpClient[] = [];
  let server: ScriptedServer;
  const deps = (clock: Clock): PanelDeps => {
    const http = createHttpClient({ clock });
    clients.push(http);
    return { http, clock, log, breaker: { run: (call) => call() } };
  };
  const panel: Make = (clock = systemClock) => {
    const made = subject.create(server.url, deps(clock));
    if (made === undefined) throw new Error('the panel is not offered');
    return made;
  };

  describe(`panel ${subject.name}`, () => {
    beforeAll(async () => {
      server = await startScriptedServer();
    });
    afterEach(() => {
      server.clear();
    });
    afterAll(async () => {
      await server.close();
      await Promise.all(clients.map((client) => client.close()));
    });

    it('is not offered without its credentials', () => {
      expect(subject.createWithoutSecrets(server.url, deps(systemClock))).toBeUndefined();
    });
    ensuring(subject, panel, () => server);
    seeing(subject, panel, () => server);
    reading(subject, panel, () => server);
    switching(subject, panel, () => server);
    upgrading(subject, panel, () => server);
    failing(subject, panel, () => server);
    refusing(subject, panel, () => server);
    keepingSecrets(subject, panel, () => server, lines);
  });
}

function ensuring(subject: PanelCase, panel: Make, server: At): void {
  it('ensures an account once, however often it is asked', async () => {
    const behind = subject.script.behaves(server());
    const made = panel();
    const account = await made.ensure(WANTED);
    expect(account).toMatchObject({
      username: WANTED.username,
      expiresAt: WANTED.expiresAt,
      trafficLimitBytes: WANTED.trafficLimitBytes,
      deviceLimit: WANTED.deviceLimit,
    });
    expect(account.subscriptionUrl).toMatch(/^https?:/);
    expect(await made.ensure(WANTED)).toEqual(account);
    expect([behind.usernames(), behind.writes()]).toEqual([[WANTED.username], 1]);
  });

  it('ends in the same state after a lost answer', async () => {
    const behind = subject.script.behaves(server());
    const made = panel();
    behind.loseNextAnswer();
    await expect(made.ensure(WANTED)).rejects.toBeInstanceOf(PanelUnavailable);
    const longer = { ...WANTED, expiresAt: new Date('2100-02-01T00:00:00.000Z') };
    behind.loseNextAnswer();
    await expect(made.ensure(longer)).rejects.toBeInstanceOf(PanelUnavailable);
    expect((await made.ensure(longer)).expiresAt).toEqual(longer.expiresAt);
    expect(behind.usernames()).toEqual([WANTED.username]);
  });

  it('brings in line what somebody created in between', async () => {
    const behind = subject.script.behaves(server());
    behind.createBehindNextRead(WANTED.username);
    expect(await panel().ensure(WANTED)).toMatchObject({
      expiresAt: WANTED.expiresAt,
      trafficLimitBytes: WANTED.trafficLimitBytes,
    });
    expect(behind.usernames()).toEqual([WANTED.username]);
  });

  it('makes every field what was wanted', async () => {
    subject.script.behaves(server());
    const made = panel();
    await made.ensure(WANTED);
    const changed: WantedAccount = {
      ...WANTED,
      expiresAt: new Date('2101-01-01T00:00:00.000Z'),
      trafficLimitBytes: 0n,
      trafficReset: 'none',
      deviceLimit: 0,
    };
    const account = await made.ensure(changed);
    expect(account).toMatchObject({
      expiresAt: changed.expiresAt,
      trafficLimitBytes: 0n,
      deviceLimit: 0,
    });
    expect(await made.find(WANTED.username)).toEqual(account);
  });
}

function seeing(subject: PanelCase, panel: Make, server: At): void {
  it('shows what an account has, and lets its caller decide in view of it', async () => {
    subject.script.behaves(server());
    const made = panel();
    const squads = await made.squads();
    const account = await made.ensure(WANTED);
    const { trafficReset, description } = WANTED;
    expect(account).toMatchObject({ trafficReset, description, squads });
    const less = { ...WANTED, deviceLimit: 1, expiresAt: new Date('2099-01-01T00:00:00.000Z') };
    const kept = await made.ensure(less, ({ expiresAt }) => ({ ...less, expiresAt }));
    expect(kept).toMatchObject({ deviceLimit: 1, expiresAt: WANTED.expiresAt });
  });
}

function reading(subject: PanelCase, panel: Make, server: At): void {
  it('finds an account, and says undefined when the panel says there is none', async () => {
    subject.script.behaves(server());
    const made = panel();
    expect(await made.find(WANTED.username)).toBeUndefined();
    expect(await made.find((await made.ensure(WANTED)).username)).toMatchObject({
      username: WANTED.username,
    });
  });

  it('never takes a foreign 404 for a missing account', async () => {
    for (const answer of subject.script.foreignMissing) {
      server().answer('*', answer);
      await expect(panel().find(WANTED.username)).rejects.toBeInstanceOf(PanelMisconfigured);
      await expect(panel().ensure(WANTED)).rejects.toBeInstanceOf(PanelMisconfigured);
    }
    expect(server().requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('reads byte counts exactly', async () => {
    const behind = subject.script.behaves(server());
    const made = panel();
    await made.ensure(WANTED);
    await fc.assert(
      fc.asyncProperty(fc.bigInt(0n, 2n ** 63n), async (bytes) => {
        behind.setUsedBytes(WANTED.username, bytes);
        expect((await made.find(WANTED.username))?.trafficUsedBytes).toBe(bytes);
      }),
      { numRuns: 25 },
    );
  });

  it('lists every account once, ascending', async () => {
    subject.script.behaves(server());
    const made = panel();
    const names = Array.from({ length: 5 }, (_, at) => `sub_0000${String(at)}`);
    for (const username of names) await made.ensure({ ...WANTED, username });
    expect((await Array.fromAsync(made.list())).map(({ username }) => username)).toEqual(names);
  });
}

function switching(subject: PanelCase, panel: Make, server: At): void {
  it('disables and enables, and takes "already so" for done', async () => {
    subject.script.behaves(server());
    const made = panel();
    const account = await made.ensure(WANTED);
    expect((await made.disable(account)).status).toBe('DISABLED');
    expect((await made.disable(account)).status).toBe('DISABLED');
    expect((await made.enable(account)).status).toBe('ACTIVE');
    expect((await made.enable(account)).status).toBe('ACTIVE');
  });

  it('leaves a disabled account disabled whatever is ensured', async () => {
    subject.script.behaves(server());
    const made = panel();
    await made.disable(await made.ensure(WANTED));
    const longer = { ...WANTED, expiresAt: new Date('2100-03-01T00:00:00.000Z') };
    expect((await made.ensure(longer)).status).toBe('DISABLED');
  });

  it('shows devices and removes one, also when it is gone already', async () => {
    const behind = subject.script.behaves(server());
    const made = panel();
    const account = await made.ensure(WANTED);
    behind.addDevice(WANTED.username, 'device-000000001');
    behind.addDevice(WANTED.username, 'device-000000002');
    expect((await made.devices(account)).map(({ hwid }) => hwid)).toEqual([
      'device-000000001',
      'device-000000002',
    ]);
    await made.removeDevice(account, 'device-000000001');
    await made.removeDevice(account, 'device-000000001');
    expect(await made.devices(account)).toHaveLength(1);
  });
}

function upgrading(subject: PanelCase, panel: Make, server: At): void {
  it('serves the other generation after an upgrade under its feet', async () => {
    const behind = subject.script.behaves(server());
    const made = panel();
    const before = await made.ensure(WANTED);
    behind.addDevice(WANTED.username, 'device-000000001');
    behind.becomeVersion(subject.script.otherVersion);
    const longer = { ...WANTED, expiresAt: new Date('2100-03-01T00:00:00.000Z') };
    const account = await made.ensure(longer);
    expect([account.id, account.expiresAt]).toEqual([before.id, longer.expiresAt]);
    expect(await made.devices(account)).toHaveLength(1);
    await made.removeDevice(account, 'device-000000001');
    expect(await made.devices(account)).toEqual([]);
    expect((await made.disable(account)).status).toBe('DISABLED');
    expect((await made.enable(account)).status).toBe('ACTIVE');
    expect(await made.info()).toEqual({
      version: subject.script.otherVersion,
      isSupported: true,
    });
    expect(behind.usernames()).toEqual([WANTED.username]);
  });

  it('stops writing within seconds to one nobody knows, and begins at once when it is known', async () => {
    let monotonic = 0;
    const behind = subject.script.behaves(server());
    const made = panel({ ...systemClock, monotonicMs: () => monotonic });
    await made.ensure(WANTED);
    behind.becomeVersion('4.0.0');
    monotonic += 5_000;
    await expect(made.ensure({ ...WANTED, deviceLimit: 9 })).rejects.toMatchObject({
      code: 'provisioning.panel_unsupported',
      message: expect.stringContaining('4.0.0'),
    });
    expect((await made.find(WANTED.username))?.deviceLimit).toBe(WANTED.deviceLimit);
    behind.becomeVersion(subject.script.otherVersion);
    expect((await made.ensure({ ...WANTED, deviceLimit: 9 })).deviceLimit).toBe(9);
  });
}

const ACCOUNT: PanelAccount = {
  id: '2',
  key: '2',
  username: WANTED.username,
  shortId: 'VHbSCjFLdnY1uDd3',
  status: 'ACTIVE',
  expiresAt: WANTED.expiresAt,
  subscriptionUrl: 'https://sub.example.test/VHbSCjFLdnY1uDd3',
  trafficUsedBytes: 0n,
  trafficLimitBytes: 0n,
  trafficReset: 'none',
  deviceLimit: undefined,
  squads: [],
  description: '',
  updatedAt: new Date('2026-11-20T00:00:00Z'),
};

function reads(made: Panel): Record<string, () => Promise<unknown>> {
  return {
    info: () => made.info(),
    find: () => made.find(WANTED.username),
    devices: () => made.devices(ACCOUNT),
    list: () => Array.fromAsync(made.list()),
  };
}

function writes(made: Panel): Record<string, () => Promise<unknown>> {
  return {
    ensure: () => made.ensure(WANTED),
    removeDevice: () => made.removeDevice(ACCOUNT, 'device-000000001'),
    disable: () => made.disable(ACCOUNT),
    enable: () => made.enable(ACCOUNT),
  };
}

function failing(subject: PanelCase, panel: Make, server: At): void {
  const every = async (answer: ScriptedAnswer, error: unknown, clock?: Clock): Promise<void> => {
    const made = panel(clock);
    server().answer('*', answer);
    for (const [name, call] of Object.entries({ ...reads(made), ...writes(made) })) {
      await expect(call(), name).rejects.toBeInstanceOf(error);
    }
  };

  it.each<[string, ScriptedAnswer]>([
    ['a cut connection', 'reset'],
    ['500', { status: 500, body: { statusCode: 500, message: 'Internal server error' } }],
    ['502 of a proxy', { status: 502, body: '<html>bad gateway</html>' }],
    ['429', subject.script.tooMany],
  ])('calls %s an unknown outcome', async (_name, answer) => {
    await every(answer, PanelUnavailable);
  });

  it('calls silence an unknown outcome', async () => {
    await every('silence', PanelUnavailable, {
      ...systemClock,
      sleep: () => Promise.resolve(),
    });
  });

  it('passes on how long it is asked to wait', async () => {
    server().answer('*', subject.script.tooMany);
    await expect(panel().info()).rejects.toMatchObject({
      retryAfterMs: subject.script.retryAfterMs,
    });
  });

  it('names refused credentials', async () => {
    for (const answer of subject.script.badCredentials) {
      await every(answer, PanelCredentialsRefused);
    }
  });

  it.each<[string, ScriptedAnswer]>([
    ['a page', { status: 200, body: '<html>login</html>' }],
    ['a page with 403', { status: 403, body: '<html>forbidden</html>' }],
    ['a page with 401', { status: 401, body: '<html>who are you</html>' }],
    ['a redirect', { status: 302, headers: { location: 'https://gate.example/' } }],
    ['another JSON', { status: 200, body: { ok: true } }],
    ['an empty answer', { status: 200 }],
    ['null', { status: 200, body: null }],
    ['an envelope of something else', { status: 200, body: { response: { id: 'x' } } }],
  ])('calls %s a wrong address or gate', async (_name, answer) => {
    await every(answer, PanelMisconfigured);
  });
}

function refusing(subject: PanelCase, panel: Make, server: At): void {
  it('reads a panel of an unknown generation and writes nothing to it', async () => {
    const behind = subject.script.isOfUnknownGeneration(server());
    const made = panel();
    expect((await made.info()).isSupported).toBe(false);
    expect(await made.find(WANTED.username)).toBeUndefined();
    for (const [name, call] of Object.entries(writes(made))) {
      await expect(call(), name).rejects.toBeInstanceOf(PanelUnsupported);
    }
    expect(behind.writes()).toBe(0);
  });

  it('notices after a failure that another generation answers', async () => {
    subject.script.behaves(server());
    const made = panel();
    await made.ensure(WANTED);
    server().clear();
    server().answer('*', { status: 503 });
    await expect(made.find(WANTED.username)).rejects.toBeInstanceOf(PanelUnavailable);
    server().clear();
    subject.script.isOfUnknownGeneration(server());
    await expect(made.ensure(WANTED)).rejects.toBeInstanceOf(PanelUnsupported);
  });
}

function keepingSecrets(subject: PanelCase, panel: Make, server: At, lines: string[]): void {
  it('shows no credential in an error, its causes, or the log', async () => {
    const made = panel();
    const echo = subject.secrets.join(' ');
    const answers: ScriptedAnswer[] = [
      'reset',
      { status: 200, body: `<html>${echo}</html>` },
      { status: 200, body: { response: { id: 7, trojanPassword: echo } } },
      ...subject.script.badCredentials,
    ];
    const seen: string[] = [inspect(made, { depth: 6 })];
    for (const answer of answers) {
      server().answer('*', answer);
      for (const call of Object.values({ ...reads(made), ...writes(made) })) {
        const error = await call().catch((thrown: unknown) => thrown);
        seen.push(inspect(error, { depth: 8, showHidden: true }), JSON.stringify(error));
      }
    }
    const text = [...seen, ...lines].join('\n');
    for (const secret of subject.secrets) expect(text).not.toContain(secret);
  });
}
