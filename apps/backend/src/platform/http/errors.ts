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
