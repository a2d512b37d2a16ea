import type { Clock } from '@opora/kernel';
import type { Database, Page, PageWish } from '../../platform/db/index.ts';
import {
  countBehind,
  findSubscriptions,
  selectByDelivery,
  selectNewestOf,
  selectNewestOrders,
  selectSubscriptions,
  type DeliveryFilter,
  type SubscriptionFilter,
} from './repository-admin.ts';
import type { Subscription } from './subscription.ts';

/** What staff reads about subscriptions. */
export interface SubscriptionsAdmin {
  list(filter: SubscriptionFilter, page: PageWish): Promise<Page<Subscription>>;
  byDelivery(filter: DeliveryFilter, page: PageWish): Promise<Page<Subscription>>;
  /** By the whole id or its last six characters, both in lower case. */
  find(text: string, limit: number): Promise<readonly Subscription[]>;
  newestOf(personIds: readonly string[]): Promise<ReadonlyMap<string, Subscription>>;
  /** The newest paid order of each subscription. */
  newestOrders(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Subscriptions whose newest revision the panel does not have. */
  countBehind(): Promise<number>;
}

export function createSubscriptionsAdmin(deps: { db: Database; clock: Clock }): SubscriptionsAdmin {
  const { read } = deps.db;
  return {
    list: (filter, page) => selectSubscriptions(read, { ...filter, at: deps.clock.now() }, page),
    byDelivery: (filter, page) => selectByDelivery(read, filter, page),
    find: (text, limit) => findSubscriptions(read, text, limit),
    newestOf: (personIds) => selectNewestOf(read, personIds),
    newestOrders: (ids) => selectNewestOrders(read, ids),
    countBehind: () => countBehind(read),
  };
}
