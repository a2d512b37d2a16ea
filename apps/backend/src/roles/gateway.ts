/** The `gateway` role: the public door, its diagnostics and its internal listener. No database. */
import { join } from 'node:path';
import { ConfigurationInvalid, loadConfig } from '../config/load.ts';
import { sessionCookies, TOKEN_NAMES } from '../config/session-names.ts';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import {
  createGateway,
  describeBalancer,
  type Gateway,
  type GatewayTable,
} from '../operations/gateway/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttp, createInnerLink, type App } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Running } from '../platform/lifecycle/index.ts';
import type { Log } from '../platform/log/index.ts';
import { createMetrics, observeProcess } from '../platform/metrics/index.ts';
import { createRedis } from '../platform/redis/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const { ports, readServiceKeys: keys, trustedProxies, sockets } = config;
  const log = createRoleLog(config, 'gateway', { instance });
  const lifecycle = createLifecycle({ clock: systemClock, log });
  const metrics = createMetrics();
  lifecycle.onStop('process metrics', observeProcess(metrics, readVersion(config.root)));
  const clock = systemClock;
  const link = createInnerLink({ role: 'gateway', keys, clock });
  const parts = { log, ids: systemIds, clock, link, trustedProxies, sockets };
  const { redisUrl } = config;
  const redis = redisUrl && (await createRedis({ ...parts, url: redisUrl }));
  const gateway = createGateway({
    ...parts,
    metrics,
    ...tableOf(config),
    process: `gateway#${String(instance)}`,
    webOrigin: new URL(config.webUrl).origin,
    ...(redis && { redis }),
    limits: { instances: config.gateways, sheds: config.plantedBug !== 'never-shed' },
    authorization: {
      tokens: TOKEN_NAMES,
      cookie: sessionCookies(config).access,
      fallback: config.fallback,
      path: join(config.home, `gateway-${String(instance)}.json`),
    },
  });
  const readiness = () => ({ ready: gateway.ready() });
  const internal = createHttp({ ...parts, metrics, readiness, drainDelayMs: 0 });
  const diagnostics = createHttp({ ...parts, readiness, drainDelayMs: 0 });
  diagnostics.app.get('/health', { config: { permission: 'public' } }, () => ({
    ...gateway.report(),
    authorization: gateway.authorization(),
  }));
  const balancer = createHttp({ ...parts, readiness, drainDelayMs: 0 });
  mountBalancer(balancer.app, gateway);
  try {
    lifecycle.onStop('internal listener', () => internal.close());
    await internal.listen(ports.gatewayInternal);
    lifecycle.onStop('diagnostics', () => diagnostics.close());
    await diagnostics.listen(ports.gatewayDiagnostics);
    lifecycle.onStop('balancer of auth', () => balancer.close());
    await balancer.listen(ports.authBalancer);
    // Registered last, so it leaves first: the others tell about it until it is gone.
    lifecycle.onStop('gateway', () => gateway.close());
    await gateway.listen(ports.gateway);
  } catch (error) {
    await lifecycle.stop('could not listen');
    throw error;
  }
  const takeSettings = (): void => {
    takeSettingsAnew(gateway, log);
  };
  process.on('SIGHUP', takeSettings);
  lifecycle.onStop('settings', () => void process.off('SIGHUP', takeSettings));
  return {
    ready: () => gateway.ready() && !lifecycle.stopping,
    async stop(reason) {
      // Of two gateways on the same sockets the one that stays tells how things are.
      const tellers = sockets.size > 0 ? [internal, diagnostics, balancer] : [];
      await Promise.all(tellers.map((teller) => teller.close()));
      await lifecycle.stop(reason);
    },
  };
}

/** Wrong settings change nothing: the ones before hold. */
function takeSettingsAnew(gateway: Gateway, log: Log): void {
  try {
    const table = tableOf(loadConfig());
    gateway.take(table);
    log.info({ origins: table.origins, corsOrigins: table.corsOrigins }, 'settings taken over');
  } catch (error) {
    if (!(error instanceof ConfigurationInvalid)) throw error;
    log.error({ faults: error.faults }, 'settings refused, the ones before hold');
  }
}

/** Who is behind the door, and whose pages may read: it can change while the gateway runs. */
function tableOf({ ports, instances, corsOrigins }: Config): GatewayTable {
  return {
    corsOrigins,
    origins: {
      auth: originsOf(ports.auth, instances.auth),
      api: originsOf(ports.api, instances.api),
      bot: originsOf(ports.bot, instances.bot),
      monitor: originsOf(ports.monitorInternal, 1),
    },
  };
}

/** The balancer of auth as operators know it: how it shares, and each instance's health. */
export function mountBalancer(app: App, gateway: Gateway): void {
  const instances = () => gateway.report().upstreams['auth'] ?? [];
  app.get('/lb-stats', { config: { permission: 'public' } }, () => describeBalancer(instances()));
  app.get('/health', { config: { permission: 'public' } }, (_request, reply) => {
    const { healthy } = describeBalancer(instances());
    const status = healthy === 0 ? 'down' : healthy < instances().length ? 'degraded' : 'ready';
    return reply.code(healthy === 0 ? 503 : 200).send({ status, instances: instances() });
  });
}

function originsOf(port: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `http://127.0.0.1:${String(port + at)}`);
}
