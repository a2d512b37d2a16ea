/** The noun: money that no provider told of, entered from a document. Pure. */
import { DomainError, type Currency, type Money } from '@opora/kernel';

export const DOCUMENT_KINDS = ['transfer', 'cash', 'invoice', 'other'] as const;

/** What proves the money; its number as it counts: capitals, no spaces. */
export type HandDocument = Readonly<{ kind: (typeof DOCUMENT_KINDS)[number]; number: string }>;

/** `expired`: nobody confirmed it in time. */
export type HandState = 'waiting' | 'settled' | 'rejected' | 'expired';

export type HandPayment = Readonly<{
  id: string;
  /** `in`: it came; `back`: it was given back. */
  direction: 'in' | 'back';
  orderId: string;
  personId: string;
  amount: Money;
  document: HandDocument;
  reason: string;
  state: HandState;
  enteredBy: Readonly<{ id: string; name: string }>;
  enteredAt: Date;
  expiresAt: Date;
  decidedBy: Readonly<{ id: string; name: string }> | undefined;
  decidedAt: Date | undefined;
  paymentId: string | undefined;
  actId: string;
}>;

/** How long the second member of staff has. */
export const CONFIRMED_WITHIN_MS = 3 * 86_400_000;

/** The same paper typed twice is the same paper. */
export function documentOf(kind: HandDocument['kind'], number: string): HandDocument {
  return { kind, number: number.replace(/\s+/g, '').toLocaleUpperCase('ru') };
}

/** The key of its money in `payment`. */
export function referenceOf({ kind, number }: HandDocument): string {
  return `${kind}:${number}`;
}

/** One person may enter it; a currency without a limit always needs two. */
export function isForOne(amount: Money, limits: readonly Money[]): boolean {
  const limit = limits.find(({ currency }) => currency === amount.currency);
  return limit !== undefined && amount.minor <= limit.minor;
}

export function stateAt({ state, expiresAt }: HandPayment, at: Date): HandState {
  return state === 'waiting' && expiresAt <= at ? 'expired' : state;
}

export class HandPaymentNotFound extends DomainError {
  readonly code = 'payments.hand_not_found';
  readonly kind = 'not_found';
}

/** This document brought money before, or waits for its second person. */
export class DocumentUsed extends DomainError {
  readonly code = 'payments.document_used';
  readonly kind = 'conflict';
}

/** The order costs less, or is sold in another currency. */
export class HandSumWrong extends DomainError {
  readonly code = 'payments.hand_sum_wrong';
  readonly kind = 'invalid';
}

/** Whoever entered it confirms it: two people are asked for. */
export class SecondPersonNeeded extends DomainError {
  readonly code = 'payments.second_person_needed';
  readonly kind = 'forbidden';
}

/** It was confirmed, rejected, or its time has passed. */
export class HandPaymentDecided extends DomainError {
  readonly code = 'payments.hand_decided';
  readonly kind = 'conflict';
}

/** What an order without a price in this currency would cost: nothing that can be entered. */
export function wrongSum(orderId: string, price: Money, currency: Currency): HandSumWrong {
  return new HandSumWrong(`order ${orderId} cannot take that sum in ${currency}`, {
    facts: { priceMinor: price.minor.toString(), currency: price.currency },
  });
}
