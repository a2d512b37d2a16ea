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

/** Which entry is in the chain at which place; append only as the log is. */
export const AuditSeal = defineEntity({
  name: 'AuditSeal',
  tableName: 'audit_seal',
  properties: {
    seq: p.bigint().primary().autoincrement(false),
    entryId: p.text(),
    hash: p.blob(),
    sealedAt: p.datetime(6),
  },
  uniques: [{ name: 'audit_seal_entry_key', properties: ['entryId'] }],
});

/** Entries that wait for their place. A trigger of the log fills it, so no writer can forget to. */
export const AuditUnsealed = defineEntity({
  name: 'AuditUnsealed',
  tableName: 'audit_unsealed',
  properties: { entryId: p.text().primary() },
});

export type AuditTables = InferKyselyDB<typeof AuditEntry, TableNames>;
