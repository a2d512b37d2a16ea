/**
 * What is sold: plans of a product, their versions and prices per currency. A version is never
 * edited; a change makes the next one, and what was ordered keeps the version it was made with.
 */
export { PlanNotOffered } from './errors.ts';
export type { PlanVersionListed } from './repository-admin.ts';
export type { StoredPlan } from './repository.ts';
export type { Plan, PlanSeed } from './plan.ts';
export { createCatalog, priceIn, type Catalog } from './service.ts';
