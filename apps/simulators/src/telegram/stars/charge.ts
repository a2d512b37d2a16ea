import { SUBSCRIPTION_SECONDS } from './invoice.ts';

/** One payment in Stars. Times are wall clock, milliseconds. */
export type Charge = Readonly<{
  /** `telegram_payment_charge_id`. */
  id: string;
  personId: number;
  invoiceId: string;
  payload: string;
  amount: number;
  at: number;
  refundedAt?: number;
  /** The subscription it paid for, by the id of its first charge. */
  subscriptionId?: string;
}>;

/**
 * What Telegram charges by itself every 30 days until somebody cancels it or the person has too few
 * Stars. Its id is the id of its first charge. Cancelled, it lasts until `endsAt`.
 */
export type Subscription = Readonly<{
  id: string;
  personId: number;
  invoiceId: string;
  state: 'active' | 'canceled' | 'failed';
  endsAt: number;
}>;

export const PERIOD_MS = SUBSCRIPTION_SECONDS * 1_000;

/**
 * A person pressed "pay" and Telegram asks the bot whether to take the money. `refused` carries the
 * bot's words; `expired` means it did not answer within 10 s.
 */
export type Attempt = Readonly<{
  /** The id of the `pre_checkout_query`. */
  id: string;
  personId: number;
  invoiceId: string;
  at: number;
  state: 'asked' | 'paid' | 'refused' | 'expired';
  words?: string;
  chargeId?: string;
}>;

export const ANSWER_LIMIT_MS = 10_000;
