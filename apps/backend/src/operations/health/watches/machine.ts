/**
 * The machine this runs on: room on its disks, memory, processor. In a container with limits of its
 * own (cgroup v2) those limits are the machine. Where a figure cannot be had (another system than
 * Linux), nobody says anything.
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Clock } from '@opora/kernel';
import { diskSpaceAt, type DiskSpace } from '../../disk-space.ts';
import type { Figure, Source } from './figure.ts';

/** What the machine is asked; a test gives its own. */
export type Machine = Readonly<{
  spaceAt: (path: string) => Promise<DiskSpace>;
  /** Rejects when there is no such file. */
  readText: (path: string) => Promise<string>;
  /** Milliseconds that all processors together were busy and were there. */
  processors: () => Readonly<{ busy: number; all: number }>;
}>;

/** The processor is judged by what it did in this time, milliseconds. */
const CPU_SPAN_MS = 60_000;
const CGROUP = '/sys/fs/cgroup';
/** The end of a long path tells it from others. */
const PATH_SHOWN_MAX = 120;
export const MACHINE = 'machine';

export const thisMachine: Machine = {
  spaceAt: diskSpaceAt,
  readText: (path) => readFile(path, 'utf8'),
  processors() {
    const times = cpus().map((one) => one.times);
    const all = times.flatMap((each) => Object.values(each)).reduce((sum, ms) => sum + ms, 0);
    return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
  },
};

/** `folders`: one disk is told of once, under the first of its folders. */
export function watchMachine(deps: {
  folders: readonly string[];
  clock: Clock;
  machine?: Machine;
}): Source {
  const { clock, machine = thisMachine } = deps;
  const cpu = createCpu(machine);
  return {
    depth: 'liveness',
    async read() {
      const [disks, memory, busy] = await Promise.all([
        disksOf(machine, deps.folders),
        memoryOf(machine).catch(() => undefined),
        cpu(clock.monotonicMs()).catch(() => undefined),
      ]);
      return [
        ...disks,
        { watch: 'memory', name: MACHINE, value: memory },
        { watch: 'cpu', name: MACHINE, value: busy },
      ];
    },
  };
}

async function disksOf(machine: Machine, folders: readonly string[]): Promise<Figure[]> {
  const seen = new Set<number>();
  const figures: Figure[] = [];
  for (const folder of folders) {
    const name = folder.slice(-PATH_SHOWN_MAX);
    const space = await machine.spaceAt(folder).catch(() => undefined);
    if (space !== undefined && seen.has(space.device)) continue;
    if (space !== undefined) seen.add(space.device);
    const value = space === undefined ? undefined : 100 * space.freeShare;
    figures.push({ watch: 'disk', name, value });
  }
  return figures;
}

/** Used, percent: what programs cannot get any more; the cache of files they can. */
async function memoryOf(machine: Machine): Promise<number> {
  const limit = Number(await machine.readText(`${CGROUP}/memory.max`).catch(() => 'max'));
  if (Number.isFinite(limit)) {
    const used = Number(await machine.readText(`${CGROUP}/memory.current`));
    const cache = numberIn(
      await machine.readText(`${CGROUP}/memory.stat`),
      /^inactive_file (\d+)/m,
    );
    return (100 * (used - cache)) / limit;
  }
  const text = await machine.readText('/proc/meminfo');
  const all = numberIn(text, /^MemTotal:\s+(\d+)/m);
  return 100 * (1 - numberIn(text, /^MemAvailable:\s+(\d+)/m) / all);
}

type Time = Readonly<{ atMs: number; busy: number; all: number }>;

/** Busy share of the last minute, percent; NaN at the first reading. */
function createCpu(machine: Machine): (atMs: number) => Promise<number> {
  let times: readonly Time[] = [];
  return async (atMs) => {
    const now = { atMs, ...((await ownProcessors(machine, atMs)) ?? machine.processors()) };
    times = [...times.filter((one) => atMs - one.atMs <= CPU_SPAN_MS), now];
    const first = times[0] ?? now;
    return (100 * (now.busy - first.busy)) / (now.all - first.all);
  };
}

/** Of a container that may use so many processors and no more; undefined: all of the machine. */
async function ownProcessors(
  machine: Machine,
  atMs: number,
): Promise<Readonly<{ busy: number; all: number }> | undefined> {
  const text = await machine.readText(`${CGROUP}/cpu.max`).catch(() => 'max');
  const [quota, period] = text.split(' ').map(Number);
  if (quota === undefined || period === undefined || Number.isNaN(quota)) return undefined;
  const stat = await machine.readText(`${CGROUP}/cpu.stat`);
  return { busy: numberIn(stat, /^usage_usec (\d+)/m) / 1000, all: (atMs * quota) / period };
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1]);
}
