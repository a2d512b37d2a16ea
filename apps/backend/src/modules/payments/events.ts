import type { Money } from '@opora/kernel';

/** Facts of this module that others react to (`reactions.ts`). */
export type PaymentSettled = Readonly<{
  type: 'payment.settled';
  paymentId: string;
  orderId: string;
  personId: string;
  /**
   * `surplus`: the order was paid before; the money is on the balance. `short`: it does not reach the
   * price and is there too. `topped_up`: that is where it was meant to go.
   */
  outcome: 'paid' | 'surplus' | 'short' | 'topped_up';
  amount: Money;
}>;

export type PaymentEnded = Readonly<{
  type: 'payment.declined';
  paymentId: string;
  orderId: string;
  personId: string;
  /** The vendor's own word; the customer reads it in our words. */
  reason: string;
  /** Nobody was at the till: a renewal tells it in its own words. */
  isCharge: boolean;
}>;

export type PaymentRefunded = Readonly<{
  type: 'payment.refunded';
  paymentId: string;
  orderId: string;
  personId: string;
  amount: Money;
  /** Total given back so far by the same way, which makes two partial refunds two facts. */
  total: Money;
  /** Where it went: to the payer, or to the customer's balance. */
  target: 'provider' | 'balance';
}>;

/**
 * The buyer's bank asks the money back, and what came of that. `lost`: money went back (a
 * `payment.refunded` says how much); `won`: it stays.
 */
export type PaymentDisputed = Readonly<{
  type: 'payment.disputed' | 'payment.dispute_won' | 'payment.dispute_lost';
  paymentId: string;
  orderId: string;
  personId: string;
}>;

/** Staff wants a provider's book of a day compared now; the run is there already. */
export type ReconciliationAsked = Readonly<{ type: 'reconciliation.asked'; runId: string }>;

/** The notices of a provider do not come, though so many payments were paid; and they come again. */
export type NoticesStopped = Readonly<{
  type: 'notices.stopped';
  silenceId: string;
  provider: string;
  payments: number;
}>;
export type NoticesResumed = Readonly<{
  type: 'notices.resumed';
  silenceId: string;
  provider: string;
  since: Date;
}>;

/** A saved method that nobody charges any more: its vendor is to forget it too. */
export type MethodEnded = Readonly<{ type: 'method.ended'; methodId: string; personId: string }>;

/**
 * A method that its vendor charges by its own schedule has ended here, and the vendor cannot be told by
 * us: a person has to end it in its cabinet.
 */
export type MethodLeft = Readonly<{
  type: 'method.left';
  methodId: string;
  personId: string;
  paymentId: string;
  provider: string;
}>;

export type PaymentEvent =
  | PaymentSettled
  | PaymentEnded
  | PaymentRefunded
  | PaymentDisputed
  | MethodEnded
  | MethodLeft
  | ReconciliationAsked
  | NoticesStopped
  | NoticesResumed;
