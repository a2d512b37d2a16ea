import { assert } from '@opora/kernel';
import { sql, statement, type Tx } from '../../platform/db/index.ts';
import type { PanelAccount, PanelEvent } from './panel.ts';
import type { ProvisioningTables } from './schema.ts';

export type AccountRow = Readonly<{
  subscriptionId: string;
  username: string;
  panelId: string | undefined;
  shortId: string | undefined;
  subscriptionUrl: string | undefined;
  status: string | undefined;
  expiresAt: Date | undefined;
  trafficUsedBytes: bigint;
  deliveredRevision: number;
  /** Set while the account is off because we switched it off. */
  switchedOffAt: Date | undefined;
  attempts: number;
}>;

type Row = {
  subscription_id: string;
  username: string;
  panel_id: string | null;
  short_id: string | null;
  subscription_url: string | null;
  status: string | null;
  expires_at: Date | null;
  traffic_used_bytes: bigint;
  delivered_revision: number;
  switched_off_at: Date | null;
  attempts: number;
};

const NAMES = `subscription_id, username, panel_id, short_id, subscription_url, status,
  expires_at, traffic_used_bytes, delivered_revision, switched_off_at, attempts`;
const COLUMNS = sql.raw(NAMES);
/** Panel events are only hints; after this they are of no use. */
const EVENTS_KEPT = '30 days';
const EVENTS_DROPPED_AT_ONCE = 100;

function toAccount(row: Row): AccountRow {
  return {
    subscriptionId: row.subscription_id,
    username: row.username,
    panelId: row.panel_id ?? undefined,
    shortId: row.short_id ?? undefined,
    subscriptionUrl: row.subscription_url ?? undefined,
    status: row.status ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    trafficUsedBytes: row.traffic_used_bytes,
    deliveredRevision: row.delivered_revision,
    switchedOffAt: row.switched_off_at ?? undefined,
    attempts: row.attempts,
  };
}

/** The account of a subscription; its name is written before the panel hears of it. */
export async function ensureRow(
  tx: Tx,
  account: { subscriptionId: string; username: string; at: Date },
): Promise<AccountRow> {
  await sql`insert into panel_account (subscription_id, username, updated_at)
    values (${account.subscriptionId}, ${account.username}, ${account.at})
    on conflict (subscription_id) do nothing`.execute(tx);
  const row = await selectAccount(tx, account.subscriptionId);
  assert(row !== undefined, `panel account of ${account.subscriptionId} vanished`);
  return row;
}

const ACCOUNTS = statement<Row>(
  `select ${NAMES} from panel_account where subscription_id = any($1::text[])`,
);

/** By subscription; one without an account yet is absent. */
export async function selectAccounts(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, AccountRow>> {
  const rows = await ACCOUNTS(tx, [subscriptionIds]);
  return new Map(rows.map((row) => [row.subscription_id, toAccount(row)]));
}

export async function selectAccount(
  tx: Tx,
  subscriptionId: string,
): Promise<AccountRow | undefined> {
  return (await selectAccounts(tx, [subscriptionId])).get(subscriptionId);
}

export async function selectByUsername(tx: Tx, username: string): Promise<AccountRow | undefined> {
  const rows = await sql<Row>`
    select ${COLUMNS} from panel_account where username = ${username}`.execute(tx);
  return rows.rows.map(toAccount)[0];
}

/** Which of these names are accounts of ours. */
export async function selectOwnNames(tx: Tx, usernames: string[]): Promise<string[]> {
  const rows = await sql<{ username: string }>`select username from panel_account
    where username = any(${usernames}::text[])`.execute(tx);
  return rows.rows.map(({ username }) => username);
}

/** The panel has this revision; it only grows. Returns the newest it was ever told. */
export async function updateDelivered(
  tx: Tx,
  subscriptionId: string,
  told: { account: PanelAccount; revision: number },
): Promise<number> {
  const { rows } = await sql<{ delivered_revision: number }>`update panel_account
      set panel_id = ${told.account.id},
          delivered_revision = greatest(delivered_revision, ${told.revision}),
          attempts = 0, last_error = null
    where subscription_id = ${subscriptionId}
    returning delivered_revision`.execute(tx);
  return rows[0]?.delivered_revision ?? told.revision;
}

/** Written before the panel hears of it: an account we may have switched off is ours to switch on. */
export async function updateSwitched(
  tx: Tx,
  subscriptionId: string,
  switchedOffAt: Date | null,
): Promise<void> {
  await sql`update panel_account set switched_off_at = ${switchedOffAt}
    where subscription_id = ${subscriptionId}`.execute(tx);
}

/**
 * What the panel answered to a question of `askedAt`. An answer that was asked for before the one
 * written down is older and changes nothing, however late it comes (principle 5).
 */
export async function updateObserved(tx: Tx, account: PanelAccount, askedAt: Date): Promise<void> {
  await sql`update panel_account
      set subscription_url = ${account.subscriptionUrl}, short_id = ${account.shortId},
          status = ${account.status}, expires_at = ${account.expiresAt},
          traffic_used_bytes = ${account.trafficUsedBytes.toString()}::bigint,
          updated_at = ${askedAt}
    where username = ${account.username}
      and (updated_at <= ${askedAt} or subscription_url is null)`.execute(tx);
}

/** `updated_at` stays: it says since when the account waits. */
export async function updateFailed(tx: Tx, subscriptionId: string, error: string): Promise<void> {
  await sql`update panel_account set attempts = attempts + 1, last_error = ${error}
    where subscription_id = ${subscriptionId}`.execute(tx);
}

/** Writes down which grants are on the panel now; returns the revisions of those that were not before. */
export async function insertDeliveries(
  tx: Tx,
  subscriptionId: string,
  delivered: {
    grants: readonly { orderId: string | undefined; revision: number }[];
    at: Date;
  },
): Promise<number[]> {
  if (delivered.grants.length === 0) return [];
  const rows = await tx
    .$extendTables<ProvisioningTables>()
    .insertInto('delivery')
    .values(
      delivered.grants.map(({ orderId, revision }) => ({
        order_id: orderId ?? null,
        subscription_id: subscriptionId,
        revision,
        delivered_at: delivered.at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('revision')
    .execute();
  return rows.map((row) => row.revision);
}

export async function isDelivered(tx: Tx, orderId: string): Promise<boolean> {
  const row = await tx
    .$extendTables<ProvisioningTables>()
    .selectFrom('delivery')
    .select('order_id')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Stores a panel's event once; false for a repeat. Old ones leave in small batches. */
export async function insertPanelEvent(tx: Tx, event: PanelEvent, at: Date): Promise<boolean> {
  await sql`delete from panel_event where key in (
      select key from panel_event where received_at < now() - ${EVENTS_KEPT}::interval
      limit ${EVENTS_DROPPED_AT_ONCE} for update skip locked)`.execute(tx);
  const row = await tx
    .$extendTables<ProvisioningTables>()
    .insertInto('panel_event')
    .values({
      key: event.key,
      event: event.event,
      username: event.username ?? null,
      at: event.at,
      received_at: at,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}
