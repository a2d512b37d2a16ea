import { DomainError } from '@opora/kernel';

/** No session where one is needed, or one that has ended. */
export class Unauthenticated extends DomainError {
  readonly code = 'http.unauthenticated';
  readonly kind = 'unauthenticated';
}

/** Known, but not allowed. Where existence itself is private, throw the module's not-found. */
export class Forbidden extends DomainError {
  readonly code = 'http.forbidden';
  readonly kind = 'forbidden';
}

/** A call that must be safe to repeat came without its `Idempotency-Key`. */
export class IdempotencyKeyMissing extends DomainError {
  readonly code = 'http.idempotency_key_missing';
  readonly kind = 'invalid';
}
