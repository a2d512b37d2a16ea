import { DomainError, OperationalError } from '@opora/kernel';

/** Timeout, connection reset, 5xx, 429: unknown outcome, read before the next write. */
export class PanelUnavailable extends OperationalError {
  readonly code = 'provisioning.panel_unavailable';
}

/** The token does not verify, was deleted, or its scope is too narrow. Not retried blindly. */
export class PanelCredentialsRefused extends OperationalError {
  readonly code = 'provisioning.panel_credentials';
}

/**
 * Something that is not the panel answered (a proxy's page, a foreign 404, a redirect), or the
 * base address is wrong. Never taken for "user missing".
 */
export class PanelMisconfigured extends OperationalError {
  readonly code = 'provisioning.panel_misconfigured';
}

/** The panel refused what we sent; repeating it would not help, staff is told. */
export class PanelRefused extends DomainError {
  readonly code = 'provisioning.panel_refused';
  readonly kind = 'conflict';
}

/** A generation of the panel we do not know: reads only (principle 12). */
export class PanelUnsupported extends OperationalError {
  readonly code = 'provisioning.panel_unsupported';
}

export class PanelWebhookRejected extends DomainError {
  readonly code = 'provisioning.webhook_rejected';
  readonly kind = 'forbidden';
}
