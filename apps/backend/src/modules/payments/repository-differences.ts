/** What runs of the reconciliation met: one row per difference, however often it is met. */
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import type { DifferenceKind } from './difference.ts';

/** What one book says of a payment; sums are minor units as text. */
export type BookEntry = Readonly<{
  state: string;
  minor: string;
  refundedMinor: string;
  currency: string;
}>;

export type DifferenceState = 'open' | 'repaired' | 'gone';

export type Difference = Readonly<{
  id: string;
  runId: string;
  provider: string;
  day: string;
  kind: DifferenceKind;
  state: DifferenceState;
  reference: string;
  paymentId: string | undefined;
  ours: BookEntry | undefined;
  theirs: BookEntry | undefined;
  foundAt: Date;
  lastFoundAt: Date;
}>;

/** Found again it is the same difference, of the run that met it last. */
export async function upsertDifference(
  tx: Tx,
  found: Omit<Difference, 'foundAt' | 'lastFoundAt'> & { at: Date },
): Promise<void> {
  await sql`
    insert into reconciliation_difference as d
      (id, run_id, provider, day, kind, state, reference, payment_id, ours, theirs, found_at,
       last_found_at)
    values (${found.id}, ${found.runId}, ${found.provider}, ${found.day}, ${found.kind},
            ${found.state}, ${found.reference}, ${found.paymentId ?? null},
            ${json(found.ours)}::jsonb, ${json(found.theirs)}::jsonb, ${found.at}, ${found.at})
    on conflict (provider, reference, kind) do update set
      run_id = excluded.run_id, state = excluded.state, payment_id = excluded.payment_id,
      ours = excluded.ours, theirs = excluded.theirs, last_found_at = excluded.last_found_at
    `.execute(tx);
}

function json(entry: BookEntry | undefined): string | null {
  return entry === undefined ? null : JSON.stringify(entry);
}

type DifferenceRow = {
  id: string;
  run_id: string;
  provider: string;
  day: string;
  kind: string;
  state: string;
  reference: string;
  payment_id: string | null;
  ours: BookEntry | null;
  theirs: BookEntry | null;
  found_at: Date;
  last_found_at: Date;
};

const DIFFERENCE_COLUMNS = sql.raw(
  `id, run_id, provider, day, kind, state, reference, payment_id, ours, theirs, found_at,
   last_found_at`,
);

export type DifferenceFilter = Readonly<{
  provider?: string | undefined;
  kind?: DifferenceKind | undefined;
  state?: DifferenceState | undefined;
  runId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

/** Newest first, by when each was met for the first time. */
export async function selectDifferences(
  tx: Tx,
  filter: DifferenceFilter,
  page: PageWish,
): Promise<Page<Difference>> {
  const { provider, kind, state, runId, from, to } = filter;
  const conditions = [
    provider === undefined ? undefined : sql`provider = ${provider}`,
    kind === undefined ? undefined : sql`kind = ${kind}`,
    state === undefined ? undefined : sql`state = ${state}`,
    runId === undefined ? undefined : sql`run_id = ${runId}`,
    from === undefined ? undefined : sql`found_at >= ${from}`,
    to === undefined ? undefined : sql`found_at < ${to}`,
  ];
  const { rows } = await sql<DifferenceRow>`
    select ${DIFFERENCE_COLUMNS} from reconciliation_difference
    ${pageClause({ at: 'found_at', id: 'id' }, conditions, page)}`.execute(tx);
  return toPage(rows.map(toDifference), page, ({ foundAt, id }) => ({ at: foundAt, id }));
}

function toDifference(row: DifferenceRow): Difference {
  return {
    id: row.id,
    runId: row.run_id,
    provider: row.provider,
    day: row.day,
    kind: row.kind as DifferenceKind, // written by us from the list
    state: row.state as DifferenceState, // a check constraint keeps it to the three
    reference: row.reference,
    paymentId: row.payment_id ?? undefined,
    ours: row.ours ?? undefined,
    theirs: row.theirs ?? undefined,
    foundAt: row.found_at,
    lastFoundAt: row.last_found_at,
  };
}
