/** When a telling is over: nothing moves at anybody's, and what was put off is done too. */
import type { Violation } from '../payments/books.ts';
import { waitForQuiet, type Moving } from '../payments/quiet.ts';
import { describeCounts } from '../counts.ts';
import type { VendorName } from '../vendors.ts';
import type { Ground } from './ground.ts';
import { passedSchema } from './orders.ts';
import type { Subject } from './subject.ts';

/**
 * Short, because the process itself says at every look that it has passed nothing more, and because
 * what comes later is judged with the next telling, after the last one by a longer look.
 */
const STABLE_MS = 150;
const LOOK_EVERY_MS = 50;
/** Jobs put off by less than this run at once: nobody waits for "it takes long" in a drill. */
const BROUGHT_FORWARD = '1 minute';

export interface Rest {
  /** Until nothing moves; then what was put off is done too: it must not fall into the next act. */
  rest(): Promise<Violation[]>;
  /** Until nothing has moved for so long; what moves for ever is a violation. */
  standStill(stableMs: number): Promise<Violation[]>;
}

type Deps = Pick<Ground, 'world' | 'ask' | 'clock'> &
  Readonly<{ provider: VendorName; subject: Subject; say: (line: string) => void }>;

export function createRest(deps: Deps): Rest {
  const { world, ask, clock, provider, subject, say } = deps;

  async function standStill(stableMs: number): Promise<Violation[]> {
    await subject.ready();
    const { quietAfterMs, moving } = await waitForQuiet({
      ...{ world, ask, clock, providers: [provider], sinceMs: clock.monotonicMs(), stableMs, say },
      ...{ lookEveryMs: LOOK_EVERY_MS, alsoMoves: stepsOf(subject) },
    });
    if (quietAfterMs !== undefined) return [];
    return [{ rule: 'R8', what: `no quiet: ${describeCounts(moving)}` }];
  }

  async function bringForward(): Promise<number> {
    const [moved] = await ask<{ count: number }>(
      `select count(*)::int as count from graphile_worker.reschedule_jobs(array(
         select id from graphile_worker.jobs where run_at > now()
            and run_at < now() + $1::interval and attempts = 0 and locked_at is null), now())`,
      [BROUGHT_FORWARD],
    );
    return moved?.count ?? 0;
  }

  return {
    standStill,
    async rest() {
      const restless = await standStill(STABLE_MS);
      if ((await bringForward()) === 0) return restless;
      return [...restless, ...(await standStill(STABLE_MS))];
    },
  };
}

/** Points passed since the last look: a process that works moves, and one that cannot answer. */
function stepsOf(subject: Subject): () => Promise<Moving> {
  let seen: number | undefined;
  return async () => {
    const before = seen;
    seen = passedSchema.parse(await subject.order({ type: 'passed' })).length;
    return { steps: before === undefined ? 1 : Math.abs(seen - before) };
  };
}
