import { DomainError } from '@opora/kernel';

export class PersonNotFound extends DomainError {
  readonly code = 'identity.person_not_found';
  readonly kind = 'not_found';
}

/** A one-time link that is used, older than ten minutes, or was never ours. */
export class LoginLinkInvalid extends DomainError {
  readonly code = 'identity.login_link_invalid';
  readonly kind = 'unauthenticated';
}

/** The refresh token is unknown, expired or was used before: sign in again. */
export class SessionEnded extends DomainError {
  readonly code = 'identity.session_ended';
  readonly kind = 'unauthenticated';
}
