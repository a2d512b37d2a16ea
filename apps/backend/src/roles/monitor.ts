/** The `monitor` role: watches every other role and restarts on request. Needs no database. */
import { z } from 'zod';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import { askSupervisor } from '../operations/control/index.ts';
import {
  createMonitor,
  createProbe,
  servicesOf,
  type Monitor,
} from '../operations/health/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttp, type App } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Running } from '../platform/lifecycle/index.ts';
import { createMetrics, observeProcess } from '../platform/metrics/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const clock = systemClock;
  const log = createRoleLog(config, 'monitor', { instance });
  const lifecycle = createLifecycle({ clock, log });
  const metrics = createMetrics();
  lifecycle.onStop('process metrics', observeProcess(metrics));
  const probe = createProbe(clock);
  lifecycle.onStop('probe', () => probe.close());
  const monitor = createMonitor({
    services: servicesOf(config),
    probe,
    askSupervisor: (request) => askSupervisor(config.home, request),
    clock,
    log,
    version: readVersion(config.root),
  });
  const parts = {
    log,
    ids: systemIds,
    clock,
    internalToken: config.internalToken,
    trustedProxies: config.trustedProxies,
    drainDelayMs: 0,
  };
  const internal = createHttp({ ...parts, metrics });
  const outer = createHttp(parts);
  mountMonitor(outer.app, monitor);
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
  const watching = monitor.watch(leaving.signal);
  lifecycle.onStop('watch', async () => {
    leaving.abort();
    await watching;
  });
  return { ready: () => !lifecycle.stopping, stop: (reason) => lifecycle.stop(reason) };
}

/** `GET /system-health` for anybody on this machine, `POST /services/{name}/restart` for roles. */
export function mountMonitor(app: App, monitor: Monitor): void {
  app.get('/system-health', { config: { permission: 'public' } }, () => monitor.report());
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
