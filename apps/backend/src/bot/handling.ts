/**
 * Working off the inbox. Any number of processes do this side by side; each takes the oldest
 * update of chats nobody works on. A taken update is leased and the lease is renewed while its
 * handler runs, so a killed process's update is free when the lease ends.
 *
 * Limits: `PARALLEL_MAX` chats at once, `ATTEMPTS_MAX` tries of one update, then it is given up so
 * that its chat goes on; handled updates are kept for `KEPT_MS`.
 */
import { OperationalError, type Clock } from '@opora/kernel';
import { createBatcher } from '../platform/batch/index.ts';
import type { Database, Doorbell } from '../platform/db/index.ts';
import type { Log } from '../platform/log/index.ts';
import { TelegramRefused } from '../platform/telegram/index.ts';
import {
  claimUpdates,
  deleteHandled,
  finishClaims,
  postponeClaim,
  renewClaims,
  type Claim,
  type Ending,
} from './repository.ts';

const PARALLEL_MAX = 32;
const ATTEMPTS_MAX = 3;
/** The doorbell may be lost: look this often anyway. */
const POLL_MS = 1_000;
/** Wait before the second and the third try. */
const RETRY_MS = [1_000, 3_000] as const;
const RETRY_MAX_MS = 30_000;
const RENEWALS_PER_LEASE = 3;
/** Said when a nap ends: without a reason of ours an error with its stack is built each time. */
const RUNG = 'rung';
const ERROR_MAX = 300;

const KEPT_MS = 3 * 86_400_000;
const CLEAN_EVERY_MS = 600_000;
const CLEAN_BATCH = 500;

export const LEASE_MS = { normal: 30_000, drill: 5_000 } as const;

export type HandlingDeps = Readonly<{
  db: Database;
  clock: Clock;
  log: Log;
  doorbell: Doorbell;
  botId: bigint;
  leaseMs: number;
  /** Does the work of one update; throws to have it tried again. */
  handle: (body: unknown, attempt: number) => Promise<void>;
  /** Tells the person that it will not be done. */
  giveUp: (body: unknown, error: unknown) => Promise<void>;
  counted: (outcome: 'done' | 'retried' | 'failed' | 'lost') => void;
}>;

/** Starts working; `stop` finishes what is under way and takes nothing new. */
export function startHandling(deps: HandlingDeps): { stop(): Promise<void> } {
  const { clock, log } = deps;
  const stopping = new AbortController();
  const active = new Map<Claim, Promise<void>>();
  const finish = createFinisher(deps);
  let nap = new AbortController();
  const ring = (): void => {
    nap.abort(RUNG);
  };

  async function claim(): Promise<Claim[]> {
    const limit = PARALLEL_MAX - active.size;
    if (limit === 0) return [];
    try {
      return await claimUpdates(deps.db.read, {
        botId: deps.botId,
        limit,
        leaseMs: deps.leaseMs,
      });
    } catch (error) {
      log.warn({ err: error }, 'updates could not be claimed');
      return [];
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Made before the look: a ring during it ends the nap before it begins.
      nap = new AbortController();
      for (const each of await claim()) {
        const task = runClaim(deps, each, finish).finally(() => {
          active.delete(each);
          ring();
        });
        active.set(each, task);
      }
      await clock.sleep(POLL_MS, nap.signal);
    }
    await Promise.all(active.values());
  }

  const listening = deps.doorbell.listen(ring);
  const idle = new AbortController();
  const renewing = renew(deps, active, idle.signal);
  const loops = [work(), clean(deps, stopping.signal)];
  return {
    async stop() {
      stopping.abort();
      ring();
      await Promise.all([...loops, listening.stop()]);
      idle.abort();
      await renewing;
    },
  };
}

