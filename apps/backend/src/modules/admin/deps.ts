/** What the administration is composed of; it has no table of its own. */
import type { SettingWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { BreakerStates, ForcedPositions } from '../../platform/breaker/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Announcements } from '../announcements/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Messaging } from '../messaging/index.ts';
import type { Orders } from '../orders/index.ts';
import type { Payments } from '../payments/index.ts';
import type { Provisioning } from '../provisioning/index.ts';
import type { AccessPolicy, Subscriptions } from '../subscriptions/index.ts';

export type AdminParts = Readonly<{
  db: Database;
  clock: Clock;
  log: Log;
  jobs: Jobs;
  breakers: BreakerStates;
  forced: ForcedPositions;
  audit: Audit;
  announcements: Announcements;
  identity: Identity;
  catalog: Catalog;
  ledger: Ledger;
  orders: Orders;
  payments: Payments;
  subscriptions: Subscriptions;
  provisioning: Provisioning;
  messaging: Messaging;
  product: Readonly<{ slug: string; policy: AccessPolicy }>;
  /** As they were at the start; secrets only say whether they are set. */
  settings: readonly SettingWire[];
}>;
