/**
 * A database and roles of a benchmark's own: temporary folder, free ports, PostgreSQL as durable
 * as in production, the real migrations, the real role processes with the local platform's flags.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { composeModules, type Modules } from '../../src/compose.ts';
import { loadConfig, type Environment } from '../../src/config/load.ts';
import { portsFrom, type Config } from '../../src/config/shape.ts';
import { checkPorts } from '../../src/operations/local-platform/check-ports.ts';
import { rosterOf } from '../../src/operations/local-platform/roster.ts';
import { DATABASE_NAME, ensureLocalState } from '../../src/operations/local-state.ts';
import { openMigrations } from '../../src/operations/migrations/runner.ts';
import { provisionDatabase, startEmbeddedPostgres } from '../../src/operations/postgres/index.ts';
import { beginLife, type Life } from '../../src/operations/process/life.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { systemIds } from '../../src/platform/ids/index.ts';
import { createLifecycle, type Lifecycle } from '../../src/platform/lifecycle/index.ts';
import { createLog } from '../../src/platform/log/index.ts';

/** Above what drills take, below what the system gives away; all offsets fit in between. */
const PORT_BASES = { first: 30_000, count: 160, step: 10 };
const PORT_TRIES = 40;
const READY_WITHIN_MS = 60_000;

export type World = Readonly<{
  config: Config;
  lifecycle: Lifecycle;
  /** The application's own address: privileges and policies cost the same on both sides. */
  url: string;
  parts: Modules;
  /** As the superuser, past triggers and privileges: for emptying and filling tables. */
  admin(statement: string): Promise<pg.QueryResult>;
  /** Starts a role as `opora up` would; resolves when it is ready. */
  role(name: string, settings?: Environment): Promise<Life>;
  /** Starts a program of the benchmark; the same rules. */
  program(script: string, given: unknown): Promise<Life>;
}>;

export function benchLifecycle(): Lifecycle {
  return createLifecycle({
    clock: systemClock,
    log: createLog({ level: 'warn', role: 'bench', write: (line) => process.stderr.write(line) }),
  });
}

export async function openHome(lifecycle: Lifecycle): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'opora-bench-'));
  // Root's PostgreSQL may run as another user, who has to pass through; secrets in it are 0600.
  await chmod(home, 0o711);
  lifecycle.onStop('folder', () => rm(home, { recursive: true, force: true }));
  return home;
}

export async function openWorld(lifecycle: Lifecycle): Promise<World> {
  const home = await openHome(lifecycle);
  const base = await freePortBase();
  const ports = portsFrom(base);
  await ensureLocalState({ home, ports, clock: systemClock, ids: systemIds });
  const environment: Environment = {
    PATH: process.env['PATH'],
    NODE_OPTIONS: process.env['NODE_OPTIONS'],
    OPORA_ENV: 'development',
    OPORA_HOME: home,
    OPORA_PORT_BASE: String(base),
    OPORA_SIMULATORS: 'off',
    OPORA_LOG_LEVEL: 'warn',
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_SECRET_KEY: 'test_bench',
    YOOKASSA_WEBHOOK_NETWORKS: '127.0.0.1/32',
    TELEGRAM_BOT_TOKEN: '7000000001:bench-bench-bench-bench-bench-bench',
    TELEGRAM_API_URL: `http://127.0.0.1:${String(ports.simulators)}/telegram`,
    // Telegram in a benchmark is a stub of ours: the webhook's way is measured, not polling.
    OPORA_PUBLIC_URL: `http://127.0.0.1:${String(ports.gateway)}`,
  };
  const config = loadConfig(environment);
  const { admin, url } = await openDatabase(config, home, lifecycle);
  const parts = await composeModules(config, 'bench', 0);
  lifecycle.onStop('modules', () => parts.lifecycle.stop('done'));
  await parts.catalog.seed(parts.product.slug, parts.product.plans);

  async function launch(args: readonly string[], settings: Environment): Promise<Life> {
    const ready = Promise.withResolvers<undefined>();
    const life = beginLife(
      { args, environment: { ...environment, ...settings } },
      {
        clock: systemClock,
        onLine: (line) => void process.stderr.write(`${line}\n`),
        onMessage: () => ready.resolve(undefined),
      },
    );
    lifecycle.onStop(args.join(' '), () => life.end());
    const failure = await Promise.race([
      ready.promise,
      life.ended.then(({ words }) => words),
      systemClock.sleep(READY_WITHIN_MS).then(() => 'not ready in time'),
    ]);
    if (failure !== undefined) throw new Error(`${args.join(' ')}: ${failure}`);
    return life;
  }

  return {
    config,
    lifecycle,
    url,
    parts,
    admin,
    async role(name, settings = {}) {
      const spec = rosterOf(config).roles.find(({ role }) => role === name);
      if (spec === undefined) throw new Error(`no role ${name}`);
      return launch(spec.args, settings);
    },
    program: (script, given) =>
      launch([join(import.meta.dirname, '..', script), JSON.stringify(given)], {}),
  };
}

async function openDatabase(
  config: Config,
  home: string,
  lifecycle: Lifecycle,
): Promise<Pick<World, 'admin' | 'url'>> {
  const [app, owner] = [config.database.url, config.database.ownerUrl].map(
    (url) => new URL(url?.reveal() ?? ''),
  );
  if (app === undefined || owner === undefined) throw new Error('no database addresses were made');
  const port = config.ports.postgres;
  const server = await startEmbeddedPostgres({ home, port, clock: systemClock });
  lifecycle.onStop('postgres', () => server.stop());
  await provisionDatabase({
    adminUrl: server.url,
    database: DATABASE_NAME,
    owner: { name: owner.username, password: owner.password },
    app: { name: app.username, password: app.password },
    extensions: [],
  });
  const migrations = await openMigrations({
    ownerUrl: owner.href,
    applicationRole: app.username,
    folder: join(config.root, 'apps/backend/migrations'),
    now: () => systemClock.now(),
  });
  await migrations.up();
  await migrations.close();
  const client = new pg.Client({
    connectionString: server.url.replace(/postgres$/, DATABASE_NAME),
    // Lets the superuser empty tables whose triggers refuse it to everybody.
    options: '-c session_replication_role=replica',
  });
  await client.connect();
  lifecycle.onStop('admin connection', () => client.end());
  return { url: app.href, admin: (statement) => client.query(statement) };
}

/** A free OPORA_PORT_BASE with everything that follows from it. */
export async function freePortBase(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const base = PORT_BASES.first + Math.floor(Math.random() * PORT_BASES.count) * PORT_BASES.step;
    const ports = portsFrom(base);
    const isFree = await checkPorts({ ...ports, postgres: 0 }, [ports.postgres]).then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
  throw new Error('no free ports between 30000 and 32700');
}
