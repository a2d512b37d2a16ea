import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  asOwner,
  cloneDatabase,
  quietLog,
  silentBell,
  type TestDatabase,
} from '../../../test/database.ts';
import { systemClock } from '../clock/index.ts';
import { createDatabase, sql } from '../db/index.ts';
import { openRelay } from '../db/testing/relay.ts';
import { systemIds } from '../ids/index.ts';
import { createJobs, keepWorking } from './index.ts';

const jobs = createJobs({ doorbell: silentBell });
let base: TestDatabase;
const opened: TestDatabase[] = [];
beforeEach(async () => {
  base = await cloneDatabase();
  opened.push(base);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const add = (task: string): Promise<void> => jobs.add(base.db.read, [{ task, payload: {} }]);

async function jobRows(): Promise<unknown[]> {
  const { rows } = await sql`select id from graphile_worker.jobs`.execute(base.db.read);
  return rows;
}

describe('a worker whose database goes away', () => {
  /** Connections of everybody else end, and nobody gets a new one, until it is let in again. */
  async function shutOut(open: boolean): Promise<void> {
    const name = new URL(base.url).pathname.slice(1);
    const maintenance = new URL(base.ownerUrl);
    maintenance.pathname = '/postgres';
    await asOwner(maintenance.href, async (client) => {
      await client.query(`alter database ${name} with allow_connections ${String(open)}`);
      if (open) return;
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [name],
      );
    });
  }

  it('goes on in the same process, with a runner of its own again, and loses no job', async () => {
    let runs = 0;
    const pools: string[] = [];
    const kept = keepWorking({
      db: base.db,
      clock: systemClock,
      log: quietLog(),
      pace: 'normal',
      tasks: {
        'test.cut': async () => {
          runs += 1;
          // The end of this job cannot be written: the runner ends.
          if (runs === 1) await shutOut(false);
        },
      },
      onLost: () => undefined,
      onPool: (id) => pools.push(id),
    });
    await add('test.cut');
    await expect.poll(() => runs, { timeout: 20_000 }).toBe(1);
    await systemClock.sleep(200);
    await shutOut(true);
    await expect.poll(() => runs, { timeout: 30_000 }).toBe(2);
    await expect.poll(jobRows, { timeout: 10_000 }).toEqual([]);
    expect(new Set(pools).size).toBe(2);
    await kept.stop();
  });

  it('gives its runner up when the server is lost in silence, and has another when it is back', async () => {
    const relay = await openRelay(base.url);
    const parts = { log: quietLog(), clock: systemClock, ids: systemIds };
    const db = createDatabase({ ...parts, url: relay.url, max: 10, name: 'cut' });
    const watch = db.keepWatch();
    const [began, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const pools: string[] = [];
    let [runs, lost] = [0, 0];
    const kept = keepWorking({
      ...parts,
      db,
      pace: 'normal',
      tasks: {
        'test.held': async () => {
          runs += 1;
          began.resolve(undefined);
          await held.promise;
        },
      },
      onLost: () => {
        lost += 1;
      },
      onPool: (id) => pools.push(id),
    });
    await add('test.held');
    await began.promise;
    relay.hold();
    await expect.poll(() => db.isAway, { timeout: 20_000 }).toBe(true);
    held.resolve(undefined);
    relay.heal();
    await expect.poll(jobRows, { timeout: 30_000 }).toEqual([]);
    expect({ runs, lost, pools: new Set(pools).size }).toEqual({ runs: 2, lost: 0, pools: 2 });
    await kept.stop();
    await watch.stop();
    await db.close();
    await relay.close();
  });
});
