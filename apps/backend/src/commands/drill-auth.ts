import { runAuthLoss } from '../operations/drills/auth/loss.ts';
import type { LossOptions } from '../operations/drills/auth/loss-report.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';

export const help = `opora drill auth-loss [--rate N --sessions N --kills N] [--short] [--json] [--planted one-instance]

  Starts a platform of its own with two instances of auth; people read, renew and sign in at a steady
  rate while the instances are killed in turn. Exit 0: nobody saw it.

  --rate N      calls a second (default 500, with --short 60)
  --sessions N  people who are signed in (default 1000, with --short 60)
  --kills N     SIGKILLs of alternating instances (default 20, with --short 2)
  --planted one-instance   one instance only: its loss must be seen, and the drill must fail`;

const EXIT_USAGE = 64;
const NUMBER_MAX = 100_000;
/** An instance is killed again after half a minute at the earliest: two take turns. */
const LONG: LossOptions = { rate: 500, sessions: 1_000, kills: 20, everyMs: 17_000, instances: 2 };
export const SHORT: LossOptions = {
  rate: 60,
  sessions: 60,
  kills: 2,
  everyMs: 6_000,
  instances: 2,
};

export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const json = args.includes('--json');
  const report = await runAuthLoss(options, {
    ...{ clock: systemClock, ids: systemIds, keep: args.includes('--keep') },
    say: (line) => void (json ? process.stderr : process.stdout).write(`drill: ${line}\n`),
  });
  process.stdout.write(`${JSON.stringify(report, undefined, json ? undefined : 2)}\n`);
  return report.verdict === 'passed' ? 0 : 1;
}

function readOptions(args: readonly string[]): LossOptions | undefined {
  let options = args.includes('--short') ? SHORT : LONG;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const key = /^--(rate|sessions|kills)$/.exec(arg)?.[1];
    if (key !== undefined) {
      const value = Number(args[(at += 1)] ?? '');
      if (!Number.isInteger(value) || value < 1 || value > NUMBER_MAX) return undefined;
      options = { ...options, [key]: value };
    } else if (arg === '--planted') {
      if (args[(at += 1)] !== 'one-instance') return undefined;
      options = { ...options, instances: 1 };
    } else if (!['--short', '--json', '--keep'].includes(arg)) return undefined;
  }
  return options;
}
