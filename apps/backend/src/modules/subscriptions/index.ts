/**
 * What people may use and until when. A subscription is the sum of its grants; each paid order
 * gives exactly one, counted from the later of its payment and the current expiry.
 */
export { nextTerm } from './subscription.ts';
export type { Grant, Subscription, SubscriptionEvent } from './subscription.ts';
export type { AccessPolicy } from './policy.ts';
export { lockOrInsert } from './repository.ts';
export { createSubscriptions, type LockSubscription, type Subscriptions } from './service.ts';
