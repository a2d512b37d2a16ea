/** The noun: how a term is added. Pure. */

export type Subscription = Readonly<{
  id: string;
  personId: string;
  product: string;
  planVersionId: string;
  expiresAt: Date;
  /** Grows by one with each grant. */
  revision: number;
  createdAt: Date;
}>;

/** One paid order's extension. */
export type Grant = Readonly<{
  orderId: string;
  subscriptionId: string;
  revision: number;
  startsAt: Date;
  endsAt: Date;
}>;

export type SubscriptionEvent = Readonly<{
  type: 'subscription.extended';
  subscriptionId: string;
  orderId: string;
  personId: string;
}>;

const DAY_MS = 86_400_000;

/** A term starts when the last one ends, or with the payment when that has passed: no day is lost. */
export function nextTerm(
  expiresAt: Date,
  paidAt: Date,
  termDays: number,
): { startsAt: Date; endsAt: Date } {
  const startsAt = expiresAt.getTime() > paidAt.getTime() ? expiresAt : paidAt;
  return { startsAt, endsAt: new Date(startsAt.getTime() + termDays * DAY_MS) };
}
