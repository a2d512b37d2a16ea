import type { Clock } from '@opora/kernel';
import { sql, type Tx } from '../db/index.ts';
import type { ForcedPosition } from './breaker.ts';
import type { Switch } from './switchboard.ts';

const FORCED_MAX = 200;

export type Forced = Switch &
  Readonly<{
    /** The audit entry that says by whom and why. */
    actId: string;
  }>;

export interface ForcedPositions {
  /** Those that are in force. */
  read(tx: Tx): Promise<readonly Forced[]>;
  /** `undefined` gives the breaker back to itself. */
  set(tx: Tx, dependency: string, forced: Omit<Forced, 'dependency'> | undefined): Promise<void>;
}

/** The staff's switches over the breakers of all processes: a row per dependency with its end. */
export function createForcedPositions({ clock }: { clock: Clock }): ForcedPositions {
  return {
    async read(tx) {
      const { rows } = await sql<{
        dependency: string;
        position: ForcedPosition;
        until: Date;
        act_id: string;
      }>`select dependency, position, until, act_id from breaker_force
          where until > ${clock.now()} order by dependency limit ${FORCED_MAX}`.execute(tx);
      return rows.map(({ act_id: actId, ...row }) => ({ ...row, actId }));
    },
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
