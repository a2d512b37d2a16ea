/** Renewals in the order of their life: agreed, announced, charged, tried again, ended. */
import { assert, assertNever, sameMoney, type Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { PlanNotOffered } from '../catalog/index.ts';
import { OrderNotOpen, PriceChanged, type Order } from '../orders/index.ts';
import type { Payment, SavedMethod } from '../payments/index.ts';
import { RenewalNeedsMethod, SubscriptionNotFound } from './errors.ts';
import {
  CHARGED_BEFORE_MS,
  RENEWAL_WORDS,
  renewalKey,
  TOLD_BEFORE_MS,
  type Renewal,
  type Step,
} from './renewal.ts';
import { lockSubscription, selectOwn, selectSubscription } from './repository.ts';
import {
  claimRenewals,
  endRenewalsOf,
  lockRenewal,
  selectRenewals,
  switchOffRenewal,
  updateNextLook,
  updateTold,
  upsertRenewal,
} from './repository-renewals.ts';
import type { RenewalsDeps } from './renewals-deps.ts';
import { endFor } from './renewals-end.ts';
import { nextOf, offeredAs, stepOf } from './renewals-facts.ts';
import { hearVendor, type VendorNews } from './renewals-vendor.ts';
import type { Subscription } from './subscription.ts';

/** Renewals one round takes, and how long they are its own: longer than the slowest charge. */
const PER_ROUND = 16;
const LEASE_MS = 60_000;

export interface Renewals {
  /** Of these subscriptions; absent: never agreed to. */
  of(subscriptionIds: readonly string[]): Promise<ReadonlyMap<string, Renewal>>;
  /** What its owner sees: what is agreed and kept, and at what price it could be switched on. */
  standing(subscription: Subscription): Promise<RenewalStanding>;
  /** Charges of the term that comes next so far, newest first. */
  tries(subscription: Subscription): Promise<readonly Payment[]>;
  /**
   * The customer agrees that the running subscription is charged to their saved method, at the
   * price they saw. Throws `SubscriptionNotFound`, `RenewalNeedsMethod`, `PlanNotOffered`,
   * `PriceChanged`.
   */
  switchOn(subscriptionId: string, personId: string, seen: Money): Promise<void>;
  /** From the commit on nothing new is charged. A repeat changes nothing. */
  switchOff(subscriptionId: string, personId: string): Promise<void>;
  /** Removes a saved method and ends what rests on it, at once. Throws `MethodNotFound`. */
  removeMethod(methodId: string, personId: string): Promise<void>;
  /** What the buyer of this order let us charge again; undefined: nothing. */
  methodOf(order: Order): Promise<SavedMethod | undefined>;
  /** In the transaction that extends: a consent given with the order begins, any other moves on. */
  extended(tx: Tx, fact: Extended): Promise<void>;
  /** A vendor that charges by itself says what became of that without us; a repeat changes nothing. */
  hear(news: VendorNews): Promise<void>;
  /** One round over what is due; returns how much there was. */
  runDue(): Promise<number>;
}

export type RenewalStanding = Readonly<{
  /** Undefined: it is not on. */
  renewal: Renewal | undefined;
  /** The method it is charged to, or would be; undefined: none is kept. */
  method: SavedMethod | undefined;
  /** When the next charge is due while it is on. */
  chargedAt: Date;
  /** The price and version a consent would be about now; undefined: not on sale for the method. */
  offer: Readonly<{ versionId: string; price: Money }> | undefined;
}>;

type Extended = Readonly<{
  subscriptionId: string;
  order: Order;
  expiresAt: Date;
  method: SavedMethod | undefined;
}>;

export function createRenewals(deps: RenewalsDeps): Renewals {
  const { db, clock, payments } = deps;
  return {
    of: (subscriptionIds) => selectRenewals(db.read, subscriptionIds),
    standing: (subscription) => standingOf(deps, subscription),
    tries: async (subscription) => (await nextOf(deps, subscription)).tries,
    switchOn: (subscriptionId, personId, seen) => agree(deps, { subscriptionId, personId, seen }),
    async switchOff(subscriptionId, personId) {
      await findOwn(deps, subscriptionId, personId);
      const off = (tx: Tx) => switchOffRenewal(tx, subscriptionId, clock.now());
      const renewal = (await selectRenewals(db.read, [subscriptionId])).get(subscriptionId);
      // The vendor charges until it is told not to.
      if (renewal?.state === 'on' && payments.chargesItself(renewal.provider)) {
        await payments.methods.remove(renewal.methodId, personId, off);
      } else await off(db.read);
    },
    async removeMethod(methodId, personId) {
      await payments.methods.remove(methodId, personId, (tx) =>
        endRenewalsOf(tx, methodId, clock.now()),
      );
    },
    async methodOf({ paymentId }) {
      const method =
        paymentId === undefined ? undefined : await payments.methods.savedWith(paymentId);
      return method?.state === 'active' ? method : undefined;
    },
    async extended(tx, { subscriptionId, order, expiresAt, method }) {
      const nextAt = new Date(expiresAt.getTime() - TOLD_BEFORE_MS);
      if (method === undefined) return updateNextLook(tx, subscriptionId, nextAt);
      const { personId, planVersionId, amount } = order;
      assert(planVersionId !== undefined, `order ${order.id} is a top-up: nothing of it renews`);
      const { id: methodId, provider, words, agreedAt } = method;
      const agreed = { personId, planVersionId, amount, methodId, provider, words, agreedAt };
      await retireOther(deps, tx, { subscriptionId, methodId });
      return upsertRenewal(tx, { subscriptionId, ...agreed }, nextAt);
    },
    hear: (news) => hearVendor(deps, news),
    async runDue() {
      const at = clock.now();
      const nextAt = new Date(at.getTime() + LEASE_MS);
      const due = await claimRenewals(db.read, PER_ROUND, { at, nextAt });
      for (const renewal of due) await lookAt(deps, renewal);
      return due.length;
    },
  };
}

async function findOwn(deps: RenewalsDeps, id: string, personId: string): Promise<Subscription> {
  const subscription = await selectOwn(deps.db.read, id, personId);
  if (subscription === undefined) throw new SubscriptionNotFound(`no such subscription: ${id}`);
  return subscription;
}

async function standingOf(
  deps: RenewalsDeps,
  { id, personId, planVersionId, expiresAt }: Subscription,
): Promise<RenewalStanding> {
  const renewal = (await selectRenewals(deps.db.read, [id])).get(id);
  const isOn = renewal?.state === 'on';
  const saved = await deps.payments.methods.ofPerson(personId);
  const method = saved.find((one) =>
    isOn ? one.id === renewal.methodId : isChargeable(deps, one),
  );
  const isOfVendor = isOn && deps.payments.chargesItself(renewal.provider);
  const plan = await offeredAs(deps, planVersionId);
  const price = method && plan && deps.payments.priceAt(method.provider, plan.prices);
  return {
    renewal: isOn ? renewal : undefined,
    method,
    chargedAt: new Date(expiresAt.getTime() - (isOfVendor ? 0 : CHARGED_BEFORE_MS)),
    offer: plan && price && { versionId: plan.versionId, price },
  };
}

/** The default, and we charge it. */
function isChargeable({ payments }: RenewalsDeps, method: SavedMethod): boolean {
  const { isDefault, state, provider } = method;
  return isDefault && state === 'active' && !payments.chargesItself(provider);
}

async function agree(
  deps: RenewalsDeps,
  wish: { subscriptionId: string; personId: string; seen: Money },
): Promise<void> {
  const { subscriptionId, personId, seen } = wish;
  const subscription = await findOwn(deps, subscriptionId, personId);
  const saved = await deps.payments.methods.ofPerson(personId);
  const method = saved.find((one) => isChargeable(deps, one));
  if (method === undefined) throw new RenewalNeedsMethod(`${personId} has no saved method`);
  const plan = await offeredAs(deps, subscription.planVersionId);
  if (plan === undefined) throw new PlanNotOffered(`the plan of ${subscriptionId} is not offered`);
  const price = deps.payments.priceAt(method.provider, plan.prices);
  if (price === undefined || !sameMoney(price, seen)) {
    throw new PriceChanged(`plan ${plan.id} has another price than was seen`);
  }
  const at = deps.clock.now();
  const agreed = { subscriptionId, personId, planVersionId: plan.versionId, amount: price };
  const by = { methodId: method.id, provider: method.provider, words: RENEWAL_WORDS, agreedAt: at };
  await deps.db.transaction(async (tx) => {
    await retireOther(deps, tx, { subscriptionId, methodId: method.id });
    await upsertRenewal(tx, { ...agreed, ...by }, at);
  });
}

/** What a vendor charged by itself for this subscription is not charged beside the new consent. */
async function retireOther(
  { payments }: RenewalsDeps,
  tx: Tx,
  { subscriptionId, methodId }: { subscriptionId: string; methodId: string },
): Promise<void> {
  const before = (await selectRenewals(tx, [subscriptionId])).get(subscriptionId);
  if (before?.state !== 'on' || before.methodId === methodId) return;
  if (payments.chargesItself(before.provider)) await payments.methods.retire(tx, before.methodId);
}

/** One renewal that fails does not keep the others from theirs; its lease brings it back. */
async function lookAt(deps: RenewalsDeps, renewal: Renewal): Promise<void> {
  const { subscriptionId } = renewal;
  try {
    const subscription = await selectSubscription(deps.db.read, subscriptionId);
    if (subscription === undefined) return;
    await take(deps, { renewal, subscription }, await stepOf(deps, renewal, subscription));
  } catch (error) {
    deps.log.warn({ error, subscriptionId }, 'a renewal could not be looked at; looking again');
  }
}

type Looked = Readonly<{ renewal: Renewal; subscription: Subscription }>;

async function take(deps: RenewalsDeps, looked: Looked, step: Step): Promise<void> {
  const { subscriptionId } = looked.renewal;
  switch (step.do) {
    case 'wait':
      return updateNextLook(deps.db.read, subscriptionId, step.until);
    case 'tell':
      return announce(deps, looked, step.chargedAt);
    case 'charge':
      return charge(deps, looked, step.after);
    case 'retry':
      return tellOfRetry(deps, looked, step);
    case 'end':
      return endFor(deps, looked, step.why);
    default:
      return assertNever(step);
  }
}

async function announce(deps: RenewalsDeps, looked: Looked, chargedAt: Date): Promise<void> {
  const { subscriptionId, personId } = looked.renewal;
  const term = looked.subscription.expiresAt;
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    if (!(await updateTold(tx, { subscriptionId, term, at, nextAt: chargedAt }))) return;
    await deps.publish(tx, [
      { type: 'renewal.announced', subscriptionId, personId, term, chargedAt },
    ]);
  });
}

