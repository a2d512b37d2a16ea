import type { Money } from '@opora/kernel';

export type OrderState = 'open' | 'paid' | 'cancelled' | 'refunded';

export type Order = Readonly<{
  id: string;
  personId: string;
  product: string;
  planVersionId: string;
  amount: Money;
  state: OrderState;
  /** The payment that paid it. */
  paymentId: string | undefined;
  createdAt: Date;
  expiresAt: Date;
  paidAt: Date | undefined;
  /** When the panel had it. */
  deliveredAt: Date | undefined;
  /** Since when the buyer's bank asks the money back; a dispute that is lost stays. */
  disputedAt: Date | undefined;
  /** The browser's key of this wish; undefined for an order made in the bot. */
  key: string | undefined;
}>;

/** A fact others react to. */
export type OrderPaid = Readonly<{
  type: 'order.paid';
  orderId: string;
  personId: string;
  paymentId: string;
  at: Date;
}>;

export type OrderEvent = OrderPaid;
