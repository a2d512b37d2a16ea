import { DomainError } from '@opora/kernel';

export class SubscriptionNotFound extends DomainError {
  readonly code = 'subscriptions.not_found';
  readonly kind = 'not_found';
}
