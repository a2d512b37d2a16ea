import { DomainError } from '@opora/kernel';

/** The key of an earlier act came with another one: two different wishes, one key. */
export class AuditKeyReused extends DomainError {
  readonly code = 'audit.key_reused';
  readonly kind = 'conflict';
}
