import { DomainError, OperationalError } from '@opora/kernel';

export class PersonNotFound extends DomainError {
  readonly code = 'identity.person_not_found';
  readonly kind = 'not_found';
}

export class PersonBanned extends DomainError {
  readonly code = 'identity.person_banned';
  readonly kind = 'forbidden';
}

/** A ban would take rights from staff, which only an owner may. */
export class PersonIsStaff extends DomainError {
  readonly code = 'identity.person_is_staff';
  readonly kind = 'conflict';
}

/** A one-time link that is used, older than ten minutes, or was never ours. */
export class LoginLinkInvalid extends DomainError {
  readonly code = 'identity.login_link_invalid';
  readonly kind = 'unauthenticated';
}

/** The refresh token is unknown, expired or was used before, or the session is idle: sign in again. */
export class SessionEnded extends DomainError {
  readonly code = 'identity.session_ended';
  readonly kind = 'unauthenticated';
}

/** An API key that is unknown, expired or ended. */
export class KeyRefused extends DomainError {
  readonly code = 'identity.key_refused';
  readonly kind = 'unauthenticated';
}

/** A key can be allowed no more than its maker, and never what is sensitive. */
export class KeyScopeRefused extends DomainError {
  readonly code = 'identity.key_scope_refused';
  readonly kind = 'forbidden';
}

/** The product gives its customers no keys. */
export class KeysNotOffered extends DomainError {
  readonly code = 'identity.keys_not_offered';
  readonly kind = 'forbidden';
}

export class KeyNotFound extends DomainError {
  readonly code = 'identity.key_not_found';
  readonly kind = 'not_found';
}

export class TooManyKeys extends DomainError {
  readonly code = 'identity.too_many_keys';
  readonly kind = 'conflict';
}

/** What was named is not the `jti` of an access token of ours. */
export class TokenIdInvalid extends DomainError {
  readonly code = 'identity.token_id_invalid';
  readonly kind = 'invalid';
}

/** A key that is bound to other addresses than the caller's. */
export class KeyAddressRefused extends DomainError {
  readonly code = 'identity.key_address_refused';
  readonly kind = 'forbidden';
}

/** The right person from a place that `OPORA_STAFF_NETWORKS` does not name. */
export class StaffAddressRefused extends DomainError {
  readonly code = 'identity.staff_address_refused';
  readonly kind = 'forbidden';
}

/** Telegram's word was changed on its way, made for another bot, or used before. */
export class TelegramRefused extends DomainError {
  readonly code = 'identity.telegram_refused';
  readonly kind = 'unauthenticated';
}

/** Telegram's word is true and too old: opened anew it is fresh. */
export class TelegramStale extends DomainError {
  readonly code = 'identity.telegram_stale';
  readonly kind = 'unauthenticated';
}

/** Telegram does not answer, so it cannot be asked who somebody is. */
export class TelegramUnreachable extends DomainError {
  readonly code = 'identity.telegram_unreachable';
  readonly kind = 'unavailable';
}

/** No bot is configured, so nobody can be known by it. */
export class TelegramAway extends DomainError {
  readonly code = 'identity.telegram_away';
  readonly kind = 'unavailable';
}

/** Told only to who proved to have both: two accounts are never joined silently. */
export class WayTaken extends DomainError {
  readonly code = 'identity.way_taken';
  readonly kind = 'conflict';
}

/** An account has one mailbox and one Telegram: the one that is there goes first. */
export class WayPresent extends DomainError {
  readonly code = 'identity.way_present';
  readonly kind = 'conflict';
}

/** Without it nobody could ever sign in to the account again. */
export class LastWay extends DomainError {
  readonly code = 'identity.last_way';
  readonly kind = 'conflict';
}

/** A password needs a mailbox to go with it. */
export class EmailNeeded extends DomainError {
  readonly code = 'identity.email_needed';
  readonly kind = 'conflict';
}

/** A link of a mail that is used, old, or was never ours. */
export class MailLinkInvalid extends DomainError {
  readonly code = 'identity.mail_link_invalid';
  readonly kind = 'not_found';
}

export class WayNotFound extends DomainError {
  readonly code = 'identity.way_not_found';
  readonly kind = 'not_found';
}

/** Another site, another key, an old question, or a key that is nobody's: one answer for all. */
export class PasskeyRefused extends DomainError {
  readonly code = 'identity.passkey_refused';
  readonly kind = 'unauthenticated';
}

/** Ended already, or somebody else's: one answer for both. */
export class SessionNotFound extends DomainError {
  readonly code = 'identity.session_not_found';
  readonly kind = 'not_found';
}

/** Unknown address, wrong password, disabled: one answer for all (security A5). */
export class SignInRefused extends DomainError {
  readonly code = 'identity.sign_in_refused';
  readonly kind = 'unauthenticated';
}

export class ChallengeInvalid extends DomainError {
  readonly code = 'identity.challenge_invalid';
  readonly kind = 'unauthenticated';
}

export class CodeRefused extends DomainError {
  readonly code = 'identity.code_refused';
  readonly kind = 'unauthenticated';
}

/** Too many tries for now; passes by itself, so it says when. */
export class TooManyTries extends OperationalError {
  readonly code = 'identity.too_many_tries';
  override readonly kind = 'rate_limited';
}

export class StepUpRequired extends DomainError {
  readonly code = 'identity.step_up_required';
  readonly kind = 'unauthenticated';
}

export class CsrfRefused extends DomainError {
  readonly code = 'identity.csrf_refused';
  readonly kind = 'forbidden';
}

/** The fact `reason` says which rule; the password itself is nowhere in it. */
export class PasswordWeak extends DomainError {
  readonly code = 'identity.password_weak';
  readonly kind = 'invalid';
}

export class EmailInvalid extends DomainError {
  readonly code = 'identity.email_invalid';
  readonly kind = 'invalid';
}

export class OwnerCodeInvalid extends DomainError {
  readonly code = 'identity.owner_code_invalid';
  readonly kind = 'unauthenticated';
}

export class InvitationInvalid extends DomainError {
  readonly code = 'identity.invitation_invalid';
  readonly kind = 'not_found';
}

export class StaffNotFound extends DomainError {
  readonly code = 'identity.staff_not_found';
  readonly kind = 'not_found';
}

export class AlreadyStaff extends DomainError {
  readonly code = 'identity.already_staff';
  readonly kind = 'conflict';
}

/** Nobody changes their own rights (security D4). */
export class OwnRights extends DomainError {
  readonly code = 'identity.own_rights';
  readonly kind = 'forbidden';
}

export class LastOwner extends DomainError {
  readonly code = 'identity.last_owner';
  readonly kind = 'conflict';
}
