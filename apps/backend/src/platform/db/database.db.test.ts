import { createServer } from 'node:net';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, quietLog, type TestDatabase } from '../../../test/database.ts';
import { systemClock } from '../clock/index.ts';
import { systemIds } from '../ids/index.ts';
import { createDatabase, createDoorbell, DatabaseUnavailable, sql, statement } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await cloneDatabase();
  await asOwner(base.ownerUrl, (client) =>
    client.query(
      'create table probe (id int primary key, n int not null); grant all on probe to public',
    ),
  );
  await sql`insert into probe values (1, 0), (2, 0)`.execute(base.db.read);
});
afterAll(() => base.close());

/** Ends the backends of the application that run or hold something matching. */
async function killBackends(like: string): Promise<void> {
  await asOwner(base.ownerUrl, (client) =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and query like $1`,
      [like],
    ),
  );
}

describe('a transaction', () => {
  it('is repeated after a deadlock, so both of two opposite ones end', async () => {
    let tries = 0;
    let inside = 0;
    let bothInside = (): void => undefined;
    const met = new Promise<void>((resolve) => {
      bothInside = resolve;
    });
    const both = [
      [1, 2],
      [2, 1],
    ].map((ids) =>
      base.db.transaction(async (tx) => {
        tries += 1;
        await sql`update probe set n = n + 1 where id = ${ids[0]}`.execute(tx);
        inside += 1;
        if (inside === 2) bothInside();
        await met;
        await sql`update probe set n = n + 1 where id = ${ids[1]}`.execute(tx);
      }),
    );
    await Promise.all(both);
    expect(tries).toBeGreaterThan(2);
    const { rows } = await sql`select n from probe order by id`.execute(base.db.read);
    expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('whose server connection is killed is DatabaseUnavailable, and the pool works on', async () => {
    const lost = base.db.transaction(async (tx) => {
      await sql`select 'victim'`.execute(tx);
      await killBackends('%victim%');
      await sql`select 'after'`.execute(tx);
    });
    await expect(lost).rejects.toThrow(DatabaseUnavailable);
    await expect(sql`select 1`.execute(base.db.read)).resolves.toBeDefined();
  });

  it('that a caller breaks is rolled back with the caller its own error', async () => {
    const broken = base.db.transaction(async (tx) => {
      await sql`update probe set n = 99`.execute(tx);
      throw new RangeError('mine');
    });
    await expect(broken).rejects.toThrow(RangeError);
    const { rows } = await sql`select n from probe where n = 99`.execute(base.db.read);
    expect(rows).toEqual([]);
  });
});

describe('a single statement', () => {
  it('says DatabaseUnavailable when nobody listens', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    const port = typeof address === 'object' ? (address?.port ?? 1) : 1;
    const away = createDatabase({
      url: `postgres://nobody@127.0.0.1:${String(port)}/none`,
      max: 2,
      name: 'away',
      log: quietLog(),
      clock: systemClock,
      ids: systemIds,
    });
    await expect(sql`select 1`.execute(away.read)).rejects.toThrow(DatabaseUnavailable);
    await expect(statement('select 1')(away.read, [])).rejects.toThrow(DatabaseUnavailable);
    await expect(away.transaction(() => Promise.resolve())).rejects.toThrow(DatabaseUnavailable);
    await away.close();
  });

  it('keeps its own error when it is wrong', async () => {
    await expect(sql`select 1 / 0`.execute(base.db.read)).rejects.toThrow(/division by zero/);
  });

  it('reads bigints exactly and writes arrays of dates, bytes, nulls and quoted JSON', async () => {
    const at = new Date('2026-11-20T12:00:00.123Z');
    const { rows } = await sql<Record<string, unknown>>`
      select * from unnest(${[2n ** 53n + 1n, null]}::bigint[], ${[at, null]}::timestamptz[],
        ${[Buffer.from([0, 92, 34, 255]), null]}::bytea[],
        ${[JSON.stringify({ q: `"\\{},'` }), null]}::jsonb[]) as given (big, at, bytes, json)
      `.execute(base.db.read);
    expect(rows).toEqual([
      { big: 2n ** 53n + 1n, at, bytes: Buffer.from([0, 92, 34, 255]), json: { q: `"\\{},'` } },
      { big: null, at: null, bytes: null, json: null },
    ]);
  });

  it('is planned once per connection', async () => {
    const { rows } = await base.db.transaction(async (tx) => {
      for (const n of [1, 2, 3]) await sql`select ${n}::int + 41`.execute(tx);
      return sql<{ count: bigint }>`select count(*) from pg_prepared_statements
        where statement like 'select $1::int + 41'`.execute(tx);
    });
    expect(rows).toEqual([{ count: 1n }]);
  });
});

describe('a statement written once', () => {
  const add = statement<{ n: number }>('insert into probe (id, n) values ($1, $1) returning n');
  const read = statement<{ n: number }>('select n from probe where n = $1');

  it('takes part in the transaction it is given, and is its own outside of one', async () => {
    const broken = base.db.transaction(async (tx) => {
      await add(tx, [71]);
      expect(await read(tx, [71])).toHaveLength(1);
      expect(await read(base.db.read, [71])).toEqual([]);
      throw new RangeError('mine');
    });
    await expect(broken).rejects.toThrow(RangeError);
    expect(await read(base.db.read, [71])).toEqual([]);
    await add(base.db.read, [72]);
    expect(await read(base.db.read, [72])).toHaveLength(1);
  });

  it('keeps its own error, and gives its connection back', async () => {
    const wrong = statement('select 1 / $1::int');
    const tries = Array.from({ length: 40 }, () => wrong(base.db.read, [0]));
    for (const one of await Promise.allSettled(tries)) {
      expect(one).toMatchObject({ reason: { code: '22012' } });
    }
    expect(base.db.statistics()).toMatchObject({ waiting: 0 });
    await expect(wrong(base.db.read, [1])).resolves.toHaveLength(1);
  });
});

describe('the doorbell', () => {
  it('rings at the listener once for many calls, and again after its connection was lost', async () => {
    const clock = createManualClock();
    const bell = createDoorbell({
      channel: 'test_bell',
      url: base.url,
      read: base.db.read,
      clock,
      log: quietLog(),
    });
    let rings = 0;
    const listening = bell.listen(() => {
      rings += 1;
    });
    const isListening = async (): Promise<boolean> =>
      asOwner(base.ownerUrl, async (client) => {
        const { rows } = await client.query(
          `select 1 from pg_stat_activity where application_name = 'doorbell'
              and datname = current_database() and query like 'listen%' and state = 'idle'`,
        );
        return rows.length === 1;
      });
    await expect.poll(isListening).toBe(true);
    for (let call = 0; call < 50; call += 1) bell.ring();
    await clock.advance(10);
    await expect.poll(() => rings).toBe(1);

    await killBackends('listen%');
    await expect
      .poll(async () => {
        await clock.advance(1_000);
        return isListening();
      })
      .toBe(true);
    bell.ring();
    await clock.advance(10);
    await expect.poll(() => rings).toBe(2);
    await listening.stop();
  });
});
