import { AUTH_DRILLS, help as authHelp, run as runAuthDrill } from './drill-auth.ts';
import { help as crashHelp, run as runCrashDrill } from './drill-crash.ts';
import { help as databaseHelp, run as runDatabaseDrill } from './drill-database.ts';
import { help as overloadHelp, run as runOverloadDrill } from './drill-overload.ts';
import { help as fallbackHelp, run as runFallbackDrill } from './drill-fallback.ts';
import { help as monitorHelp, run as runMonitorDrill } from './drill-monitor.ts';
import { help as rollingHelp, run as runRollingDrill } from './drill-rolling.ts';
import { PLANTED_BUGS, type PlantedBug } from '../config/schema.ts';
import {
  describeReport,
  runPaymentDrill,
  type DrillOptions,
} from '../operations/drills/payments/index.ts';
import { VENDOR_NAMES, type VendorName } from '../operations/drills/vendors.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill payments [--providers LIST] [--payments N --kills K --seed S] [--short] [--json] [--planted BUG] [--keep]

  Starts a platform of its own, sells N times through the bot and every payment vendor while notices
  are repeated, shuffled and lost, the panel loses its answers, and api, worker, bot, gateway and
  PostgreSQL are killed K times; people also pay late, twice and another sum, top up and pay from
  the balance, get money back and dispute it. Then it waits for quiet and compares the books of
  everybody. Exit 0: nothing was broken.

  --providers L  through whom, separated by commas: all (default), or of
                 ${VENDOR_NAMES.join(', ')}

  --payments N   paid purchases (default 200, with --short 24)
  --kills K      SIGKILLs while people buy (default 10, with --short 4)
  --seed S       decides who does what, what fails and what is killed (default 1)
  --short        small and quick: one process of each role
  --json         one JSON object on standard output, progress on standard error
  --planted BUG  plants a bug that must be found: ${PLANTED_BUGS.join(', ')}
  --keep         leaves the folder with its data and logs behind

${authHelp}

${fallbackHelp}

${databaseHelp}

${crashHelp}

${overloadHelp}

${monitorHelp}

${rollingHelp}`;

const DEFAULTS = { payments: 200, kills: 10, seed: 1 };
const SHORT_DEFAULTS = { payments: 24, kills: 4, seed: 1 };
const NUMBER_MAX = 1_000_000;

export async function run(args: readonly string[]): Promise<number> {
  const auth = AUTH_DRILLS.find((name) => name === args[0]);
  if (auth !== undefined) return await runAuthDrill(auth, args.slice(1));
  if (args[0] === 'database-away') return await runDatabaseDrill(args.slice(1));
  if (args[0] === 'fallback') return await runFallbackDrill(args.slice(1));
  if (args[0] === 'rolling-restart') return await runRollingDrill(args.slice(1));
  if (args[0] === 'crash-points') return await runCrashDrill(args.slice(1));
  if (args[0] === 'overload') return await runOverloadDrill(args.slice(1));
  if (args[0] === 'monitor') return await runMonitorDrill(args.slice(1));
  const [name, ...rest] = args;
  return await playDrill(rest, {
    help,
    read: (words) => (name === 'payments' ? readOptions(words) : undefined),
    play: runPaymentDrill,
    describe: describeReport,
  });
}

function readOptions(args: readonly string[]): DrillOptions | undefined {
  const numbers: Partial<Record<keyof typeof DEFAULTS, number>> = {};
  let planted: PlantedBug | undefined;
  let providers: readonly VendorName[] | undefined = VENDOR_NAMES;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const key = /^--(payments|kills|seed)$/.exec(arg)?.[1];
    if (key === 'payments' || key === 'kills' || key === 'seed') {
      const value = Number(args[(at += 1)] ?? '');
      if (!Number.isInteger(value) || value < 0 || value > NUMBER_MAX) return undefined;
      numbers[key] = value;
    } else if (arg === '--planted') {
      const bug = args[(at += 1)];
      planted = PLANTED_BUGS.find((known) => known === bug);
      if (planted === undefined) return undefined;
    } else if (arg === '--providers') {
      providers = vendorsIn(args[(at += 1)] ?? '');
      if (providers === undefined) return undefined;
    } else if (!['--short', '--json', '--keep'].includes(arg)) return undefined;
  }
  const short = args.includes('--short');
  const options = { ...(short ? SHORT_DEFAULTS : DEFAULTS), ...numbers, providers, short, planted };
  return options.payments < 1 ? undefined : options;
}

/** Undefined: one of them is none. */
function vendorsIn(list: string): readonly VendorName[] | undefined {
  if (list === 'all') return VENDOR_NAMES;
  const named = [...new Set(list.split(','))];
  const known = VENDOR_NAMES.filter((vendor) => named.includes(vendor));
  return known.length === named.length ? known : undefined;
}
