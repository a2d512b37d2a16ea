/** The breakers of a role with a database: counted, told of, and held where staff wants them. */
import type { Platform } from './compose-parts.ts';
import {
  createBreaker,
  createBreakerStates,
  createForcedPositions,
  createSwitchboard,
  observeBreakers,
  type BreakerStates,
  type ForcedPositions,
  type OperatedBreaker,
} from './platform/breaker/index.ts';
import type { Database } from './platform/db/index.ts';

/** An open breaker of a vendor tries again at the latest after this. */
const WAIT_MAX_MS = { normal: 60_000, drill: 5_000 };

/** A breaker round somebody outside; `countsAsFailure` says which errors speak of them. */
export type Guard = (name: string, countsAsFailure: (error: unknown) => boolean) => OperatedBreaker;

export function openBreakers(
  { config, clock, ids, log, lifecycle, metrics }: Platform,
  { db, role, instance }: { db: Database; role: string; instance: number },
): { breakers: BreakerStates; forced: ForcedPositions; guard: Guard } {
  // A command is gone before anybody could ask how its breakers stand.
  const isServing = role in config.instances;
  const observe = observeBreakers(metrics);
  const forced = createForcedPositions({ clock });
  const breakers = createBreakerStates({ db, clock, log, process: `${role}#${String(instance)}` });
  const board = createSwitchboard({ clock, log });
  const take = (breaker: OperatedBreaker): OperatedBreaker => {
    observe(breaker);
    if (isServing) {
      breakers.watch(breaker);
      board.add(breaker);
    }
    return breaker;
  };
  take(db.breaker);
  if (isServing) {
    const leaving = new AbortController();
    const following = board.follow(() => forced.read(db.read), leaving.signal);
    lifecycle.onStop('switches of breakers', async () => {
      leaving.abort();
      await following;
    });
  }
  const waitMaxMs = WAIT_MAX_MS[config.pace];
  return {
    breakers,
    forced,
    guard: (name, countsAsFailure) =>
      take(createBreaker({ name, clock, ids, waitMaxMs, countsAsFailure })),
  };
}
