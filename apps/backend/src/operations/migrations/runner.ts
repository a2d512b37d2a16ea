/**
 * Migrations: generated from the model, read by a person, run by a command and never by a serving
 * role. One runner at a time (advisory lock); a statement waits 1 s for its lock and then gives
 * up, because everybody else queues behind it.
 */
import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations as runJobMigrations } from 'graphile-worker';
import pg from 'pg';
import { model } from './model.ts';
import { grantPrivileges } from './privileges.ts';

export type MigrationStatus = Readonly<{ executed: string[]; pending: string[] }>;

export interface Migrations {
  /** Writes a file with the difference between the model and the snapshot; undefined: none. */
  create(slug: string): Promise<string | undefined>;
  /** Applies everything pending; returns the names. */
  up(): Promise<string[]>;
  /** Takes the newest one back; returns its name. */
  down(): Promise<string | undefined>;
  status(): Promise<MigrationStatus>;
  /** What the model wants and the database lacks, as SQL; empty when they agree. */
  drift(): Promise<string>;
  close(): Promise<void>;
}

/** One number for all Opora runners, taken for the length of a run. */
const ADVISORY_LOCK = 7_012_026;
const LOCK_TIMEOUT = '1s';

const openOrm = (ownerUrl: string, folder: string) =>
  MikroORM.init({
    clientUrl: ownerUrl,
    entities: model,
    extensions: [Migrator],
    debug: false,
    logger: () => undefined,
    driverOptions: { options: `-c lock_timeout=${LOCK_TIMEOUT}` },
    pool: { min: 0, max: 2 },
    schemaGenerator: {
      ignoreSchema: ['graphile_worker', 'quiet'],
      ignoreRoutines: true,
      ignoreTriggers: true,
      skipTables: ['mikro_orm_migrations', 'migration'],
      createForeignKeyConstraints: false,
    },
    migrations: {
      path: folder,
      tableName: 'migration',
      emit: 'ts',
      snapshot: true,
      snapshotName: 'model',
      snapshotOnMigrate: false,
      transactional: true,
      allOrNothing: false,
      disableForeignKeys: false,
      fileName: (timestamp, name) => `${timestamp}_${name ?? 'change'}`,
    },
  });

export async function openMigrations(options: {
  ownerUrl: string;
  /** The role serving processes use; the owner itself in a simple set-up. */
  applicationRole: string;
  folder: string;
  now: () => Date;
}): Promise<Migrations> {
  const orm = await openOrm(options.ownerUrl, options.folder);

  async function locked<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: options.ownerUrl });
    await client.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
      return await work(client);
    } finally {
      await client.end();
    }
  }

  return {
    async create(slug) {
      const made = await orm.migrator.create(undefined, false, false, slug);
      return made.diff.up.length === 0 ? undefined : join(options.folder, made.fileName);
    },
    up: () =>
      locked(async (client) => {
        const done = await orm.migrator.up();
        await runJobMigrations({ connectionString: options.ownerUrl, schema: 'graphile_worker' });
        await grantPrivileges(client, options.applicationRole);
        return done.map((migration) => migration.name);
      }),
    down: () =>
      locked(async () => {
        const done = await orm.migrator.down();
        return done.at(0)?.name;
      }),
    async status() {
      const [executed, pending] = [
        await orm.migrator.getExecuted(),
        await orm.migrator.getPending(),
      ];
      return {
        executed: executed.map((migration) => migration.name),
        pending: pending.map((migration) => migration.name),
      };
    },
    drift: async () => (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim(),
    close: () => orm.close(),
  };
}
