import type { Socket } from 'node:net';
import type { Clock, Ids } from '@opora/kernel';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
// Not by its face: what stands behind that keeps states in this database.
import { createBreaker, type OperatedBreaker } from '../breaker/breaker.ts';
import type { Log } from '../log/index.ts';
import { gatherForCommit } from './after-commit.ts';
import { isRetryable } from './errors.ts';
import { createPool, namingFailures, type PoolStatistics } from './pool.ts';
import { PROBE_EVERY_MS, keepPulse } from './pulse.ts';
import { createSockets } from './sockets.ts';
import { openForStatements } from './statement.ts';
import type { NoTables, Tx } from './tx.ts';

const TRANSACTION_TRIES = 5;
const RETRY_BASE_MS = 20;
/** For those who wait in the background; people are answered sooner. */
const WAIT_MAX_MS = 30_000;

export interface Database {
  /** For single statements: each is its own transaction. A lost server is `DatabaseUnavailable`. */
  readonly read: Tx;
  /**
   * Runs `work` in one transaction and commits. Serialization failures and deadlocks are retried
   * (so `work` must only touch the database); a lost server is `DatabaseUnavailable`. A commit
   * whose answer was lost is `DatabaseUnavailable` too: the outcome is unknown, callers are
   * idempotent.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool;
  /**
   * Is the server there? While it is not closed, everything above throws `DatabaseAway` at once and
   * no connection is left open or made. Only the watch turns it: a busy pool is not a lost server.
   */
  readonly breaker: OperatedBreaker;
  readonly isAway: boolean;
  /** For connections beside the pool: a socket that is cut with all others. */
  readonly socket: () => Socket;
  /** Asks each second whether the server is there, until stopped. */
  keepWatch(): { stop(): Promise<void> };
  statistics(): PoolStatistics;
  close(): Promise<void>;
}

export function createDatabase(deps: {
  url: string;
  max: number;
  name: string;
  /** Longest wait for a connection while all are busy, milliseconds; absent: 30 s. */
  waitMaxMs?: number;
  log: Log;
  clock: Clock;
  ids: Pick<Ids, 'chance'>;
}): Database {
  const { breaker, isAway, sockets } = openLine(deps);
  const pool = createPool({ waitMaxMs: WAIT_MAX_MS, ...deps, sockets });
  const read = new Kysely<NoTables>({
    dialect: new PostgresDialect({ pool: namingFailures(pool, sockets) }),
  });
  openForStatements(read, { pool, sockets });

  async function once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let committed = (): void => undefined;
    const result = await read.transaction().execute((tx) => {
      committed = gatherForCommit(tx);
      return work(tx);
    });
    committed();
    return result;
  }

  async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(work);
      } catch (error) {
        if (!isRetryable(error) || attempt >= TRANSACTION_TRIES) throw error;
        await deps.clock.sleep(deps.ids.chance() * RETRY_BASE_MS * 2 ** attempt);
      }
    }
  }

  return {
    read,
    transaction,
    pool,
    breaker,
    get isAway() {
      return isAway();
    },
    socket: sockets.open,
    keepWatch: () => keepPulse({ ...deps, breaker }),
    statistics: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: deps.max,
    }),
    async close() {
      await read.destroy();
    },
  };
}

/** The breaker round the server, and the connections that fall with it. */
function openLine(deps: { clock: Clock; ids: Pick<Ids, 'chance'>; log: Log }) {
  const breaker = createBreaker({
    ...deps,
    name: 'database',
    consecutiveMax: 1,
    waitMaxMs: PROBE_EVERY_MS,
  });
  const isAway = (): boolean => breaker.state !== 'closed';
  const sockets = createSockets(isAway);
  let isKnown = false;
  breaker.onChange((state) => {
    if (state === 'open') sockets.cut();
    // Each probe in vain opens it anew.
    if (state === 'open' && !isKnown) deps.log.error('the database is away');
    else if (state === 'closed') deps.log.warn('the database is back');
    isKnown = state !== 'closed';
  });
  return { breaker, isAway, sockets };
}
