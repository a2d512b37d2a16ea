/** Where the drills about auth take place: a platform of their own, people who use it, a steady load. */
import type { Clock, Ids } from '@opora/kernel';
import { createAsk } from '../ask-database.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { DrillRefused } from '../simulated-only.ts';
import { offerLoad, RAMP_MS, type Load } from './load.ts';
import { createPeople, type People } from './people.ts';

/** Before the first act, and after the last. */
export const SETTLE_MS = RAMP_MS + 1_000;
const BACK_WITHIN_MS = 30_000;
const FAILURES_SAID = 8;

export type DrillDeps = Readonly<{
  clock: Clock;
  ids: Ids;
  say: (line: string) => void;
  keep: boolean;
}>;

export type Crowd = Readonly<{ rate: number; sessions: number; instances: number }>;

/** What the balancer of auth says of its instances. */
export type Balancer = Readonly<{
  tries: number;
  healthy: number;
  instances: readonly { name: string; state: 'up' | 'ejected' | 'down' }[];
}>;

export interface Stage {
  readonly platform: OwnPlatform;
  readonly people: People;
  /** Milliseconds since the stage opened. */
  readonly nowMs: () => number;
  balancer(): Promise<Balancer>;
  /** Resolves when every instance serves; throws `DrillRefused` after half a minute. */
  allServe(): Promise<void>;
  /** Of one instance, once all of them serve; throws as `allServe`. */
  readyPid(instance: number): Promise<number>;
}

type Settings = Readonly<Record<string, string>>;

/** Opens a platform, plays on it and ends it. Throws `DrillRefused` when it cannot take place. */
export async function onAuthStage<T>(
  { instances, settings = {} }: { instances: number; settings?: Settings },
  { clock, ids, keep }: DrillDeps,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const platform = await startOwnPlatform({
    ...{ clock, keep, chance: () => ids.chance() },
    settings: { OPORA_AUTH_INSTANCES: String(instances), ...settings },
  });
  const { config } = platform;
  const ask = createAsk(config.database.ownerUrl?.reveal() ?? '', clock);
  const people = createPeople({ config, ids, ask, nowMs: () => clock.monotonicMs() });
  const balancer = () => balancerOf(platform);
  const serving = () => allServe({ platform, clock, balancer, of: instances });
  try {
    await serving();
    const openedMs = clock.monotonicMs();
    return await play({
      ...{ platform, people, balancer },
      nowMs: () => clock.monotonicMs() - openedMs,
      allServe: serving,
      async readyPid(instance) {
        await serving();
        return await pidOf(platform, instance);
      },
    });
  } finally {
    await people.close();
    await platform.end();
  }
}

export type Played<T> = Load & Readonly<{ acted: T; durationMs: number; authAnswered: number }>;

/**
 * People sign in, then call at a steady rate for as long as `act` lasts, at most `lastsMs`. Times of
 * the load and of `nowMs` in `act` count from the start of the load.
 */
export async function playOnAuth<T>(
  scene: { crowd: Crowd; lastsMs: number; settings?: Settings },
  deps: DrillDeps,
  act: (stage: Stage) => Promise<T>,
): Promise<Played<T>> {
  const { clock, say } = deps;
  const { crowd } = scene;
  return await onAuthStage({ ...scene, instances: crowd.instances }, deps, async (stage) => {
    const { people, balancer } = stage;
    say(`${String(crowd.sessions)} people sign in`);
    const visitors = await people.enterAll(await people.links(crowd.sessions));
    const links = await people.links(Math.ceil((crowd.rate * scene.lastsMs) / 20_000) + 50);
    const before = (await balancer()).tries;
    const startedMs = stage.nowMs();
    const nowMs = (): number => stage.nowMs() - startedMs;
    const until = act({ ...stage, nowMs });
    const load = await offerLoad({ clock, people, visitors, links, rate: crowd.rate, until });
    const durationMs = nowMs();
    for (const one of load.samples.filter(({ status }) => status !== 200).slice(0, FAILURES_SAID)) {
      say(`failed: ${JSON.stringify(one)}`);
    }
    const authAnswered = (await balancer()).tries - before;
    return { ...load, acted: await until, durationMs, authAnswered };
  });
}

/** Asks until `done`; throws `DrillRefused` after `withinMs`. */
export async function until(
  clock: Clock,
  { everyMs, withinMs, what }: { everyMs: number; withinMs: number; what: string },
  done: () => Promise<boolean>,
): Promise<void> {
  const sinceMs = clock.monotonicMs();
  while (!(await done())) {
    if (clock.monotonicMs() - sinceMs > withinMs) throw new DrillRefused(what);
    await clock.sleep(everyMs);
  }
}

async function allServe(deps: {
  platform: OwnPlatform;
  clock: Clock;
  balancer: () => Promise<Balancer>;
  of: number;
}): Promise<void> {
  const what = 'an instance of auth did not come back';
  await until(deps.clock, { everyMs: 100, withinMs: BACK_WITHIN_MS, what }, async () => {
    const { children } = await deps.platform.status();
    const auth = children.filter(({ name }) => name.startsWith('auth#'));
    const { healthy } = await deps.balancer();
    const isReady = healthy >= deps.of && auth.every(({ state }) => state === 'ready');
    return isReady && (await allBehindGateway(deps.platform));
  });
}

/** The gateway finds each role by itself, a moment after the role is ready. */
async function allBehindGateway({ config }: OwnPlatform): Promise<boolean> {
  const answer = await fetch(`${config.gatewayUrl}/health`);
  const { status } = (await answer.json()) as { status: string }; // as door.ts makes it
  return status === 'ready';
}

async function pidOf(platform: OwnPlatform, instance: number): Promise<number> {
  const { children } = await platform.status();
  const found = children.find((child) => child.name === `auth#${String(instance)}`);
  if (found?.pid === undefined) throw new DrillRefused('an instance of auth has no process');
  return found.pid;
}

async function balancerOf({ config }: OwnPlatform): Promise<Balancer> {
  const answer = await fetch(`http://127.0.0.1:${String(config.ports.authBalancer)}/lb-stats`);
  return (await answer.json()) as Balancer; // as diagnostics.ts makes it
}
