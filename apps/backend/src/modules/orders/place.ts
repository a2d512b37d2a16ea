/** Writes a wish down, once per key. */
import { assert, sameMoney, type Clock, type Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import { OrderKeyReused } from './errors.ts';
import type { Order } from './order.ts';
import { insertOrder, selectByKey } from './repository.ts';

/** How long a price is offered after the customer chose it. */
const OFFER_MS = 60 * 60_000;

type Deps = Readonly<{ db: Database; ids: Ids; clock: Clock }>;

type Wish = Pick<Order, 'personId' | 'kind' | 'product' | 'planVersionId' | 'amount' | 'key'>;

export async function placeOrder(deps: Deps, wish: Wish): Promise<Order> {
  return write(deps, deps.db.read, wish);
}

/** The same wish once more, in the transaction of the money that already came for it. */
export function placeAgain(
  deps: Deps,
  tx: Tx,
  { order, key }: { order: Order; key: string },
): Promise<Order> {
  const { personId, kind, product, planVersionId, amount } = order;
  return write(deps, tx, { personId, kind, product, planVersionId, amount, key });
}

async function write({ ids, clock }: Deps, tx: Tx, wish: Wish): Promise<Order> {
  const createdAt = clock.now();
  const order: Order = {
    ...wish,
    id: ids.next('ord'),
    state: 'open',
    paymentId: undefined,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + OFFER_MS),
    paidAt: undefined,
    deliveredAt: undefined,
    disputedAt: undefined,
  };
  if (await insertOrder(tx, order)) return order;
  assert(order.key !== undefined, `order ${order.id} was not written`);
  const known = await selectByKey(tx, order.personId, order.key);
  assert(known !== undefined, `the order of key ${order.key} vanished`);
  const isSame =
    known.kind === order.kind &&
    known.planVersionId === order.planVersionId &&
    sameMoney(known.amount, order.amount);
  if (!isSame) throw new OrderKeyReused(`key ${order.key} belongs to order ${known.id}`);
  return known;
}
