/** Runs of the reconciliation and the differences they met. */
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { COLUMNS, toPayment, type PaymentRow } from './repository.ts';

export const RUN_STATES = ['running', 'agreed', 'differs', 'partial', 'abandoned'] as const;
export type RunState = (typeof RUN_STATES)[number];

export type RunCounts = Readonly<{ theirs: number; ours: number; found: number; repaired: number }>;

export type ReconciliationRun = RunCounts &
  Readonly<{
    id: string;
    provider: string;
    day: string;
    state: RunState;
    failure: string | undefined;
    startedAt: Date;
    finishedAt: Date | undefined;
  }>;

type RunRow = RunCounts & {
  id: string;
  provider: string;
  day: string;
  state: string;
  failure: string | null;
  started_at: Date;
  finished_at: Date | null;
};

const RUN_COLUMNS = sql.raw(
  'id, provider, day, state, theirs, ours, found, repaired, failure, started_at, finished_at',
);

function toRun(row: RunRow): ReconciliationRun {
  const { started_at, finished_at, state, failure, ...rest } = row;
  return {
    ...rest,
    state: state as RunState, // a check constraint keeps it to the list
    failure: failure ?? undefined,
    startedAt: started_at,
    finishedAt: finished_at ?? undefined,
  };
}

/** `abandoned` says the state already when its process died: nobody had to begin the day anew. */
const STATE_NOW = sql.raw(
  `case when state = 'running' and lease_until < now() then 'abandoned' else state end as state`,
);

export type RunFilter = Readonly<{ provider?: string | undefined; day?: string | undefined }>;

/** Newest first. */
export async function selectRuns(
  tx: Tx,
  { provider, day }: RunFilter,
  page: PageWish,
): Promise<Page<ReconciliationRun>> {
  const conditions = [
    provider === undefined ? undefined : sql`provider = ${provider}`,
    day === undefined ? undefined : sql`day = ${day}`,
  ];
  const { rows } = await sql<RunRow>`
    select id, provider, day, ${STATE_NOW}, theirs, ours, found, repaired, failure, started_at,
           finished_at
      from reconciliation_run
    ${pageClause({ at: 'started_at', id: 'id' }, conditions, page)}`.execute(tx);
  return toPage(rows.map(toRun), page, ({ startedAt, id }) => ({ at: startedAt, id }));
}

/** Undefined while another process has this provider and day. A dead one's run is `abandoned`. */
export async function beginRun(
  tx: Tx,
  run: { id: string; provider: string; day: string; at: Date; leaseSeconds: number },
): Promise<ReconciliationRun | undefined> {
  await sql`update reconciliation_run set state = 'abandoned', finished_at = ${run.at}
     where provider = ${run.provider} and day = ${run.day} and state = 'running'
       and lease_until < now()`.execute(tx);
  const { rows } = await sql<RunRow>`
    insert into reconciliation_run (id, provider, day, started_at, lease_until)
    values (${run.id}, ${run.provider}, ${run.day}, ${run.at},
            now() + ${run.leaseSeconds} * interval '1 second')
    on conflict (provider, day) where state = 'running' do nothing
    returning ${RUN_COLUMNS}`.execute(tx);
  return rows.map(toRun)[0];
}

/** Writes how far it is and holds it for longer; false: another process has taken it over. */
export async function keepRun(
  tx: Tx,
  run: RunCounts & { id: string; leaseSeconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    update reconciliation_run
       set theirs = ${run.theirs}, ours = ${run.ours}, found = ${run.found},
           repaired = ${run.repaired},
           lease_until = now() + ${run.leaseSeconds} * interval '1 second'
     where id = ${run.id} and state = 'running' returning id`.execute(tx);
  return rows.length > 0;
}

export async function finishRun(
  tx: Tx,
  end: RunCounts & { id: string; state: RunState; failure: string | undefined; at: Date },
): Promise<ReconciliationRun | undefined> {
  const { rows } = await sql<RunRow>`
    update reconciliation_run
       set state = ${end.state}, failure = ${end.failure ?? null}, finished_at = ${end.at},
           theirs = ${end.theirs}, ours = ${end.ours}, found = ${end.found},
           repaired = ${end.repaired}
     where id = ${end.id} and state = 'running' returning ${RUN_COLUMNS}`.execute(tx);
  return rows.map(toRun)[0];
}

/** What a whole reading of a day met no more needs nobody. */
export async function closeUnmet(tx: Tx, run: ReconciliationRun): Promise<void> {
  await sql`update reconciliation_difference set state = 'gone'
     where provider = ${run.provider} and day = ${run.day} and state = 'open'
       and run_id <> ${run.id}`.execute(tx);
}

/** When each of these days was last tried, and last read to the end. */
export async function selectTries(
  tx: Tx,
  days: readonly string[],
): Promise<{ provider: string; day: string; triedAt: Date; readAt: Date | null }[]> {
  const { rows } = await sql<{
    provider: string;
    day: string;
    tried_at: Date;
    read_at: Date | null;
  }>`
    select provider, day, max(started_at) as tried_at,
           max(started_at) filter (where state in ('agreed', 'differs')) as read_at
      from reconciliation_run where day = any(${days}::text[])
     group by provider, day`.execute(tx);
  return rows.map(({ provider, day, tried_at, read_at }) => ({
    provider,
    day,
    triedAt: tried_at,
    readAt: read_at,
  }));
}

/** As it stands; undefined: there is no such run. */
export async function selectRun(tx: Tx, id: string): Promise<ReconciliationRun | undefined> {
  const { rows } = await sql<RunRow>`
    select ${RUN_COLUMNS} from reconciliation_run where id = ${id}`.execute(tx);
  return rows.map(toRun)[0];
}

/** Payments of these references or ids at one provider; not locked. */
export async function selectKnown(
  tx: Tx,
  provider: string,
  facts: readonly ProviderPayment[],
): Promise<Payment[]> {
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where provider = ${provider}
       and (id = any(${facts.flatMap(({ paymentId }) => paymentId ?? [])}::text[])
        or reference = any(${facts.map(({ reference }) => reference)}::text[]))`.execute(tx);
  return rows.map(toPayment);
}

/** Our payments of a span in the order they were made, after one of them. */
export async function selectOfSpan(
  tx: Tx,
  span: {
    provider: string;
    from: Date;
    to: Date;
    onlyMoney: boolean;
    after: Payment | undefined;
    limit: number;
  },
): Promise<Payment[]> {
  const { after } = span;
  const { rows } = await sql<PaymentRow>`
    select ${COLUMNS} from payment
     where provider = ${span.provider} and created_at >= ${span.from} and created_at < ${span.to}
       and (${!span.onlyMoney} or settled_at is not null)
       and ${after === undefined ? sql`true` : sql`(created_at, id) > (${after.createdAt}, ${after.id})`}
     order by created_at, id limit ${span.limit}`.execute(tx);
  return rows.map(toPayment);
}
