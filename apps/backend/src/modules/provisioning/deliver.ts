/** Access to the panel: tell it the absolute state, then write down what it has. */
import { assert } from '@opora/kernel';
import type { Job } from '../../platform/jobs/index.ts';
import type { Subscription } from '../subscriptions/index.ts';
import { bought, EXPIRY_TOLERANCE_MS, hasEnded, inLine, isOff, wantedBy } from './wanted.ts';
import { panelOf, type ProvisioningDeps } from './deps.ts';
import { PanelUnavailable } from './errors.ts';
import type { PanelAccount, WantedAccount } from './panel.ts';
import {
  ensureRow,
  insertDeliveries,
  updateDelivered,
  updateFailed,
  updateObserved,
  updateSwitched,
  type AccountRow,
} from './repository.ts';

const ERROR_TEXT_MAX = 300;

export type DeliverOptions = Readonly<{
  /** Also when the newest revision is there: a repair, which takes nothing the account has. */
  again?: boolean;
  /** An account that is switched off though paid for is switched on: only where a person asked. */
  enable?: boolean;
}>;

export async function deliverAccess(
  deps: ProvisioningDeps,
  subscriptionId: string,
  options: DeliverOptions,
): Promise<void> {
  const { db, clock } = deps;
  const subscription = await deps.subscriptions.find(subscriptionId);
  const row = await ensureRow(db.read, {
    subscriptionId,
    username: subscriptionId,
    at: clock.now(),
  });
  if (row.deliveredRevision >= subscription.revision && options.again !== true) return;
  const askedAt = clock.now();
  const told = tell(deps, { subscription, row, askedAt }, options);
  const account = await told.catch(async (error: unknown) => {
    const text = error instanceof Error ? error.message : 'failed';
    await updateFailed(db.read, subscriptionId, text.slice(0, ERROR_TEXT_MAX));
    throw error;
  });
  await writeDown(deps, subscription, { account, askedAt });
}

/** What our books say of an account, with the squads spelled out. */
async function wantedFor(
  deps: ProvisioningDeps,
  subscription: Subscription,
  username: string,
): Promise<WantedAccount> {
  const plan = await deps.catalog.version(subscription.planVersionId);
  return wantedBy(subscription, plan, {
    username,
    squads: deps.squads.length > 0 ? deps.squads : await panelOf(deps).squads(),
    telegramId: await deps.telegramIdOf(subscription.personId),
  });
}

async function tell(
  deps: ProvisioningDeps,
  about: { subscription: Subscription; row: AccountRow; askedAt: Date },
  { again = false, enable = false }: DeliverOptions,
): Promise<PanelAccount> {
  const { subscription, row, askedAt } = about;
  const { username } = row;
  if (await mustBeOff(deps, subscription)) await switchOffFirst(deps, row);
  const wanted = await wantedFor(deps, subscription, username);
  const settle = again ? (deps.inLine ?? inLine) : bought;
  const takenMs = await withdrawnSince(deps, subscription, row.deliveredRevision);
  const account = await panelOf(deps).ensure(wanted, (held) =>
    settle(wanted, without(held, takenMs), askedAt),
  );
  assert(account.username === username, `the panel answered about ${account.username}`);
  const missingMs = wanted.expiresAt.getTime() - account.expiresAt.getTime();
  if (!hasEnded(wanted, askedAt) && missingMs > EXPIRY_TOLERANCE_MS) {
    throw new PanelUnavailable('the panel answered with less than it was told');
  }
  const isAsked = enable && !hasEnded(wanted, askedAt) && isOff(account, askedAt);
  return switchAccount(deps, { subscription, row, account, isAsked });
}

/** What our books have taken since the panel last heard of this subscription, milliseconds. */
async function withdrawnSince(
  deps: ProvisioningDeps,
  { id, revision }: Subscription,
  deliveredRevision: number,
): Promise<number> {
  const grants = await deps.subscriptions.grants(deps.db.read, id, revision);
  return grants
    .filter(({ kind, revision: own }) => kind === 'withdraw' && own > deliveredRevision)
    .reduce((sum, { startsAt, endsAt }) => sum + endsAt.getTime() - startsAt.getTime(), 0);
}

