/** What the panel tells: its version, its signed events, and how an account stands. */
import type { Job } from '../../platform/jobs/index.ts';
import { deliverJob } from './deliver.ts';
import { panelOf, type ProvisioningDeps } from './deps.ts';
import { PanelMisconfigured } from './errors.ts';
import type { PanelAccount } from './panel.ts';
import { insertPanelEvent, selectByUsername, updateObserved } from './repository.ts';
import { EXPIRY_TOLERANCE_MS, hasEnded } from './wanted.ts';

export type RawPanelEvent = Readonly<{
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  at: Date;
}>;

export async function greetPanel(deps: ProvisioningDeps): Promise<void> {
  if (deps.panel === undefined) return;
  try {
    const { version, isSupported } = await deps.panel.info();
    if (isSupported) deps.log.info({ version }, 'the panel answers');
    else deps.log.error({ version }, 'unknown version of the panel: read only, access waits');
  } catch (error) {
    deps.log.warn({ error }, 'the panel does not answer yet; access waits for it');
  }
}

/**
 * Stores an event once; one about an account of ours means "look at it". What it says is never
 * written down: events come twice, late and out of order, the account is read again instead.
 */
export async function acceptEvent(deps: ProvisioningDeps, raw: RawPanelEvent): Promise<void> {
  if (deps.webhook === undefined) {
    throw new PanelMisconfigured('panel webhooks are closed: set REMNAWAVE_WEBHOOK_SECRET');
  }
  const event = deps.webhook.verify(raw);
  await deps.db.transaction(async (tx) => {
    const isNew = await insertPanelEvent(tx, event, raw.at);
    if (!isNew) return;
    if (event.isStart) await deps.jobs.wake(tx, 'provisioning.deliver');
    if (event.username === undefined) return;
    const isOurs = (await selectByUsername(tx, event.username)) !== undefined;
    if (isOurs) await deps.jobs.add(tx, [observeJob(event.username)]);
  });
}

export async function observeAccount(deps: ProvisioningDeps, username: string): Promise<void> {
  await repair(deps, username, await readAccount(deps, username));
}

/** The account as it is now, written down for whoever shows it. */
export async function readAccount(
  deps: ProvisioningDeps,
  username: string,
): Promise<PanelAccount | undefined> {
  const askedAt = deps.clock.now();
  const account = await panelOf(deps).find(username);
  if (account !== undefined) await updateObserved(deps.db.read, account, askedAt);
  return account;
}

/**
 * The panel shows less than was bought: a frozen worker's old call came through late, or somebody
 * changed or deleted it by hand. Delivered again, upwards only; more than was bought is left
 * (principle 10).
 */
async function repair(
  deps: ProvisioningDeps,
  username: string,
  account: PanelAccount | undefined,
): Promise<void> {
  const row = await selectByUsername(deps.db.read, username);
  if (row === undefined) return;
  const subscription = await deps.subscriptions.find(row.subscriptionId);
  if (row.deliveredRevision < subscription.revision) return;
  if (hasEnded(subscription, deps.clock.now())) return;
  const heldMs = account?.expiresAt.getTime() ?? 0;
  if (subscription.expiresAt.getTime() - heldMs <= EXPIRY_TOLERANCE_MS) return;
  deps.log.warn(
    { subscriptionId: subscription.id, personId: subscription.personId },
    'the panel has less than was bought',
  );
  await deps.jobs.add(deps.db.read, [deliverJob(subscription.id, { again: true })]);
}

function observeJob(username: string): Job {
  return {
    task: 'provisioning.observe',
    payload: { username },
    key: `observe:${username}`,
    priority: 10,
  };
}
