import { parseArgs } from 'node:util';
import { leaveNothingBehind } from '../operations/drills/leave-nothing.ts';
import { runOverload, type OverloadOptions } from '../operations/drills/overload/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';

export const help = `opora drill overload [--sessions N --seconds N --times N] [--short] [--json] [--planted never-shed] [--keep]

  Measures what the platform can do on all cores but one, then lets three times as much come from
  the last one for a minute, then half of it. Exit 0: notices and token checks were served, as much
  was done as before, and all was normal within five seconds.

  --sessions N   people who are signed in (default 4000, with --short 600)
  --seconds N    how long too much comes (default 60, with --short 10)
  --times N      how much too much (default 3)
  --planted never-shed   nothing gives way: the drill must fail`;

const EXIT_USAGE = 64;
const LONG: OverloadOptions = {
  ...{ sessions: 4_000, peakSeconds: 6, seconds: 60 },
  ...{ times: 3, patient: false },
};
export const SHORT: OverloadOptions = { ...LONG, sessions: 600, peakSeconds: 2, seconds: 10 };
const MOST = { sessions: 60_000, seconds: 600, times: 20 };

export async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const { json, keep, options } = wish;
  const say = (line: string): void =>
    void (json ? process.stderr : process.stdout).write(`drill: ${line}\n`);
  const leaving = leaveNothingBehind();
  const deps = { clock: systemClock, ids: systemIds, say, keep };
  const report = await leaving.unless(runOverload(options, deps));
  process.stdout.write(`${JSON.stringify(report, undefined, json ? undefined : 2)}\n`);
  return report.verdict === 'passed' ? 0 : 1;
}

function readWish(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sessions: { type: 'string' },
        seconds: { type: 'string' },
        times: { type: 'string' },
        planted: { type: 'string' },
        short: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
      },
    });
    const own = values.short ? SHORT : LONG;
    const number = (key: 'sessions' | 'seconds' | 'times'): number => {
      const value = Number(values[key] ?? own[key]);
      if (!Number.isInteger(value) || value < 1 || value > MOST[key]) throw new Error(key);
      return value;
    };
    if (values.planted !== undefined && values.planted !== 'never-shed') return undefined;
    const numbers = {
      peakSeconds: own.peakSeconds,
      sessions: number('sessions'),
      seconds: number('seconds'),
      times: number('times'),
    };
    const options = { ...numbers, patient: values.planted === 'never-shed' };
    return { options, json: values.json, keep: values.keep };
  } catch {
    return undefined;
  }
}
