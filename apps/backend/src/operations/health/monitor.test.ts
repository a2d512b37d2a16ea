import { createServer } from 'node:http';
import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttp } from '../../platform/http/index.ts';
import { linkOf } from '../../platform/http/testing/link.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { listenOn } from '../../platform/network/index.ts';
import { createStaffAuthorise, mountMonitor, mountRestart } from '../../roles/monitor-edge.ts';
import { restartWorld } from '../restarts/testing/world.ts';
import { createMetrics } from '../../platform/metrics/index.ts';
import { createProbe, showFigures, type Service } from './index.ts';
import { createWorld, log, service } from './testing/world.ts';

/** Every world of these tests begins at the same time, so one token is good for all. */
const TOKEN = linkOf('operator', createManualClock()).tokenFor('monitor');
describe('watching', () => {
  it('knows nothing before its first look, everything after it', async () => {
    const { clock, monitor, watch } = createWorld();
    expect(monitor.report()).toMatchObject({ status: 'unknown', version: '1.2.3' });
    const stop = watch();
    await clock.advance(0);
    expect(monitor.report()).toMatchObject({
      status: 'ok',
      services: [
        { name: 'gateway#0', state: 'up', latencyMs: 3, restarts: null },
        {},
        {},
        {},
        {},
        {},
      ],
    });
    await stop();
  });

  it('asks for liveness every 5 s and for readiness every 30 s', async () => {
    const { clock, depths, watch } = createWorld();
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
    const { clock, states, watch, stateOf, monitor } = createWorld();
    const stop = watch();
    await clock.advance(1_000);
    states.set('api#1', 'down');
    await clock.advance(4_000);
    expect(stateOf('api#1')).toMatchObject({
      state: 'down',
      since: '2026-11-20T12:00:05.000Z',
    });
    expect(monitor.report().status).toBe('degraded');
    await clock.advance(20_000);
    expect(stateOf('api#1')).toMatchObject({ since: '2026-11-20T12:00:05.000Z' });
    await stop();
  });

  it('calls the system down when the last instance of a critical role is gone', async () => {
    const { clock, states, watch, monitor } = createWorld();
    const stop = watch();
    states.set('web#0', 'down');
    await clock.advance(5_000);
    expect(monitor.report().status).toBe('degraded');
    states.set('api#0', 'down').set('api#1', 'down');
    await clock.advance(5_000);
    expect(monitor.report().status).toBe('down');
    await stop();
  });

  it('does not take liveness for readiness', async () => {
    const { clock, states, watch, stateOf } = createWorld();
    states.set('api#0', 'not_ready');
    const stop = watch();
    await clock.advance(25_000);
    expect(stateOf('api#0')).toMatchObject({ state: 'not_ready' });
    states.set('api#0', 'up');
    await clock.advance(5_000);
    expect(stateOf('api#0')).toMatchObject({ state: 'up' });
    await stop();
  });
});

describe('the routes', () => {
  const bearer = { authorization: `Bearer ${TOKEN}` };

  async function serve(parts: ReturnType<typeof createWorld>) {
    const edge = await restartWorld(parts);
    const { app } = createHttp({
      log,
      ids: systemIds,
      clock: parts.clock,
      link: linkOf('monitor', parts.clock),
      trustedProxies: [],
      authorise: createStaffAuthorise(edge),
    });
    mountMonitor(app, parts);
    mountRestart(app, edge);
    return app;
  }

  it('GET /system-health tells what the keeper and the gateway know too', async () => {
    const parts = createWorld({ keeps: true });
    parts.judged.set('api#0', { state: 'up', breaker: 'closed' });
    const stop = parts.watch();
    await parts.clock.advance(0);
    const health = await (await serve(parts)).inject('/system-health');
    expect(health.statusCode).toBe(200);
    expect(health.json<{ services: object[] }>().services[1]).toMatchObject({
      name: 'api#0',
      restarts: 0,
      lastRestarts: [],
      breaker: 'closed',
      supervised: 'ready',
    });
    await stop();
  });

  it('GET /system-health/history tells the last full checks', async () => {
    const parts = createWorld({ keeps: true });
    const stop = parts.watch();
    await parts.clock.advance(65_000);
    const answer = await (await serve(parts)).inject('/system-health/history?limit=2');
    expect(answer.json<{ checks: { at: string; services: object }[] }>().checks).toMatchObject([
      { at: '2026-11-20T12:00:30.000Z', status: 'ok' },
      { at: '2026-11-20T12:01:00.000Z', services: { 'api#0': ['up', 3] } },
    ]);
    await stop();
  });

  it('its metrics say the same, at every reading', async () => {
    const parts = createWorld({ keeps: true });
    const metrics = createMetrics();
    showFigures(metrics, parts.monitor);
    const stop = parts.watch();
    parts.measure('disk', '/data', 12);
    parts.states.set('web#0', 'down');
    await parts.clock.advance(5_000);
    const lines = metrics.text().split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'monitor_service_state{service="api#0",state="up"} 1',
        'monitor_service_state{service="web#0",state="down"} 1',
        'monitor_watch_value{watch="disk",about="/data",unit="percent"} 12',
        'monitor_watch_state{watch="disk",about="/data"} 1',
        'monitor_incidents_open{level="warning"} 2',
      ]),
    );
    const { services, watches } = parts.monitor.report();
    expect(services.map(({ version }) => version)).toContain('1.2.2');
    expect(watches).toMatchObject([{ watch: 'disk', state: 'warning', bounds: [15, 5] }]);
    parts.measure('disk', '/data', 50);
    await parts.clock.advance(5_000);
    expect(metrics.text()).toContain('monitor_watch_state{watch="disk",about="/data"} 0');
    await stop();
  });

  it.each(['api', 'api#1'])('POST /services/%s/restart is passed on', async (name) => {
    const parts = createWorld({ keeps: true });
    const url = `/services/${encodeURIComponent(name)}/restart`;
    const restart = await (await serve(parts)).inject({ method: 'POST', url, headers: bearer });
    expect([restart.statusCode, restart.json()]).toEqual([
      202,
      { service: name, status: 'restarting' },
    ]);
    expect(parts.asked).toEqual(['greet', `restart ${name}`]);
  });

  it('takes the inner header of a role as well', async () => {
    const headers = { 'x-opora-inner': TOKEN };
    const restart = await (
      await serve(createWorld({ keeps: true }))
    ).inject({
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
    const parts = createWorld({ keeps: true });
    const refusal = await (await serve(parts)).inject({ method: 'POST', url, headers });
    expect(refusal.statusCode).toBe(status);
    expect(parts.asked.filter((one) => one.startsWith('restart'))).toEqual([]);
  });

  it('says so when nobody can restart here', async () => {
    const refusal = await (
      await serve(createWorld())
    ).inject({
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
