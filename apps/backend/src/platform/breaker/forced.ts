import { OperationalError, type Clock } from '@opora/kernel';
import { sql, type Database, type Tx } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { ForcedPosition, OperatedBreaker } from './breaker.ts';

/** How soon every process obeys, milliseconds. */
const FOLLOW_EVERY_MS = 5_000;
const FORCED_MAX = 50;

export type Forced = Readonly<{
  dependency: string;
  position: ForcedPosition;
  until: Date;
  /** The audit entry that says by whom and why. */
  actId: string;
}>;

export interface ForcedPositions {
  /** From now on this breaker of this process obeys the switch of its name. */
  obey(breaker: Pick<OperatedBreaker, 'name' | 'force' | 'release'>): void;
  /** Reads the switches every few seconds until `signal` aborts; a lost database changes nothing. */
  follow(signal: AbortSignal): Promise<void>;
  /** Those that are in force. */
  read(tx: Tx): Promise<readonly Forced[]>;
  /** `undefined` gives the breaker back to itself. */
  set(tx: Tx, dependency: string, forced: Omit<Forced, 'dependency'> | undefined): Promise<void>;
}

/**
 * The operator's switch over the breakers of all processes: a row per dependency with its end.
 * Every process looks for itself, and an end comes by its own clock, also while the database is away.
 */
export function createForcedPositions(deps: {
  db: Database;
  clock: Clock;
  log: Log;
}): ForcedPositions {
  const { db, clock, log } = deps;
  const breakers: Pick<OperatedBreaker, 'name' | 'force' | 'release'>[] = [];
  /** What was obeyed last, by dependency: its position and end. */
  let obeyed: ReadonlyMap<string, string> = new Map();

  async function read(tx: Tx): Promise<readonly Forced[]> {
    const { rows } = await sql<{
      dependency: string;
      position: ForcedPosition;
      until: Date;
      act_id: string;
    }>`select dependency, position, until, act_id from breaker_force
        where until > ${clock.now()} order by dependency limit ${FORCED_MAX}`.execute(tx);
    return rows.map(({ act_id: actId, ...row }) => ({ ...row, actId }));
  }

  function apply(forced: readonly Forced[]): void {
    const now = clock.now().getTime();
    const next = new Map(
      forced.map((one) => [one.dependency, `${one.position} ${one.until.toISOString()}`]),
    );
    for (const breaker of breakers) {
      const { name } = breaker;
      if (next.get(name) === obeyed.get(name)) continue;
      const one = forced.find(({ dependency }) => dependency === name);
      if (one === undefined) breaker.release();
      else breaker.force(one.position, one.until.getTime() - now);
      log.warn({ dependency: name, position: one?.position ?? 'released' }, 'breaker by hand');
    }
    obeyed = next;
  }

  return {
    obey(breaker) {
      breakers.push(breaker);
    },
    async follow(signal) {
      while (!signal.aborted) {
        try {
          apply(await read(db.read));
        } catch (error) {
          const level = error instanceof OperationalError ? 'debug' : 'warn';
          log[level]({ error }, 'the switches of breakers were not read');
        }
        await clock.sleep(FOLLOW_EVERY_MS, signal);
      }
    },
    read,
    async set(tx, dependency, forced) {
      if (forced === undefined) {
        await sql`delete from breaker_force where dependency = ${dependency}`.execute(tx);
        return;
      }
      const { position, until, actId } = forced;
      await sql`insert into breaker_force (dependency, position, until, act_id)
        values (${dependency}, ${position}, ${until}, ${actId})
        on conflict (dependency) do update
          set position = excluded.position, until = excluded.until,
              act_id = excluded.act_id`.execute(tx);
    },
  };
}
