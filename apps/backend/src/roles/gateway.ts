/** The `gateway` role: the public door, its diagnostics and its internal listener. No database. */
import type { Config } from '../config/shape.ts';
import { createGateway } from '../operations/gateway/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttp } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Running } from '../platform/lifecycle/index.ts';
import { createMetrics, observeProcess } from '../platform/metrics/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const { ports, instances, internalToken, trustedProxies } = config;
  const log = createRoleLog(config, 'gateway', { instance });
  const lifecycle = createLifecycle({ clock: systemClock, log });
  const metrics = createMetrics();
  lifecycle.onStop('process metrics', observeProcess(metrics));
  const parts = { log, ids: systemIds, clock: systemClock, internalToken, trustedProxies };
  const gateway = createGateway({
    ...parts,
    metrics,
    origins: {
      api: originsOf(ports.api, instances.api),
      bot: originsOf(ports.bot, instances.bot),
    },
  });
  const readiness = () => ({ ready: gateway.ready() });
  const internal = createHttp({ ...parts, metrics, readiness, drainDelayMs: 0 });
  const diagnostics = createHttp({ ...parts, readiness, drainDelayMs: 0 });
  diagnostics.app.get('/health', { config: { permission: 'public' } }, () => gateway.report());
  try {
    lifecycle.onStop('internal listener', () => internal.close());
    await internal.listen(ports.gatewayInternal);
    lifecycle.onStop('diagnostics', () => diagnostics.close());
    await diagnostics.listen(ports.gatewayDiagnostics);
    // Registered last, so it leaves first: the others tell about it until it is gone.
    lifecycle.onStop('gateway', () => gateway.close());
    await gateway.listen(ports.gateway);
  } catch (error) {
    await lifecycle.stop('could not listen');
    throw error;
  }
  return {
    ready: () => gateway.ready() && !lifecycle.stopping,
    stop: (reason) => lifecycle.stop(reason),
  };
}

function originsOf(port: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `http://127.0.0.1:${String(port + at)}`);
}
