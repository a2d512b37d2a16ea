import { assert, type Clock, type Ids } from '@opora/kernel';
import { createGatherer } from '../../platform/batch/index.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Orders } from '../orders/index.ts';
import { SubscriptionNotFound } from './errors.ts';
import {
  hasGrant,
  insertGrant,
  lockOrInsert,
  selectGrants,
  selectKnown,
  selectOfPeople,
  selectOwn,
  selectPage,
  selectSubscription,
  updateExtended,
} from './repository.ts';
import { nextTerm, type Grant, type Subscription, type SubscriptionEvent } from './subscription.ts';

export interface Subscriptions {
  /**
   * Gives a paid order its term, once; a repeat changes nothing. `refunded`: all its money went
   * back before any access was given, so none is.
   */
  extend(orderId: string): Promise<{ outcome: 'extended' | 'duplicate' | 'refunded' }>;
  /** Throws `SubscriptionNotFound`. */
  find(id: string): Promise<Subscription>;
  /** This person's subscription; throws `SubscriptionNotFound` for anybody else's. */
  findOwn(id: string, personId: string): Promise<Subscription>;
  ofPerson(personId: string): Promise<readonly Subscription[]>;
  /** All of them in the order of their ids, `limit` after `after`. */
  page(after: string | undefined, limit: number): Promise<readonly Subscription[]>;
  /** Which of these ids are subscriptions. */
  known(ids: readonly string[]): Promise<readonly string[]>;
  /** Grants up to a revision, oldest first: what a delivery of that revision covers. */
  grants(tx: Tx, id: string, upToRevision: number): Promise<readonly Grant[]>;
}

/** Locks a person's subscription, or makes it; the seam where a drill plants a lost update. */
export type LockSubscription = typeof lockOrInsert;

export function createSubscriptions(deps: {
  db: Database;
  clock: Clock;
  ids: Ids;
  catalog: Catalog;
  orders: Orders;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
  lock?: LockSubscription;
}): Subscriptions {
  const { db, clock, ids, lock = lockOrInsert } = deps;
  const ofPerson = createGatherer((people: readonly string[]) => selectOfPeople(db.read, people));
  return {
    async extend(orderId) {
      const order = await deps.orders.find(orderId);
      assert(order.paidAt !== undefined, `order ${orderId} is granted before it is paid`);
      if (order.state === 'refunded') return { outcome: 'refunded' };
      const paidAt = order.paidAt;
      const plan = await deps.catalog.version(order.planVersionId);
      return db.transaction(async (tx) => {
        const current = await lock(tx, {
          id: ids.next('sub'),
          personId: order.personId,
          product: order.product,
          planVersionId: order.planVersionId,
          expiresAt: paidAt,
          revision: 0,
          createdAt: clock.now(),
        });
        const term = nextTerm(current.expiresAt, paidAt, plan.termDays);
        const grant = {
          ...term,
          orderId,
          subscriptionId: current.id,
          revision: current.revision + 1,
        };
        if (!(await insertGrant(tx, grant, clock.now()))) {
          assert(
            await hasGrant(tx, orderId),
            `revision of ${current.id} was taken by another grant`,
          );
          return { outcome: 'duplicate' as const };
        }
        await updateExtended(tx, {
          id: current.id,
          planVersionId: order.planVersionId,
          expiresAt: term.endsAt,
          revision: grant.revision,
        });
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
    },
    find: async (id) => demand(await selectSubscription(db.read, id), id),
    findOwn: async (id, personId) => demand(await selectOwn(db.read, id, personId), id),
    ofPerson: async (personId) => (await ofPerson(personId)) ?? [],
    page: (after, limit) => selectPage(db.read, after, limit),
    known: (ids) => selectKnown(db.read, [...ids]),
    grants: selectGrants,
  };
}

function demand(subscription: Subscription | undefined, id: string): Subscription {
  if (subscription === undefined) throw new SubscriptionNotFound(`no such subscription: ${id}`);
  return subscription;
}
