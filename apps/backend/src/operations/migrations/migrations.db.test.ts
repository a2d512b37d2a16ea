import { describe, expect, it } from 'vitest';
import {
  APPLICATION_ROLE,
  asOwner,
  cloneDatabase,
  createEmptyDatabase,
  MIGRATIONS,
} from '../../../test/database.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { openMigrations, type Migrations } from './runner.ts';

/** Functions, triggers, tables and indexes of ours: what no diff guards is listed by name. */
async function objectsOf(url: string): Promise<string[]> {
  return asOwner(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(`
      select 'function ' || proname || ' ' || md5(prosrc) as name from pg_proc
       where pronamespace in (to_regnamespace('public'), to_regnamespace('quiet'))
      union all
      select 'trigger ' || tgrelid::regclass || ' ' || tgname from pg_trigger
       where not tgisinternal and tgrelid::regclass::text not like 'graphile_worker.%'
      union all
      select relkind::text || ' ' || relname from pg_class
       where relnamespace = 'public'::regnamespace and relname not like 'migration%'
       order by 1`);
    return rows.map(({ name }) => name);
  });
}

function open(ownerUrl: string): Promise<Migrations> {
  return openMigrations({
    ownerUrl,
    applicationRole: APPLICATION_ROLE,
    folder: MIGRATIONS,
    now: () => systemClock.now(),
  });
}

describe('migrations', () => {
  it('go from empty up, down to empty and up again to the same objects, and agree with the model', async () => {
    const url = await createEmptyDatabase();
    const migrations = await open(url);
    try {
      const done = await migrations.up();
      expect(done.length).toBeGreaterThanOrEqual(2);
      const first = await objectsOf(url);
      expect(first).toContain('trigger ledger_transfer ledger_transfer_append_only');
      expect(first).toContain('trigger payment_event payment_event_append_only');
      expect(await migrations.drift()).toBe('');

      for (let left = done.length; left > 0; left -= 1) {
        expect(await migrations.down()).toBe(done[left - 1]);
      }
      expect(await objectsOf(url)).toEqual([]);

      expect(await migrations.up()).toEqual(done);
      expect(await objectsOf(url)).toEqual(first);
      expect(await migrations.drift()).toBe('');
      expect(await migrations.up()).toEqual([]);
    } finally {
      await migrations.close();
    }
  });

  it('let the application add to the books and never change them', async () => {
    const { db, ownerUrl, close } = await cloneDatabase();
    const insert = `insert into ledger_transfer
        (id, debit, credit, amount_minor, currency, kind, reference, posted_at)
      values ('t1', 'a:RUB', 'b:RUB', 5, 'RUB', 'payment', 'pay', now())`;
    await db.pool.query(insert);
    for (const change of [
      'update ledger_transfer set amount_minor = 6',
      'delete from ledger_transfer',
      'truncate ledger_transfer',
      'update payment_event set detail = detail',
      'delete from payment_event',
    ]) {
      await expect(db.pool.query(change)).rejects.toThrow(/permission denied/);
      await expect(asOwner(ownerUrl, (client) => client.query(change))).rejects.toThrow(
        /append only/,
      );
    }
    const kept = await db.pool.query('select amount_minor from ledger_transfer');
    expect(kept.rows).toEqual([{ amount_minor: 5n }]);
    await close();
  });

  it('keep two runners from working at once', async () => {
    const url = await createEmptyDatabase();
    const runners = await Promise.all([open(url), open(url)]);
    try {
      const done = await Promise.all(runners.map((runner) => runner.up()));
      expect(done.filter((names) => names.length > 0)).toHaveLength(1);
    } finally {
      await Promise.all(runners.map((runner) => runner.close()));
    }
  });
});
