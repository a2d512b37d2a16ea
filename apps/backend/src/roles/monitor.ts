/** The `monitor` role: watches every other role, tells staff, replaces the hung. No database. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import * as health from '../operations/health/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttp, type App } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Running } from '../platform/lifecycle/index.ts';
import { createMetrics, observeProcess } from '../platform/metrics/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const [clock, ids] = [systemClock, systemIds];
  const log = createRoleLog(config, 'monitor', { instance });
  const lifecycle = createLifecycle({ clock, log });
  const metrics = createMetrics();
  lifecycle.onStop('process metrics', observeProcess(metrics, readVersion(config.root)));
  const folder = join(config.home, 'monitor');
  await mkdir(folder, { recursive: true });
  const store = await health.openStore(join(folder, 'state.json'), { now: clock.now(), log });
  const history = health.createHistory(join(folder, 'history.jsonl'));
  const channels = health.openChannels(config, { clock, ids, log });
  for (const { name, close } of channels) lifecycle.onStop(`alerts by ${name}`, close);
  const shared = { store, clock, log, chance: () => ids.chance() };
  const { language, heartbeatUrl } = config.alerts;
  const probe = health.createProbe(clock);
  lifecycle.onStop('probe', () => probe.close());
  const { watches, versions, close } = health.openWatches(config, clock);
  lifecycle.onStop('watches', close);
  const monitor = health.createMonitor({
    ...{ watches, versions },
    ...{ ...shared, history, probe, services: health.servicesOf(config) },
    keeper: health.createSupervisorKeeper(config.home),
    askGateway: health.createGatewayLook(
      `http://127.0.0.1:${String(config.ports.gatewayDiagnostics)}`,
    ),
    alerts: health.createAlerts({ ...shared, channels, language }),
    version: readVersion(config.root),
  });
  health.showFigures(metrics, monitor);
  const { internalToken, trustedProxies, sockets } = config;
  const parts = { log, ids, clock, internalToken, trustedProxies, sockets, drainDelayMs: 0 };
  const internal = createHttp({ ...parts, metrics });
  const outer = createHttp(parts);
  mountMonitor(outer.app, { monitor, history });
  try {
    lifecycle.onStop('internal listener', () => internal.close());
    await internal.listen(config.ports.monitorInternal);
    lifecycle.onStop('listener', () => outer.close());
    await outer.listen(config.ports.monitor);
  } catch (error) {
    await lifecycle.stop('could not listen');
    throw error;
  }
  const leaving = new AbortController();
  const address = heartbeatUrl?.reveal();
  const watching = Promise.all([
    monitor.watch(leaving.signal),
    address !== undefined &&
      health.keepBeating({
        beat: () => health.callOutside(address),
        ...{ isWell: () => monitor.isWell(), clock, log, signal: leaving.signal },
      }),
  ]);
  lifecycle.onStop('watch', async () => {
    leaving.abort();
    await watching;
  });
  return { ready: () => !lifecycle.stopping, stop: (reason) => lifecycle.stop(reason) };
}

/** `GET /system-health` for anybody on this machine, `POST /services/{name}/restart` for roles. */
export function mountMonitor(
  app: App,
  { monitor, history }: { monitor: health.Monitor; history: health.History },
): void {
  app.get('/system-health', { config: { permission: 'public' } }, () => monitor.report());
  const limit = z.coerce.number().int().min(1).max(health.HISTORY_LINES_MAX).default(120);
  app.get(
    '/system-health/history',
    { config: { permission: 'public' }, schema: { querystring: z.object({ limit }) } },
    async (request) => ({ checks: await history.read(request.query.limit) }),
  );
  app.post(
    '/services/:name/restart',
    {
      config: { permission: 'service' },
      schema: { params: z.object({ name: z.string().min(1).max(50) }) },
    },
    async (request, reply) => {
      await monitor.restart(request.params.name);
      return reply.code(202).send({ service: request.params.name, status: 'restarting' });
    },
  );
}
