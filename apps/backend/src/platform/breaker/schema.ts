import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../db/naming.ts';

/** How a breaker of one process stood when it last changed; staff reads it, no decision is made on it. */
export const BreakerStateRow = defineEntity({
  name: 'BreakerStateRow',
  tableName: 'breaker_state',
  properties: {
    dependency: p.text().primary(),
    /** `worker#0`: a restarted process takes its row over. */
    process: p.text().primary(),
    state: p.text(),
    changedAt: p.datetime(6),
  },
  checks: [{ name: 'breaker_state_check', expression: "state in ('closed', 'open', 'half_open')" }],
});

/** Where staff holds the breakers round one dependency, in every process, and until when. */
export const BreakerForceRow = defineEntity({
  name: 'BreakerForceRow',
  tableName: 'breaker_force',
  properties: {
    dependency: p.text().primary(),
    position: p.text(),
    until: p.datetime(6),
    actId: p.text(),
  },
  checks: [{ name: 'breaker_force_check', expression: "position in ('open', 'closed')" }],
});

export type BreakerTables = InferKyselyDB<
  typeof BreakerStateRow | typeof BreakerForceRow,
  TableNames
>;
