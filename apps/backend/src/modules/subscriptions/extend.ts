/** A paid order becomes a term: once, however often it is asked. */
import { assert, type Clock, type Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Orders } from '../orders/index.ts';
import type { Renewals } from './renewals.ts';
import { givesNothing, type AccessPolicy } from './policy.ts';
import { hasGrant, insertGrant, updateExtended, type lockOrInsert } from './repository.ts';
import { nextTerm, type SubscriptionEvent } from './subscription.ts';

export type ExtendDeps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  catalog: Catalog;
  orders: Orders;
  renewals: Pick<Renewals, 'methodOf' | 'extended'>;
  policy: AccessPolicy;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
  lock: typeof lockOrInsert;
}>;

export async function extendByOrder(
  deps: ExtendDeps,
  orderId: string,
): Promise<{ outcome: 'extended' | 'duplicate' | 'withheld' }> {
  const { db, clock, ids, lock } = deps;
  const asked = await deps.orders.find(orderId);
  const { planVersionId } = asked;
  assert(planVersionId !== undefined, `order ${orderId} is a top-up: it grants nothing`);
  const plan = await deps.catalog.version(planVersionId);
  const method = await deps.renewals.methodOf(asked);
  return db.transaction(async (tx) => {
    // Where its money is cannot change while the order is locked.
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    assert(order?.paidAt !== undefined, `order ${orderId} is granted before it is paid`);
    const { paidAt } = order;
    if (givesNothing(order, deps.policy)) return { outcome: 'withheld' as const };
    const current = await lock(tx, {
      id: ids.next('sub'),
      personId: order.personId,
      product: order.product,
      planVersionId,
      expiresAt: paidAt,
      revision: 0,
      deliveredRevision: 0,
      deliverySince: clock.now(),
      createdAt: clock.now(),
    });
    const term = nextTerm(current.expiresAt, paidAt, plan.termDays);
    const grant = {
      ...term,
      kind: 'order' as const,
      orderId,
      actId: undefined,
      subscriptionId: current.id,
      revision: current.revision + 1,
      ofRevision: undefined,
      createdAt: clock.now(),
    };
    if (!(await insertGrant(tx, grant))) {
      assert(await hasGrant(tx, orderId), `revision of ${current.id} was taken by another grant`);
      return { outcome: 'duplicate' as const };
    }
    await updateExtended(tx, {
      id: current.id,
      planVersionId,
      expiresAt: term.endsAt,
      revision: grant.revision,
      at: clock.now(),
    });
    const renewed = { subscriptionId: current.id, order, expiresAt: term.endsAt, method };
    await deps.renewals.extended(tx, renewed);
    await deps.publish(tx, [
      {
        type: 'subscription.extended',
        subscriptionId: current.id,
        orderId,
        personId: order.personId,
      },
    ]);
    return { outcome: 'extended' as const };
  });
}