/** Updates that end together are written down together; false: another process has taken over. */
function createFinisher({ db }: HandlingDeps): (ending: Ending) => Promise<boolean> {
  const batcher = createBatcher<Ending, boolean>({
    sizeMax: PARALLEL_MAX,
    waitingMax: PARALLEL_MAX,
    writersMax: 1,
    keyOf: ({ claim }) => claim.updateId.toString(),
    async write(endings) {
      const ours = await finishClaims(db.read, endings);
      return endings.map(({ claim }) => ours.has(claim.updateId));
    },
  });
  return (ending) => batcher.add(ending);
}

/** One update to its end, to its next try, or to being given up. Never throws. */
async function runClaim(
  deps: HandlingDeps,
  claim: Claim,
  finish: (ending: Ending) => Promise<boolean>,
): Promise<void> {
  const about = { updateId: claim.updateId.toString(), attempt: claim.attempt };
  try {
    const outcome = await tryHandle(deps, claim, finish);
    deps.counted(outcome);
    deps.log.debug({ ...about, outcome }, 'update handled');
    if (outcome === 'lost') deps.log.warn(about, 'another process took this update over');
  } catch (error) {
    // The database is away: the lease ends by itself and the update is taken again.
    deps.log.warn({ ...about, err: error }, 'an update could not be written down');
  }
}

async function tryHandle(
  deps: HandlingDeps,
  claim: Claim,
  finish: (ending: Ending) => Promise<boolean>,
): Promise<'done' | 'retried' | 'failed' | 'lost'> {
  const at = (): Date => deps.clock.now();
  // Every earlier try ended with its process: this update may be what kills them.
  let failure: unknown =
    claim.attempt > ATTEMPTS_MAX ? new Error('gave up after its process died') : undefined;
  if (failure === undefined) {
    try {
      await deps.handle(claim.body, claim.attempt);
    } catch (error) {
      failure = error;
    }
  }
  if (failure === undefined) {
    const isOurs = await finish({ claim, state: 'done', error: undefined, at: at() });
    return isOurs ? 'done' : 'lost';
  }
  const error = (failure instanceof Error ? failure.message : 'failed').slice(0, ERROR_MAX);
  const about = { updateId: claim.updateId.toString(), attempt: claim.attempt, err: failure };
  // What Telegram refused it refuses again.
  if (claim.attempt < ATTEMPTS_MAX && !(failure instanceof TelegramRefused)) {
    deps.log.warn(about, 'an update failed and is tried again');
    await postponeClaim(deps.db.read, claim, { error, waitMs: waitAfter(claim, failure) });
    return 'retried';
  }
  deps.log.error(about, 'an update was given up');
  await deps.giveUp(claim.body, failure).catch((problem: unknown) => {
    deps.log.warn({ err: problem }, 'the person could not be told');
  });
  const isOurs = await finish({ claim, state: 'failed', error, at: at() });
  return isOurs ? 'failed' : 'lost';
}

function waitAfter(claim: Claim, failure: unknown): number {
  const own = RETRY_MS[claim.attempt - 1] ?? RETRY_MAX_MS;
  const asked = failure instanceof OperationalError ? (failure.retryAfterMs ?? 0) : 0;
  return Math.min(RETRY_MAX_MS, Math.max(own, asked));
}

/** Keeps the leases of everything under way, in one statement each time. */
async function renew(
  deps: HandlingDeps,
  active: ReadonlyMap<Claim, unknown>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(deps.leaseMs / RENEWALS_PER_LEASE, signal);
    if (active.size === 0) continue;
    await renewClaims(deps.db.read, [...active.keys()], deps.leaseMs).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'leases could not be renewed');
    });
  }
}

async function clean(deps: HandlingDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(CLEAN_EVERY_MS, signal);
    const before = new Date(deps.clock.now().getTime() - KEPT_MS);
    try {
      let gone = CLEAN_BATCH;
      while (gone === CLEAN_BATCH) {
        gone = await deleteHandled(deps.db.read, before, CLEAN_BATCH);
      }
    } catch (error) {
      deps.log.warn({ err: error }, 'old updates were not deleted; next time');
    }
  }
}
