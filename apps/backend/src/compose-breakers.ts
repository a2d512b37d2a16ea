/** The breakers of a role with a database: counted, told of, and held where staff wants them. */
import type { Platform } from './compose-parts.ts';
import {
  createBreaker,
  createBreakerStates,
  createForcedPositions,
  createProber,
  createSwitchboard,
  observeBreakers,
  type BreakerStates,
  type ForcedPositions,
  type OperatedBreaker,
  type Prober,
} from './platform/breaker/index.ts';
import type { Database } from './platform/db/index.ts';
import type { Jobs } from './platform/jobs/index.ts';

/** An open breaker of a vendor tries again at the latest after this. */
const WAIT_MAX_MS = { normal: 60_000, drill: 5_000 };

/** What breakers round those outside are made and found back by. */
export type Outside = Readonly<{
  /** `countsAsFailure`: these errors speak of them; `wakes`: the task whose waiting jobs are due when it closes. */
  guard: (
    name: string,
    by: Readonly<{ countsAsFailure: (error: unknown) => boolean; wakes?: string }>,
  ) => OperatedBreaker;
  /** While the breaker is open, the harmless call is made through it until it closes. */
  findBack: Prober['watch'];
}>;

export function openBreakers(
  { config, clock, ids, log, lifecycle, metrics }: Platform,
  { db, jobs, role, instance }: { db: Database; jobs: Jobs; role: string; instance: number },
): { breakers: BreakerStates; forced: ForcedPositions; outside: Outside } {
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
  const prober = createProber({ clock });
  lifecycle.onStop('knocking at those away', () => prober.stop());
  const waitMaxMs = WAIT_MAX_MS[config.pace];
  return {
    breakers,
    forced,
    outside: {
      guard(name, { countsAsFailure, wakes }) {
        const breaker = take(createBreaker({ name, clock, ids, waitMaxMs, countsAsFailure }));
        breaker.onChange((state) => {
          log.warn({ dependency: name, state }, 'breaker');
          // What waited for them is due at once (principle 9).
          if (state !== 'closed' || wakes === undefined) return;
          jobs.wake(db.read, wakes).catch((error: unknown) => {
            log.warn(
              { error, task: wakes },
              'waiting jobs were not woken; they come by their schedule',
            );
          });
        });
        return breaker;
      },
      findBack(breaker, knock) {
        if (isServing) prober.watch(breaker, knock);
      },
    },
  };
}
