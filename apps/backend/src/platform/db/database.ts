import type { Clock, Ids } from '@opora/kernel';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Log } from '../log/index.ts';
import { gatherForCommit } from './after-commit.ts';
import { isRetryable } from './errors.ts';
import { createPool, namingFailures, type PoolStatistics } from './pool.ts';
import { openForStatements } from './statement.ts';
import type { NoTables, Tx } from './tx.ts';

const TRANSACTION_TRIES = 5;
const RETRY_BASE_MS = 20;

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
  statistics(): PoolStatistics;
  close(): Promise<void>;
}

export function createDatabase(deps: {
  url: string;
  max: number;
  name: string;
  log: Log;
  clock: Clock;
  ids: Pick<Ids, 'chance'>;
}): Database {
  const pool = createPool(deps);
  const read = new Kysely<NoTables>({
    dialect: new PostgresDialect({ pool: namingFailures(pool) }),
  });
  openForStatements(read, pool);

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
