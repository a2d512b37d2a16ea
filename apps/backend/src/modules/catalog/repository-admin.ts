/** Plans as staff reads them: every version, sold or not. */
import { sql, type Tx } from '../../platform/db/index.ts';
import {
  SELECT_PLANS,
  selectNewestOfPlan,
  toPlan,
  type PlanRow,
  type StoredPlan,
} from './repository.ts';

const VERSIONS_MAX = 500;

export type PlanVersionListed = StoredPlan & Readonly<{ isCurrent: boolean }>;

/** All versions of a product's plans, in the order of the shop window, newest version first. */
export async function selectAllVersions(tx: Tx, product: string): Promise<PlanVersionListed[]> {
  const { rows } = await sql<PlanRow>`${SELECT_PLANS} where plan.product = ${product}
     order by plan.position, plan.code, version.number desc limit ${VERSIONS_MAX}`.execute(tx);
  const newest = new Set<string>();
  return rows.map((row) => {
    const isCurrent = row.is_offered && !newest.has(row.id);
    newest.add(row.id);
    return { ...toPlan(row), isCurrent };
  });
}

/** The newest version of a plan, locked until the transaction ends; undefined: no such plan. */
export async function lockNewest(tx: Tx, planId: string): Promise<StoredPlan | undefined> {
  await sql`select id from plan where id = ${planId} for update`.execute(tx);
  return selectNewestOfPlan(tx, planId);
}
