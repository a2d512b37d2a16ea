import { DomainError, OperationalError } from '@opora/kernel';

export class OrderNotFound extends DomainError {
  readonly code = 'orders.not_found';
  readonly kind = 'not_found';
}

/** One key was sent with two different wishes. */
export class OrderKeyReused extends DomainError {
  readonly code = 'orders.key_reused';
  readonly kind = 'conflict';
}

/** The customer saw another price than the plan has now: they are not charged what they did not see. */
export class PriceChanged extends DomainError {
  readonly code = 'orders.price_changed';
  readonly kind = 'conflict';
}

/** Nobody tops up by a kopeck, and nobody by what they could not have meant. */
export class TopUpOutOfBounds extends DomainError {
  readonly code = 'orders.top_up_out_of_bounds';
  readonly kind = 'invalid';
}

/** Each is a row here and a payment at the vendor; passes by itself. */
export class TooManyOrders extends OperationalError {
  readonly code = 'orders.too_many';
  override readonly kind = 'rate_limited';
}

/** Paid or cancelled already: another payment for it is not started. */
export class OrderNotOpen extends DomainError {
  readonly code = 'orders.not_open';
  readonly kind = 'conflict';
}
