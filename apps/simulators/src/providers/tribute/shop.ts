import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Cabinet } from '../cabinet.ts';
import type { Notices } from './notices.ts';
import * as steps from './order.ts';
import type { CancelReason, Order, Transaction } from './order.ts';
import { presentOrder } from './present.ts';
import { Refusal, refuse } from './refusal.ts';
import type { OrderRequest } from './request.ts';
import type { ShopSettings } from './settings.ts';

/**
 * One shop at Tribute. An act is one write to disk together with its notices, so a kill leaves
 * either both or none; acts the state forbids throw `Refusal` and change nothing.
 */
export interface Shop {
  readonly book: Book<Order>;
  checkoutUrl(id: string): string;
  create(request: OrderRequest): Order;
  /** Throws a 404 `Refusal`. */
  order(id: string): Order;
  pay(id: string): Order;
  payLater(id: string, delayMs: number): Order;
  /** The bank refuses: the shop is told, the order stays payable. */
  decline(id: string): Order;
  /** Nobody paid in time: no event tells of it. */
  expire(id: string): Order;
  /** The vendor charges a recurring order now, whenever it is due. */
  renew(id: string, outcome: ShopSettings['renewal']): Order;
  cancel(id: string, reason: CancelReason): Order;
  /** The shop asks for one sale back, whole; without a number, the newest. */
  refund(id: string, transactionId?: number): Transaction;
  /** The bank takes the newest sale back without anybody's asking. */
  dispute(id: string): Order;
  /** Does what time brings: late buyers pay, renewals are charged, refunds arrive. */
  passTime(): void;
}

type Desk = Readonly<{
  world: World;
  cabinet: Cabinet<ShopSettings>;
  notices: Notices;
  book: Book<Order>;
}>;

const BPS = 10_000;
/** How long a refund is under way at the vendor. */
const REFUND_MS = 5_000;

export function openShop(world: World, cabinet: Cabinet<ShopSettings>, notices: Notices): Shop {
  const book = openBook(world.store, 'tribute.orders', {
    groupOf: (order: Order) => order.customerId,
    isOpen: hasFuture,
  });
  const desk: Desk = { world, cabinet, notices, book };
  const act = <T>(id: string, work: (order: Order) => T): T =>
    world.store.together(() => work(find(desk, id)));

  return {
    book,
    checkoutUrl: (id) => checkoutUrl(desk, id),
    create: (request) => world.store.together(() => keep(desk, start(world, request))),
    order: (id) => find(desk, id),
    pay: (id) => act(id, (order) => pay(desk, order)),
    payLater: (id, delayMs) =>
      act(id, (order) => {
        const payAt = new Date(world.clock.now().getTime() + delayMs).toISOString();
        return keep(desk, steps.promised(order, payAt));
      }),
    decline: (id) => act(id, (order) => decline(desk, order)),
    expire: (id) => act(id, (order) => keep(desk, steps.failed(order))),
    renew: (id, outcome) => act(id, (order) => renew(desk, order, outcome)),
    cancel: (id, reason) => act(id, (order) => cancel(desk, order, reason)),
    refund: (id, transactionId) =>
      act(id, (order) => startRefund(desk, order, steps.refundableSale(order, transactionId))),
    dispute: (id) =>
      act(id, (order) => {
        const sale = steps.refundableSale(order);
        return finishRefund(desk, { ...order, disputed: true }, sale);
      }),
    passTime() {
      for (const { id } of book.open()) act(id, (order) => passTime(desk, order));
    },
  };
}

const checkoutUrl = ({ world }: Pick<Desk, 'world'>, id: string): string =>
  `${world.selfUrl}/tribute/checkout/${id}`;

function find({ book }: Desk, id: string): Order {
  const order = book.find(id);
  if (order === undefined) throw new Refusal(404, 'order not found');
  return order;
}

function keep({ book }: Desk, order: Order): Order {
  book.save(order);
  return order;
}

function tell(desk: Desk, name: string, order: Order, more: object = {}): void {
  const payload = { ...presentOrder(order, checkoutUrl(desk, order.id)), ...more };
  desk.notices.tell(name, payload, order.id);
}

