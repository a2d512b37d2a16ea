/**
 * The drill that proves that too much does no harm: three times what the platform can do comes for a
 * minute; what must never give way is served, about as much is done as before, and nothing lasts.
 * The crowd has a core of its own, so that it is not the platform that it slows down.
 */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Clock, Ids } from '@opora/kernel';
import { createAsk } from '../ask-database.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { Phase, Second } from './generator.ts';
import { makePeople, wiresOf } from './mix.ts';
import {
  capacityOf,
  judgeOverload,
  judgeRound,
  type OverloadOptions,
  type OverloadReport,
  type Round,
} from './report.ts';

export type { OverloadOptions, OverloadReport } from './report.ts';

/** Connections with which the capacity is looked for; the best counts. */
const PEAK_CONNECTIONS = [16, 32, 64];
const WARM: Phase = { seconds: 4, connections: 16 };
/**
 * Most of the crowd that is there at once. They come one by one before, as through a proxy that keeps
 * its connections: Node accepts one connection in a turn of its loop, and a storm of them waits.
 */
const CROWD = 1_000;
const ARRIVE: Phase = { seconds: 5, connections: CROWD, rate: CROWD / 5, fresh: true };

export type OverloadDeps = Readonly<{
  clock: Clock;
  ids: Ids;
  say: (line: string) => void;
  keep: boolean;
}>;

/** Throws `DrillRefused` when it cannot take place. */
export async function runOverload(
  options: OverloadOptions,
  deps: OverloadDeps,
): Promise<OverloadReport> {
  const cores = pinApart();
  try {
    return await drill(options, deps, cores);
  } finally {
    cores.free();
  }
}

type Cores = ReturnType<typeof pinApart>;

async function drill(
  options: OverloadOptions,
  deps: OverloadDeps,
  cores: Cores,
): Promise<OverloadReport> {
  const { clock, ids, say, keep } = deps;
  const settings = options.patient ? { OPORA_PLANTED_BUG: 'never-shed' } : {};
  const platform = await startOwnPlatform({ clock, keep, chance: () => ids.chance(), settings });
  try {
    const { config } = platform;
    const ask = createAsk(config.database.ownerUrl?.reveal() ?? '', clock);
    const people = await makePeople({ config, clock, ids, ask }, options.sessions);
    say(
      `${String(people.length)} people; the platform on ${cores.platform}, they on ${cores.crowd}`,
    );
    const before = await restartsOf(platform);
    const crowd = await openCrowd(cores.crowd, config.ports.gateway, wiresOf(people));
    try {
      await crowd.play(WARM);
      const peaks: Second[][] = [];
      for (const connections of PEAK_CONNECTIONS) {
        peaks.push(await crowd.play({ seconds: options.peakSeconds, connections }));
      }
      const capacityPerS = capacityOf(peaks);
      say(`it can do ${String(Math.round(capacityPerS))} a second`);
      await crowd.play(ARRIVE);
      const rounds = await tryRounds(options, { crowd, capacityPerS, say });
      const exits = (await restartsOf(platform)) - before;
      return judgeOverload({ options, capacityPerS, rounds, exits });
    } finally {
      crowd.close();
    }
  } finally {
    await platform.end();
  }
}

/** The highest multiple first, until one holds. */
async function tryRounds(
  options: OverloadOptions,
  deps: { crowd: Crowd; capacityPerS: number; say: OverloadDeps['say'] },
): Promise<Round[]> {
  const { crowd, capacityPerS, say } = deps;
  const rounds: Round[] = [];
  for (const times of options.times) {
    const rate = Math.round(capacityPerS * times);
    say(`${String(rate)} a second come`);
    const { seconds, afterSeconds } = options;
    const overload = await crowd.play({ seconds, connections: CROWD, rate });
    const half = { seconds: afterSeconds, rate: Math.round(capacityPerS / 2) };
    const after = await crowd.play({ ...half, connections: CROWD });
    const round = judgeRound({ times, seconds, capacityPerS, overload, after });
    rounds.push(round);
    if (round.violations.length === 0) break;
    say(`too much: ${round.violations.join(', ')}`);
  }
  return rounds;
}

/** This process, and with it the platform it starts, leaves the last core to the crowd until `free`. */
function pinApart() {
  const last = availableParallelism() - 1;
  if (last < 1) throw new DrillRefused('the drill needs two cores: one is for the crowd');
  const cores = { platform: last === 1 ? '0' : `0-${String(last - 1)}`, crowd: String(last) };
  const pin = (to: string): void => {
    execFileSync('taskset', ['-a', '-c', '-p', to, String(process.pid)], { stdio: 'ignore' });
  };
  try {
    pin(cores.platform);
  } catch (cause) {
    throw new DrillRefused('taskset (util-linux) is needed to give the crowd its own core', {
      cause,
    });
  }
  const free = (): void => {
    pin(`0-${cores.crowd}`);
  };
  return { ...cores, free };
}

async function restartsOf(platform: OwnPlatform): Promise<number> {
  const { children } = await platform.status();
  return children.reduce((total, { restarts }) => total + restarts, 0);
}

type Crowd = Awaited<ReturnType<typeof openCrowd>>;

async function openCrowd(core: string, port: number, wires: ReturnType<typeof wiresOf>) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'generator.ts'), {
    execArgv: [],
    serialization: 'advanced',
  });
  execFileSync('taskset', ['-a', '-c', '-p', core, String(child.pid)], { stdio: 'ignore' });
  const left = once(child, 'exit').then(() => {
    throw new DrillRefused('the crowd left');
  });
  const answer = async <T>(message: object): Promise<T> => {
    child.send(message);
    const told: unknown[] = await Promise.race([once(child, 'message'), left]);
    return told[0] as T; // what generator.ts sends
  };
  await answer<string>({ port, wires });
  return {
    play: (phase: Phase) => answer<Second[]>(phase),
    close: () => void child.kill('SIGKILL'),
  };
}
