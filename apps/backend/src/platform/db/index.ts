/**
 * PostgreSQL for serving roles: one pool a process, Kysely over it, transactions that retry what
 * PostgreSQL asks to be retried. A repository sees only the tables it names
 * (`tx.$extendTables<PaymentTables>()`).
 *
 * Limits: 20 connections, up to 10 more under load (fewer when the budget over all processes says
 * so), 30 s to get one (people are told sooner), recycled after an hour, 10 s idle inside a transaction.
 *
 * A server that is away is noticed by a watch of its own (`pulse.ts`) within four seconds, at once
 * when it was killed; from then on every call fails at once as `DatabaseAway`.
 */
export { afterCommit } from './after-commit.ts';
export { createDatabase, type Database } from './database.ts';
export { DatabaseAway, DatabaseUnavailable, isAway } from './errors.ts';
export type { TableNames } from './naming.ts';
export { poolSize, type PoolStatistics } from './pool.ts';
export { statement, type Statement } from './statement.ts';
export { createDoorbell, type Doorbell } from './doorbell.ts';
export { pageClause, pageWish, toPage, type Page, type PageKey, type PageWish } from './page.ts';
export { sql, type Tx } from './tx.ts';
