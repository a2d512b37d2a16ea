import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** Who did what, to whom and why. Insert only, for the owner too, as the ledger is. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    id: p.text().primary(),
    at: p.datetime(6),
    /** A person's id, or `system`. */
    actorId: p.text(),
    /** As the actor was called then: names change, the log does not. */
    actorName: p.text(),
    act: p.text(),
    subjectKind: p.text(),
    subjectId: p.text(),
    personId: p.text().nullable(),
    reason: p.text().nullable(),
    before: p.json<Record<string, string | null>>().nullable(),
    after: p.json<Record<string, string | null>>().nullable(),
    result: p.text(),
    requestId: p.text().nullable(),
    remoteAddress: p.text().nullable(),
    /** The caller's key: an act with the same key is the same act (principle 8). */
    idempotencyKey: p.text().nullable(),
  },
  uniques: [{ name: 'audit_entry_idempotency_key', properties: ['idempotencyKey'] }],
  indexes: [
    { name: 'audit_entry_at_idx', properties: ['at', 'id'] },
    { name: 'audit_entry_actor_idx', properties: ['actorId', 'at'] },
    { name: 'audit_entry_subject_idx', properties: ['subjectId', 'at'] },
    { name: 'audit_entry_person_idx', properties: ['personId', 'at'] },
  ],
  checks: [{ name: 'audit_entry_result_check', expression: "result in ('done', 'refused')" }],
});

export type AuditTables = InferKyselyDB<typeof AuditEntry, TableNames>;
