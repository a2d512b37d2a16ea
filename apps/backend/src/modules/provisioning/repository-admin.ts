/** Accounts and deliveries as staff reads them. */
import { sql, type Tx } from '../../platform/db/index.ts';

/** What is known of a subscription's account on the panel. */
export type AccountListed = Readonly<{
  subscriptionId: string;
  username: string;
  status: string | undefined;
  trafficUsedBytes: bigint;
  attempts: number;
  lastError: string | undefined;
  updatedAt: Date;
}>;

export async function selectListed(
  tx: Tx,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, AccountListed>> {
  if (subscriptionIds.length === 0) return new Map();
  const { rows } = await sql<{
    subscription_id: string;
    username: string;
    status: string | null;
    traffic_used_bytes: bigint;
    attempts: number;
    last_error: string | null;
    updated_at: Date;
  }>`select subscription_id, username, status, traffic_used_bytes, attempts, last_error, updated_at
       from panel_account where subscription_id = any(${subscriptionIds}::text[])`.execute(tx);
  return new Map(
    rows.map((row) => [
      row.subscription_id,
      {
        subscriptionId: row.subscription_id,
        username: row.username,
        status: row.status ?? undefined,
        trafficUsedBytes: row.traffic_used_bytes,
        attempts: row.attempts,
        lastError: row.last_error ?? undefined,
        updatedAt: row.updated_at,
      },
    ]),
  );
}

/** When the panel had what an order bought, and under which account. */
export type DeliveryListed = Readonly<{
  orderId: string;
  subscriptionId: string;
  username: string;
  deliveredAt: Date;
}>;

export async function selectDelivery(tx: Tx, orderId: string): Promise<DeliveryListed | undefined> {
  const { rows } = await sql<{
    subscription_id: string;
    username: string;
    delivered_at: Date;
  }>`select delivery.subscription_id, account.username, delivery.delivered_at
       from delivery join panel_account as account using (subscription_id)
      where delivery.order_id = ${orderId}`.execute(tx);
  return rows.map((row) => ({
    orderId,
    subscriptionId: row.subscription_id,
    username: row.username,
    deliveredAt: row.delivered_at,
  }))[0];
}
