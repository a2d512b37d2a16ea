import type { RollingOptions } from '../operations/drills/rolling/report.ts';
import { runRolling } from '../operations/drills/rolling/run.ts';
import { VENDOR_NAMES } from '../operations/drills/vendors.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill rolling-restart [--rounds N --rate N --without-web] [--short] [--json] [--planted own-listeners] [--keep]

  People read, renew, sign in, order and buy on a platform of its own while every role is restarted
  again and again, two at a time. Exit 0: no call failed, each command was one order however often it
  was sent, every notice was acknowledged at once, and no job was lost or done twice.

  --rounds N    times that every role is restarted (default 20, with --short 1)
  --rate N      calls a second of people (default 100, with --short 30)
  --without-web the site is neither built nor restarted (as with --short)
  --planted own-listeners   each process opens its listener itself: the drill must fail`;

const NUMBER_MAX = 10_000;
export const SHORT: RollingOptions = {
  ...{ rounds: 1, rate: 30, sessions: 40, payments: 8, seed: 1 },
  ...{ providers: ['yookassa'], web: false, ownListeners: false },
};
const LONG: RollingOptions = {
  ...{ rounds: 20, rate: 100, sessions: 400, payments: 100, seed: 1 },
  ...{ providers: VENDOR_NAMES, web: true, ownListeners: false },
};

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runRolling });

function readOptions(args: readonly string[]): RollingOptions | undefined {
  let options = args.includes('--short') ? SHORT : LONG;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--rounds' || arg === '--rate') {
      const value = Number(args[(at += 1)] ?? '');
      if (!Number.isInteger(value) || value < 1 || value > NUMBER_MAX) return undefined;
      options = { ...options, [arg === '--rate' ? 'rate' : 'rounds']: value };
    } else if (arg === '--planted') {
      if (args[(at += 1)] !== 'own-listeners') return undefined;
      options = { ...options, ownListeners: true };
    } else if (arg === '--without-web') {
      options = { ...options, web: false };
    } else if (!['--short', '--json', '--keep'].includes(arg)) return undefined;
  }
  return options;
}
