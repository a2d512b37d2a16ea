/** Ends processes of the drill's own platform with SIGKILL, as the plan says and when it says. */
import type { Clock } from '@opora/kernel';
import type { OwnPlatform } from '../own-platform.ts';
import type { KilledRole, KillPlan } from './plan.ts';

const LOOK_EVERY_MS = 100;
/** A target that is not there (it is being started again) is waited for; then another is taken. */
const TARGET_WITHIN_MS = 45_000;
/**
 * The supervisor gives up on a child that dies this soon after it served, five times in ten
 * minutes; a drill may not look like a program that cannot run.
 */
const SETTLED_AFTER_MS = 32_000;
const EARLY_KILLS_MAX = 2;

export type Kill = Readonly<{ role: KilledRole; name: string; atMs: number }>;

export interface Killer {
  readonly kills: readonly Kill[];
  /** Tells how many payments were made by now. */
  paid(count: number): void;
  /** Nobody buys any more: what is left of the plan is done without waiting for payments. */
  soldOut(): void;
  /** Resolves when the plan is done. */
  readonly done: Promise<void>;
}

export function startKiller(deps: {
  platform: OwnPlatform;
  plan: readonly KillPlan[];
  clock: Clock;
  stopping: AbortSignal;
  say: (line: string) => void;
}): Killer {
  const { platform, clock, stopping } = deps;
  const kills: Kill[] = [];
  let made = 0;
  let isSoldOut = false;

  async function run(): Promise<void> {
    for (const wish of deps.plan) {
      while (made <= wish.afterPayment && !isSoldOut) {
        await clock.sleep(LOOK_EVERY_MS / 4, stopping);
        if (stopping.aborted) return;
      }
      await clock.sleep(wish.delayMs, stopping);
      const target = await findTarget(wish);
      if (target === undefined || stopping.aborted) continue;
      try {
        process.kill(target.pid, 'SIGKILL');
      } catch {
        continue; // It left in this very moment.
      }
      kills.push({ role: wish.role, name: target.name, atMs: clock.monotonicMs() });
      deps.say(`kill ${String(kills.length)}/${String(deps.plan.length)}: ${target.name}`);
    }
  }

  async function findTarget(wish: KillPlan): Promise<{ name: string; pid: number } | undefined> {
    const since = clock.monotonicMs();
    while (clock.monotonicMs() - since < TARGET_WITHIN_MS && !stopping.aborted) {
      const found =
        wish.role === 'postgres' ? await postgres() : await instanceOf(wish.role, wish.which);
      if (found !== undefined) return found;
      await clock.sleep(LOOK_EVERY_MS, stopping);
    }
    return undefined;
  }

  async function postgres(): Promise<{ name: string; pid: number } | undefined> {
    const pid = await platform.postgresPid();
    return pid === undefined ? undefined : { name: 'postgres', pid };
  }

  async function instanceOf(
    role: KilledRole,
    which: number,
  ): Promise<{ name: string; pid: number } | undefined> {
    const { children } = await platform.status();
    const standing = children.flatMap(({ name, pid, state, since, ...child }) => {
      if (child.role !== role || state !== 'ready' || pid === undefined) return [];
      const upMs = clock.now().getTime() - new Date(since).getTime();
      const before = kills.filter((kill) => kill.name === name).length;
      return upMs >= SETTLED_AFTER_MS || before < EARLY_KILLS_MAX ? [{ name, pid }] : [];
    });
    return standing[Math.floor(which * standing.length)];
  }

  return {
    kills,
    done: run(),
    paid(count) {
      made = count;
    },
    soldOut() {
      isSoldOut = true;
    },
  };
}
