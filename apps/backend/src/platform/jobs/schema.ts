import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../db/naming.ts';

/** A living pool of workers; one whose beat is old is dead and its jobs are freed. */
export const WorkerLease = defineEntity({
  name: 'WorkerLease',
  tableName: 'worker_lease',
  properties: {
    poolId: p.text().primary(),
    beatAt: p.datetime(6),
  },
});

/** Work only one process may do (polling Telegram): a lease with a fence that grows. */
export const ProcessLease = defineEntity({
  name: 'ProcessLease',
  tableName: 'process_lease',
  properties: {
    name: p.text().primary(),
    holder: p.text(),
    fence: p.bigint('bigint'),
    expiresAt: p.datetime(6),
  },
});

export type JobTables = InferKyselyDB<typeof WorkerLease | typeof ProcessLease, TableNames>;
