import { money } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createAudit, type Audit } from '../audit/index.ts';
import { createOrders } from '../orders/index.ts';
import { createCatalog, PlanNotOffered, priceIn, type Catalog, type PlanSeed } from './index.ts';

let base: TestDatabase;
let audit: Audit;
let catalog: Catalog;
beforeAll(async () => {
  base = await cloneDatabase();
  const common = { db: base.db, ids: systemIds, clock: createManualClock() };
  audit = createAudit(common);
  catalog = createCatalog({ ...common, audit });
});
afterAll(() => base.close());

const seed = (minor: bigint, change: Partial<PlanSeed> = {}): PlanSeed => ({
  code: 'month',
  title: { ru: 'Месяц', en: 'Month' },
  termDays: 30,
  devices: 3,
  trafficBytes: 2n ** 53n + 1n,
  prices: [money(minor, 'RUB'), money(250n, 'USD')],
  ...change,
});

describe('seeding the catalog', () => {
  it('adds once, changes by a new version, and an old order keeps its price', async () => {
    expect(await catalog.seed('a', [seed(19_900n)])).toEqual({ added: 1, changed: 0, kept: 0 });
    expect(await catalog.seed('a', [seed(19_900n)])).toEqual({ added: 0, changed: 0, kept: 0 });
    const first = await catalog.byCode('a', 'month');
    const orders = createOrders({ db: base.db, ids: systemIds, clock: createManualClock() });
    const order = await orders.place({
      personId: 'per_1',
      product: 'a',
      planVersionId: first.versionId,
      amount: priceIn(first, 'RUB'),
    });

    expect(await catalog.seed('a', [seed(29_900n)])).toEqual({ added: 0, changed: 1, kept: 0 });
    const second = await catalog.byCode('a', 'month');
    expect(second).toMatchObject({ id: first.id, version: 2 });
    expect(priceIn(second, 'RUB').minor).toBe(29_900n);
    const kept = await orders.find(order.id);
    expect(kept.amount.minor).toBe(19_900n);
    expect(await catalog.version(kept.planVersionId ?? '')).toEqual(first);
    expect(first.trafficBytes).toBe(2n ** 53n + 1n);
  });

  it('by two processes at once makes one version', async () => {
    await Promise.all([1, 2, 3].map(() => catalog.seed('b', [seed(100n)])));
    await Promise.all([1, 2, 3].map(() => catalog.seed('b', [seed(200n)])));
    expect(await catalog.byCode('b', 'month')).toMatchObject({ version: 2 });
  });

  it('keeps a plan that staff switched off switched off, and does not stumble over it', async () => {
    await catalog.seed('c', [seed(100n)]);
    await sql`update plan set is_offered = false where product = 'c'`.execute(base.db.read);
    expect(await catalog.seed('c', [seed(100n)])).toEqual({ added: 0, changed: 0, kept: 0 });
    expect(await catalog.seed('c', [seed(200n)])).toEqual({ added: 0, changed: 1, kept: 0 });
    expect(await catalog.offered('c')).toEqual([]);
    await expect(catalog.byCode('c', 'month')).rejects.toThrow(PlanNotOffered);
  });

  it('lists plans as the shop window has them', async () => {
    await catalog.seed('d', [seed(300n, { code: 'year' }), seed(100n, { code: 'month' })]);
    expect((await catalog.offered('d')).map(({ code }) => code)).toEqual(['year', 'month']);
    expect(() => priceIn({ ...plan(), prices: [] }, 'XTR')).toThrow(PlanNotOffered);
  });
});

function plan() {
  return { ...seed(1n), id: 'pln', product: 'd', versionId: 'plv', version: 1 };
}
