import { parseArgs } from 'node:util';
import { runOverload, type OverloadOptions } from '../operations/drills/overload/index.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill overload [--sessions N --seconds N --times N] [--short] [--json] [--planted never-shed] [--keep]

  Measures what the platform can do on all cores but one, then lets three times as much come from
  the last one for a minute, then half of it. Exit 0: notices and token checks were served, as much
  was done as before, and all was normal within five seconds.

  --sessions N   people who are signed in (default 4000, with --short 600)
  --seconds N    how long too much comes (default 60, with --short 10)
  --times N      how much too much (default 3)
  --planted never-shed   nothing gives way: the drill must fail`;

const LONG: OverloadOptions = {
  ...{ sessions: 4_000, peakSeconds: 6, seconds: 60 },
  ...{ times: 3, patient: false },
};
export const SHORT: OverloadOptions = { ...LONG, sessions: 600, peakSeconds: 2, seconds: 10 };
const MOST = { sessions: 60_000, seconds: 600, times: 20 };

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
    return { ...numbers, patient: values.planted === 'never-shed' };
  } catch {
    return undefined;
  }
}
