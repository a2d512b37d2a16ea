import { assert, type Clock } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Job, Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Subscription, Subscriptions } from '../subscriptions/index.ts';
import { PanelMisconfigured, PanelUnavailable } from './errors.ts';
import type { Panel, PanelAccount, PanelDevice, PanelWebhook } from './panel.ts';
import {
  ensureRow,
  insertDeliveries,
  insertPanelEvent,
  isDelivered,
  selectAccount,
  selectByUsername,
  updateDelivered,
  updateFailed,
  updateObserved,
} from './repository.ts';

/** A fact others react to: this order's access is on the panel now. */
export type AccessDelivered = Readonly<{
  type: 'access.delivered';
  orderId: string;
  subscriptionId: string;
  personId: string;
  /** The first order of this subscription: the link is new to the customer. */
  isFirst: boolean;
}>;

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
  deliver(subscriptionId: string, options?: { again?: boolean }): Promise<void>;
  access(subscription: Subscription): Promise<Access>;
  isDelivered(orderId: string): Promise<boolean>;
  devices(subscription: Subscription): Promise<readonly PanelDevice[]>;
  removeDevice(subscription: Subscription, hwid: string): Promise<void>;
  /** Verifies and stores a panel's webhook; the panel is read again before anything is believed. */
  acceptEvent(raw: {
    headers: Readonly<Record<string, string>>;
    body: Buffer;
    at: Date;
  }): Promise<void>;
  /** Reads one account again: status and traffic as the customer should see them. */
  observe(username: string): Promise<void>;
}

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
  telegramIdOf: (personId: string) => Promise<bigint | undefined>;
  publish: (tx: Tx, events: readonly AccessDelivered[]) => Promise<void>;
}>;

/** A panel may store milliseconds less exactly than we do; more than this is another date. */
const EXPIRY_TOLERANCE_MS = 1_000;
const ERROR_TEXT_MAX = 300;

export function createProvisioning(deps: ProvisioningDeps): Provisioning {
  const { db, clock } = deps;

  function panelOrThrow(): Panel {
    if (deps.panel === undefined) {
      throw new PanelMisconfigured('no panel is configured: set REMNAWAVE_URL and REMNAWAVE_TOKEN');
    }
    return deps.panel;
  }

  async function deliver(subscriptionId: string, { again = false } = {}): Promise<void> {
    const subscription = await deps.subscriptions.find(subscriptionId);
    const row = await ensureRow(db.read, {
      subscriptionId,
      username: subscriptionId,
      at: clock.now(),
    });
    if (row.deliveredRevision >= subscription.revision && !again) return;
    const account = await tell(subscription, row.username).catch(async (error: unknown) => {
      const text = error instanceof Error ? error.message : 'failed';
      const failure = { error: text.slice(0, ERROR_TEXT_MAX), at: clock.now() };
      await updateFailed(db.read, subscriptionId, failure);
      throw error;
    });
    await writeDown(subscription, account);
  }

  async function tell(subscription: Subscription, username: string): Promise<PanelAccount> {
    const plan = await deps.catalog.version(subscription.planVersionId);
    const account = await panelOrThrow().ensure({
      username,
      expiresAt: subscription.expiresAt,
      trafficLimitBytes: plan.trafficBytes,
      trafficReset: plan.trafficBytes === 0n ? 'none' : 'month_rolling',
      deviceLimit: plan.devices,
      squads: deps.squads,
      description: subscription.id,
      telegramId: await deps.telegramIdOf(subscription.personId),
    });
    const offMs = Math.abs(account.expiresAt.getTime() - subscription.expiresAt.getTime());
    if (offMs > EXPIRY_TOLERANCE_MS) {
      throw new PanelUnavailable('the panel answered with another expiry than it was told');
    }
    assert(account.username === username, `the panel answered about ${account.username}`);
    return account;
  }

  /** The panel has revision N: every grant up to N is delivered, each order told of once. */
  async function writeDown(subscription: Subscription, account: PanelAccount): Promise<void> {
    const at = clock.now();
    await db.transaction(async (tx) => {
      const { id, revision, personId } = subscription;
      await updateDelivered(tx, id, { account, revision, at });
      const grants = await deps.subscriptions.grants(tx, id, revision);
      const fresh = await insertDeliveries(tx, id, { grants, at });
      await deps.publish(
        tx,
        grants
          .filter(({ orderId }) => fresh.includes(orderId))
          .map((grant) => ({
            type: 'access.delivered' as const,
            orderId: grant.orderId,
            subscriptionId: id,
            personId,
            isFirst: grant.revision === 1,
          })),
      );
    });
  }

  /**
   * The panel shows less than was bought: a frozen worker's old call came through late, or somebody
   * changed it by hand. Delivered again, upwards only; more than was bought is left (principle 10).
   */
  async function repair(account: PanelAccount): Promise<void> {
    const row = await selectByUsername(db.read, account.username);
    if (row === undefined) return;
    const subscription = await deps.subscriptions.find(row.subscriptionId);
    const missingMs = subscription.expiresAt.getTime() - account.expiresAt.getTime();
    if (row.deliveredRevision < subscription.revision || missingMs <= EXPIRY_TOLERANCE_MS) return;
    deps.log.warn({ subscriptionId: subscription.id }, 'the panel has less than was bought');
    await deps.jobs.add(db.read, [deliverJob(subscription.id, { again: true })]);
  }

  async function accountOf(subscription: Subscription): Promise<PanelAccount | undefined> {
    const row = await selectAccount(db.read, subscription.id);
    return row === undefined ? undefined : panelOrThrow().find(row.username);
  }

  async function greetPanel(): Promise<void> {
    if (deps.panel === undefined) return;
    try {
      const { version, isSupported } = await deps.panel.info();
      if (isSupported) deps.log.info({ version }, 'the panel answers');
      else deps.log.error({ version }, 'unknown version of the panel: read only, access waits');
    } catch (error) {
      deps.log.warn({ error }, 'the panel does not answer yet; access waits for it');
    }
  }

  return {
    greetPanel,
    deliver,
    async access(subscription) {
      const row = await selectAccount(db.read, subscription.id);
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
      return account === undefined ? [] : panelOrThrow().devices(account);
    },
    async removeDevice(subscription, hwid) {
      const account = await accountOf(subscription);
      if (account !== undefined) await panelOrThrow().removeDevice(account, hwid);
    },
    async acceptEvent(raw) {
      if (deps.webhook === undefined) {
        throw new PanelMisconfigured('panel webhooks are closed: set REMNAWAVE_WEBHOOK_SECRET');
      }
      const event = deps.webhook.verify(raw);
      await db.transaction(async (tx) => {
        const isNew = await insertPanelEvent(tx, event, raw.at);
        if (isNew && event.username !== undefined) {
          await deps.jobs.add(tx, [observeJob(event.username)]);
        }
      });
    },
    async observe(username) {
      const account = await panelOrThrow().find(username);
      if (account === undefined) return;
      await updateObserved(db.read, account, clock.now());
      await repair(account);
    },
  };
}

/** One writer to the panel per subscription (principle 11), and one waiting job is enough. */
export function deliverJob(subscriptionId: string, { again = false } = {}): Job {
  return {
    task: 'provisioning.deliver',
    payload: { subscriptionId, again },
    queue: `deliver:${subscriptionId}`,
    key: `deliver:${subscriptionId}`,
    priority: 0,
  };
}

function observeJob(username: string): Job {
  return {
    task: 'provisioning.observe',
    payload: { username },
    key: `observe:${username}`,
    priority: 10,
  };
}
