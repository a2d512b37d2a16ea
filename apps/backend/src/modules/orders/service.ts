import { type Clock, type Ids, type Money } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import { createOrdersAdmin, type OrdersAdmin } from './admin.ts';
import { OrderNotFound } from './errors.ts';
import type { Order } from './order.ts';
import { placeAgain, placeOrder } from './place.ts';
import {
  countPlaced,
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
import { demandTopUp } from './top-up.ts';

/** A payment's money arrived for an order. */
export type MoneyIn = Readonly<{
  orderId: string;
  paymentId: string;
  at: Date;
  /** It does not reach the price, and the balance does not cover the rest. */
  isShort?: boolean;
}>;

/**
 * `paid`: this money paid the order. `surplus`: it was paid (or closed) before; the money stays on
 * the customer's balance and the customer is told (principle 7). `short`: it does not reach the price
 * and stays on the balance too. `topped_up`: that was the wish.
 */
export type MoneyInOutcome = Readonly<{
  order: Order;
  outcome: 'paid' | 'surplus' | 'short' | 'topped_up';
}>;

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
  /** The wish to put money on the balance; throws `TopUpOutOfBounds`. Keys as in `place`. */
  placeTopUp(wish: {
    personId: string;
    product: string;
    amount: Money;
    key?: string;
  }): Promise<Order>;
  /**
   * The same order once more, in the transaction of money that came for the next term by the
   * vendor's own schedule; one key, one order.
   */
  placeAgain(tx: Tx, order: Order, key: string): Promise<Order>;
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
  const { db } = deps;

  async function lock(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, Order>> {
    if (orderIds.length === 0) return new Map();
    const locked = await lockOrders(tx, orderIds);
    return new Map(locked.map((order) => [order.id, order]));
  }

  return {
    admin: createOrdersAdmin(deps),
    place: (wish) => placeOrder(deps, { ...wish, kind: 'plan', key: wish.key }),
    placeTopUp(wish) {
      demandTopUp(wish.amount);
      return placeOrder(deps, { ...wish, kind: 'top_up', planVersionId: undefined, key: wish.key });
    },
    placeAgain: (tx, order, key) => placeAgain(deps, tx, { order, key }),
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
      const paid = new Map<string, { orderId: string; paymentId: string | undefined; at: Date }>();
      for (const arrival of arrivals) {
        const order = orders.get(arrival.orderId);
        if (order === undefined) throw new OrderNotFound(`no order ${arrival.orderId}`);
        const isFirst = order.state === 'open' && !paid.has(order.id);
        const outcome = outcomeOf(order, arrival, isFirst);
        if (isFirst && outcome !== 'short') {
          const isPlan = order.kind === 'plan';
          paid.set(order.id, { ...arrival, paymentId: isPlan ? arrival.paymentId : undefined });
        }
        outcomes.set(arrival.paymentId, { order, outcome });
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

function outcomeOf(
  { kind }: Order,
  { isShort }: MoneyIn,
  isFirst: boolean,
): MoneyInOutcome['outcome'] {
  if (kind === 'top_up') return 'topped_up';
  if (!isFirst) return 'surplus';
  return isShort === true ? 'short' : 'paid';
}

function demand(order: Order | undefined, id: string): Order {
  if (order === undefined) throw new OrderNotFound(`no order ${id}`);
  return order;
}
