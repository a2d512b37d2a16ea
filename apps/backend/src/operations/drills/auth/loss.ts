/**
 * The drill that proves that the loss of an auth instance is seen by nobody (A1): people read, renew
 * and sign in at a steady rate while the instances are killed in turn.
 */
import type { Clock, Ids } from '@opora/kernel';
import { createAsk } from '../ask-database.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { DrillRefused } from '../simulated-only.ts';
import { offerLoad } from './load.ts';
import { judgeLoss, type LossOptions, type LossReport } from './loss-report.ts';
import { createPeople } from './people.ts';

const SETTLE_MS = 2_000;
const LOOK_EVERY_MS = 100;
const BACK_WITHIN_MS = 30_000;

export type DrillDeps = Readonly<{
  clock: Clock;
  ids: Ids;
  say: (line: string) => void;
  keep: boolean;
}>;

/** Throws `DrillRefused` when it cannot take place. */
export async function runAuthLoss(options: LossOptions, deps: DrillDeps): Promise<LossReport> {
  const { clock, ids, say } = deps;
  const platform = await startOwnPlatform({
    ...{ clock, keep: deps.keep, chance: () => ids.chance() },
    settings: { OPORA_AUTH_INSTANCES: String(options.instances) },
  });
  const { config } = platform;
  const ask = createAsk(config.database.ownerUrl?.reveal() ?? '', clock);
  const people = createPeople({ config, ids, ask, nowMs: () => clock.monotonicMs() });
  try {
    await readyPid(platform, { instance: 0, of: options.instances }, clock);
    say(`${String(options.sessions)} people sign in`);
    const visitors = await people.enterAll(await people.links(options.sessions));
    const seconds = (SETTLE_MS * 2 + options.kills * options.everyMs) / 1000;
    const links = await people.links(Math.ceil((options.rate * seconds) / 20) + 50);
    const before = await answeredByAuth(platform);
    const startedMs = clock.monotonicMs();
    const killing = killInTurn(platform, options, { clock, say, startedMs });
    const load = await offerLoad({
      clock,
      people,
      visitors,
      links,
      rate: options.rate,
      until: killing,
    });
    const durationMs = clock.monotonicMs() - startedMs;
    const authAnswered = (await answeredByAuth(platform)) - before;
    return judgeLoss({ options, ...load, killsAtMs: await killing, durationMs, authAnswered });
  } finally {
    await people.close();
    await platform.end();
  }
}

async function killInTurn(
  platform: OwnPlatform,
  options: LossOptions,
  { clock, say, startedMs }: { clock: Clock; say: (line: string) => void; startedMs: number },
): Promise<number[]> {
  const killsAtMs: number[] = [];
  await clock.sleep(SETTLE_MS);
  for (let at = 0; at < options.kills; at += 1) {
    const instance = at % options.instances;
    const pid = await readyPid(platform, { instance, of: options.instances }, clock);
    killsAtMs.push(clock.monotonicMs() - startedMs);
    process.kill(pid, 'SIGKILL');
    say(`kill ${String(at + 1)}/${String(options.kills)}: auth#${String(instance)}`);
    await clock.sleep(options.everyMs);
  }
  await clock.sleep(SETTLE_MS);
  return killsAtMs;
}

/** Of one of the instances, once all of them serve: this drill is about the loss of one. */
async function readyPid(
  platform: OwnPlatform,
  { instance, of }: { instance: number; of: number },
  clock: Clock,
): Promise<number> {
  const sinceMs = clock.monotonicMs();
  while (clock.monotonicMs() - sinceMs < BACK_WITHIN_MS) {
    const { children } = await platform.status();
    const { healthy } = await balancerOf(platform);
    const found = children.find((child) => child.name === `auth#${String(instance)}`);
    if (healthy === of && found?.state === 'ready' && found.pid !== undefined) return found.pid;
    await clock.sleep(LOOK_EVERY_MS);
  }
  throw new DrillRefused('an instance of auth did not come back');
}

async function answeredByAuth(platform: OwnPlatform): Promise<number> {
  return (await balancerOf(platform)).tries;
}

/** The gateway's own report about its instances of auth. */
async function balancerOf({ config }: OwnPlatform): Promise<{ tries: number; healthy: number }> {
  const answer = await fetch(`http://127.0.0.1:${String(config.ports.authBalancer)}/lb-stats`);
  return (await answer.json()) as { tries: number; healthy: number }; // as diagnostics.ts makes it
}
