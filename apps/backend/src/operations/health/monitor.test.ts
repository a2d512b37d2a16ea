import { createServer } from 'node:http';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttp } from '../../platform/http/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { listenOn } from '../../platform/network/index.ts';
import { mountMonitor } from '../../roles/monitor.ts';
import type { ControlAnswer, ControlRequest } from '../control/index.ts';
import { createMonitor, createProbe, type Probe, type ProbeResult, type Service } from './index.ts';

const TOKEN = 'internal-token-of-at-least-32-characters';
const service = (role: string, at = 0): Service => ({
  name: `${role}#${String(at)}`,
  role,
  critical: role === 'api' || role === 'gateway',
  look: { kind: 'http', origin: 'http://127.0.0.1:1' },
});
const log = createLog({ level: 'fatal', role: 'test', write: () => undefined });

function setUp(supervisor?: (request: ControlRequest) => ControlAnswer) {
  const clock = createManualClock();
  const states = new Map<string, ProbeResult['state']>();
  const depths: string[] = [];
  const asked: ControlRequest[] = [];
  const probe: Probe = {
    look({ name }, depth) {
      if (name === 'gateway#0') depths.push(depth);
      const state = states.get(name) ?? 'up';
      // Liveness sees only whether the process lives.
      const shown = depth === 'liveness' && state !== 'down' ? 'up' : state;
      return Promise.resolve({ state: shown, latencyMs: 3, degraded: [] });
    },
    close: () => Promise.resolve(),
  };
  const monitor = createMonitor({
    services: [service('gateway'), service('api'), service('api', 1), service('web')],
    probe,
    askSupervisor(request) {
      asked.push(request);
      if (supervisor === undefined) return Promise.reject(new Error('nothing runs here'));
      return Promise.resolve(supervisor(request));
    },
    clock,
    log,
    version: '1.2.3',
  });
  const leaving = new AbortController();
  const watch = () => {
    const watching = monitor.watch(leaving.signal);
    return async () => {
      leaving.abort();
      await watching;
    };
  };
  const stateOf = async (name: string) =>
    (await monitor.report()).services.find((each) => each.name === name);
  return { clock, states, depths, asked, monitor, watch, stateOf };
}

describe('watching', () => {
  it('knows nothing before its first look, everything after it', async () => {
    const { clock, monitor, watch } = setUp();
    expect(await monitor.report()).toMatchObject({ status: 'unknown', version: '1.2.3' });
    const stop = watch();
    await clock.advance(0);
    expect(await monitor.report()).toMatchObject({
      status: 'ok',
      services: [{ name: 'gateway#0', state: 'up', latencyMs: 3, restarts: null }, {}, {}, {}],
    });
    await stop();
  });

  it('asks for liveness every 5 s and for readiness every 30 s', async () => {
    const { clock, depths, watch } = setUp();
    const stop = watch();
    await clock.advance(35_000);
    expect(depths).toEqual([
      'readiness',
      ...Array<string>(5).fill('liveness'),
      'readiness',
      'liveness',
    ]);
    await stop();
  });

  it('sees a death within 5 s and remembers since when', async () => {
    const { clock, states, watch, stateOf, monitor } = setUp();
    const stop = watch();
    await clock.advance(1_000);
    states.set('api#1', 'down');
    await clock.advance(4_000);
    expect(await stateOf('api#1')).toMatchObject({
      state: 'down',
      since: '2026-11-20T12:00:05.000Z',
    });
    expect((await monitor.report()).status).toBe('degraded');
    await clock.advance(20_000);
    expect(await stateOf('api#1')).toMatchObject({ since: '2026-11-20T12:00:05.000Z' });
    await stop();
  });

  it('calls the system down when the last instance of a critical role is gone', async () => {
    const { clock, states, watch, monitor } = setUp();
    const stop = watch();
    states.set('web#0', 'down');
    await clock.advance(5_000);
    expect((await monitor.report()).status).toBe('degraded');
    states.set('api#0', 'down').set('api#1', 'down');
    await clock.advance(5_000);
    expect((await monitor.report()).status).toBe('down');
    await stop();
  });

  it('does not take liveness for readiness', async () => {
    const { clock, states, watch, stateOf } = setUp();
    states.set('api#0', 'not_ready');
    const stop = watch();
    await clock.advance(25_000);
    expect(await stateOf('api#0')).toMatchObject({ state: 'not_ready' });
    states.set('api#0', 'up');
    await clock.advance(5_000);
    expect(await stateOf('api#0')).toMatchObject({ state: 'up' });
    await stop();
  });
});

