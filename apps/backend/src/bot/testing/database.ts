import { join } from 'node:path';
import pg from 'pg';
import { openMigrations } from '../../operations/migrations/runner.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { createDatabase, type Database } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createLog } from '../../platform/log/index.ts';

const CONNECTIONS = 10;

export const silentLog = createLog({ level: 'fatal', role: 'test', write: () => undefined });

/** A fresh migrated database on the test server; `close` ends the pool. */
export async function createTestDatabase(
  adminUrl: string,
): Promise<{ db: Database; url: string; close: () => Promise<void> }> {
  const name = `bot_${systemIds.next('req')}`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const address = new URL(adminUrl);
  address.pathname = `/${name}`;
  const url = address.href;
  const migrations = await openMigrations({
    ownerUrl: url,
    applicationRole: address.username,
    folder: join(import.meta.dirname, '../../../migrations'),
    now: () => systemClock.now(),
  });
  await migrations.up();
  await migrations.close();
  const db = createDatabase({
    url,
    max: CONNECTIONS,
    name: 'bot tests',
    log: silentLog,
    clock: systemClock,
    ids: systemIds,
  });
  return { db, url, close: () => db.close() };
}
