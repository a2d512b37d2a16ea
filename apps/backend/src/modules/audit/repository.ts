import { sql, type Tx } from '../../platform/db/index.ts';
import type { AuditEntry, AuditFacts } from './entry.ts';

type Row = {
  id: string;
  at: Date;
  actor_id: string;
  actor_name: string;
  act: string;
  subject_kind: string;
  subject_id: string;
  person_id: string | null;
  reason: string | null;
  before: AuditFacts | null;
  after: AuditFacts | null;
  result: string;
  request_id: string | null;
  remote_address: string | null;
};

const COLUMNS = sql.raw(
  `id, at, actor_id, actor_name, act, subject_kind, subject_id, person_id, reason, before, after,
   result, request_id, remote_address`,
);

/** False when an entry with this key is there already. */
export async function insertEntry(
  tx: Tx,
  entry: AuditEntry,
  key: string | undefined,
): Promise<boolean> {
  const rows = await sql`
    insert into audit_entry
      (id, at, actor_id, actor_name, act, subject_kind, subject_id, person_id, reason, before, after,
       result, request_id, remote_address, idempotency_key)
    values (${entry.id}, ${entry.at}, ${entry.actorId}, ${entry.actorName}, ${entry.act},
            ${entry.subject.kind}, ${entry.subject.id}, ${entry.personId ?? null},
            ${entry.reason ?? null}, ${json(entry.before)}, ${json(entry.after)}, ${entry.result},
            ${entry.requestId ?? null}, ${entry.remoteAddress ?? null}, ${key ?? null})
    on conflict (idempotency_key) do nothing
    returning id`.execute(tx);
  return rows.rows.length === 1;
}

export async function selectByKey(tx: Tx, key: string): Promise<AuditEntry | undefined> {
  const rows = await sql<Row>`
    select ${COLUMNS} from audit_entry where idempotency_key = ${key}`.execute(tx);
  return rows.rows.map(toEntry)[0];
}

export type AuditFilter = Readonly<{
  actorId?: string | undefined;
  act?: string | undefined;
  subjectId?: string | undefined;
  personId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first: entries older than `after` or newer than `before`, at most `limit`. */
export async function selectEntries(
  tx: Tx,
  filter: AuditFilter,
  page: { after?: AuditKey | undefined; before?: AuditKey | undefined; limit: number },
): Promise<AuditEntry[]> {
  const { after, before } = page;
  const rows = await sql<Row>`
    select ${COLUMNS} from audit_entry
     where (${filter.actorId ?? null}::text is null or actor_id = ${filter.actorId ?? null})
       and (${filter.act ?? null}::text is null or act = ${filter.act ?? null})
       and (${filter.subjectId ?? null}::text is null or subject_id = ${filter.subjectId ?? null})
       and (${filter.personId ?? null}::text is null or person_id = ${filter.personId ?? null})
       and (${filter.from ?? null}::timestamptz is null or at >= ${filter.from ?? null})
       and (${filter.to ?? null}::timestamptz is null or at < ${filter.to ?? null})
       ${after === undefined ? sql`` : sql`and (at, id) < (${after.at}, ${after.id})`}
       ${before === undefined ? sql`` : sql`and (at, id) > (${before.at}, ${before.id})`}
     order by at ${sql.raw(before === undefined ? 'desc' : 'asc')},
              id ${sql.raw(before === undefined ? 'desc' : 'asc')}
     limit ${page.limit}`.execute(tx);
  const entries = rows.rows.map(toEntry);
  return before === undefined ? entries : entries.toReversed();
}

export type AuditKey = Readonly<{ at: Date; id: string }>;

function json(facts: AuditFacts | undefined): string | null {
  return facts === undefined ? null : JSON.stringify(facts);
}

function toEntry(row: Row): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    actorId: row.actor_id,
    actorName: row.actor_name,
    act: row.act,
    subject: { kind: row.subject_kind, id: row.subject_id },
    personId: row.person_id ?? undefined,
    reason: row.reason ?? undefined,
    before: row.before ?? undefined,
    after: row.after ?? undefined,
    result: row.result === 'refused' ? 'refused' : 'done',
    requestId: row.request_id ?? undefined,
    remoteAddress: row.remote_address ?? undefined,
  };
}
