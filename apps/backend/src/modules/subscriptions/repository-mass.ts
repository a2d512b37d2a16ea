import { sql, type Tx } from '../../platform/db/index.ts';
import { COLUMNS, toSubscription, type SubscriptionRow } from './repository.ts';
import type { Subscription } from './subscription.ts';

/** `giving` and `taking` are under way; at most one extension is. */
export type MassState = 'giving' | 'given' | 'taking' | 'taken';

export type MassExtension = Readonly<{
  id: string;
  days: number;
  since: Date;
  state: MassState;
  cursor: string;
  meant: number;
  given: number;
  taken: number;
  reason: string;
  startedByName: string;
  startedAt: Date;
  finishedAt: Date | undefined;
  actId: string;
  undoActId: string | undefined;
  undoneByName: string | undefined;
}>;

type Row = {
  id: string;
  days: number;
  since: Date;
  state: string;
  cursor: string;
  meant: number;
  given: number;
  taken: number;
  reason: string;
  started_by_name: string;
  started_at: Date;
  finished_at: Date | null;
  act_id: string;
  undo_act_id: string | null;
  undone_by_name: string | null;
};

const NAMES = sql.raw(
  `id, days, since, state, cursor, meant, given, taken, reason, started_by_name, started_at,
   finished_at, act_id, undo_act_id, undone_by_name`,
);

function toMass(row: Row): MassExtension {
  return {
    id: row.id,
    days: row.days,
    since: row.since,
    state: row.state as MassState, // a check constraint keeps it to the list
    cursor: row.cursor,
    meant: row.meant,
    given: row.given,
    taken: row.taken,
    reason: row.reason,
    startedByName: row.started_by_name,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
    actId: row.act_id,
    undoActId: row.undo_act_id ?? undefined,
    undoneByName: row.undone_by_name ?? undefined,
  };
}

/** False while another one is under way. */
export async function insertMass(tx: Tx, mass: MassExtension): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    insert into mass_extension
      (id, days, since, state, meant, reason, started_by_name, started_at, act_id)
    values (${mass.id}, ${mass.days}, ${mass.since}, ${mass.state}, ${mass.meant}, ${mass.reason},
            ${mass.startedByName}, ${mass.startedAt}, ${mass.actId})
    on conflict ((true)) where state in ('giving', 'taking') do nothing
    returning id`.execute(tx);
  return rows.length === 1;
}

export async function lockMass(tx: Tx, id: string): Promise<MassExtension | undefined> {
  const { rows } = await sql<Row>`
    select ${NAMES} from mass_extension where id = ${id} for update`.execute(tx);
  return rows.map(toMass)[0];
}

export async function selectOneMass(tx: Tx, id: string): Promise<MassExtension | undefined> {
  const { rows } = await sql<Row>`
    select ${NAMES} from mass_extension where id = ${id}`.execute(tx);
  return rows.map(toMass)[0];
}

/** Newest first. */
export async function selectMass(tx: Tx, limit: number): Promise<MassExtension[]> {
  const { rows } = await sql<Row>`
    select ${NAMES} from mass_extension order by started_at desc, id desc limit ${limit}
    `.execute(tx);
  return rows.map(toMass);
}

export async function updateMass(tx: Tx, mass: MassExtension): Promise<void> {
  await sql`update mass_extension
      set state = ${mass.state}, cursor = ${mass.cursor}, given = ${mass.given},
          taken = ${mass.taken}, finished_at = ${mass.finishedAt ?? null},
          undo_act_id = ${mass.undoActId ?? null}, undone_by_name = ${mass.undoneByName ?? null}
    where id = ${mass.id}`.execute(tx);
}

/** Terms that run, and those that ended after `since` by themselves: what was taken stays taken. */
function isMeant(given: { since: Date; at: Date }) {
  return sql`expires_at > ${given.since} and created_at <= ${given.at}
    and (expires_at > ${given.at} or coalesce(
          (select kind from subscription_grant as own
            where own.subscription_id = subscription.id
            order by revision desc limit 1), '') not in ('revoke', 'withdraw'))`;
}

export async function countMeant(
  tx: Tx,
  given: { since: Date; at: Date },
): Promise<{ running: number; ended: number }> {
  const { rows } = await sql<{ running: bigint; ended: bigint }>`
    select count(*) filter (where expires_at > ${given.at}) as running,
           count(*) filter (where expires_at <= ${given.at}) as ended
      from subscription where ${isMeant(given)}`.execute(tx);
  return { running: Number(rows[0]?.running ?? 0n), ended: Number(rows[0]?.ended ?? 0n) };
}

/** The next ones to give to, locked, in the order of ids. */
export async function lockMeant(
  tx: Tx,
  { since, startedAt, cursor }: MassExtension,
  limit: number,
): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription
     where id > ${cursor} and ${isMeant({ since, at: startedAt })}
     order by id limit ${limit} for update`.execute(tx);
  return rows.map(toSubscription);
}

/** The next ones it gave to, locked, in the order of ids. */
export async function lockGiven(
  tx: Tx,
  { actId, cursor }: MassExtension,
  limit: number,
): Promise<Subscription[]> {
  const { rows } = await sql<SubscriptionRow>`
    select ${COLUMNS} from subscription
     where id > ${cursor}
       and exists (select from subscription_grant
                    where act_id = ${`${actId}/`} || subscription.id)
     order by id limit ${limit} for update`.execute(tx);
  return rows.map(toSubscription);
}
