/**
 * What a customer wants to buy, at the price it had when they asked. An order is open until money
 * comes; its deadline only ends the offer: money that comes later still pays an unpaid order.
 */
export {
  OrderKeyReused,
  OrderNotFound,
  OrderNotOpen,
  PriceChanged,
  TooManyOrders,
} from './errors.ts';
export { orderTitle, TOP_UP_TITLE } from './title.ts';
export { topUpBounds, topUpOffers } from './top-up.ts';
export type { Order, OrderEvent, OrderPaid } from './order.ts';
export { createOrders, type MoneyInOutcome, type Orders } from './service.ts';
