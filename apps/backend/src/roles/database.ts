/** The `database` role: owns the embedded PostgreSQL, restarts it when it dies, stops it on leaving. */
import { createServer } from 'node:http';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import { DATABASE_NAME, superuserPassword } from '../operations/local-state.ts';
import { greet } from '../operations/greeting.ts';
import { keepServer, type KeptServer } from '../operations/postgres/keep.ts';
import { openCluster, PostgresRefused, provisionDatabase } from '../operations/postgres/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Lifecycle, type Running } from '../platform/lifecycle/index.ts';

const GREETING_MAX_MS = 4_000;

export async function start(config: Config, instance: number): Promise<Running> {
  const log = createRoleLog(config, 'database', { instance });
  const lifecycle = createLifecycle({ clock: systemClock, log });
  const [app, owner] = [config.database.url, config.database.ownerUrl].map((url) =>
    url === undefined ? undefined : new URL(url.reveal()),
  );
  if (!config.database.embedded || app === undefined || owner === undefined) {
    throw new PostgresRefused(
      'nothing to run: DATABASE_URL names a server, or `opora up` never ran in this OPORA_HOME',
    );
  }
  const cluster = await openCluster({
    home: config.home,
    port: config.ports.postgres,
    password: await superuserPassword(config.home, systemIds),
    connectionsMax: config.database.connectionsMax,
    clock: systemClock,
    onLine: (line) => {
      if (/^(WARNING|ERROR)/.test(line)) log.warn({ postgres: line }, 'postgres');
      else if (/^(FATAL|PANIC)/.test(line)) log.error({ postgres: line }, 'postgres');
      else log.debug({ postgres: line }, 'postgres');
    },
  });
  const at = { host: '127.0.0.1', port: config.ports.postgres, says: 'postgres' } as const;
  const kept = await keepServer({
    ...{ cluster, clock: systemClock, chance: systemIds.chance, log },
    greet: () => greet(at, GREETING_MAX_MS),
  });
  lifecycle.onStop('postgres', () => kept.stop());
  await provisionDatabase({
    adminUrl: cluster.url,
    database: DATABASE_NAME,
    owner: { name: owner.username, password: decodeURIComponent(owner.password) },
    app: { name: app.username, password: decodeURIComponent(app.password) },
    extensions: cluster.preloaded,
  }).catch(async (error: unknown) => {
    await lifecycle.stop('provisioning failed');
    throw error;
  });

  const port = config.ports.databaseInternal;
  await serveHealth({ port, version: readVersion(config.root) }, kept, lifecycle).catch(
    async (error: unknown) => {
      await lifecycle.stop('no health listener');
      throw error;
    },
  );
  log.info({ port: config.ports.postgres, pid: kept.pid() }, 'postgres accepts connections');
  return { ready: () => kept.accepting(), stop: (reason) => lifecycle.stop(reason) };
}

async function serveHealth(
  { port, version }: { port: number; version: string },
  kept: KeptServer,
  lifecycle: Lifecycle,
): Promise<void> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const up = kept.accepting() && !lifecycle.stopping;
    if (path === '/health/live') response.writeHead(200).end('live\n');
    else if (path === '/health/ready') response.writeHead(up ? 200 : 503).end(`${String(up)}\n`);
    else if (path === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
      response.end(
        `# TYPE build_info gauge\nbuild_info{version="${version}"} 1\n` +
          `# TYPE opora_postgres_up gauge\nopora_postgres_up ${up ? '1' : '0'}\n` +
          `# TYPE opora_postgres_restarts_total counter\nopora_postgres_restarts_total ${String(kept.restarts())}\n`,
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  lifecycle.onStop('health listener', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
}
