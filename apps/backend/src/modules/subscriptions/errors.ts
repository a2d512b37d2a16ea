import { DomainError } from '@opora/kernel';

export class SubscriptionNotFound extends DomainError {
  readonly code = 'subscriptions.not_found';
  readonly kind = 'not_found';
}

/** Renewals are charged to a saved method, and there is none: it is saved with the next payment. */
export class RenewalNeedsMethod extends DomainError {
  readonly code = 'subscriptions.renewal_needs_method';
  readonly kind = 'conflict';
}
