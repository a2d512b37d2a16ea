import type { Clock } from '@opora/kernel';
import { sql, type Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';

const BEAT_MS = 5_000;
/** Without a written beat for this long we must assume that others soon take our jobs. */
const LOST_AFTER_MS = 15_000;
/** A lease this old (by the database's clock) belongs to a dead pool. */
const DEAD_AFTER = '20 seconds';
/** The queue's own wait grows to hours; a failed job never waits longer than this. */
const RETRY_MAX = { normal: '15 minutes', drill: '5 seconds' };
const SWEEP_MAX = 500;

/**
 * Keeps this pool's sign of life, frees the jobs of pools that stopped giving theirs, and caps how
 * long a failed job waits. Every worker does it: whoever lives repairs for the dead.
 */
export function keepLease(deps: {
  db: Database;
  poolId: string;
  clock: Clock;
  log: Log;
  pace: 'normal' | 'drill';
  onLost: () => void;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();

  async function run(): Promise<void> {
    let lastBeatMs = deps.clock.monotonicMs();
    // Counted from before a beat was sent, and looked at before the next one: a process that was
    // frozen must not take a late beat for an unbroken lease.
    const leftMs = (): number => lastBeatMs + LOST_AFTER_MS - deps.clock.monotonicMs();
    while (!stopping.signal.aborted) {
      // While the database is away nobody can take our jobs over: the lease stands still.
      if (deps.db.isAway) lastBeatMs = deps.clock.monotonicMs();
      if (leftMs() <= 0) {
        deps.log.error('the lease is lost: ending, others take the jobs over');
        deps.onLost();
        return;
      }
      const sentMs = deps.clock.monotonicMs();
      if (await isBeaten(leftMs())) lastBeatMs = sentMs;
      await deps.clock.sleep(Math.min(BEAT_MS, Math.max(0, leftMs())), stopping.signal);
    }
    await sql`delete from worker_lease where pool_id = ${deps.poolId}`.execute(deps.db.read);
  }

  /** Beats and repairs for the dead; false when the beat failed or hangs longer than is left. */
  async function isBeaten(waitMs: number): Promise<boolean> {
    const answered = new AbortController();
    const beaten = beat(deps.db, deps.poolId).then(
      () => true,
      (error: unknown) => {
        deps.log.warn({ error }, 'the worker could not beat');
        return false;
      },
    );
    const late = deps.clock.sleep(waitMs, answered.signal).then(() => false);
    const isAlive = await Promise.race([beaten, late]);
    answered.abort();
    // A slow repair must not delay the next beat; two at once do no harm.
    if (isAlive) await Promise.race([repair(), deps.clock.sleep(BEAT_MS, stopping.signal)]);
    return isAlive;
  }

  async function repair(): Promise<void> {
    try {
      await freeTheDead(deps.db, deps.log);
      await capWaits(deps.db, RETRY_MAX[deps.pace]);
      await dropSuperseded(deps.db);
    } catch (error) {
      deps.log.warn({ error }, 'the jobs of dead workers could not be freed');
    }
  }

  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done.catch(() => undefined);
    },
  };
}

async function beat(db: Database, poolId: string): Promise<void> {
  await sql`insert into worker_lease (pool_id, beat_at) values (${poolId}, now())
    on conflict (pool_id) do update set beat_at = now()`.execute(db.read);
}

async function freeTheDead(db: Database, log: Log): Promise<void> {
  const freed = await sql<{ pools: string[] }>`
    with dead as (
      delete from worker_lease where pool_id in (
        select pool_id from worker_lease where beat_at < now() - ${DEAD_AFTER}::interval
        for update skip locked)
      returning pool_id
    ), orphan as (
      select distinct locked_by as pool_id from graphile_worker.jobs
       where locked_at < now() - ${DEAD_AFTER}::interval
         and locked_by not in (select pool_id from worker_lease)
    ), gone as (select pool_id from dead union select pool_id from orphan)
    select coalesce(array_agg(pool_id), '{}') as pools from gone`.execute(db.read);
  const pools = freed.rows[0]?.pools ?? [];
  if (pools.length === 0) return;
  await sql`select graphile_worker.force_unlock_workers(${pools}::text[])`.execute(db.read);
  log.warn({ pools }, 'freed the jobs of dead workers');
}

async function capWaits(db: Database, longest: string): Promise<void> {
  await sql`select count(*) from graphile_worker.reschedule_jobs(array(
      select id from graphile_worker.jobs
       where run_at > now() + ${longest}::interval and attempts > 0 and locked_at is null
       limit ${SWEEP_MAX}::int), now() + random() * ${longest}::interval)`.execute(db.read);
}

/**
 * A keyed job that was running when its successor was added may not run again; when its worker is
 * killed its row would stay for ever. Its successor does the work, so the row says nothing.
 */
async function dropSuperseded(db: Database): Promise<void> {
  await sql`select count(*) from graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
       where attempts >= max_attempts and key is null and locked_at is null
       limit ${SWEEP_MAX}::int))`.execute(db.read);
}
