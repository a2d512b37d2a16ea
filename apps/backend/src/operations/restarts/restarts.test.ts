import { readFile } from 'node:fs/promises';
import { API, CSRF_MARK, SystemFiguresWire, type StaffRole } from '@opora/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttp } from '../../platform/http/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createStaffAuthorise, mountRestart, mountSystem } from '../../roles/monitor-edge.ts';
import { createWorld, log } from '../health/testing/world.ts';
import { restartWorld } from './testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 30_000 });

const PERFORM = API.system.restart.perform.path;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A monitor that watches, its staff door open, and its listener. */
async function setUp() {
  const parts = createWorld({ keeps: true });
  const edge = await restartWorld(parts);
  const leaving = new AbortController();
  const { app } = createHttp({
    ...{ log, ids: systemIds, clock: parts.clock, link: edge.link },
    trustedProxies: [],
    authorise: createStaffAuthorise(edge),
  });
  const status = { read: () => API.status.read.example.answer, watch: () => Promise.resolve() };
  const whole = {
    ...edge,
    status,
    history: parts.history,
    past: () => [],
    clock: parts.clock,
    log,
  };
  mountSystem(app, whole);
  mountRestart(app, whole);
  const stop = parts.watch();
  const door = edge.door.run(leaving.signal);
  const telling = edge.restarts.run(leaving.signal);
  closers.push(async () => {
    leaving.abort();
    await Promise.all([stop(), door, telling]);
    edge.close();
  });
  /** The copies are asked over a real connection, so one round is waited for. */
  const meet = async (token: string): Promise<void> => {
    await vi.waitFor(async () => {
      await parts.clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
      edge.door.judge(token, { permission: 'health:read', address: '127.0.0.1' });
    });
  };
  const hire = async (role: StaffRole) => {
    const member = edge.hire(role);
    if (role === 'owner' || role === 'admin') await meet(member.token);
    return member;
  };
  const press = (member: { token: string; sessionId: string }, service: string, more = {}) =>
    app.inject({
      method: 'POST',
      url: PERFORM,
      headers: {
        cookie: `${edge.cookie}=${member.token}`,
        'sec-fetch-site': 'same-origin',
        'x-csrf-token': edge.sealing.mac(CSRF_MARK, member.sessionId),
        'idempotency-key': 'key-00000001',
        ...more,
      },
      payload: { service, reason: 'it leaks memory' },
    });
  const restarted = () => parts.asked.filter((one) => one.startsWith('restart '));
  return { ...parts, edge, app, hire, press, restarted, meet };
}

const codeOf = ({ body }: { body: string }): unknown =>
  (JSON.parse(body) as { code: unknown }).code; // a problem has one

