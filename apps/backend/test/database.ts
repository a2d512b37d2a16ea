/**
 * A database of its own for each test file: a clone of a template that the real migrations built
 * once per server. Tests connect as the application's role, so its rights are tested with them.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openMigrations } from '../src/operations/migrations/runner.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createDatabase, type Database, type Doorbell } from '../src/platform/db/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createLog, type Log } from '../src/platform/log/index.ts';

export const APPLICATION_ROLE = 'opora_app';
export const MIGRATIONS = join(import.meta.dirname, '../migrations');

/** Taken while the template is looked for or built: test files start at the same time. */
const TEMPLATE_LOCK = 4_711;
const CONNECTIONS = 20;

export type TestDatabase = Readonly<{
  db: Database;
  /** The application's address. */
  url: string;
  /** The superuser's address of the same database. */
  ownerUrl: string;
  close(): Promise<void>;
}>;

/** Errors only: a test that expects a warning reads the database, not the log. */
export function quietLog(): Log {
  return createLog({ level: 'fatal', role: 'test' });
}

/** For tests in which nobody waits to be woken. */
export const silentBell: Doorbell = {
  ring: () => undefined,
  listen: () => ({ stop: () => Promise.resolve() }),
};

/** A fresh database with all tables. It is dropped with its server, at the end of the run. */
export async function cloneDatabase(connections = CONNECTIONS): Promise<TestDatabase> {
  const name = uniqueName('test');
  const template = await ensureTemplate();
  await asSuperuser(async (client) => {
    await client.query(`create database ${name} template ${template}`);
  });
  const url = addressOf(name, APPLICATION_ROLE);
  const db = createDatabase({
    url,
    max: connections,
    name: 'test',
    log: quietLog(),
    clock: systemClock,
    ids: systemIds,
  });
  return { db, url, ownerUrl: addressOf(name), close: () => db.close() };
}

/** A database without any table; returns the owner's address. */
export async function createEmptyDatabase(): Promise<string> {
  const name = uniqueName('empty');
  await asSuperuser(async (client) => {
    await ensureRole(client);
    await client.query(`create database ${name}`);
  });
  return addressOf(name);
}

/** Runs statements as the owner on a connection of its own. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function ensureTemplate(): Promise<string> {
  // Named after the migrations, so that a server that outlives a run never gives an old template.
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.ts'));
  const newest = files.toSorted().at(-1) ?? '';
  const name = `template_${newest.replace(/\W/g, '_')}_${String(files.length)}`;
  await asSuperuser(async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rows.length > 0) return;
    await ensureRole(client);
    const draft = uniqueName('draft');
    await client.query(`create database ${draft}`);
    const migrations = await openMigrations({
      ownerUrl: addressOf(draft),
      applicationRole: APPLICATION_ROLE,
      folder: MIGRATIONS,
      now: () => systemClock.now(),
    });
    await migrations.up().finally(() => migrations.close());
    // Under its name only when it is whole.
    await client.query(`alter database ${draft} rename to ${name}`);
  });
  return name;
}

async function ensureRole(client: pg.Client): Promise<void> {
  await client.query(`do $$ begin
    if not exists (select from pg_roles where rolname = '${APPLICATION_ROLE}') then
      create role ${APPLICATION_ROLE} login;
    end if;
  exception when duplicate_object or unique_violation then null;
  end $$`);
}

async function asSuperuser(work: (client: pg.Client) => Promise<void>): Promise<void> {
  await asOwner(inject('postgresUrl'), work);
}

function addressOf(database: string, user?: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  if (user !== undefined) {
    url.username = user;
    url.password = '';
  }
  return url.href;
}

function uniqueName(kind: string): string {
  return `${kind}_${systemIds.next('req')}`;
}
