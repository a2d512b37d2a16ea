/** What the use cases of renewals are given; `createRenewals` receives it whole. */
import type { Clock, Language } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Order, Orders } from '../orders/index.ts';
import type { Payments } from '../payments/index.ts';
import type { SubscriptionEvent } from './subscription.ts';

export type RenewalsDeps = Readonly<{
  db: Database;
  clock: Clock;
  log: Log;
  catalog: Catalog;
  orders: Orders;
  payments: Payments;
  /** What an order is called at the provider. */
  describe: (order: Order) => Promise<{ description: string; language: Language }>;
  isBanned: (personId: string) => Promise<boolean>;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
}>;
