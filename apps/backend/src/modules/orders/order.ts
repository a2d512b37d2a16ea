import type { Money } from '@opora/kernel';

export type OrderState = 'open' | 'paid' | 'cancelled' | 'refunded';

/** `plan` buys a term; `top_up` only brings money to the balance. */
export type OrderKind = 'plan' | 'top_up';

export type Order = Readonly<{
  id: string;
  kind: OrderKind;
  personId: string;
  product: string;
  /** Undefined for a top-up. */
  planVersionId: string | undefined;
  amount: Money;
  state: OrderState;
  /** The payment that paid it; a top-up has none: its money stays the customer's. */
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
