import type { Clock } from '@opora/kernel';
import type { Database, Page, PageWish } from '../../platform/db/index.ts';
import type { Order } from './order.ts';
import {
  countByVersion,
  countPlaced,
  findOrders,
  selectOrders,
  selectUndelivered,
  type OrderFilter,
} from './repository-admin.ts';

/** What staff reads about orders. */
export interface OrdersAdmin {
  list(filter: OrderFilter, page: PageWish): Promise<Page<Order>>;
  /** By the whole id or its last six characters, both in lower case. */
  find(text: string, limit: number): Promise<readonly Order[]>;
  countByVersion(versionIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  countPlaced(span: { from: Date; to: Date }): Promise<{ placed: number; paid: number }>;
  undelivered(): Promise<{ count: number; oldest: Order | undefined }>;
}

export function createOrdersAdmin(deps: { db: Database; clock: Clock }): OrdersAdmin {
  const { read } = deps.db;
  return {
    list: (filter, page) => selectOrders(read, { ...filter, at: deps.clock.now() }, page),
    find: (text, limit) => findOrders(read, text, limit),
    countByVersion: (versionIds) => countByVersion(read, versionIds),
    countPlaced: (span) => countPlaced(read, span),
    undelivered: () => selectUndelivered(read),
  };
}
