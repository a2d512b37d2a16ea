import type { FallbackOptions } from '../operations/drills/fallback/judge.ts';
import { runFallback } from '../operations/drills/fallback/run.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill fallback [--short] [--json] [--planted leaked-key] [--keep]

  A truth table against a platform of its own: level x role x operation x token x end of sessions,
  while auth answers, is stopped, and the gateway knows less and less. Exit 0: nothing was granted
  above the table, what it leaves was served, and auth decided again within 5 s.

  --short                what is allowed, and every seventh row of the rest
  --planted leaked-key   strangers sign with our key: the drill must fail`;

export const SHORT: FallbackOptions = { every: 7, isKeyLeaked: false };
const LONG: FallbackOptions = { ...SHORT, every: 1 };

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runFallback });

function readOptions(args: readonly string[]): FallbackOptions | undefined {
  const rest = args.filter((arg) => !['--short', '--json', '--keep'].includes(arg));
  const isKeyLeaked = rest[0] === '--planted' && rest[1] === 'leaked-key';
  if (rest.length !== (isKeyLeaked ? 2 : 0)) return undefined;
  return { ...(args.includes('--short') ? SHORT : LONG), isKeyLeaked };
}
