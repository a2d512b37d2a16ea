import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** Something a customer can choose; what it gives and costs is in its versions. */
export const Plan = defineEntity({
  name: 'Plan',
  tableName: 'plan',
  properties: {
    id: p.text().primary(),
    product: p.text(),
    code: p.text(),
    position: p.integer(),
    /** Off: nobody can start buying it; what was bought stays. */
    isOffered: p.boolean().default(true),
    createdAt: p.datetime(6),
  },
  uniques: [{ name: 'plan_product_code_key', properties: ['product', 'code'] }],
});

/** Never edited: an old order keeps the version, and so the price, it was made with. */
export const PlanVersion = defineEntity({
  name: 'PlanVersion',
  tableName: 'plan_version',
  properties: {
    id: p.text().primary(),
    planId: p.text(),
    number: p.integer(),
    titleRu: p.text(),
    titleEn: p.text(),
    termDays: p.integer(),
    devices: p.integer(),
    trafficBytes: p.bigint('bigint'),
    /** The audit entry of the act that published it; null: from the product's folder. */
    actId: p.text().nullable(),
    createdAt: p.datetime(6),
  },
  uniques: [{ name: 'plan_version_number_key', properties: ['planId', 'number'] }],
  checks: [
    { name: 'plan_version_term_check', expression: 'term_days >= 1 and term_days <= 3660' },
    { name: 'plan_version_devices_check', expression: 'devices >= 0 and traffic_bytes >= 0' },
  ],
});

export const PlanPrice = defineEntity({
  name: 'PlanPrice',
  tableName: 'plan_price',
  properties: {
    planVersionId: p.text().primary(),
    currency: p.text().primary(),
    amountMinor: p.bigint('bigint'),
  },
  checks: [
    { name: 'plan_price_amount_check', expression: 'amount_minor > 0' },
    {
      name: 'plan_price_currency_check',
      expression: "currency in ('RUB', 'USD', 'EUR', 'XTR', 'USDT')",
    },
  ],
});

export type CatalogTables = InferKyselyDB<
  typeof Plan | typeof PlanVersion | typeof PlanPrice,
  TableNames
>;
