/**
 * What an order gave follows its money. The order is locked first, so where its money is cannot
 * change; what is decided depends on that alone, so notices may come in any order and twice.
 */
import { assert } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { extendByOrder, type ExtendDeps } from './extend.ts';
import { isWithdrawn } from './policy.ts';
import { insertGrant, lockOfProduct, selectGrants, updateExtended } from './repository.ts';
import { updateNextLook } from './repository-renewals.ts';
import type { Grant, Subscription } from './subscription.ts';
import { isTaken, leftOf, withheldOf } from './term.ts';

export type ReviewOutcome = Readonly<{
  outcome: 'unchanged' | 'withdrawn' | 'restored' | 'extended' | 'duplicate' | 'withheld';
}>;

export async function reviewOrder(deps: ExtendDeps, orderId: string): Promise<ReviewOutcome> {
  const reviewed = await deps.db.transaction(async (tx) => {
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    assert(order !== undefined, `no order ${orderId}`);
    if (order.paidAt === undefined || order.kind === 'top_up') return 'unchanged';
    const current = await lockOfProduct(tx, order);
    if (current === undefined) return 'not given';
    // Its renewal is looked at now: who took the money back is not charged on.
    await updateNextLook(tx, current.id, deps.clock.now());
    const grants = await selectGrants(tx, current.id, current.revision);
    const own = grants.find((grant) => grant.orderId === orderId);
    if (own === undefined) return 'not given';
    const mustBeTaken = isWithdrawn(order, deps.policy);
    if (isTaken(grants, own.revision) === mustBeTaken) return 'unchanged';
    return mustBeTaken
      ? withdraw(deps, tx, { current, grants, owner: own.revision })
      : restore(deps, tx, { current, grants, owner: own.revision });
  });
  // Perhaps a dispute kept it back: where its money is now decides.
  return reviewed === 'not given' ? extendByOrder(deps, orderId) : { outcome: reviewed };
}

type Held = Readonly<{
  current: Subscription;
  grants: readonly Grant[];
  owner: number;
  /** The act of staff that takes it; undefined: its money went. */
  actId?: string;
}>;

/** Takes what is left of a grant, and nothing of the others. */
export async function withdraw(
  deps: Pick<ExtendDeps, 'clock' | 'publish'>,
  tx: Tx,
  { current, grants, owner, actId }: Held,
): Promise<'withdrawn' | 'unchanged'> {
  const at = deps.clock.now();
  const leftMs = leftOf(grants, owner, at);
  if (leftMs === 0) return 'unchanged';
  const { expiresAt } = current;
  const startsAt = new Date(expiresAt.getTime() - leftMs);
  const term = { kind: 'withdraw' as const, startsAt, endsAt: expiresAt, actId };
  await turn(deps, tx, current, { ...term, owner, at, expiresAt: startsAt });
  return 'withdrawn';
}

async function restore(
  deps: ExtendDeps,
  tx: Tx,
  { current, grants, owner }: Held,
): Promise<'restored' | 'unchanged'> {
  const at = deps.clock.now();
  const givenMs = withheldOf(grants, owner);
  if (givenMs === 0) return 'unchanged';
  const startsAt = current.expiresAt > at ? current.expiresAt : at;
  const endsAt = new Date(startsAt.getTime() + givenMs);
  const term = { kind: 'restore' as const, startsAt, endsAt, actId: undefined };
  await turn(deps, tx, current, { ...term, owner, at, expiresAt: endsAt });
  return 'restored';
}

type Turn = Pick<Grant, 'kind' | 'startsAt' | 'endsAt' | 'actId'> &
  Readonly<{ owner: number; at: Date; expiresAt: Date }>;

async function turn(
  deps: Pick<ExtendDeps, 'publish'>,
  tx: Tx,
  current: Subscription,
  { owner, at, expiresAt, ...term }: Turn,
): Promise<void> {
  const { id, personId, planVersionId } = current;
  const revision = current.revision + 1;
  const isNew = await insertGrant(tx, {
    ...{ ...term, orderId: undefined, subscriptionId: id },
    ...{ revision, ofRevision: owner, createdAt: at },
  });
  assert(isNew, `revision of ${id} was taken by another grant`);
  await updateExtended(tx, { id, planVersionId, expiresAt, revision, at });
  await deps.publish(tx, [{ type: 'subscription.changed', subscriptionId: id, personId }]);
}