/** Ids are UUIDs; the counter in the last group keeps them apart when seeded numbers repeat. */
function start(world: World, request: OrderRequest): Order {
  const hex = (digits: number): string =>
    Math.floor(world.chance() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const number = world.store.sequence('tribute.order').toString(16).padStart(12, '0');
  const id = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${number}`;
  const createdAt = world.clock.now().toISOString();
  return { ...request, id, status: 'pending', createdAt, transactions: [] };
}

function saleOf({ world, cabinet }: Desk, amount: number): Transaction {
  return {
    id: world.store.sequence('tribute.transaction'),
    type: 'sell',
    amount,
    fee: Math.round((amount * cabinet.settings().feeBps) / BPS),
    createdAt: world.clock.now().toISOString(),
  };
}

/** Two events of one payment: the first says only that something is coming. */
function pay(desk: Desk, order: Order): Order {
  const after = steps.paid(order, saleOf(desk, order.firstPeriodAmount ?? order.amount));
  tell(desk, 'shop_order_payment_received', order);
  keep(desk, after);
  tell(desk, 'shop_order', after);
  return after;
}

function decline(desk: Desk, order: Order): Order {
  if (order.status !== 'pending') refuse(`order is ${order.status}`);
  tell(desk, 'shop_order_payment_failed', order);
  return order;
}

function renew(desk: Desk, order: Order, outcome: ShopSettings['renewal']): Order {
  if (outcome === 'success') {
    const sale = saleOf(desk, order.amount);
    const after = keep(desk, steps.renewed(order, sale));
    const { fee, id } = sale;
    tell(desk, 'shop_order_charge_success', after, { fee, transactionId: id, chargeRetries: 0 });
    return after;
  }
  const after = keep(desk, steps.notRenewed(order, desk.world.clock.now()));
  const chargeRetries = after.membership?.chargeRetries ?? 0;
  tell(desk, 'shop_order_charge_failed', after, { chargeRetries });
  return chargeRetries < steps.CHARGE_RETRIES_MAX ? after : cancel(desk, after, 'payment_failed');
}

function cancel(desk: Desk, order: Order, reason: CancelReason): Order {
  const after = keep(desk, steps.cancelled(order, reason));
  tell(desk, 'shop_order_cancelled', after, { cancelReason: reason });
  return after;
}

function startRefund(desk: Desk, order: Order, sale: Transaction): Transaction {
  const refundedAt = desk.world.clock.now().toISOString();
  const under: Transaction = { ...sale, refund: 'initiated', refundedAt };
  tellRefund(desk, keep(desk, steps.withSale(order, under)), under);
  return under;
}

function finishRefund(desk: Desk, order: Order, sale: Transaction): Order {
  const at = desk.world.clock.now().toISOString();
  const done: Transaction = { ...sale, refund: 'completed', refundedAt: at };
  const back: Transaction = {
    id: desk.world.store.sequence('tribute.transaction'),
    type: 'refund',
    amount: sale.amount,
    fee: 0,
    createdAt: at,
  };
  const after = steps.withSale(order, done);
  const kept = keep(desk, { ...after, transactions: [...after.transactions, back] });
  tellRefund(desk, kept, done);
  return kept;
}

function tellRefund(desk: Desk, order: Order, sale: Transaction): void {
  tell(desk, 'shop_order_refunded', order, {
    transactionId: sale.id,
    amount: sale.amount,
    status: sale.refund,
    refundedAt: sale.refundedAt,
  });
}

const hasFuture = (order: Order): boolean =>
  order.payAt !== undefined ||
  order.membership?.status === 'active' ||
  order.transactions.some(({ refund }) => refund === 'initiated');

function passTime(desk: Desk, order: Order): void {
  const now = desk.world.clock.now();
  const at = now.toISOString();
  const { payAt, membership, transactions } = order;
  if (payAt !== undefined && payAt <= at) pay(desk, order);
  else if (membership?.status === 'active' && membership.nextChargeAt <= at) {
    renew(desk, order, desk.cabinet.settings().renewal);
  } else {
    const arrived = new Date(now.getTime() - REFUND_MS).toISOString();
    const sale = transactions.find(
      ({ refund, refundedAt = at }) => refund === 'initiated' && refundedAt <= arrived,
    );
    if (sale !== undefined) finishRefund(desk, order, sale);
  }
}
