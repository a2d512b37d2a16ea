import { assert, sameMoney, type Clock, type Ids, type Money } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import { createOrdersAdmin, type OrdersAdmin } from './admin.ts';
import { OrderKeyReused, OrderNotFound } from './errors.ts';
import type { Order } from './order.ts';
import {
  countPlaced,
  insertOrder,
  lockOrders,
  selectByKey,
  selectOrder,
  selectOrders,
  selectOwn,
  updateDelivered,
  updateDisputed,
  updatePaid,
  updateState,
} from './repository.ts';

/** How long a price is offered after the customer chose it. */
const OFFER_MS = 60 * 60_000;

/** A payment's money arrived for an order. */
export type MoneyIn = Readonly<{ orderId: string; paymentId: string; at: Date }>;

/**
 * `paid`: this money paid the order. `surplus`: it was paid (or closed) before; the money stays on
 * the customer's balance and the customer is told (principle 7).
 */
export type MoneyInOutcome = Readonly<{ order: Order; outcome: 'paid' | 'surplus' }>;

export interface Orders {
  readonly admin: OrdersAdmin;
  /**
   * Writes down what the customer chose, with the price they saw. Asked again with the same key it
   * gives the same order; throws `OrderKeyReused` when the key came with another wish.
   */
  place(wish: {
    personId: string;
    product: string;
    planVersionId: string;
    amount: Money;
    key?: string;
  }): Promise<Order>;
  /** The order this person placed with the key; undefined: none yet. */
  ofKey(personId: string, key: string): Promise<Order | undefined>;
  /** How many orders this person placed since then. */
  placedSince(personId: string, since: Date): Promise<number>;
  /** Throws `OrderNotFound`. */
  find(id: string): Promise<Order>;
  /** This person's order; throws `OrderNotFound` for anybody else's. */
  findOwn(id: string, personId: string): Promise<Order>;
  /** Orders by their ids, for lists. */
  some(ids: readonly string[]): Promise<ReadonlyMap<string, Order>>;
  /** Locks orders of the settling transaction, always before `moneyIn` and `refunded`. */
  lock(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Order>>;
  /**
   * Applies money to orders inside the settling transaction: the first payment of an open order
   * pays it, late or not. Results are keyed by payment id.
   */
  moneyIn(tx: Tx, arrivals: readonly MoneyIn[]): Promise<ReadonlyMap<string, MoneyInOutcome>>;
  /** All of a paid order's money was given back. */
  refunded(tx: Tx, orderId: string): Promise<void>;
  /** The bank of a paid order's buyer asks the money back, or (undefined) does not any more. */
  disputed(tx: Tx, orderId: string, since: Date | undefined): Promise<void>;
  /** What these orders bought is on the panel; a repeat keeps the first time. */
  delivered(tx: Tx, orderIds: readonly string[], at: Date): Promise<void>;
}

export function createOrders(deps: { db: Database; ids: Ids; clock: Clock }): Orders {
  const { db, ids, clock } = deps;

  async function lock(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    if (orderIds.length === 0) return new Map();
    const locked = await lockOrders(tx, orderIds);
    return new Map(locked.map((order) => [order.id, order]));
  }

  return {
    admin: createOrdersAdmin(deps),
    async place(wish) {
      const createdAt = clock.now();
      const order: Order = {
        ...wish,
        key: wish.key,
        id: ids.next('ord'),
        state: 'open',
        paymentId: undefined,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + OFFER_MS),
        paidAt: undefined,
        deliveredAt: undefined,
        disputedAt: undefined,
      };
      if (await insertOrder(db.read, order)) return order;
      assert(order.key !== undefined, `order ${order.id} was not written`);
      const known = await selectByKey(db.read, order.personId, order.key);
      assert(known !== undefined, `the order of key ${order.key} vanished`);
      const isSame =
        known.planVersionId === order.planVersionId && sameMoney(known.amount, order.amount);
      if (!isSame) throw new OrderKeyReused(`key ${order.key} belongs to order ${known.id}`);
      return known;
    },
    ofKey: (personId, key) => selectByKey(db.read, personId, key),
    placedSince: (personId, since) => countPlaced(db.read, personId, since),
    find: async (id) => demand(await selectOrder(db.read, id), id),
    findOwn: async (id, personId) => demand(await selectOwn(db.read, id, personId), id),
    async some(orderIds) {
      const found = orderIds.length === 0 ? [] : await selectOrders(db.read, orderIds);
      return new Map(found.map((order) => [order.id, order]));
    },
    lock,
    async moneyIn(tx, arrivals) {
      const orders = await lock(
        tx,
        arrivals.map(({ orderId }) => orderId),
      );
      const outcomes = new Map<string, MoneyInOutcome>();
      const paid = new Map<string, MoneyIn>();
      for (const arrival of arrivals) {
        const order = orders.get(arrival.orderId);
        if (order === undefined) throw new OrderNotFound(`no order ${arrival.orderId}`);
        const isFirst = order.state === 'open' && !paid.has(order.id);
        if (isFirst) paid.set(order.id, arrival);
        outcomes.set(arrival.paymentId, { order, outcome: isFirst ? 'paid' : 'surplus' });
      }
      if (paid.size > 0) await updatePaid(tx, [...paid.values()]);
      return outcomes;
    },
    async refunded(tx, orderId) {
      await updateState(tx, orderId, { from: 'paid', to: 'refunded' });
    },
    disputed: updateDisputed,
    delivered: updateDelivered,
  };
}

function demand(order: Order | undefined, id: string): Order {
  if (order === undefined) throw new OrderNotFound(`no order ${id}`);
  return order;
}
