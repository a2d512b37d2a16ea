/** What stands around a renewal: its orders, its money, its plan, its vendor; and so its next step. */
import { sameMoney } from '@opora/kernel';
import type { Plan } from '../catalog/index.ts';
import {
  LOOK_AGAIN_MS,
  nextStep,
  nextStepAtVendor,
  renewalKey,
  type Renewal,
  type Step,
} from './renewal.ts';
import type { RenewalsDeps } from './renewals-deps.ts';
import { selectNewestOrders } from './repository-renewals.ts';
import type { Subscription } from './subscription.ts';

/** The order of the next term, and what was tried for it; newest first. */
export async function nextOf(deps: RenewalsDeps, { id, personId, expiresAt }: Subscription) {
  const order = await deps.orders.ofKey(personId, renewalKey(id, expiresAt));
  return { order, tries: order === undefined ? [] : await deps.payments.ofOrder(order.id) };
}

/** What is to be done now about a renewal that is on. */
export async function stepOf(
  deps: RenewalsDeps,
  renewal: Renewal,
  subscription: Subscription,
): Promise<Step> {
  if (deps.payments.chargesItself(renewal.provider)) {
    return stepAtVendor(deps, renewal, subscription);
  }
  const { order, tries } = await nextOf(deps, subscription);
  return nextStep(renewal, {
    term: subscription.expiresAt,
    at: deps.clock.now(),
    isAgreed: await isAgreed(deps, renewal),
    isBanned: await deps.isBanned(subscription.personId),
    isPaid: order !== undefined && order.state !== 'open',
    ...(await moneyOf(deps, subscription.id)),
    tries,
  });
}

/** A charge whose notice was lost is asked for before it is said that none came. */
async function stepAtVendor(
  deps: RenewalsDeps,
  renewal: Renewal,
  { id, personId, expiresAt: term }: Subscription,
): Promise<Step> {
  const { payments, clock } = deps;
  const { isMoneyBack } = await moneyOf(deps, id);
  const lateMs = payments.chargesLateMs(renewal.provider);
  const at = clock.now();
  const isBanned = await deps.isBanned(personId);
  const step = nextStepAtVendor(renewal, { term, at, isMoneyBack, isBanned, lateMs });
  if (at < term || isMoneyBack || isBanned) return step;
  const method = await payments.methods.find(renewal.methodId);
  const isCharged = method !== undefined && (await payments.askAgain(method.paymentId));
  return isCharged ? { do: 'wait', until: new Date(at.getTime() + LOOK_AGAIN_MS) } : step;
}

/** Where the money of the running terms is: who took it back is not charged on. */
async function moneyOf(deps: RenewalsDeps, subscriptionId: string) {
  const ids = await selectNewestOrders(deps.db.read, subscriptionId);
  const orders = await deps.orders.some(ids);
  return {
    isMoneyBack: orders.get(ids[0] ?? '')?.state === 'refunded',
    isDisputed: [...orders.values()].some(({ disputedAt }) => disputedAt !== undefined),
  };
}

/** What is sold now gives and costs what the customer agreed to: else only a new consent counts. */
async function isAgreed(deps: RenewalsDeps, renewal: Renewal): Promise<boolean> {
  const [agreed, offered] = [
    await deps.catalog.version(renewal.planVersionId),
    await offeredAs(deps, renewal.planVersionId),
  ];
  if (offered === undefined) return false;
  const price = deps.payments.priceAt(renewal.provider, offered.prices);
  return (
    price !== undefined &&
    sameMoney(price, renewal.amount) &&
    offered.termDays === agreed.termDays &&
    offered.devices === agreed.devices &&
    offered.trafficBytes === agreed.trafficBytes
  );
}

/** The newest version on sale of the plan that this version belongs to. */
export async function offeredAs(
  deps: RenewalsDeps,
  planVersionId: string,
): Promise<Plan | undefined> {
  const bought = await deps.catalog.version(planVersionId);
  return (await deps.catalog.offered(bought.product)).find(({ id }) => id === bought.id);
}
