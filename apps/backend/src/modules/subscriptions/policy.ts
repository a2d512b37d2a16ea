/**
 * What a refund or a dispute does to the access that the order gave: data of the product. Pure.
 *
 * - `immediately`: what is left of this order's days is taken at once; other orders keep theirs
 * - `at_period_end`: what was given runs to its end, and nothing more is given for the order
 * - `never`: the access does not change
 *
 * A refund in part changes nothing. A dispute that is lost is like a refund, and what it closed
 * stays closed; one that is won gives back the days that were left when it began.
 */
import type { Order } from '../orders/index.ts';

export type AccessChange = 'immediately' | 'at_period_end' | 'never';
export type AccessPolicy = Readonly<{ onRefund: AccessChange; onDispute: AccessChange }>;

type MoneyOf = Pick<Order, 'state' | 'disputedAt'>;

/** What the order gave is not in force now. */
export function isWithdrawn({ state, disputedAt }: MoneyOf, policy: AccessPolicy): boolean {
  return (
    (state === 'refunded' && policy.onRefund === 'immediately') ||
    (disputedAt !== undefined && policy.onDispute === 'immediately')
  );
}

/** An order that has given nothing yet gives nothing while this is so. */
export function givesNothing({ state, disputedAt }: MoneyOf, policy: AccessPolicy): boolean {
  return state === 'refunded' || (disputedAt !== undefined && policy.onDispute !== 'never');
}
