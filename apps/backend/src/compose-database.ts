/** The database as the composition opens it: its pool, its watch, its bells, and what is told of it. */
import { demand, processesWithDatabase, type Platform } from './compose-parts.ts';
import { createDatabase, createDoorbell, poolSize } from './platform/db/index.ts';
import type { Database, Doorbell } from './platform/db/index.ts';
import type { Readiness } from './platform/http/index.ts';
import type { Metrics } from './platform/metrics/index.ts';

/**
 * Longest wait for a connection while all are busy, for roles that answer people: they have ten
 * seconds for the whole answer. The others are as patient as the pool.
 */
const ANSWERING_WAIT_MAX_MS = 8_000;
const ANSWERING = ['api', 'auth', 'bot'];

/** A command is over before a watch would help it: roles only. */
export function openDatabase(
  { config, clock, ids, log, lifecycle, metrics }: Platform,
  role: string,
): { db: Database; bell: (channel: string) => Doorbell } {
  const url = demand(config.database.url, 'DATABASE_URL').reveal();
  const db = createDatabase({
    url,
    max: poolSize(config.database.connectionsMax, processesWithDatabase(config)),
    name: `opora ${role}`,
    ...(ANSWERING.includes(role) ? { waitMaxMs: ANSWERING_WAIT_MAX_MS } : {}),
    log,
    clock,
    ids,
  });
  lifecycle.onStop('database', () => db.close());
  if (role in config.instances) {
    const watch = db.keepWatch();
    lifecycle.onStop('watch over the database', () => watch.stop());
  }
  observePool(metrics, db);
  const { read, socket } = db;
  return { db, bell: (channel) => createDoorbell({ channel, url, read, socket, clock, log }) };
}

/** An instance without its database says so and keeps its traffic: the others have none either. */
export function readinessWith(db: Database): () => Readiness {
  return () => ({ ready: true, degraded: db.isAway ? ['database'] : [] });
}

/** Figures of the pool for `/metrics`. */
function observePool(metrics: Metrics, db: Database): void {
  const figures = {
    db_pool_connections: ['Connections that are open.', () => db.statistics().total],
    db_pool_idle: ['Open connections nobody uses.', () => db.statistics().idle],
    db_pool_waiting: ['Callers that wait for one.', () => db.statistics().waiting],
    db_pool_max: ['Most connections this process may open.', () => db.statistics().max],
  } as const;
  for (const [name, [help, read]] of Object.entries(figures)) metrics.read(name, help, read);
}
