import type { Clock, Ids } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { Acted, Audit, StaffAct } from '../audit/index.ts';
import { PlanNotOffered } from './errors.ts';
import { termsAsFacts, type PlanSeed } from './plan.ts';
import { lockNewest, selectAllVersions, type PlanVersionListed } from './repository-admin.ts';
import {
  insertVersion,
  selectNewestOfPlan,
  selectVersions,
  type StoredPlan,
} from './repository.ts';

/** What a new version says; code and product stay. */
export type PlanTerms = Omit<PlanSeed, 'code'>;

/** What staff reads of the plans, and how it changes them. */
export interface CatalogAdmin {
  versions(product: string): Promise<readonly PlanVersionListed[]>;
  byVersion(versionIds: readonly string[]): Promise<ReadonlyMap<string, StoredPlan>>;
  /** The newest version of a plan, sold or not; throws `PlanNotOffered`. */
  newest(planId: string): Promise<StoredPlan>;
  /**
   * Publishes the next version of a plan, once per key. Orders keep the version they were placed
   * at; the product's folder no longer changes this plan. Throws `PlanNotOffered`.
   */
  publish(act: StaffAct, planId: string, terms: PlanTerms): Promise<Acted>;
}

export function createCatalogAdmin(deps: {
  db: Database;
  clock: Clock;
  ids: Ids;
  audit: Audit;
}): CatalogAdmin {
  const { db, clock, ids, audit } = deps;
  const found = (plan: StoredPlan | undefined, planId: string): StoredPlan => {
    if (plan === undefined) throw new PlanNotOffered(`no plan ${planId}`);
    return plan;
  };
  return {
    versions: (product) => selectAllVersions(db.read, product),
    byVersion: (versionIds) => selectVersions(db.read, versionIds),
    newest: async (planId) => found(await selectNewestOfPlan(db.read, planId), planId),
    publish: (act, planId, terms) =>
      db.transaction(async (tx) => {
        const newest = found(await lockNewest(tx, planId), planId);
        const acted = await audit.record(tx, {
          ...act,
          act: 'plans.publish',
          subject: { kind: 'plan', id: planId },
          asked: termsAsFacts(terms),
          before: { ...termsAsFacts(newest), version: String(newest.version) },
        });
        if (acted.isFirst) {
          const version = { id: ids.next('plv'), planId, number: newest.version + 1 };
          const seed = { ...terms, code: newest.code };
          await insertVersion(tx, { ...version, seed, actId: acted.id, at: clock.now() });
        }
        return acted;
      }),
  };
}
