/** Renewals: every statement. */
import { assert, isCurrency, money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { ProviderId } from '../payments/index.ts';
import { END_REASONS, type EndReason, type Renewal } from './renewal.ts';

type RenewalRow = {
  subscription_id: string;
  person_id: string;
  state: string;
  why: string | null;
  provider: string;
  method_id: string;
  plan_version_id: string;
  amount_minor: bigint;
  currency: string;
  words: string;
  agreed_at: Date;
  changed_at: Date;
  told_term: Date | null;
  told_at: Date | null;
};

const COLUMNS = sql.raw(
  `subscription_id, person_id, state, why, provider, method_id, plan_version_id, amount_minor,
   currency, words, agreed_at, changed_at, told_term, told_at`,
);

function toRenewal(row: RenewalRow): Renewal {
  assert(isCurrency(row.currency), `renewal ${row.subscription_id} in ${row.currency}`);
  const { told_term: term, told_at: at } = row;
  return {
    subscriptionId: row.subscription_id,
    personId: row.person_id,
    state: row.state as Renewal['state'], // a check constraint keeps it to the three
    why: END_REASONS.find((each) => each === row.why),
    provider: row.provider as ProviderId, // written by us from the registry's ids
    methodId: row.method_id,
    planVersionId: row.plan_version_id,
    amount: money(row.amount_minor, row.currency),
    words: row.words,
    agreedAt: row.agreed_at,
    changedAt: row.changed_at,
    told: term === null || at === null ? undefined : { term, at },
  };
}

/** As many orders as one dispute can reach back to. */
const NEWEST_ORDERS_MAX = 12;
/** A person has a subscription for each product, and few of them. */
const OF_METHOD_MAX = 50;

/** A consent: it takes the place of an earlier one, whatever became of that. */
export async function upsertRenewal(
  tx: Tx,
  fresh: Omit<Renewal, 'state' | 'why' | 'told' | 'changedAt'>,
  nextAt: Date,
): Promise<void> {
  await sql`
    insert into renewal (subscription_id, person_id, state, provider, method_id, plan_version_id,
                         amount_minor, currency, words, agreed_at, changed_at, next_at)
    values (${fresh.subscriptionId}, ${fresh.personId}, 'on', ${fresh.provider}, ${fresh.methodId},
            ${fresh.planVersionId}, ${fresh.amount.minor}, ${fresh.amount.currency}, ${fresh.words},
            ${fresh.agreedAt}, ${fresh.agreedAt}, ${nextAt})
    on conflict (subscription_id) do update
      set state = 'on', why = null, provider = excluded.provider, method_id = excluded.method_id,
          plan_version_id = excluded.plan_version_id, amount_minor = excluded.amount_minor,
          currency = excluded.currency, words = excluded.words, agreed_at = excluded.agreed_at,
          changed_at = excluded.changed_at, next_at = excluded.next_at,
          told_term = null, told_at = null`.execute(tx);
}

/** Renewals that are due, each for one taker: the next look is written first, so a crash delays. */
export async function claimRenewals(
  tx: Tx,
  limit: number,
  times: { at: Date; nextAt: Date },
): Promise<Renewal[]> {
  const { rows } = await sql<RenewalRow>`
    update renewal set next_at = ${times.nextAt}
     where subscription_id in (select subscription_id from renewal
                                where state = 'on' and next_at <= ${times.at}
                                order by next_at limit ${limit} for update skip locked)
    returning ${COLUMNS}`.execute(tx);
  return rows.map(toRenewal);
}

/** Held until the end of the transaction: who switches it off meanwhile waits. */
export async function lockRenewal(tx: Tx, subscriptionId: string): Promise<Renewal | undefined> {
  const { rows } = await sql<RenewalRow>`
    select ${COLUMNS} from renewal where subscription_id = ${subscriptionId} for update
    `.execute(tx);
  return rows.map(toRenewal)[0];
}

export async function selectRenewals(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, Renewal>> {
  const { rows } = await sql<RenewalRow>`
    select ${COLUMNS} from renewal where subscription_id = any(${subscriptionIds}::text[])
    `.execute(tx);
  return new Map(rows.map((row) => [row.subscription_id, toRenewal(row)]));
}

/** What rests on a method, whatever became of it. */
export async function selectRenewalsOf(tx: Tx, methodId: string): Promise<Renewal[]> {
  const { rows } = await sql<RenewalRow>`
    select ${COLUMNS} from renewal where method_id = ${methodId} limit ${OF_METHOD_MAX}
    `.execute(tx);
  return rows.map(toRenewal);
}

export async function updateNextLook(tx: Tx, subscriptionId: string, at: Date): Promise<void> {
  await sql`update renewal set next_at = ${at}
    where subscription_id = ${subscriptionId} and state = 'on'`.execute(tx);
}

/** False when somebody announced this term before, or it is not on any more. */
export async function updateTold(
  tx: Tx,
  told: { subscriptionId: string; term: Date; at: Date; nextAt: Date },
): Promise<boolean> {
  const { rows } = await sql`update renewal
      set told_term = ${told.term}, told_at = ${told.at}, next_at = ${told.nextAt}
    where subscription_id = ${told.subscriptionId} and state = 'on'
      and told_term is distinct from ${told.term} returning subscription_id`.execute(tx);
  return rows.length === 1;
}

/** Its owner switches it off; a repeat changes nothing. */
export async function switchOffRenewal(tx: Tx, subscriptionId: string, at: Date): Promise<void> {
  await sql`update renewal set state = 'off', changed_at = ${at}, next_at = null
    where subscription_id = ${subscriptionId} and state = 'on'`.execute(tx);
}

/** The same consent goes on: its owner took back, at the vendor, what they had switched off there. */
export async function switchOnAgain(
  tx: Tx,
  { subscriptionId, methodId, at }: { subscriptionId: string; methodId: string; at: Date },
): Promise<void> {
  await sql`update renewal set state = 'on', changed_at = ${at}, next_at = ${at}
    where subscription_id = ${subscriptionId} and method_id = ${methodId}
      and state = 'off'`.execute(tx);
}

/** Ends that very consent; false when it was not on, or another one has taken its place. */
export async function endRenewal(
  tx: Tx,
  ended: { renewal: Renewal; why: EndReason; at: Date },
): Promise<boolean> {
  const { rows } = await sql`update renewal
      set state = 'ended', why = ${ended.why}, changed_at = ${ended.at}, next_at = null
    where subscription_id = ${ended.renewal.subscriptionId} and state = 'on'
      and agreed_at = ${ended.renewal.agreedAt} and method_id = ${ended.renewal.methodId}
    returning subscription_id`.execute(tx);
  return rows.length === 1;
}

/** Every renewal that rests on the method; it is gone, so nothing is due any more. */
export async function endRenewalsOf(tx: Tx, methodId: string, at: Date): Promise<void> {
  await sql`update renewal
      set state = 'ended', why = 'method_removed', changed_at = ${at}, next_at = null
    where method_id = ${methodId} and state = 'on'`.execute(tx);
}

/** Orders that gave this subscription its terms, newest first. */
export async function selectNewestOrders(tx: Tx, subscriptionId: string): Promise<string[]> {
  const { rows } = await sql<{ order_id: string }>`
    select order_id from subscription_grant
     where subscription_id = ${subscriptionId} and order_id is not null
     order by revision desc limit ${NEWEST_ORDERS_MAX}`.execute(tx);
  return rows.map((row) => row.order_id);
}
