import { formatMajor, type Money } from '@opora/kernel';
import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import { ActRefused } from '../till.ts';
import type { Notices } from './notices.ts';
import * as steps from './order.ts';
import { type Order, STATUSES, type Wanted } from './order.ts';

/**
 * The simulated shop at FreeKassa. Every act is one write to disk together with its notice; what
 * the status forbids throws `ActRefused` and changes nothing.
 */
export interface Shop {
  readonly orders: Book<Order>;
  /** Throws `ActRefused` when there is none. */
  order(id: string): Order;
  open(wanted: Wanted): Order;
  pay(id: string, what?: Readonly<{ method?: number | undefined; sum?: Money | undefined }>): Order;
  /** Opens the link once more and pays both: the vendor takes it. */
  payTwice(id: string): Order;
  payLater(id: string, delayMs: number): Order;
  decline(id: string): Order;
  cancel(id: string): Order;
  refund(id: string, sum: Money | undefined): Order;
  passTime(): void;
}

const FIRST_ID = 270_000_000;

export function openShop(world: World, notices: Notices): Shop {
  const orders = openBook<Order>(world.store, 'freekassa.orders', {
    groupOf: (order) => order.merchantOrderId,
    isOpen: (order) => order.deadlineAt !== undefined,
  });
  const now = (): Date => world.clock.now();

  function find(id: string): Order {
    const order = orders.find(id);
    if (order === undefined) throw new ActRefused('no such order', true);
    return order;
  }
  function save(order: Order): Order {
    orders.save(order);
    return order;
  }
  function act(id: string, change: (order: Order) => Order): Order {
    return world.store.together(() => save(change(find(id))));
  }
  function take(id: string, what: Parameters<Shop['pay']>[1] = {}): Order {
    return world.store.together(() => {
      const order = find(id);
      const amount = what.sum === undefined ? order.amount : formatMajor(what.sum);
      const paid = save(steps.paid(order, what.method ?? order.method, amount));
      notices.tell(paid);
      return paid;
    });
  }
  function open(wanted: Wanted): Order {
    const id = String(FIRST_ID + world.store.sequence('freekassa.orders'));
    return save(steps.opened(id, wanted, now()));
  }

  return {
    orders,
    order: find,
    open: (wanted) => world.store.together(() => open(wanted)),
    pay: take,
    payTwice: (id) =>
      world.store.together(() => {
        const first = take(id);
        take(open(first).id);
        return first;
      }),
    payLater: (id, delayMs) => act(id, (order) => steps.promised(order, now(), delayMs)),
    decline: (id) => act(id, (order) => steps.ended(order, STATUSES.error)),
    cancel: (id) => act(id, (order) => steps.ended(order, STATUSES.cancelled)),
    refund: (id, sum) => act(id, (order) => steps.refunded(order, sum)),
    passTime() {
      const at = now().toISOString();
      for (const { id, payAt, deadlineAt } of orders.open()) {
        if (payAt !== undefined && payAt <= at) take(id);
        else if (deadlineAt !== undefined && deadlineAt <= at) {
          act(id, (order) => steps.ended(order, STATUSES.cancelled));
        }
      }
    },
  };
}
