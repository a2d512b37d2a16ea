/**
 * The drill about an instance of auth that is there and does not work: stopped in the middle of its
 * calls, or gray (three failures in ten, or 800 ms later) with a green check all the while. The
 * balancer must take it out before people notice.
 */
import { GRAY_FROM } from '../gray.ts';
import { signal } from '../signal.ts';
import {
  judgeHang,
  type Ejection,
  type Fault,
  type HangOptions,
  type HangReport,
} from './hang-report.ts';
import type { Load } from './load.ts';
import { playOnAuth, SETTLE_MS, type DrillDeps, type Stage } from './stage.ts';

const LOOK_EVERY_MS = 25;
/** Longer than any limit: a busy machine is late, and only who was never taken out was missed. */
const EJECTED_LATEST_MS = 30_000;
/** An instance that hangs is left alone so long after it was taken out, then goes on. */
const HANGING_MS = 1_000;
/** People use the platform so long with a gray instance in it. */
const GRAY_MS = 8_000;

/** Throws `DrillRefused` when it cannot take place. */
export async function runAuthHang(options: HangOptions, deps: DrillDeps): Promise<HangReport> {
  const ejections: Ejection[] = [];
  const loads: Load[] = [];
  const lastsMs = SETTLE_MS * 2 + options.stops * (EJECTED_LATEST_MS + HANGING_MS);
  const hanging = await playOnAuth({ crowd: options, lastsMs }, deps, (stage) =>
    stopInTurn(stage, options, deps),
  );
  ejections.push(...hanging.acted);
  loads.push(hanging);
  for (const fault of ['gray-errors', 'gray-slow'] as const) {
    const settings = { OPORA_PACE: 'drill', OPORA_PLANTED_BUG: fault };
    const scene = { crowd: options, lastsMs: EJECTED_LATEST_MS + GRAY_MS, settings };
    const gray = await playOnAuth(scene, deps, async (stage) => {
      await deps.clock.sleep(SETTLE_MS);
      process.kill(await stage.readyPid(0), GRAY_FROM);
      const ejection = await ejectionOf(stage, 0, fault, deps);
      await deps.clock.sleep(GRAY_MS);
      return ejection;
    });
    ejections.push(gray.acted);
    loads.push(gray);
  }
  return judgeHang({ options, ejections, loads });
}

async function stopInTurn(
  stage: Stage,
  options: HangOptions,
  deps: DrillDeps,
): Promise<Ejection[]> {
  const ejections: Ejection[] = [];
  await deps.clock.sleep(SETTLE_MS);
  for (let at = 0; at < options.stops; at += 1) {
    const instance = at % options.instances;
    const pid = await stage.readyPid(instance);
    process.kill(pid, 'SIGSTOP');
    try {
      ejections.push(await ejectionOf(stage, instance, 'hang', deps));
      await deps.clock.sleep(HANGING_MS);
    } finally {
      // The supervisor may have replaced it meanwhile.
      signal([pid], 'SIGCONT');
    }
  }
  await deps.clock.sleep(SETTLE_MS);
  return ejections;
}

async function ejectionOf(
  stage: Stage,
  instance: number,
  fault: Fault,
  { clock, say }: DrillDeps,
): Promise<Ejection> {
  const sinceMs = stage.nowMs();
  for (;;) {
    const tookMs = Math.round(stage.nowMs() - sinceMs);
    const { instances } = await stage.balancer();
    if (instances[instance]?.state !== 'up') {
      say(`${fault} of auth#${String(instance)}: taken out after ${String(tookMs)} ms`);
      return { fault, tookMs };
    }
    if (tookMs > EJECTED_LATEST_MS) return { fault, tookMs: null };
    await clock.sleep(LOOK_EVERY_MS);
  }
}
