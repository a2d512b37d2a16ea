/** Waits until nothing is on its way any more: no notice, job, message, update or delivery. */
import type { Clock } from '@opora/kernel';
import type { Ask } from '../ask-database.ts';
import type { Bill, SimulatedWorld } from '../simulated-world.ts';
import { describeCounts } from '../counts.ts';
import type { Violation } from './books.ts';

/** From the last fault on; the platform promises to have recovered within this. */
const QUIET_WITHIN_MS = 60_000;
/** What still moves then never rests; before that the machine may only be busy. */
const PATIENCE_MS = 3 * QUIET_WITHIN_MS;
/** Nothing moved for so long: it has come to rest and not only to a breath. */
const STABLE_MS = 1_000;
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;

export type Moving = Readonly<Record<string, number>>;

/** undefined: it never came to rest, and `moving` is what still moved. */
export type Quiet = Readonly<{ quietAfterMs: number | undefined; moving: Moving }>;

/** Never to rest is a fault anywhere; too late is the machine's matter too, so it has words of its own. */
export function judgeQuiet({ quietAfterMs, moving }: Quiet): Violation[] {
  if (quietAfterMs === undefined) {
    return [{ rule: 'R8', what: `no quiet: ${describeCounts(moving)}` }];
  }
  if (quietAfterMs <= QUIET_WITHIN_MS) return [];
  return [{ rule: 'R8', what: `quiet only after ${String(quietAfterMs)} ms` }];
}

/**
 * Resolves with the milliseconds from `sinceMs` (monotonic) to the beginning of the rest, or with
 * what still moved when the time was over.
 */
export async function waitForQuiet(deps: {
  world: SimulatedWorld;
  ask: Ask;
  clock: Clock;
  sinceMs: number;
  providers: readonly string[];
  say: (line: string) => void;
  /** Nothing may move for so long, milliseconds. */
  stableMs?: number;
  /** What moves after so long never rests, milliseconds. */
  patienceMs?: number;
  lookEveryMs?: number;
  /** What else moves, as the caller sees it. */
  alsoMoves?: () => Promise<Moving>;
}): Promise<Quiet> {
  const { clock, sinceMs, stableMs = STABLE_MS, lookEveryMs = LOOK_EVERY_MS } = deps;
  const { patienceMs = PATIENCE_MS } = deps;
  let restSinceMs: number | undefined;
  let moving: Moving = {};
  let saidMs = sinceMs;
  while (clock.monotonicMs() - sinceMs < patienceMs) {
    const nowMs = clock.monotonicMs();
    moving = await whatMoves(deps).catch(() => ({ 'no answer': 1 }));
    if (Object.keys(moving).length > 0) restSinceMs = undefined;
    else restSinceMs ??= nowMs;
    if (restSinceMs !== undefined && clock.monotonicMs() - restSinceMs >= stableMs) {
      return { quietAfterMs: Math.round(restSinceMs - sinceMs), moving };
    }
    if (restSinceMs === undefined && nowMs - saidMs > SAY_EVERY_MS) {
      saidMs = nowMs;
      deps.say(`still moving: ${describeCounts(moving)}`);
    }
    await clock.sleep(lookEveryMs);
  }
  return { quietAfterMs: undefined, moving };
}

/**
 * Only what is not zero. A job that was only put off ("tell them if it takes long") is no work yet,
 * one that failed and waits is; one replaced by a newer one of its key is marked as out of attempts.
 * The vendors are asked when our own side is still, because their lists are long.
 */
async function whatMoves(deps: {
  world: SimulatedWorld;
  ask: Ask;
  providers: readonly string[];
  alsoMoves?: () => Promise<Moving>;
}): Promise<Moving> {
  const also = (await deps.alsoMoves?.()) ?? {};
  const [ours = {}] = await deps.ask<Record<string, number>>(`
    select (select count(*)::int from payment_notice where state = 'waiting') as notices,
           (select count(*)::int from refund where state = 'requested') as refunds,
           (select count(*)::int from message where state = 'waiting') as messages,
           (select count(*)::int from bot_update where state = 'waiting') as updates`);
  const jobs = await deps.ask<{ task: string; count: number }>(`
    select task_identifier || case when locked_at is null then '' else ' (taken)' end as task,
           count(*)::int as count
      from graphile_worker.jobs
     where attempts < max_attempts
       and (run_at <= now() or attempts > 0 or locked_at is not null) group by 1`);
  const still = nonZero({
    ...also,
    ...ours,
    ...Object.fromEntries(jobs.map(({ task, count }) => [task, count])),
  });
  if (Object.keys(still).length > 0) return still;
  const vendors = deps.providers.map((provider) => movesAt(provider, deps));
  const [pending, ...moving] = await Promise.all([deps.world.updatesPending(), ...vendors]);
  const each = moving.reduce((all, one) => ({ ...all, ...one }), {});
  return nonZero({ 'updates at Telegram': pending, ...each });
}

async function movesAt(
  provider: string,
  { world, ask }: { world: SimulatedWorld; ask: Ask },
): Promise<Moving> {
  const till = world.till(provider);
  const [waiting, bills, [known]] = await Promise.all([
    till.deliveries('waiting'),
    till.bills(),
    ask<{ settled: number }>(
      `select count(*)::int as settled from payment
        where provider = $1 and settled_at is not null`,
      [provider],
    ),
  ]);
  const taken = bills.filter((bill) => bringsMoney(bill)).length;
  return {
    [`notices of ${provider}`]: waiting.length,
    [`payments ${provider} told nobody of`]: Math.max(0, taken - (known?.settled ?? 0)),
    [`held at ${provider}`]: bills.filter(({ state }) => state === 'held').length,
  };
}

/** Another sum than the one asked for is nobody's payment. */
function bringsMoney({ taken, amount }: Bill): boolean {
  return Number(taken) > 0 && Number(taken) % Number(amount.value) === 0;
}

function nonZero(counts: Moving): Moving {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
