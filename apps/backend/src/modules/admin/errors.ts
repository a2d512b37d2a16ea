import { DomainError } from '@opora/kernel';

/** No such notice, or a refused one that made room for newer ones. */
export class NoticeNotFound extends DomainError {
  readonly code = 'admin.notice_not_found';
  readonly kind = 'not_found';
}

/** The panel has not made the account yet, so there is nothing to send. */
export class LinkNotReady extends DomainError {
  readonly code = 'admin.link_not_ready';
  readonly kind = 'conflict';
}

/** A price list with two prices in one currency. */
export class PricesAmbiguous extends DomainError {
  readonly code = 'admin.prices_ambiguous';
  readonly kind = 'invalid';
}
