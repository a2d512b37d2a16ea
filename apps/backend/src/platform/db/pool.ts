import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Log } from '../log/index.ts';
import { DatabaseUnavailable, rethrow } from './errors.ts';
import type { Sockets } from './sockets.ts';

/** Connections a process uses at rest and how many more it may take under load. */
const POOL_BASE = 20;
const POOL_OVERFLOW = 10;
const IDLE_MAX_MS = 30_000;
const LIFETIME_MAX_S = 3600;
const IDLE_IN_TRANSACTION_MAX_MS = 10_000;
const STATEMENT_MAX_MS = 15_000;
/** Distinct statements prepared per connection; more would be a query built per request. */
const PREPARED_MAX = 500;

export type PoolStatistics = Readonly<{
  total: number;
  idle: number;
  waiting: number;
  max: number;
}>;

/** This process's share of the connections all processes together may open. */
export function poolSize(connectionsMax: number, processes: number): number {
  const share = Math.floor(connectionsMax / Math.max(1, processes));
  return Math.max(2, Math.min(POOL_BASE + POOL_OVERFLOW, share));
}

export function createPool(options: {
  url: string;
  max: number;
  name: string;
  /** Longest that a caller waits for a connection while all of them are busy, milliseconds. */
  waitMaxMs: number;
  sockets: Sockets;
  log: Log;
}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    connectionTimeoutMillis: options.waitMaxMs,
    stream: options.sockets.open,
    idleTimeoutMillis: IDLE_MAX_MS,
    maxLifetimeSeconds: LIFETIME_MAX_S,
    statement_timeout: STATEMENT_MAX_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MAX_MS,
    types: {
      getTypeParser: (oid, format): unknown =>
        oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format),
    },
  });
  // That the server is away is said once, not by each connection.
  const lost = (error: Error, what: string): void => {
    const level = error instanceof DatabaseUnavailable ? 'debug' : 'warn';
    options.log[level]({ error: error.message }, what);
  };
  // Without listeners a connection that dies while idle would end the process.
  pool.on('error', (error) => {
    lost(error, 'idle database connection lost');
  });
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      lost(error, 'database connection lost');
    });
    prepareAutomatically(client);
  });
  return pool;
}

/**
 * Gives every statement text a name, so PostgreSQL plans it once per connection. The texts of this
 * code base are a closed set; the bound is for the day when somebody builds one per request.
 */
function prepareAutomatically(client: pg.PoolClient): void {
  const names = new Map<string, string>();
  const query = client.query.bind(client) as (...args: unknown[]) => unknown; // one of many overloads
  const named = (first: unknown, second?: unknown, ...rest: unknown[]): unknown => {
    if (typeof first !== 'string' || !Array.isArray(second)) return query(first, second, ...rest);
    let name = names.get(first);
    if (name === undefined && names.size < PREPARED_MAX) {
      name = `s${String(names.size)}`;
      names.set(first, name);
    }
    if (name === undefined) return query(first, second, ...rest);
    return query({ name, text: first, values: second }, ...rest);
  };
  Object.assign(client, { query: named });
}

/**
 * The pool as the query builder sees it: a lost server has one name in every statement, and one
 * that is known to be away is not asked at all.
 */
export function namingFailures(pool: pg.Pool, sockets: Sockets): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      sockets.check();
      const client = await pool.connect().catch(rethrow);
      const named = known.get(client) ?? namingClient(client);
      known.set(client, named);
      return named;
    },
  };
}

function namingClient(client: pg.PoolClient): PostgresPoolClient {
  const query = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
    client.query(text, [...values]).catch(rethrow);
  return {
    query: query as unknown as PostgresPoolClient['query'], // without its form for cursors: nothing opens one
    release: () => {
      client.release();
    },
  };
}
