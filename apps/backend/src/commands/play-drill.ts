import type { Clock, Ids } from '@opora/kernel';
import { leaveNothingBehind } from '../operations/drills/leave-nothing.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';

const EXIT_USAGE = 64;

type Report = Readonly<{ verdict: 'passed' | 'failed' }>;

/** What every drill is given; `stopping` is aborted when it is told to leave. */
type Given = Readonly<{
  clock: Clock;
  ids: Ids;
  keep: boolean;
  stopping: AbortSignal;
  say: (line: string) => void;
}>;

/**
 * The command of a drill, from its words to its exit code: 64 when they are not understood, 0 when it
 * passed. With `--json` one object on standard output and progress on standard error. Told to leave,
 * it leaves nothing behind.
 */
export async function playDrill<Options, Told extends Report>(
  args: readonly string[],
  drill: Readonly<{
    help: string;
    /** Undefined: not understood. */
    read: (args: readonly string[]) => Options | undefined;
    play: (options: Options, given: Given) => Promise<Told>;
    /** For people; absent: the same object, indented. */
    describe?: (report: Told) => string;
  }>,
): Promise<number> {
  const options = drill.read(args);
  if (options === undefined) {
    process.stderr.write(`${drill.help}\n`);
    return EXIT_USAGE;
  }
  const json = args.includes('--json');
  const leaving = leaveNothingBehind();
  const work = drill.play(options, {
    ...{ clock: systemClock, ids: systemIds, stopping: leaving.stopping },
    keep: args.includes('--keep'),
    say: (line) => void (json ? process.stderr : process.stdout).write(`drill: ${line}\n`),
  });
  const report = await leaving.unless(work);
  const describe = drill.describe ?? ((told) => JSON.stringify(told, undefined, 2));
  process.stdout.write(`${json ? JSON.stringify(report) : describe(report)}\n`);
  return report.verdict === 'passed' ? 0 : 1;
}
