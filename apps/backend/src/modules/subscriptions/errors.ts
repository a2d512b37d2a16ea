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

/** Days for everybody are being given or taken back, or were taken back before. */
export class ExtensionUnderWay extends DomainError {
  readonly code = 'subscriptions.extension_under_way';
  readonly kind = 'conflict';
}

export class ExtensionNotFound extends DomainError {
  readonly code = 'subscriptions.extension_not_found';
  readonly kind = 'not_found';
}
