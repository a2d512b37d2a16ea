import { DomainError, OperationalError } from '@opora/kernel';

/** The channel could not be reached, or asked us to wait (`retryAfterMs`): sent later. */
export class ChannelUnavailable extends OperationalError {
  readonly code = 'messaging.channel_unavailable';
}

/** No mail can be sent there: misspelt, or of a kind nobody has. */
export class AddressInvalid extends DomainError {
  readonly code = 'messaging.address_invalid';
  readonly kind = 'invalid';
}

/** A report about mail that its sender did not sign, or that is too old to be believed. */
export class MailReportRejected extends DomainError {
  readonly code = 'messaging.webhook_rejected';
  readonly kind = 'forbidden';
}