/** The account without the days that were taken: what it has beyond our books stays. */
function without(held: PanelAccount, takenMs: number): PanelAccount {
  return { ...held, expiresAt: new Date(held.expiresAt.getTime() - takenMs) };
}

/** Nobody banned keeps access because the panel refuses the rest of what it is told. */
async function switchOffFirst(deps: ProvisioningDeps, row: AccountRow): Promise<void> {
  const held = await panelOf(deps).find(row.username);
  if (held === undefined) return;
  await updateSwitched(deps.db.read, row.subscriptionId, row.switchedOffAt ?? deps.clock.now());
  await panelOf(deps).disable(held);
}

type Told = Readonly<{
  subscription: Subscription;
  row: AccountRow;
  account: PanelAccount;
  /** A person asked to switch on what is off. */
  isAsked: boolean;
}>;

/** Off for the banned, the revoked and who was left with nothing; on again only what we had switched off, or was asked for. */
async function switchAccount(
  deps: ProvisioningDeps,
  { subscription, row, account, isAsked }: Told,
): Promise<PanelAccount> {
  const { db, clock } = deps;
  if (await mustBeOff(deps, subscription)) {
    await updateSwitched(db.read, subscription.id, row.switchedOffAt ?? clock.now());
    return panelOf(deps).disable(account);
  }
  if (row.switchedOffAt === undefined && !isAsked) return account;
  const enabled = await panelOf(deps).enable(account);
  await updateSwitched(db.read, subscription.id, null);
  return enabled;
}

async function mustBeOff(deps: ProvisioningDeps, subscription: Subscription): Promise<boolean> {
  if (await deps.isBanned(subscription.personId)) return true;
  const { id, revision } = subscription;
  const newest = (await deps.subscriptions.grants(deps.db.read, id, revision)).at(-1)?.kind;
  const isOver = newest === 'withdraw' && hasEnded(subscription, deps.clock.now());
  return isOver || newest === 'revoke';
}

/** The panel has revision N: every grant up to N is delivered, each order told of once. */
async function writeDown(
  deps: ProvisioningDeps,
  subscription: Subscription,
  { account, askedAt }: { account: PanelAccount; askedAt: Date },
): Promise<void> {
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const { id, revision, personId } = subscription;
    const newest = await updateDelivered(tx, id, { account, revision });
    // We were frozen, and what we told came after something newer: that is told once more.
    if (newest > revision) await deps.jobs.add(tx, [deliverJob(id, { again: true })]);
    await updateObserved(tx, account, askedAt);
    const grants = await deps.subscriptions.grants(tx, id, revision);
    const fresh = new Set(await insertDeliveries(tx, id, { grants, at }));
    const told = grants.filter((grant) => fresh.has(grant.revision));
    const orderIds = told.flatMap(({ orderId }) => orderId ?? []);
    await deps.subscriptions.delivered(tx, { id, revision, orderIds, at });
    await deps.publish(
      tx,
      told.map(({ kind, orderId, actId, revision: own }) => ({
        ...{ type: 'access.delivered' as const, subscriptionId: id, personId },
        ...{ kind, orderId, actId, revision: own },
        isFirst: own === 1,
      })),
    );
  });
}

/**
 * One writer to the panel per subscription (principle 11): the queue sees to that. No key: a keyed
 * job that is added in the moment its elder is taken gets lost, and with it somebody's access. A
 * job too many finds its work done. A repair does its work again, so of those one is enough.
 */
export function deliverJob(
  subscriptionId: string,
  { again = false, enable = false }: DeliverOptions = {},
): Job {
  return {
    task: 'provisioning.deliver',
    payload: { subscriptionId, again, ...(enable ? { enable } : {}) },
    queue: `deliver:${subscriptionId}`,
    ...(again ? { key: `repair:${subscriptionId}` } : {}),
    priority: 0,
  };
}