describe('the routes', () => {
  const children = [
    {
      name: 'api#0',
      role: 'api',
      state: 'ready',
      port: 1,
      restarts: 4,
      since: '2026-11-20T11:00:00.000Z',
      ends: [],
    },
  ] as const;
  const answer = (): ControlAnswer => ({ ok: true, pid: 1, ready: true, children: [...children] });
  const bearer = { authorization: `Bearer ${TOKEN}` };

  function serve(parts: ReturnType<typeof setUp>) {
    const { app } = createHttp({
      log,
      ids: systemIds,
      clock: parts.clock,
      internalToken: new Secret(TOKEN),
      trustedProxies: [],
    });
    mountMonitor(app, parts.monitor);
    return app;
  }

  it('GET /system-health tells what the supervisor knows too', async () => {
    const app = serve(setUp(answer));
    const health = await app.inject('/system-health');
    expect(health.statusCode).toBe(200);
    expect(health.json<{ services: object[] }>().services[1]).toMatchObject({
      name: 'api#0',
      restarts: 4,
      supervised: 'ready',
    });
  });

  it.each(['api', 'api#1'])('POST /services/%s/restart is passed on', async (name) => {
    const parts = setUp(answer);
    const url = `/services/${encodeURIComponent(name)}/restart`;
    const restart = await serve(parts).inject({ method: 'POST', url, headers: bearer });
    expect([restart.statusCode, restart.json()]).toEqual([
      202,
      { service: name, status: 'restarting' },
    ]);
    expect(parts.asked).toEqual([{ command: 'status' }, { command: 'restart', name }]);
  });

  it('takes the inner header of a role as well', async () => {
    const headers = { 'x-opora-inner': TOKEN };
    const restart = await serve(setUp(answer)).inject({
      method: 'POST',
      url: '/services/api/restart',
      headers,
    });
    expect(restart.statusCode).toBe(202);
  });

  it.each([
    ['without the token', '/services/api/restart', {}, 401],
    ['with a wrong token', '/services/api/restart', { authorization: 'Bearer x' }, 401],
    ['of a service that is not there', '/services/nobody/restart', bearer, 404],
  ])('a restart %s is refused', async (_name, url, headers, status) => {
    const parts = setUp(answer);
    const refusal = await serve(parts).inject({ method: 'POST', url, headers });
    expect(refusal.statusCode).toBe(status);
    expect(parts.asked.filter(({ command }) => command === 'restart')).toEqual([]);
  });

  it('says so when nobody can restart here', async () => {
    const refusal = await serve(setUp()).inject({
      method: 'POST',
      url: '/services/api/restart',
      headers: bearer,
    });
    expect([refusal.statusCode, refusal.json<{ code: string }>().code]).toEqual([
      503,
      'monitor.supervisor_away',
    ]);
  });
});

describe('the probe', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function probeOf(status: number, body: string) {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    const port = await listenOn(server, 0);
    const probe = createProbe(createManualClock());
    closers.push(
      () => probe.close(),
      () => server.close(),
    );
    const http: Service['look'] = { kind: 'http', origin: `http://127.0.0.1:${String(port)}` };
    return { probe, server, http, tcp: { kind: 'tcp', host: '127.0.0.1', port } as const };
  }

  it.each([
    [200, '{"status":"ready","degraded":[]}', 'up'],
    [200, '{"status":"degraded","degraded":["database"]}', 'degraded'],
    [200, 'true', 'up'],
    [200, '<html>', 'up'],
    [503, '{"status":"draining"}', 'not_ready'],
  ])('reads %i %s as %s', async (status, body, state) => {
    const { probe, http } = await probeOf(status, body);
    expect(await probe.look({ ...service('api'), look: http }, 'readiness')).toMatchObject({
      state,
    });
  });

  it('sees an open port, and a closed one', async () => {
    const { probe, server, http, tcp } = await probeOf(200, '');
    expect(await probe.look({ ...service('web'), look: tcp }, 'liveness')).toMatchObject({
      state: 'up',
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await vi.waitFor(async () => {
      expect(await probe.look({ ...service('web'), look: tcp }, 'liveness')).toMatchObject({
        state: 'down',
      });
    });
    expect(await probe.look({ ...service('api'), look: http }, 'liveness')).toMatchObject({
      state: 'down',
    });
  });
});
