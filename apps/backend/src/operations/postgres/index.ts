/**
 * PostgreSQL that came with npm, run by our own code: for a laptop, the drills, tests and
 * benchmarks. In production `DATABASE_URL` names a server and nothing here is loaded.
 */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@opora/kernel';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { clearLeftovers, type Leftovers } from './leftovers.ts';
import { explainRefusal, PostgresRefused } from './refused.ts';
import { startServer, type PostgresServer } from './server.ts';
import { canEnter, choosePostgresUser, type PostgresUser } from './unprivileged.ts';

export { provisionDatabase, type ProvisionPlan } from './provision.ts';
export { PostgresRefused } from './refused.ts';
export type { PostgresServer } from './server.ts';

export type EmbeddedOptions = Readonly<{
  /** OPORA_HOME, or a temporary folder; everything goes below its `postgres/`. */
  home: string;
  port: number;
  /** Of the superuser `postgres`; absent: local connections are trusted. */
  password?: string | undefined;
  fsync?: boolean | undefined;
  connectionsMax?: number | undefined;
  clock: Clock;
  /** Each line PostgreSQL writes. */
  onLine?: ((line: string) => void) | undefined;
}>;

/** A prepared data folder that servers are started on, one after another. */
export interface EmbeddedCluster {
  /** The superuser's address of the maintenance database. */
  readonly url: string;
  readonly preloaded: readonly string[];
  /** Clears what an earlier server left and starts one; throws `PostgresRefused`. */
  start(): Promise<PostgresServer & { readonly leftovers: Leftovers }>;
}

const CONNECTIONS_DEFAULT = 100;

export async function openCluster(options: EmbeddedOptions): Promise<EmbeddedCluster> {
  const folder = join(options.home, 'postgres');
  const { binaries, user } = await prepare(folder);
  const data = await ensureCluster({ folder, binaries, user, password: options.password });
  const secret = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}`;
  return {
    url: `postgres://postgres${secret}@127.0.0.1:${String(options.port)}/postgres`,
    preloaded: binaries.preloaded,
    async start() {
      const leftovers = await clearLeftovers(data, options.clock);
      const server = await startServer(
        {
          data,
          port: options.port,
          connectionsMax: options.connectionsMax ?? CONNECTIONS_DEFAULT,
          fsync: options.fsync ?? true,
        },
        { binaries, user, clock: options.clock, onLine: options.onLine },
      );
      return { ...server, leftovers };
    },
  };
}

/**
 * A server for tests and benchmarks in one call. `url` is the superuser's; `stop` leaves the
 * folder to the caller.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedOptions,
): Promise<Readonly<{ url: string; pid: number; stop(): Promise<void> }>> {
  const cluster = await openCluster(options);
  const server = await cluster.start();
  return { url: cluster.url, pid: server.pid, stop: () => server.stop() };
}

async function prepare(
  folder: string,
): Promise<{ binaries: PostgresBinaries; user: PostgresUser }> {
  const user = choosePostgresUser();
  try {
    await mkdir(folder, { recursive: true });
    if (user.kind === 'other') {
      // That user has to pass through our folder, though it may not list it.
      await chmod(folder, 0o711);
      if (!canEnter(folder, user)) throw cannotEnter(folder, user.name);
    }
    return { binaries: await findBinaries(folder, user), user };
  } catch (error) {
    if (error instanceof PostgresRefused || !(error instanceof Error)) throw error;
    throw explainRefusal([error.message], { folder });
  }
}

function cannotEnter(folder: string, name: string): PostgresRefused {
  return new PostgresRefused(
    `root cannot run PostgreSQL, and the user ${name} cannot enter ${folder}: name a folder it can enter with OPORA_HOME`,
  );
}
