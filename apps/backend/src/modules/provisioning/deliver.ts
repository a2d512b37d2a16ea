/** Access to the panel: tell it the absolute state, then write down what it has. */
import { assert } from '@opora/kernel';
import type { Job } from '../../platform/jobs/index.ts';
import type { Subscription } from '../subscriptions/index.ts';
import { panelOf, type ProvisioningDeps } from './deps.ts';
import { PanelUnavailable } from './errors.ts';
import type { PanelAccount } from './panel.ts';
import { ensureRow, insertDeliveries, updateDelivered, updateFailed } from './repository.ts';

/** A panel may store milliseconds less exactly than we do; more than this is another date. */
export const EXPIRY_TOLERANCE_MS = 1_000;
const ERROR_TEXT_MAX = 300;

export async function deliverAccess(
  deps: ProvisioningDeps,
  subscriptionId: string,
  again: boolean,
): Promise<void> {
  const { db, clock } = deps;
  const subscription = await deps.subscriptions.find(subscriptionId);
  const row = await ensureRow(db.read, {
    subscriptionId,
    username: subscriptionId,
    at: clock.now(),
  });
  if (row.deliveredRevision >= subscription.revision && !again) return;
  const account = await tell(deps, subscription, row.username).catch(async (error: unknown) => {
    const text = error instanceof Error ? error.message : 'failed';
    const failure = { error: text.slice(0, ERROR_TEXT_MAX), at: clock.now() };
    await updateFailed(db.read, subscriptionId, failure);
    throw error;
  });
  await writeDown(deps, subscription, account);
}

async function tell(
  deps: ProvisioningDeps,
  subscription: Subscription,
  username: string,
): Promise<PanelAccount> {
  const plan = await deps.catalog.version(subscription.planVersionId);
  const account = await panelOf(deps).ensure({
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
async function writeDown(
  deps: ProvisioningDeps,
  subscription: Subscription,
  account: PanelAccount,
): Promise<void> {
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
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
 * One writer to the panel per subscription (principle 11): the queue sees to that. No key: a keyed
 * job that is added in the moment its elder is taken gets lost, and with it somebody's access. A
 * job too many finds its work done. A repair does its work again, so of those one is enough.
 */
export function deliverJob(subscriptionId: string, { again = false } = {}): Job {
  return {
    task: 'provisioning.deliver',
    payload: { subscriptionId, again },
    queue: `deliver:${subscriptionId}`,
    ...(again ? { key: `repair:${subscriptionId}` } : {}),
    priority: 0,
  };
}
