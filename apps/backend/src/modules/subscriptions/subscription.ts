/** The noun: how a term is added. Pure. */
import type { EndReason } from './renewal.ts';

export type Subscription = Readonly<{
  id: string;
  personId: string;
  product: string;
  planVersionId: string;
  expiresAt: Date;
  /** Grows by one with everything the panel must hear of. */
  revision: number;
  /** The newest revision the panel has. */
  deliveredRevision: number;
  /** Since when the panel is behind, or has it all. */
  deliverySince: Date;
  createdAt: Date;
}>;

/**
 * One change of the term: by a paid order, by an act of staff (its audit entry), or by what became
 * of an order's money. `withdraw` takes what is left of the grant `ofRevision`, `restore` gives it
 * back.
 */
export type Grant = Readonly<{
  kind: 'order' | 'extend' | 'grant' | 'revoke' | 'withdraw' | 'restore';
  orderId: string | undefined;
  actId: string | undefined;
  subscriptionId: string;
  revision: number;
  ofRevision: number | undefined;
  /** Of a withdrawal: the days between its two dates were taken. */
  startsAt: Date;
  endsAt: Date;
  createdAt: Date;
}>;

export type SubscriptionEvent =
  | Readonly<{
      type: 'subscription.extended';
      subscriptionId: string;
      orderId: string;
      personId: string;
    }>
  /** Staff or an order's money changed the term, or whether the person may use it. */
  | Readonly<{
      type: 'subscription.changed';
      subscriptionId: string;
      personId: string;
      /** One of very many: whoever bought something goes first. */
      isBulk?: true;
    }>
  /** Days for everybody: the next batch is due. */
  | Readonly<{ type: 'extension.continues'; extensionId: string }>
  | RenewalEvent;

type AboutRenewal = Readonly<{
  subscriptionId: string;
  personId: string;
  /** The end of the term that is renewed. */
  term: Date;
}>;

export type RenewalEvent =
  | (AboutRenewal & Readonly<{ type: 'renewal.announced'; chargedAt: Date }>)
  /** Declined, and tried again then. */
  | (AboutRenewal & Readonly<{ type: 'renewal.declined'; paymentId: string; nextTryAt: Date }>)
  | (AboutRenewal & Readonly<{ type: 'renewal.ended'; why: EndReason }>);

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