describe('a restart by staff', () => {
  it('is done once per key, and told to the audit log', async () => {
    const { hire, press, restarted, edge, clock } = await setUp();
    const member = await hire('admin');
    const first = await press(member, 'api#1');
    expect(first.json()).toMatchObject({ isFirst: true });
    const again = await press(member, 'api#1');
    expect(again.json<{ auditId: string }>()).toMatchObject({
      isFirst: false,
      auditId: first.json<{ auditId: string }>().auditId,
    });
    expect(restarted()).toEqual(['restart api#1']);
    await vi.waitFor(async () => {
      await clock.advance(5_000);
      expect(edge.taken).toMatchObject([
        { act: 'services.restart', subject: 'api#1', reason: 'it leaks memory' },
      ]);
    });
  });

  it('works while auth is away, and is told when the api is back (U3)', async () => {
    const { hire, press, restarted, edge, clock } = await setUp();
    const member = await hire('owner');
    edge.setAway(true);
    // Longer than the access token lives by itself.
    await clock.advance(30 * 60_000);
    expect((await press(member, 'api#0')).statusCode).toBe(200);
    expect(restarted()).toEqual(['restart api#0']);
    expect(edge.taken).toEqual([]);
    expect(await readFile(edge.path, 'utf8')).toContain('it leaks memory');
    edge.setAway(false);
    await vi.waitFor(async () => {
      await clock.advance(5_000);
      expect(edge.taken).toHaveLength(1);
    });
  });

  it('by a copy is over after an hour: then the host alone restarts', async () => {
    const { hire, press, edge, clock, restarted } = await setUp();
    const member = await hire('owner');
    edge.setAway(true);
    await clock.advance(61 * 60_000);
    expect((await press(member, 'api#0')).statusCode).toBe(401);
    // However young a token is: the copy itself is too old.
    const young = { ...member, token: member.renew() };
    expect(codeOf(await press(young, 'api#0'))).toBe('monitor.staff_unknown');
    expect(restarted()).toEqual([]);
  });

  it('is refused to a session that has ended, and to those without the right', async () => {
    const { hire, press, meet, restarted } = await setUp();
    const leaver = await hire('admin');
    const support = await hire('support');
    const cut = await hire('admin');
    const other = await hire('owner');
    leaver.leave();
    cut.cut();
    await vi.waitFor(async () => {
      await meet(other.token);
      expect(codeOf(await press(leaver, 'api#1'))).toBe('monitor.staff_unknown');
    });
    expect(codeOf(await press(cut, 'api#1'))).toBe('monitor.staff_unknown');
    expect(codeOf(await press(support, 'api#1'))).toBe('monitor.staff_unknown');
    expect(restarted()).toEqual([]);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 'http.forbidden'],
    ['with the mark of another session', { 'x-csrf-token': 'x'.repeat(22) }, 'http.forbidden'],
    ['without a key', { 'idempotency-key': '' }, 'http.idempotency_key_missing'],
    ['without a token', { cookie: '' }, 'http.unauthenticated'],
    ['with a changed token', { cookie: 'at-5000=a.b.c' }, 'platform.token_refused'],
  ])('%s is refused', async (_name, headers, code) => {
    const { hire, press, restarted } = await setUp();
    expect(codeOf(await press(await hire('owner'), 'api#1', headers))).toBe(code);
    expect(restarted()).toEqual([]);
  });

  it('never takes the last that works of several', async () => {
    const { hire, press, states, clock, restarted } = await setUp();
    const member = await hire('owner');
    states.set('api#0', 'down');
    await clock.advance(5_000);
    expect(codeOf(await press(member, 'api#1'))).toBe('monitor.last_healthy');
    // The broken one may, and a role that has one only.
    expect((await press(member, 'api#0')).statusCode).toBe(200);
    expect(restarted()).toEqual(['restart api#0']);
  });

  it('waits until another one is back', async () => {
    const { hire, press, change, end, clock, restarted } = await setUp();
    const member = await hire('owner');
    await press(member, 'api#1');
    const second = { 'idempotency-key': 'key-00000002' };
    expect(codeOf(await press(member, 'web#0', second))).toBe('monitor.restart_under_way');
    await clock.advance(1_000);
    end('api#1', { isAsked: true });
    change('api#1', { state: 'ready' });
    await clock.advance(5_000);
    expect((await press(member, 'web#0', second)).statusCode).toBe(200);
    change('gateway#0', { state: 'starting' });
    await clock.advance(120_000);
    const third = { 'idempotency-key': 'key-00000003' };
    expect(codeOf(await press(member, 'api#1', third))).toBe('monitor.restart_under_way');
    expect(restarted()).toEqual(['restart api#1', 'restart web#0']);
  });

  it('of the contract takes the access token as bearer', async () => {
    const { hire, app, restarted } = await setUp();
    const { token } = await hire('admin');
    const url = '/services/api%231/restart?reason=it+leaks';
    const bearer = { authorization: `Bearer ${token}` };
    const answer = await app.inject({ method: 'POST', url, headers: bearer });
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { service: 'api#1', status: 'restarting' },
    ]);
    expect(restarted()).toEqual(['restart api#1']);
  });
});

describe('the page of health', () => {
  it('is told with what the page needs while nobody else can say who asks', async () => {
    const { hire, app, edge } = await setUp();
    const member = await hire('admin');
    edge.setAway(true);
    const cookie = `${edge.cookie}=${member.token}`;
    const answer = await app.inject({ url: API.system.health.path, headers: { cookie } });
    const { services, session } = API.system.health.answer.parse(answer.json());
    expect(services.map(({ name, canRestart }) => [name, canRestart])).toContainEqual([
      'api#1',
      true,
    ]);
    expect(session).toMatchObject({
      csrfToken: edge.sealing.mac(CSRF_MARK, member.sessionId),
      staff: { role: 'admin' },
    });
  });

  it('is told of changes by a stream, also while auth is away (issue 3)', async () => {
    const { hire, app, edge, states, clock } = await setUp();
    const { token } = await hire('admin');
    edge.setAway(true);
    await clock.advance(30 * 60_000);
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    const leaving = new AbortController();
    closers.unshift(() => {
      leaving.abort();
    });
    const { body, headers } = await fetch(origin + API.system.stream.path, {
      headers: { cookie: `${edge.cookie}=${token}` },
      signal: leaving.signal,
    });
    expect(headers.get('content-type')).toBe('text/event-stream');
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = (await reader?.read())?.value ?? '';
    const [, data = ''] = /^retry: \d+\nevent: health\ndata: (.*)\n\n$/.exec(first) ?? [];
    // What is one person's own is not for everybody who looks.
    expect(SystemFiguresWire.strict().parse(JSON.parse(data)).status).toBe('ok');
    states.set('api#0', 'down');
    const told = reader?.read();
    await vi.waitFor(async () => {
      await clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
      expect(edge.monitor.report().status).not.toBe('ok');
    });
    await clock.advance(1_000);
    expect((await told)?.value).toMatch(/^event: health\n.*"state":"(?:down|degraded)"/);
  });

  it('has no stream for those without the right', async () => {
    const { hire, app, edge } = await setUp();
    await hire('owner');
    const { token } = await hire('support');
    const cookie = `${edge.cookie}=${token}`;
    const answer = await app.inject({ url: API.system.stream.path, headers: { cookie } });
    expect(codeOf(answer)).toBe('monitor.staff_unknown');
  });
});
