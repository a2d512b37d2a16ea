import type { Clock, Currency, Ids, Money } from '@opora/kernel';
import { createGatherer } from '../../platform/batch/index.ts';
import type { Database } from '../../platform/db/index.ts';
import type { Audit } from '../audit/index.ts';
import { createCatalogAdmin, type CatalogAdmin } from './admin.ts';
import { PlanNotOffered } from './errors.ts';
import { sameTerms, type Plan, type PlanSeed } from './plan.ts';
import {
  insertPlan,
  insertVersion,
  selectByCode,
  selectNewest,
  selectOffered,
  selectVersions,
} from './repository.ts';

export interface Catalog {
  readonly admin: CatalogAdmin;
  /**
   * Brings the plans of a product's folder into the database: new plans are added, changed ones
   * get their next version, but one whose newest version staff published stays as staff wants it
   * (`kept`). Run at each start; a repeat changes nothing.
   */
  seed(
    product: string,
    plans: readonly PlanSeed[],
  ): Promise<{ added: number; changed: number; kept: number }>;
  /** What can be bought now, in the order of the shop window. */
  offered(product: string): Promise<readonly Plan[]>;
  /** The newest version of an offered plan; throws `PlanNotOffered`. */
  byCode(product: string, code: string): Promise<Plan>;
  /** Any version, also one no longer sold; throws `PlanNotOffered` when there never was one. */
  version(versionId: string): Promise<Plan>;
}

/** The price in one currency; throws `PlanNotOffered` when it is not sold in it. */
export function priceIn(plan: Plan, currency: Currency): Money {
  const price = plan.prices.find((each) => each.currency === currency);
  if (price === undefined) {
    throw new PlanNotOffered(`plan ${plan.code} is not sold in ${currency}`);
  }
  return price;
}

export function createCatalog(deps: {
  db: Database;
  ids: Ids;
  clock: Clock;
  audit: Audit;
}): Catalog {
  const { db, ids, clock } = deps;
  const version = createGatherer((versionIds: readonly string[]) =>
    selectVersions(db.read, versionIds),
  );
  const offered = createGatherer(async (products: readonly string[]) => {
    const plans = await Promise.all(products.map((product) => selectOffered(db.read, product)));
    return new Map(products.map((product, at) => [product, plans[at] ?? []]));
  });
  return {
    admin: createCatalogAdmin(deps),
    seed: (product, plans) =>
      db.transaction(async (tx) => {
        let [added, changed, kept] = [0, 0, 0];
        const at = clock.now();
        for (const [position, seed] of plans.entries()) {
          const planId = await insertPlan(tx, {
            id: ids.next('pln'),
            product,
            code: seed.code,
            position,
            at,
          });
          const newest = await selectNewest(tx, product, seed.code);
          if (newest !== undefined && sameTerms(newest, seed)) continue;
          if (newest?.actId !== undefined) {
            kept += 1;
            continue;
          }
          const number = (newest?.version ?? 0) + 1;
          await insertVersion(tx, { id: ids.next('plv'), planId, number, seed, at });
          if (newest === undefined) added += 1;
          else changed += 1;
        }
        return { added, changed, kept };
      }),
    offered: async (product) => (await offered(product)) ?? [],
    async byCode(product, code) {
      const plan = await selectByCode(db.read, product, code);
      if (plan === undefined) throw new PlanNotOffered(`no plan ${code} of ${product}`);
      return plan;
    },
    async version(versionId) {
      const plan = await version(versionId);
      if (plan === undefined) throw new PlanNotOffered(`no plan version ${versionId}`);
      return plan;
    },
  };
}
