import { createGatherer } from '../../platform/batch/index.ts';
import type { PanelAccount, PanelDevice } from './panel.ts';
import type { Subscription } from '../subscriptions/index.ts';
import { deliverAccess, type DeliverOptions } from './deliver.ts';
import { panelOf, type ProvisioningDeps } from './deps.ts';
import {
  acceptEvent,
  greetPanel,
  observeAccount,
  readAccount,
  type RawPanelEvent,
} from './observe.ts';
import { isDelivered, selectAccounts } from './repository.ts';
import {
  selectDelivery,
  selectListed,
  type AccountListed,
  type DeliveryListed,
} from './repository-admin.ts';
import { syncPanel, type Finding } from './sync.ts';

/** What a customer is shown of their access. */
export type Access = Readonly<{
  /** Undefined until the panel has made it. */
  subscriptionUrl: string | undefined;
  trafficUsedBytes: bigint;
  /** The panel's word, as last seen. */
  status: string | undefined;
  /** False while the newest purchase is not yet on the panel. */
  isCurrent: boolean;
}>;

export interface Provisioning {
  /** Reads the panel's version and says in the log what it means (principle 12); never throws. */
  greetPanel(): Promise<void>;
  /**
   * Brings the panel to the state the subscription should have; throws to be called again. What was
   * delivered before is told again only on `again`.
   */
  deliver(subscriptionId: string, options?: DeliverOptions): Promise<void>;
  /**
   * Compares every subscription with every account of the panel and yields what differs. With
   * `apply` each repair is asked of the one writer of its subscription; what the panel gives beyond
   * our books is only told. Throws `PanelUnsupported` rather than repair an unknown version.
   */
  sync(options: { apply: boolean }): AsyncIterable<Finding>;
  access(subscription: Subscription): Promise<Access>;
  isDelivered(orderId: string): Promise<boolean>;
  devices(subscription: Subscription): Promise<readonly PanelDevice[]>;
  removeDevice(subscription: Subscription, hwid: string): Promise<void>;
  /** Verifies and stores a panel's webhook; the panel is read again before anything is believed. */
  acceptEvent(raw: RawPanelEvent): Promise<void>;
  /** Reads one account again: status and traffic as the customer should see them. */
  observe(username: string): Promise<void>;
  /** For staff: accounts of subscriptions, as far as they exist. */
  accounts(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, AccountListed>>;
  /** For staff: the delivery of one order; undefined until it happened. */
  delivery(orderId: string): Promise<DeliveryListed | undefined>;
}

export function createProvisioning(deps: ProvisioningDeps): Provisioning {
  const { db } = deps;
  const accountRow = createGatherer((subscriptionIds: readonly string[]) =>
    selectAccounts(db.read, subscriptionIds),
  );

  async function accountOf(subscription: Subscription): Promise<PanelAccount | undefined> {
    const row = await accountRow(subscription.id);
    return row === undefined ? undefined : readAccount(deps, row.username);
  }

  return {
    greetPanel: () => greetPanel(deps),
    deliver: (subscriptionId, options = {}) => deliverAccess(deps, subscriptionId, options),
    sync: (options) => syncPanel(deps, options),
    async access(subscription) {
      const row = await accountRow(subscription.id);
      return {
        subscriptionUrl: row?.subscriptionUrl,
        trafficUsedBytes: row?.trafficUsedBytes ?? 0n,
        status: row?.status,
        isCurrent: (row?.deliveredRevision ?? -1) >= subscription.revision,
      };
    },
    isDelivered: (orderId) => isDelivered(db.read, orderId),
    async devices(subscription) {
      const account = await accountOf(subscription);
      return account === undefined ? [] : panelOf(deps).devices(account);
    },
    async removeDevice(subscription, hwid) {
      const account = await accountOf(subscription);
      if (account !== undefined) await panelOf(deps).removeDevice(account, hwid);
    },
    acceptEvent: (raw) => acceptEvent(deps, raw),
    observe: (username) => observeAccount(deps, username),
    accounts: (subscriptionIds) => selectListed(db.read, subscriptionIds),
    delivery: (orderId) => selectDelivery(db.read, orderId),
  };
}
