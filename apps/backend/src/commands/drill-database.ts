import { BUGS, type AwayOptions } from '../operations/drills/database-away/report.ts';
import { runDatabaseAway } from '../operations/drills/database-away/run.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill database-away [--short] [--json] [--planted BUG] [--keep]

  Starts a platform of its own; people read and order, vendors and Telegram report, while PostgreSQL
  is stopped for a minute and then killed and kept down for another. Exit 0: copies were served and
  marked, everything else was refused at once, nothing acknowledged is lost or there twice, no process
  ended, and all was served within 5 s of the server.

  --short    twelve seconds each instead of sixty
  --planted acknowledge-before-commit   notices are acknowledged before they are stored: must be found
  --planted patient-reads               reads wait for the database although a copy is there: must be found`;

export const SHORT: AwayOptions = {
  visitors: 12,
  rates: { window: 10, own: 10, command: 1, notice: 8, update: 4 },
  outageMs: 12_000,
};
const LONG: AwayOptions = {
  ...SHORT,
  visitors: 60,
  rates: { window: 20, own: 20, command: 2, notice: 20, update: 5 },
  outageMs: 60_000,
};

export const run = (args: readonly string[]): Promise<number> =>
  playDrill(args, { help, read: readOptions, play: runDatabaseAway });

function readOptions(args: readonly string[]): AwayOptions | undefined {
  const rest = args.filter((arg) => !['--short', '--json', '--keep'].includes(arg));
  const planted = rest[0] === '--planted' ? BUGS.find((bug) => bug === rest[1]) : undefined;
  if (rest.length !== (planted === undefined ? 0 : 2)) return undefined;
  return { ...(args.includes('--short') ? SHORT : LONG), planted };
}
