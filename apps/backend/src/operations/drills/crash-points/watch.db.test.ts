import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, quietLog, type TestDatabase } from '../../../../test/database.ts';
import { systemClock } from '../../../platform/clock/index.ts';
import { createDatabase, sql, type Database } from '../../../platform/db/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import { createCrashPoints } from './points.ts';
import { watchCommits } from './watch.ts';

class Ended extends Error {}

let base: TestDatabase;
let db: Database;
const points = createCrashPoints(() => {
  throw new Ended();
});

beforeAll(async () => {
  base = await cloneDatabase();
  await asOwner(base.ownerUrl, (client) =>
    client.query(
      'create table probe (id int primary key); grant all on probe to public; create table worker_probe (id int); grant all on worker_probe to public',
    ),
  );
  const parts = { clock: systemClock, ids: systemIds, log: quietLog() };
  db = createDatabase({ ...parts, url: base.url, max: 2, name: 'watched' });
  watchCommits(db.pool, points);
});
afterAll(async () => {
  await db.close();
  await base.close();
});

async function stored(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from probe order by id`.execute(
    base.db.read,
  );
  return rows.map(({ id }) => id);
}

describe('the watch over commits', () => {
  it('sees both sides of a statement that stands alone, and of a transaction', async () => {
    points.begin(undefined);
    await sql`insert into probe values (1)`.execute(db.read);
    await db.transaction(async (tx) => {
      await sql`insert into probe values (2)`.execute(tx);
      await sql`insert into worker_probe values (2)`.execute(tx);
    });
    expect(points.passed).toEqual([
      'before the commit of probe #1',
      'after the commit of probe #1',
      'before the commit of probe, worker_probe #1',
      'after the commit of probe, worker_probe #1',
    ]);
  });

  it('sees nothing where nothing changes: a read, an update of no row, a transaction undone', async () => {
    points.begin(undefined);
    await sql`select id from probe`.execute(db.read);
    await sql`update probe set id = 9 where id = 8`.execute(db.read);
    await db
      .transaction(async (tx) => {
        await sql`insert into probe values (7)`.execute(tx);
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(points.passed).toEqual([]);
    expect(await stored()).not.toContain(7);
  });

  it('ends before the commit with nothing stored, after it with everything', async () => {
    points.begin('before the commit of probe #1');
    await expect(sql`insert into probe values (3)`.execute(db.read)).rejects.toThrow(Ended);
    expect(await stored()).not.toContain(3);
    points.begin('after the commit of probe #1');
    await expect(sql`insert into probe values (4)`.execute(db.read)).rejects.toThrow(Ended);
    expect(await stored()).toContain(4);
  });
});
