import { isCurrency, money, type Money } from '@opora/kernel';
import { sql, statement, type Statement, type Tx } from '../../platform/db/index.ts';
import type { Plan, PlanSeed } from './plan.ts';
import type { CatalogTables } from './schema.ts';

export type PlanRow = {
  id: string;
  code: string;
  product: string;
  version_id: string;
  number: number;
  title_ru: string;
  title_en: string;
  term_days: number;
  devices: number;
  traffic_bytes: bigint;
  is_offered: boolean;
  act_id: string | null;
  created_at: Date;
  prices: { currency: string; minor: string }[];
};

export type StoredPlan = Plan &
  Readonly<{
    /** The act of staff that published this version; undefined: it came from the product's folder. */
    actId: string | undefined;
    createdAt: Date;
  }>;

const PLANS_MAX = 100;

const SELECT = `
    select plan.id, plan.code, plan.product, plan.is_offered, version.id as version_id,
           version.number, version.title_ru, version.title_en, version.term_days, version.devices,
           version.traffic_bytes, version.act_id, version.created_at,
           (select json_agg(json_build_object('currency', price.currency,
                                              'minor', price.amount_minor::text)
                            order by price.currency)
              from plan_price as price where price.plan_version_id = version.id) as prices
      from plan join plan_version as version on version.plan_id = plan.id`;
export const SELECT_PLANS = sql.raw(SELECT);

/** Plans with one version each and its prices, in the order of the shop window. */
const plansWhere = (condition: string): Statement<PlanRow> =>
  statement(`${SELECT}
     where ${condition}
     order by plan.position, plan.code
     limit ${String(PLANS_MAX)}`);

const NEWEST = plansWhere(`plan.product = $1 and (plan.is_offered or $2)
       and ($3::text is null or plan.code = $3)
       and version.number = (select max(number) from plan_version where plan_id = plan.id)`);
const VERSIONS = plansWhere('version.id = any($1::text[])');

async function selectNewestOf(
  tx: Tx,
  product: string,
  filter: { code?: string; isSwitchedOffToo?: boolean } = {},
): Promise<StoredPlan[]> {
  const rows = await NEWEST(tx, [product, filter.isSwitchedOffToo === true, filter.code ?? null]);
  return rows.map(toPlan);
}

export function selectOffered(tx: Tx, product: string): Promise<Plan[]> {
  return selectNewestOf(tx, product);
}

export async function selectByCode(
  tx: Tx,
  product: string,
  code: string,
): Promise<Plan | undefined> {
  return (await selectNewestOf(tx, product, { code }))[0];
}

/** The newest version for the next seeding, of a plan that staff switched off too. */
export async function selectNewest(
  tx: Tx,
  product: string,
  code: string,
): Promise<StoredPlan | undefined> {
  return (await selectNewestOf(tx, product, { code, isSwitchedOffToo: true }))[0];
}

/** By version. */
export async function selectVersions(
  tx: Tx,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, StoredPlan>> {
  const rows = await VERSIONS(tx, [versionIds]);
  return new Map(rows.map((row) => [row.version_id, toPlan(row)]));
}

/** The newest version of a plan, sold or not. */
export async function selectNewestOfPlan(tx: Tx, planId: string): Promise<StoredPlan | undefined> {
  const rows = await sql<PlanRow>`${SELECT_PLANS} where plan.id = ${planId}
     order by version.number desc limit 1`.execute(tx);
  return rows.rows.map(toPlan)[0];
}

/** Adds a plan unless it is there; returns its id either way. */
export async function insertPlan(
  tx: Tx,
  plan: { id: string; product: string; code: string; position: number; at: Date },
): Promise<string> {
  const row = await tx
    .$extendTables<CatalogTables>()
    .insertInto('plan')
    .values({
      id: plan.id,
      product: plan.product,
      code: plan.code,
      position: plan.position,
      is_offered: true,
      created_at: plan.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['product', 'code']).doUpdateSet({ position: plan.position }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function insertVersion(
  tx: Tx,
  version: {
    id: string;
    planId: string;
    number: number;
    seed: PlanSeed;
    actId?: string;
    at: Date;
  },
): Promise<void> {
  const db = tx.$extendTables<CatalogTables>();
  await db
    .insertInto('plan_version')
    .values({
      id: version.id,
      plan_id: version.planId,
      number: version.number,
      title_ru: version.seed.title.ru,
      title_en: version.seed.title.en,
      term_days: version.seed.termDays,
      devices: version.seed.devices,
      traffic_bytes: version.seed.trafficBytes,
      act_id: version.actId ?? null,
      created_at: version.at,
    })
    .execute();
  await db
    .insertInto('plan_price')
    .values(
      version.seed.prices.map((price) => ({
        plan_version_id: version.id,
        currency: price.currency,
        amount_minor: price.minor,
      })),
    )
    .execute();
}

export function toPlan(row: PlanRow): StoredPlan {
  return {
    id: row.id,
    code: row.code,
    product: row.product,
    versionId: row.version_id,
    version: row.number,
    title: { ru: row.title_ru, en: row.title_en },
    termDays: row.term_days,
    devices: row.devices,
    trafficBytes: row.traffic_bytes,
    prices: row.prices.flatMap(toPrice),
    actId: row.act_id ?? undefined,
    createdAt: row.created_at,
  };
}

function toPrice(row: { currency: string; minor: string }): Money[] {
  return isCurrency(row.currency) ? [money(BigInt(row.minor), row.currency)] : [];
}
