import { createManualClock } from '@opora/testkit';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  asOwner,
  cloneDatabase,
  quietLog,
  silentBell,
  type TestDatabase,
} from '../../../test/database.ts';
import { systemClock } from '../clock/index.ts';
import { sql } from '../db/index.ts';
import { createJobs, createProcessLease, JOBS_CHANNEL, startWorker, type Tasks } from './index.ts';
import { keepLease } from './lease.ts';

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

const add = (...tasks: string[]): Promise<void> =>
  jobs.add(
    base.db.read,
    tasks.map((task) => ({ task, payload: { task } })),
  );

async function jobRows(): Promise<{ task: string; locked: string | null; isDue: boolean }[]> {
  const { rows } = await sql<{ task: string; locked: string | null; isDue: boolean }>`
    select task_identifier as task, locked_by as locked, run_at <= now() as "isDue"
      from graphile_worker.jobs order by id`.execute(base.db.read);
  return rows;
}

function worker(tasks: Tasks) {
  return startWorker({
    db: base.db,
    tasks,
    clock: systemClock,
    log: quietLog(),
    pace: 'normal',
    onLost: () => undefined,
    onEnded: () => undefined,
  });
}

describe('a job', () => {
  it('vanishes with the transaction that was rolled back, and stays with the one that was not', async () => {
    const broken = base.db.transaction(async (tx) => {
      await jobs.add(tx, [{ task: 'lost', payload: {} }]);
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    await add('kept');
    expect(await jobRows()).toMatchObject([{ task: 'kept' }]);
  });

  it('runs with its payload, and those of one queue one after another', async () => {
    const seen: unknown[] = [];
    let [running, most] = [0, 0];
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const started = await worker({
      'test.serial': async (payload) => {
        running += 1;
        most = Math.max(most, running);
        await sql`select pg_sleep(0.01)`.execute(base.db.read);
        running -= 1;
        seen.push(payload['n']);
        if (seen.length === 5) finish();
      },
    });
    await base.db.transaction((tx) =>
      jobs.add(
        tx,
        [0, 1, 2, 3, 4].map((n) => ({ task: 'test.serial', payload: { n }, queue: 'one' })),
      ),
    );
    await finished;
    await started.stop();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(1);
    expect(await jobRows()).toEqual([]);
  });

  it('that fails waits longer, and is due at once when it is woken', async () => {
    let fail = (): void => undefined;
    const failed = new Promise<void>((resolve) => {
      fail = resolve;
    });
    const started = await worker({
      'test.fails': () => {
        fail();
        return Promise.reject(new Error('on purpose'));
      },
    });
    await add('test.fails');
    await failed;
    await started.stop();
    await sql`select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs),
      now() + interval '1 hour')`.execute(base.db.read);
    expect(await jobRows()).toMatchObject([{ isDue: false, locked: null }]);
    await jobs.wake(base.db.read, 'test.other');
    expect(await jobRows()).toMatchObject([{ isDue: false }]);
    await jobs.wake(base.db.read, 'test.fails');
    expect(await jobRows()).toMatchObject([{ isDue: true }]);
  });

  it('with the key of a waiting one replaces it, so that one delivery is enough', async () => {
    const job = (n: number) => ({ task: 't', payload: { n }, key: 'same', queue: 'q' });
    await jobs.add(base.db.read, [job(1)]);
    await jobs.add(base.db.read, [job(2)]);
    const { rows } = await sql`select payload from graphile_worker._private_jobs`.execute(
      base.db.read,
    );
    expect(rows).toEqual([{ payload: { n: 2 } }]);
  });
});

describe('the workers', () => {
  const paid = { task: 'test.paid', payload: {} };

  it('are rung once a transaction has committed, and never from inside it', async () => {
    let rings = 0;
    const rung = createJobs({ doorbell: { ...silentBell, ring: () => void (rings += 1) } });
    await base.db.transaction(async (tx) => {
      await rung.add(tx, [paid]);
      expect(rings).toBe(0);
    });
    expect(rings).toBe(1);
    const broken = base.db.transaction(async (tx) => {
      await rung.add(tx, [paid]);
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(rings).toBe(1);
    await rung.add(base.db.read, [paid]);
    expect(rings).toBe(2);
  });

  it('hear no NOTIFY of a transaction: graphile-worker still says its own where ours is found', async () => {
    const listener = new pg.Client({ connectionString: base.url });
    await listener.connect();
    const heard: string[] = [];
    const last = Promise.withResolvers<undefined>();
    listener.on('notification', ({ payload = '' }) => {
      heard.push(payload);
      if (payload === 'last') last.resolve(undefined);
    });
    await listener.query(`listen ${listener.escapeIdentifier(JOBS_CHANNEL)}`);
    await base.db.transaction(async (tx) => {
      await jobs.add(tx, [paid, { ...paid, key: 'hint' }, { ...paid, queue: 'serial' }]);
      await sql`select pg_notify(${JOBS_CHANNEL}, 'last')`.execute(tx);
    });
    await last.promise;
    await listener.end();
    expect(heard).toEqual(['last']);
    expect(await jobRows()).toHaveLength(3);
  });

  it('wait on the channel that is rung', async () => {
    const started = await worker({});
    const isWaiting = (): Promise<boolean> =>
      asOwner(base.ownerUrl, async (client) => {
        const { rows } = await client.query(
          `select 1 from pg_stat_activity where datname = current_database() and query ilike $1`,
          [`listen "${JOBS_CHANNEL}"%`],
        );
        return rows.length === 1;
      });
    await expect.poll(isWaiting).toBe(true);
    await started.stop();
  });

  it('run what they were not rung for: its process died between the commit and the ring', async () => {
    const ran = Promise.withResolvers<undefined>();
    const started = await worker({ 'test.paid': async () => ran.resolve(undefined) });
    await base.db.transaction((tx) => jobs.add(tx, [paid]));
    await ran.promise;
    await started.stop();
    expect(await jobRows()).toEqual([]);
  });
});

/** A dead worker's leavings: jobs and a queue locked by a pool whose last beat is old. */
async function dieHolding(pool: string, beatSecondsAgo: number | undefined): Promise<void> {
  await jobs.add(base.db.read, [{ task: 'held', payload: {}, queue: `queue of ${pool}` }]);
  await sql`update graphile_worker._private_jobs set locked_by = ${pool},
    locked_at = now() - interval '1 minute' where locked_by is null`.execute(base.db.read);
  await sql`update graphile_worker._private_job_queues set locked_by = ${pool},
    locked_at = now() - interval '1 minute' where locked_by is null`.execute(base.db.read);
  if (beatSecondsAgo === undefined) return;
  await sql`insert into worker_lease (pool_id, beat_at)
    values (${pool}, now() - ${beatSecondsAgo} * interval '1 second')`.execute(base.db.read);
}

function lease(change: { monotonicMs?: () => number } = {}) {
  const clock = createManualClock();
  const state = { lost: 0 };
  const kept = keepLease({
    db: base.db,
    poolId: 'mine',
    clock: { ...clock, monotonicMs: () => clock.monotonicMs(), ...change },
    log: quietLog(),
    pace: 'normal',
    onLost: () => {
      state.lost += 1;
    },
  });
  return { clock, kept, state };
}

const poolsWithLease = async (): Promise<string[]> => {
  const { rows } = await sql<{ pool_id: string }>`
    select pool_id from worker_lease order by pool_id`.execute(base.db.read);
  return rows.map(({ pool_id }) => pool_id);
};

describe('the lease of a worker', () => {
  it('frees the jobs and queues of workers that stopped beating or never began, and of no other', async () => {
    await dieHolding('dead', 21);
    await dieHolding('stillborn', undefined);
    await dieHolding('alive', 3);
    const { kept } = lease();
    await expect
      .poll(async () => (await jobRows()).map(({ locked }) => locked))
      .toEqual([null, null, 'alive']);
    const { rows } = await sql<{ locked_by: string | null }>`
      select locked_by from graphile_worker._private_job_queues
       where locked_by is not null`.execute(base.db.read);
    expect(rows).toEqual([{ locked_by: 'alive' }]);
    expect(await poolsWithLease()).toEqual(['alive', 'mine']);
    await kept.stop();
    expect(await poolsWithLease()).toEqual(['alive']);
  });

  it('is lost by a process that was frozen longer than it lasts, before it beats again', async () => {
    let frozenMs = 0;
    const time = createManualClock();
    const { clock, kept, state } = lease({ monotonicMs: () => time.monotonicMs() + frozenMs });
    await expect.poll(poolsWithLease).toEqual(['mine']);
    await sql`delete from worker_lease`.execute(base.db.read);
    frozenMs = 30_000;
    await expect
      .poll(async () => {
        await clock.advance(5_000);
        return state.lost;
      })
      .toBe(1);
    expect(await poolsWithLease()).toEqual([]);
    await kept.stop();
  });

  it('stands still while the database is away, because nobody can take the jobs over', async () => {
    const { clock, kept, state } = lease();
    await expect.poll(poolsWithLease).toEqual(['mine']);
    base.db.breaker.force('open', 60_000);
    await clock.advance(60_000);
    base.db.breaker.release();
    await clock.advance(5_000);
    expect(state.lost).toBe(0);
    await expect.poll(poolsWithLease).toEqual(['mine']);
    await kept.stop();
  });

  it('is lost when a beat hangs because no connection is free', async () => {
    const narrow = await cloneDatabase(1);
    opened.push(narrow);
    const busy = await narrow.db.pool.connect();
    const clock = createManualClock();
    let lost = 0;
    const kept = keepLease({
      db: narrow.db,
      poolId: 'mine',
      clock,
      log: quietLog(),
      pace: 'normal',
      onLost: () => {
        lost += 1;
      },
    });
    await clock.advance(14_000);
    expect(lost).toBe(0);
    await clock.advance(2_000);
    expect(lost).toBe(1);
    busy.release();
    await kept.stop();
  });
});

describe('the lease of a process', () => {
  it('is held by one, renewed by it, and passes on with a higher fence when it has ended', async () => {
    const holder = (name: string, termMs: number) =>
      createProcessLease({ db: base.db, clock: systemClock, name: 'poll', holder: name, termMs });
    const one = holder('one', 60_000);
    const tries = await Promise.all([one.hold(), holder('two', 60_000).hold()]);
    expect(tries.filter((fence) => fence !== undefined)).toHaveLength(1);
    const winner = tries[0] === undefined ? holder('two', 60_000) : one;
    const loser = tries[0] === undefined ? one : holder('two', 60_000);
    expect(await winner.hold()).toBe(1n);
    expect(await loser.hold()).toBeUndefined();
    await winner.release();
    await sql`select pg_sleep(0.002)`.execute(base.db.read);
    expect(await loser.hold()).toBe(2n);
    expect(await winner.hold()).toBeUndefined();
  });
});

describe('a job whose successor came while it ran', () => {
  it('leaves no row behind when its worker dies, and the successor stays', async () => {
    const keyed = [{ task: 'test.keyed', payload: {}, key: 'one' }];
    await jobs.add(base.db.read, keyed);
    await sql`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now()`.execute(
      base.db.read,
    );
    await jobs.add(base.db.read, keyed);
    await sql`select graphile_worker.force_unlock_workers(array['dead'])`.execute(base.db.read);
    expect(await jobRows()).toHaveLength(2);
    const lease = keepLease({
      db: base.db,
      poolId: 'living',
      clock: systemClock,
      log: quietLog(),
      pace: 'normal',
      onLost: () => undefined,
    });
    await expect.poll(jobRows, { timeout: 10_000 }).toHaveLength(1);
    expect(await jobRows()).toMatchObject([{ isDue: true }]);
    await lease.stop();
  });
});
