import {
  CRASH_PROVIDERS,
  describeReport,
  runCrashDrill,
  STORIES,
  type CrashOptions,
} from '../operations/drills/crash-points/index.ts';
import { CRASH_BUGS, PLANTED_BUGS } from '../config/schema.ts';
import { leaveNothingBehind } from '../operations/drills/leave-nothing.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';

export const help = `opora drill crash-points [--provider X] [--story S] [--only REGEXP] [--short] [--json] [--planted BUG] [--keep]

  Tells each story of each provider once for every point at which the process can die (before and
  after each commit, each call to somebody else, each answer to a notice), ends the process there
  with SIGKILL, starts another one, and compares the books of everybody. Exit 0: nothing was broken.

  --provider X   one of ${CRASH_PROVIDERS.join(', ')} (default all)
  --story S      one of ${STORIES.join(', ')} (default all)
  --only REGEXP  only points whose name it fits, as "ledger|answer"
  --short        a new payment through the first provider, at a few points
  --planted BUG  plants a bug that must be found: react-after-commit, acknowledge-before-commit`;

const EXIT_USAGE = 64;
/** Six points of the way of the money; the long form knows no choice. */
export const SHORT: CrashOptions = {
  providers: ['yookassa'],
  stories: ['payment'],
  ...{ only: undefined, pointsMax: 6, planted: undefined },
};
const LONG: CrashOptions = {
  ...SHORT,
  ...{ providers: CRASH_PROVIDERS, stories: STORIES, pointsMax: undefined },
};

export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const leaving = leaveNothingBehind();
  const json = args.includes('--json');
  const drill = runCrashDrill(options, {
    ...{ clock: systemClock, ids: systemIds, keep: args.includes('--keep') },
    say: (line) => void (json ? process.stderr : process.stdout).write(`drill: ${line}\n`),
  });
  const report = await leaving.unless(drill);
  process.stdout.write(`${json ? JSON.stringify(report) : describeReport(report)}\n`);
  return report.verdict === 'passed' ? 0 : 1;
}

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
