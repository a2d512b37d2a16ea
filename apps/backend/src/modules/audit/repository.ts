import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import type { AuditEntry, AuditFacts } from './entry.ts';

export type Row = {
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

export const COLUMNS = sql.raw(
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

export async function selectByIds(tx: Tx, ids: readonly string[]): Promise<AuditEntry[]> {
  const rows = await sql<Row>`
    select ${COLUMNS} from audit_entry where id = any(${ids}::text[])`.execute(tx);
  return rows.rows.map(toEntry);
}

export type LastAct = Readonly<{ actorId: string; act: string; at: Date }>;

/** Members of staff times kinds of acts. */
const LAST_ACTS_MAX = 50_000;

export async function selectLastActs(
  tx: Tx,
  actorIds: readonly string[],
  from: Date,
): Promise<LastAct[]> {
  const rows = await sql<{ actor_id: string; act: string; at: Date }>`
    select actor_id, act, max(at) as at from audit_entry
     where actor_id = any(${actorIds}::text[]) and at >= ${from} and result = 'done'
     group by actor_id, act order by actor_id, act limit ${LAST_ACTS_MAX}`.execute(tx);
  return rows.rows.map(({ actor_id, act, at }) => ({ actorId: actor_id, act, at }));
}

export type AuditFilter = Readonly<{
  actorId?: string | undefined;
  act?: string | undefined;
  subjectId?: string | undefined;
  personId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first. */
export async function selectEntries(
  tx: Tx,
  filter: AuditFilter,
  page: PageWish,
): Promise<Page<AuditEntry>> {
  const { actorId, act, subjectId, personId, from, to } = filter;
  const conditions = [
    actorId === undefined ? undefined : sql`actor_id = ${actorId}`,
    act === undefined ? undefined : sql`act = ${act}`,
    subjectId === undefined ? undefined : sql`subject_id = ${subjectId}`,
    personId === undefined ? undefined : sql`person_id = ${personId}`,
    from === undefined ? undefined : sql`at >= ${from}`,
    to === undefined ? undefined : sql`at < ${to}`,
  ];
  const rows = await sql<Row>`
    select ${COLUMNS} from audit_entry
    ${pageClause({ at: 'at', id: 'id' }, conditions, page)}`.execute(tx);
  return toPage(rows.rows.map(toEntry), page, (entry) => entry);
}

function json(facts: AuditFacts | undefined): string | null {
  return facts === undefined ? null : JSON.stringify(facts);
}

export function toEntry(row: Row): AuditEntry {
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
