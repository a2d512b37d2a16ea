/** What the use cases of provisioning are given; `createProvisioning` receives it whole. */
import type { Clock } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Grant, Subscriptions } from '../subscriptions/index.ts';
import { PanelMisconfigured } from './errors.ts';
import type { Panel, PanelWebhook } from './panel.ts';
import type { inLine } from './wanted.ts';

/**
 * A fact others react to: what this order bought, or this act of staff or an order's money changed,
 * is on the panel.
 */
export type AccessDelivered = Readonly<{
  type: 'access.delivered';
  kind: Grant['kind'];
  orderId: string | undefined;
  actId: string | undefined;
  subscriptionId: string;
  /** The grant it is about. */
  revision: number;
  personId: string;
  /** The first order of this subscription: the link is new to the customer. */
  isFirst: boolean;
}>;

export type ProvisioningDeps = Readonly<{
  db: Database;
  clock: Clock;
  log: Log;
  jobs: Jobs;
  catalog: Catalog;
  subscriptions: Subscriptions;
  /** Undefined: not configured; deliveries wait and say so. */
  panel: Panel | undefined;
  webhook: PanelWebhook | undefined;
  squads: readonly string[];
  /** A banned person's accounts are switched off, whatever was bought. */
  isBanned: (personId: string) => Promise<boolean>;
  telegramIdOf: (personId: string) => Promise<bigint | undefined>;
  publish: (tx: Tx, events: readonly AccessDelivered[]) => Promise<void>;
  /** What a repair makes of an account; the seam where a test plants a sync that takes access. */
  inLine?: typeof inLine;
}>;

/** The configured panel; throws `PanelMisconfigured` without one, so that deliveries wait. */
export function panelOf(deps: Pick<ProvisioningDeps, 'panel'>): Panel {
  if (deps.panel === undefined) {
    throw new PanelMisconfigured('no panel is configured: set REMNAWAVE_URL and REMNAWAVE_TOKEN');
  }
  return deps.panel;
}
