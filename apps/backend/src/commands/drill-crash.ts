import {
  CRASH_PROVIDERS,
  describeReport,
  runCrashDrill,
  STORIES,
  type CrashOptions,
} from '../operations/drills/crash-points/index.ts';
import { CRASH_BUGS, PLANTED_BUGS } from '../config/schema.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill crash-points [--provider X] [--story S] [--only REGEXP] [--after POINT] [--minutes N] [--short] [--json] [--planted BUG] [--keep]

  Tells each story of each provider once for every point at which the process can die (before and
  after each commit, each call to somebody else, each answer to a notice), ends the process there
  with SIGKILL, starts another one, and compares the books of everybody. Exit 0: nothing was broken.

  --provider X   one of ${CRASH_PROVIDERS.join(', ')} (default all)
  --story S      one of ${STORIES.join(', ')} (default all)
  --only REGEXP  only points whose name it fits, as "ledger|answer"
  --minutes N    begins no point later than that, and says which was the last and how many are left
  --after POINT  only points whose names come after this one: goes on where such a run ended
  --short        a new payment through the first provider, at a few points
  --planted BUG  plants a bug that must be found: react-after-commit, acknowledge-before-commit`;

/** Six points of the way of the money; the long form knows no choice. */
export const SHORT: CrashOptions = {
  providers: ['yookassa'],
  stories: ['payment'],
  ...{ only: undefined, after: undefined, minutes: undefined },
  ...{ pointsMax: 6, planted: undefined },
};
const LONG: CrashOptions = {
  ...SHORT,
  ...{ providers: CRASH_PROVIDERS, stories: STORIES, pointsMax: undefined },
};

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runCrashDrill, describe: describeReport });

function readOptions(args: readonly string[]): CrashOptions | undefined {
  let options = args.includes('--short') ? SHORT : LONG;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (['--short', '--json', '--keep'].includes(arg)) continue;
    const change = changeBy(arg, args[(at += 1)]);
    if (change === undefined) return undefined;
    options = { ...options, ...change };
  }
  return options;
}

/** Undefined: no such option, or no such value of it. */
function changeBy(name: string, value: string | undefined): Partial<CrashOptions> | undefined {
  switch (name) {
    case '--provider': {
      const provider = CRASH_PROVIDERS.find((each) => each === value);
      return provider && { providers: [provider] };
    }
    case '--story': {
      const story = STORIES.find((each) => each === value);
      return story && { stories: [story] };
    }
    case '--planted': {
      const planted = [...CRASH_BUGS, ...PLANTED_BUGS].find((each) => each === value);
      return planted && { planted };
    }
    case '--only':
      return onlyBy(value);
    case '--after':
      return value === undefined ? undefined : { after: value };
    case '--minutes': {
      const minutes = /^\d{1,4}$/.test(value ?? '') ? Number(value) : 0;
      return minutes > 0 ? { minutes } : undefined;
    }
    default:
      return undefined;
  }
}

function onlyBy(value: string | undefined): Pick<CrashOptions, 'only'> | undefined {
  if (value === undefined) return undefined;
  try {
    return { only: new RegExp(value) };
  } catch {
    return undefined;
  }
}
