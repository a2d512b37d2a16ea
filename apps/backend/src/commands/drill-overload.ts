import { parseArgs } from 'node:util';
import { runOverload, type OverloadOptions } from '../operations/drills/overload/index.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill overload [--sessions N --seconds N --times N] [--short] [--json] [--planted never-shed] [--keep]

  Measures what the platform can do on all cores but one, then lets three times as much come from
  the last one for a minute, then half of it. When that is too much for this machine it tries twice,
  then one and a half times as much, and says what held. Exit 0: at one of them notices and token
  checks were served, as much was done as before, and all was normal within five seconds.

  --sessions N   people who are signed in (default 4000, with --short 2000)
  --seconds N    how long too much comes (default 60, with --short 6)
  --times N      how much too much, and nothing less (default 3, then 2, then 1.5; with --short 3)
  --planted never-shed   nothing gives way: the drill must fail`;

const LONG: OverloadOptions = {
  ...{ sessions: 4_000, peakSeconds: 6, seconds: 60, afterSeconds: 12 },
  ...{ times: [3, 2, 1.5], patient: false },
};
export const SHORT: OverloadOptions = {
  ...LONG,
  ...{ sessions: 2_000, peakSeconds: 2, seconds: 6, afterSeconds: 8, times: [3] },
};
const MOST = { sessions: 60_000, seconds: 600 };
const TIMES_MOST = 20;

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runOverload });

function readOptions(args: readonly string[]): OverloadOptions | undefined {
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
    const number = (key: 'sessions' | 'seconds'): number => {
      const value = Number(values[key] ?? own[key]);
      if (!Number.isInteger(value) || value < 1 || value > MOST[key]) throw new Error(key);
      return value;
    };
    if (values.planted !== undefined && values.planted !== 'never-shed') return undefined;
    const times = values.times === undefined ? own.times : [Number(values.times)];
    if (!times.every((one) => one >= 1 && one <= TIMES_MOST)) return undefined;
    const numbers = { sessions: number('sessions'), seconds: number('seconds') };
    return { ...own, ...numbers, times, patient: values.planted === 'never-shed' };
  } catch {
    return undefined;
  }
}
