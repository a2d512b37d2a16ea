import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asOwner,
  cloneDatabase,
  createEmptyDatabase,
  MIGRATIONS,
  type TestDatabase,
} from '../../../../test/database.ts';
import { loadConfig } from '../../../config/load.ts';
import { systemClock } from '../../../platform/clock/index.ts';
import { openDatabaseLine, type DatabaseLine } from '../database-line.ts';
import { checkConnections } from './connections.ts';
import { checkDatabase } from './database.ts';
import { checkDatabaseRoles } from './database-roles.ts';
import { checkMigrations } from './migrations.ts';

let base: TestDatabase;
let app: DatabaseLine;
let owner: DatabaseLine;
const opened: DatabaseLine[] = [];

function open(url: string, change: (url: URL) => void = () => undefined): DatabaseLine {
  const address = new URL(url);
  change(address);
  const line = openDatabaseLine(address.href);
  opened.push(line);
  return line;
}

beforeAll(async () => {
  base = await cloneDatabase(2);
  [app, owner] = [open(base.url), open(base.ownerUrl)];
});
afterAll(async () => {
  await Promise.all(opened.map((line) => line.close()));
  await base.close();
});

/** Nothing listens on the port of the discard service. */
const away = () =>
  open(base.url, (url) => {
    url.port = '9';
  });
const config = (connections: string) =>
  loadConfig({
    ...{ OPORA_HOME: '/nonexistent', DATABASE_URL: base.url },
    DATABASE_CONNECTIONS_MAX: connections,
  });

describe('the server', () => {
  it('is good when it answers and is new enough', async () => {
    const found = await checkDatabase(app, systemClock).run();
    expect(found).toMatchObject({ state: 'good' });
    expect(found.says).toMatch(/^PostgreSQL \d+\.\d+ at 127\.0\.0\.1:\d+, answers in \d+ ms$/);
  });

  it.each([
    ['nothing listens there', (url: URL) => void (url.port = '9')],
    ['refuses this role', (url: URL) => void (url.username = 'nobody_at_all')],
    ['has no such database', (url: URL) => void (url.pathname = '/nothing_of_the_kind')],
    ['has a name that nobody knows', (url: URL) => void (url.hostname = 'nowhere.invalid')],
  ])('is wrong: %s', async (words, change) => {
    const found = await checkDatabase(open(base.url, change), systemClock).run();
    expect(found).toMatchObject({ state: 'wrong' });
    expect(found.says).toContain(words);
  });

  it('is wrong when it is too old', async () => {
    const old = { number: '140012', version: '14.12' };
    const line = { ...app, one: async <Row>() => old as Row }; // what such a server would answer
    expect((await checkDatabase(line, systemClock).run()).says).toMatch(/14\.12 at .* is too old$/);
  });

  it('that is away is told once: what needs it is not looked at', async () => {
    const line = away();
    const checks = [
      checkMigrations(line, MIGRATIONS),
      checkDatabaseRoles(line, line),
      checkConnections(line, config('100')),
    ];
    for (const check of checks) {
      expect(await check.run()).toEqual({ state: 'skipped', says: 'needs the database' });
    }
  });
});

describe('the migrations', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opora-migrations-'));
    const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.ts'));
    await Promise.all(files.map((file) => writeFile(join(folder, file), '')));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are good when all ran', async () => {
    const found = await checkMigrations(app, MIGRATIONS).run();
    expect(found).toMatchObject({ state: 'good' });
  });

  it('are wrong when one did not run, or none', async () => {
    await writeFile(join(folder, '29990101000000_later.ts'), '');
    expect((await checkMigrations(app, folder).run()).says).toMatch(/^1 of \d+ did not run yet$/);
    await rm(join(folder, '29990101000000_later.ts'));
    const empty = open(await createEmptyDatabase());
    expect(await checkMigrations(empty, folder).run()).toMatchObject({ state: 'wrong' });
    expect(await checkDatabaseRoles(empty, empty).run()).toMatchObject({ state: 'skipped' });
  });

  it('warn when a newer program was here', async () => {
    const [newest = ''] = (await readdir(folder)).toSorted().reverse();
    await rm(join(folder, newest));
    expect(await checkMigrations(app, folder).run()).toMatchObject({
      state: 'warning',
      says: `a newer program changed this database: ${newest.replace('.ts', '')}`,
    });
  });
});

describe('the roles', () => {
  it('are good when the application cannot rewrite the ledger', async () => {
    const found = await checkDatabaseRoles(app, owner).run();
    expect(found).toMatchObject({ state: 'good' });
  });

  it('warn when it can', async () => {
    const found = await checkDatabaseRoles(owner, owner).run();
    expect(found.says).toMatch(/may rewrite the ledger$/);
    expect(found).toMatchObject({ state: 'warning' });
  });

  it('are wrong when a table is closed to it, or the owner cannot log in', async () => {
    expect(await checkDatabaseRoles(app, away()).run()).toMatchObject({ state: 'wrong' });
    await asOwner(base.ownerUrl, (client) =>
      client.query('revoke select on person from opora_app'),
    );
    const found = await checkDatabaseRoles(app, owner).run();
    expect(found).toMatchObject({ state: 'wrong', says: 'opora_app may not use 1 tables' });
  });
});

describe('the connections', () => {
  it('are good when all processes together fit', async () => {
    const found = await checkConnections(app, config('40')).run();
    expect(found.says).toMatch(/^we may open 39, the server gives \d+, \d+ in use$/);
    expect(found).toMatchObject({ state: 'good' });
  });

  it('warn when they do not, and say what would', async () => {
    const name = new URL(base.url).pathname.slice(1);
    await asOwner(base.ownerUrl, (client) =>
      client.query(`alter database ${name} connection limit 33`),
    );
    const found = await checkConnections(app, config('40')).run();
    expect(found).toMatchObject({ state: 'warning' });
    expect(found.mend).toMatch(/^DATABASE_CONNECTIONS_MAX=30,/);
  });
});
