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

type Target = Readonly<{ name: string; pid: number }>;
export type Kill = Readonly<{ role: KilledRole; name: string; atMs: number }>;

export interface Killer {
  readonly kills: readonly Kill[];
  /** Tells how many of the planned payments were made by now, or will never be. */
  decided(count: number): void;
  /** The kill that is waited for or being done; undefined when there is none left. */
  next(): KillPlan | undefined;
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
  let decided = 0;
  let nextKill = deps.plan[0];
  let isSoldOut = false;

  async function run(): Promise<void> {
    for (const wish of deps.plan) {
      nextKill = wish;
      while (decided <= wish.afterPayment && !isSoldOut) {
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
    nextKill = undefined;
  }

  async function findTarget(wish: KillPlan): Promise<Target | undefined> {
    const since = clock.monotonicMs();
    while (clock.monotonicMs() - since < TARGET_WITHIN_MS && !stopping.aborted) {
      const found = await (wish.role === 'postgres' ? postmaster(platform) : instanceOf(wish));
      if (found !== undefined) return found;
      await clock.sleep(LOOK_EVERY_MS, stopping);
    }
    return undefined;
  }

  async function instanceOf({ role, which }: KillPlan): Promise<Target | undefined> {
    const status = await platform.status().catch(() => undefined);
    const standing = (status?.children ?? []).flatMap(({ name, pid, state, since, ...child }) => {
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
    decided(count) {
      decided = count;
    },
    next: () => nextKill,
    soldOut() {
      isSoldOut = true;
    },
  };
}

async function postmaster(platform: OwnPlatform): Promise<Target | undefined> {
  const pid = await platform.postgresPid();
  return pid === undefined ? undefined : { name: 'postgres', pid };
}
