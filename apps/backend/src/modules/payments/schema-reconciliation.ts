import { defineEntity, p } from '@mikro-orm/postgresql';

/**
 * One comparison of a provider's book of a day with ours. At most one of a provider and day runs;
 * one whose process died is `abandoned` when its lease has passed.
 */
export const ReconciliationRun = defineEntity({
  name: 'ReconciliationRun',
  tableName: 'reconciliation_run',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    /** A day of UTC, `2026-11-24`. */
    day: p.text(),
    state: p.text().default('running'),
    /** Objects of theirs and payments of ours that were compared. */
    theirs: p.integer().default(0),
    ours: p.integer().default(0),
    found: p.integer().default(0),
    repaired: p.integer().default(0),
    /** Why the book was not read to its end. */
    failure: p.text().nullable(),
    startedAt: p.datetime(6),
    finishedAt: p.datetime(6).nullable(),
    leaseUntil: p.datetime(6),
  },
  uniques: [
    {
      name: 'reconciliation_run_one_key',
      properties: ['provider', 'day'],
      where: "state = 'running'",
    },
  ],
  indexes: [
    { name: 'reconciliation_run_newest_idx', properties: ['provider', 'startedAt'] },
    { name: 'reconciliation_run_started_idx', properties: ['startedAt', 'id'] },
  ],
  checks: [
    {
      name: 'reconciliation_run_state_check',
      expression: "state in ('running', 'agreed', 'differs', 'partial', 'abandoned')",
    },
  ],
});

/** Something the two books do not agree about; found again it is the same row. */
export const ReconciliationDifference = defineEntity({
  name: 'ReconciliationDifference',
  tableName: 'reconciliation_difference',
  properties: {
    id: p.text().primary(),
    /** The run that met it last. */
    runId: p.text(),
    provider: p.text(),
    day: p.text(),
    kind: p.text(),
    /** `open` needs a person; `repaired` by the run; `gone`: a later run met it no more. */
    state: p.text(),
    /** The vendor's id of its object; our payment's id where the vendor has none. */
    reference: p.text(),
    paymentId: p.text().nullable(),
    /** State and sums as each book has them; null: nothing there. */
    ours: p.json<Record<string, unknown>>().nullable(),
    theirs: p.json<Record<string, unknown>>().nullable(),
    foundAt: p.datetime(6),
    lastFoundAt: p.datetime(6),
  },
  uniques: [
    { name: 'reconciliation_difference_key', properties: ['provider', 'reference', 'kind'] },
  ],
  indexes: [
    { name: 'reconciliation_difference_found_idx', properties: ['foundAt', 'id'] },
    { name: 'reconciliation_difference_run_idx', properties: ['runId', 'id'] },
    { name: 'reconciliation_difference_payment_idx', properties: ['paymentId'] },
    {
      name: 'reconciliation_difference_open_idx',
      properties: ['provider', 'day'],
      where: "state = 'open'",
    },
  ],
  checks: [
    {
      name: 'reconciliation_difference_state_check',
      expression: "state in ('open', 'repaired', 'gone')",
    },
  ],
});
