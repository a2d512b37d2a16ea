import { DomainError } from '@opora/kernel';

/** No such plan, not offered any more, or not sold in that currency. */
export class PlanNotOffered extends DomainError {
  readonly code = 'catalog.plan_not_offered';
  readonly kind = 'not_found';
}
