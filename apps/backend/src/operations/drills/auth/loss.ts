/**
 * The drill that proves that the loss of an auth instance is seen by nobody (A1): people read, renew
 * and sign in at a steady rate while the instances are killed in turn.
 */
import { judgeLoss, type LossOptions, type LossReport } from './loss-report.ts';
import { playOnAuth, SETTLE_MS, type DrillDeps, type Stage } from './stage.ts';

/** Throws `DrillRefused` when it cannot take place. */
export async function runAuthLoss(options: LossOptions, deps: DrillDeps): Promise<LossReport> {
  const lastsMs = SETTLE_MS * 2 + options.kills * options.everyMs;
  const played = await playOnAuth({ crowd: options, lastsMs }, deps, (stage) =>
    killInTurn(stage, options, deps),
  );
  return judgeLoss({ options, ...played, killsAtMs: played.acted });
}

async function killInTurn(
  stage: Stage,
  options: LossOptions,
  { clock, say }: DrillDeps,
): Promise<number[]> {
  const killsAtMs: number[] = [];
  await clock.sleep(SETTLE_MS);
  for (let at = 0; at < options.kills; at += 1) {
    const instance = at % options.instances;
    const pid = await stage.readyPid(instance);
    killsAtMs.push(stage.nowMs());
    process.kill(pid, 'SIGKILL');
    say(`kill ${String(at + 1)}/${String(options.kills)}: auth#${String(instance)}`);
    await clock.sleep(options.everyMs);
  }
  await clock.sleep(SETTLE_MS);
  return killsAtMs;
}