/**
 * The order of the next term, and one charge for it. What the charge rests on is locked and read
 * again in the transaction of its intent: switched off, or extended by hand, it does not happen.
 */
async function charge(
  deps: RenewalsDeps,
  looked: Looked,
  after: string | undefined,
): Promise<void> {
  const { renewal, subscription } = looked;
  const { personId, planVersionId, amount, methodId } = renewal;
  const { product } = subscription;
  const key = renewalKey(subscription.id, subscription.expiresAt);
  const order = await deps.orders.place({ personId, product, planVersionId, amount, key });
  const request = { orderId: order.id, methodId, after, ...(await deps.describe(order)) };
  try {
    const payment = await deps.payments.charge(request, (tx) => isStillMeant(tx, looked));
    deps.log.info({ orderId: order.id, paymentId: payment?.id }, 'a renewal was charged');
    if (payment === undefined) await endWithoutMethod(deps, looked);
  } catch (error) {
    // Paid meanwhile: its extension is on the way and moves the date.
    if (!(error instanceof OrderNotOpen)) throw error;
  }
}

async function isStillMeant(tx: Tx, { renewal, subscription }: Looked): Promise<boolean> {
  // The subscription first, as everybody locks the two who extends one.
  const standing = await lockSubscription(tx, renewal.subscriptionId);
  const now = await lockRenewal(tx, renewal.subscriptionId);
  return (
    now?.state === 'on' &&
    now.methodId === renewal.methodId &&
    sameMoney(now.amount, renewal.amount) &&
    standing?.expiresAt.getTime() === subscription.expiresAt.getTime()
  );
}

async function endWithoutMethod(deps: RenewalsDeps, looked: Looked): Promise<void> {
  const method = await deps.payments.methods.find(looked.renewal.methodId);
  if (method?.state !== 'active') await endFor(deps, looked, 'method_removed');
}

async function tellOfRetry(
  deps: RenewalsDeps,
  { renewal, subscription }: Looked,
  { at, payment }: Extract<Step, { do: 'retry' }>,
): Promise<void> {
  const { subscriptionId, personId } = renewal;
  await deps.db.transaction(async (tx) => {
    await updateNextLook(tx, subscriptionId, at);
    const term = subscription.expiresAt;
    const about = { subscriptionId, personId, paymentId: payment.id, term, nextTryAt: at };
    await deps.publish(tx, [{ type: 'renewal.declined', ...about }]);
  });
}
