import { sql, type Tx } from '../../platform/db/index.ts';

/**
 * Counts a try when the key is free, and puts off the next one: nothing for `free` tries, then
 * `firstS` doubling to `longestS`; once `most` were counted only forgetting them opens the key again.
 * Returns undefined when it was counted, else when to ask again.
 */
export async function countTry(
  tx: Tx,
  brake: { key: string; free: number; most: number; firstS: number; longestS: number },
  at: Date,
): Promise<Date | undefined> {
  const { key, free, most, firstS, longestS } = brake;
  const counted = await sql`
    insert into sign_in_throttle as known (key, tries, since, free_at)
    values (${key}, 1, ${at}, ${at})
    on conflict (key) do update
       set tries = known.tries + 1,
           free_at = ${at}::timestamptz + case
             when known.tries + 1 >= ${most}::int then interval '1 day'
             when known.tries + 1 <= ${free}::int then interval '0'
             else least(${longestS}::int, ${firstS}::int * power(2, least(known.tries - ${free}::int, 20)))
                  * interval '1 second'
           end
     where known.free_at <= ${at} and known.tries < ${most}::int
    returning key`.execute(tx);
  if (counted.rows.length === 1) return undefined;
  return freeAtOf(tx, key);
}

/** Takes one of `most` tries of the running window; a window begins with its first try. */
export async function takeFromWindow(
  tx: Tx,
  window: { key: string; most: number },
  time: { at: Date; lengthMs: number },
): Promise<Date | undefined> {
  const end = new Date(time.at.getTime() + time.lengthMs);
  const taken = await sql`
    insert into sign_in_throttle as known (key, tries, since, free_at)
    values (${window.key}, 1, ${time.at}, ${end})
    on conflict (key) do update
       set tries = case when known.free_at <= ${time.at} then 1 else known.tries + 1 end,
           since = case when known.free_at <= ${time.at} then ${time.at} else known.since end,
           free_at = case when known.free_at <= ${time.at} then ${end} else known.free_at end
     where known.free_at <= ${time.at} or known.tries < ${window.most}::int
    returning key`.execute(tx);
  if (taken.rows.length === 1) return undefined;
  return freeAtOf(tx, window.key);
}

export async function giveTryBack(tx: Tx, key: string): Promise<void> {
  await sql`update sign_in_throttle set tries = greatest(tries - 1, 0) where key = ${key}`.execute(
    tx,
  );
}

export async function forgetTries(tx: Tx, key: string): Promise<void> {
  await sql`delete from sign_in_throttle where key = ${key}`.execute(tx);
}

/** Keys nobody used since; returns how many went. */
export async function deleteOldTries(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`delete from sign_in_throttle where free_at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0n);
}

async function freeAtOf(tx: Tx, key: string): Promise<Date> {
  const { rows } = await sql<{ free_at: Date }>`
    select free_at from sign_in_throttle where key = ${key}`.execute(tx);
  return rows[0]?.free_at ?? new Date(0);
}
