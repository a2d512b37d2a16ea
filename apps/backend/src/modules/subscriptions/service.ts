import type { Clock, Ids } from '@opora/kernel';
import { createGatherer } from '../../platform/batch/index.ts';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Orders } from '../orders/index.ts';
import { createSubscriptionsAdmin, type SubscriptionsAdmin } from './admin.ts';
import { SubscriptionNotFound } from './errors.ts';
import { extendByOrder } from './extend.ts';
import type { AccessPolicy } from './policy.ts';
import {
  lockOrInsert,
  selectGrants,
  selectKnown,
  selectOfPeople,
  selectOwn,
  selectPage,
  selectSubscription,
  updateDelivered,
} from './repository.ts';
import { createMassExtensions, type MassExtensions } from './mass.ts';
import type { Renewals } from './renewals.ts';
import { reviewOrder, type ReviewOutcome } from './review.ts';
import { createSubscriptionActs, type SubscriptionActs } from './staff.ts';
import type { Grant, Subscription, SubscriptionEvent } from './subscription.ts';

export interface Subscriptions {
  readonly renewals: Renewals;
  readonly admin: SubscriptionsAdmin;
  readonly acts: SubscriptionActs;
  /** Days for everybody while payments do not work. */
  readonly everybody: MassExtensions;
  /**
   * Gives a paid order its term, once; a repeat changes nothing. `withheld`: its money went back or
   * is disputed before any access was given, so none is.
   */
  extend(orderId: string): Promise<{ outcome: 'extended' | 'duplicate' | 'withheld' }>;
  /**
   * Brings what a paid order gave in line with where its money is now, by the product's policy. It
   * looks at how things stand and not at what happened, so it may run at any time, twice, late.
   */
  review(orderId: string): Promise<ReviewOutcome>;
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
  /** The panel has this revision, and so what these orders bought. */
  delivered(
    tx: Tx,
    told: { id: string; revision: number; orderIds: readonly string[]; at: Date },
  ): Promise<void>;
}

/** Locks a person's subscription, or makes it; the seam where a drill plants a lost update. */
export type LockSubscription = typeof lockOrInsert;

export function createSubscriptions(deps: {
  db: Database;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  catalog: Catalog;
  orders: Orders;
  renewals: Renewals;
  policy: AccessPolicy;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
  lock?: LockSubscription;
}): Subscriptions {
  const { db, lock = lockOrInsert } = deps;
  const ofPerson = createGatherer((people: readonly string[]) => selectOfPeople(db.read, people));
  return {
    renewals: deps.renewals,
    admin: createSubscriptionsAdmin(deps),
    acts: createSubscriptionActs({ ...deps, lock }),
    everybody: createMassExtensions(deps),
    extend: (orderId) => extendByOrder({ ...deps, lock }, orderId),
    review: (orderId) => reviewOrder({ ...deps, lock }, orderId),
    find: async (id) => demand(await selectSubscription(db.read, id), id),
    findOwn: async (id, personId) => demand(await selectOwn(db.read, id, personId), id),
    ofPerson: async (personId) => (await ofPerson(personId)) ?? [],
    page: (after, limit) => selectPage(db.read, after, limit),
    known: (ids) => selectKnown(db.read, [...ids]),
    grants: selectGrants,
    async delivered(tx, { orderIds, ...told }) {
      // Orders first, then the subscription, as everybody who locks both.
      await deps.orders.delivered(tx, orderIds, told.at);
      await updateDelivered(tx, told);
    },
  };
}

function demand(subscription: Subscription | undefined, id: string): Subscription {
  if (subscription === undefined) throw new SubscriptionNotFound(`no such subscription: ${id}`);
  return subscription;
}
