import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** The account a panel holds for a subscription. The name is ours and never changes. */
export const PanelAccountRow = defineEntity({
  name: 'PanelAccountRow',
  tableName: 'panel_account',
  properties: {
    subscriptionId: p.text().primary(),
    username: p.text(),
    panelId: p.text().nullable(),
    shortId: p.text().nullable(),
    /** A bearer credential the panel made: shown to its owner only, never logged. */
    subscriptionUrl: p.text().nullable(),
    status: p.text().nullable(),
    expiresAt: p.datetime(6).nullable(),
    trafficUsedBytes: p.bigint('bigint').default(0),
    /** The newest revision of the subscription the panel is known to have. */
    deliveredRevision: p.integer().default(0),
    /** We switched the account off (a ban, a revoked term); only then do we switch it on again. */
    switchedOffAt: p.datetime(6).nullable(),
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
    updatedAt: p.datetime(6),
  },
  uniques: [{ name: 'panel_account_username_key', properties: ['username'] }],
});

/** One row per grant whose access was delivered: written once, by the keys. */
export const Delivery = defineEntity({
  name: 'Delivery',
  tableName: 'delivery',
  properties: {
    subscriptionId: p.text().primary(),
    revision: p.integer().primary(),
    /** The paid order behind the grant; null when staff granted. */
    orderId: p.text().nullable(),
    deliveredAt: p.datetime(6),
  },
  uniques: [{ name: 'delivery_order_key', properties: ['orderId'] }],
});

/** Signed events of the panel, once each by the hash of their bytes; kept for 30 days. */
export const PanelEventRow = defineEntity({
  name: 'PanelEventRow',
  tableName: 'panel_event',
  properties: {
    key: p.text().primary(),
    event: p.text(),
    username: p.text().nullable(),
    at: p.datetime(6),
    receivedAt: p.datetime(6),
  },
  indexes: [{ name: 'panel_event_received_idx', properties: ['receivedAt'] }],
});

export type ProvisioningTables = InferKyselyDB<
  typeof PanelAccountRow | typeof Delivery | typeof PanelEventRow,
  TableNames
>;
