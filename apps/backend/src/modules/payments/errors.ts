import { DomainError, OperationalError, type Facts } from '@opora/kernel';

export class PaymentNotFound extends DomainError {
  readonly code = 'payments.not_found';
  readonly kind = 'not_found';
}

/** The address names a provider that is not configured: a missing secret closes the endpoint. */
export class ProviderNotConfigured extends DomainError {
  readonly code = 'payments.provider_not_configured';
  readonly kind = 'not_found';
}

/** Staff switched this way to pay off; payments already begun go on. */
export class ProviderSwitchedOff extends DomainError {
  readonly code = 'payments.provider_switched_off';
  readonly kind = 'unavailable';
}

export const WEBHOOK_REFUSALS = [
  'sender_not_allowed',
  'malformed',
  'oversized',
  'signature',
  'stale',
  'unknown_event',
] as const;
export type WebhookRefusal = (typeof WEBHOOK_REFUSALS)[number];

/** A notice that did not prove to come from its vendor. The reason is for staff, not the sender. */
export class WebhookRejected extends DomainError {
  readonly code = 'payments.webhook_rejected';
  readonly kind = 'forbidden';
  readonly reason: WebhookRefusal;
  /** What exactly did not fit, without the reason before it. */
  readonly detail: string;

  constructor(reason: WebhookRefusal, detail: string, facts: Facts = {}) {
    super(`${reason}: ${detail}`, { facts });
    this.reason = reason;
    this.detail = detail;
  }
}

/** Timeout, refused connection, 5xx or 429: the outcome is unknown, the provider is asked later. */
export class ProviderUnavailable extends OperationalError {
  readonly code = 'payments.provider_unavailable';
}

/** The vendor answered something its documents do not allow: never taken for money. */
export class ProviderProtocolError extends OperationalError {
  readonly code = 'payments.provider_protocol';
}

/** The vendor refused our request for good (4xx): repeating it would not help. */
export class ProviderRefused extends DomainError {
  readonly code = 'payments.provider_refused';
  readonly kind = 'conflict';
}

/** The vendor does not know the object we asked about. */
export class ProviderPaymentMissing extends DomainError {
  readonly code = 'payments.provider_payment_missing';
  readonly kind = 'not_found';
}

/** The vendor's object belongs to something that is not sold by us: nothing is wrong with it. */
export class PaymentElsewhere extends DomainError {
  readonly code = 'payments.elsewhere';
  readonly kind = 'not_found';
}

export class UnsupportedByProvider extends DomainError {
  readonly code = 'payments.unsupported';
  readonly kind = 'invalid';
}

/** No saved method of that id, or somebody else's. */
export class MethodNotFound extends DomainError {
  readonly code = 'payments.method_not_found';
  readonly kind = 'not_found';
}

/** A refund above what is left of the payment. */
export class RefundExceedsPayment extends DomainError {
  readonly code = 'payments.refund_exceeds_payment';
  readonly kind = 'conflict';
}

/** The balance does not hold what should be paid, given back or taken from it. */
export class BalanceTooSmall extends DomainError {
  readonly code = 'payments.balance_too_small';
  readonly kind = 'conflict';
}

/** The payment is in a state that has no such edge (a refund of money that never came). */
export class PaymentStateConflict extends DomainError {
  readonly code = 'payments.state_conflict';
  readonly kind = 'conflict';
}

/** Of a day that has not begun there is nothing to compare. */
export class DayNotBegun extends DomainError {
  readonly code = 'payments.day_not_begun';
  readonly kind = 'invalid';
}

/** This provider's book of this day is being compared already. */
export class ReconciliationUnderWay extends DomainError {
  readonly code = 'payments.reconciliation_under_way';
  readonly kind = 'conflict';
}

/** It stood still for longer than its lease, and another process has begun this day anew. */
export class ReconciliationLost extends OperationalError {
  readonly code = 'payments.reconciliation_lost';
}
