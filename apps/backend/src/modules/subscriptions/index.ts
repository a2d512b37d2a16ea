/**
 * What people may use and until when. A subscription is the sum of its grants; each paid order
 * gives exactly one, counted from the later of its payment and the current expiry. A renewal pays
 * the next order from a saved method, when its owner agreed to that.
 */
export { nextTerm } from './subscription.ts';
export type { Grant, RenewalEvent, Subscription, SubscriptionEvent } from './subscription.ts';
export { isPartOfMany } from './mass.ts';
export type { MassExtension } from './repository-mass.ts';
export type { AccessPolicy } from './policy.ts';
export { lockOrInsert } from './repository.ts';
export { createSubscriptions, type LockSubscription, type Subscriptions } from './service.ts';
export { RenewalNeedsMethod } from './errors.ts';
export { RENEWAL_WORDS, type EndReason, type Renewal } from './renewal.ts';
export { createRenewals, type Renewals, type RenewalStanding } from './renewals.ts';
