import type { AwayOptions } from '../operations/drills/database-away/report.ts';
import { runDatabaseAway } from '../operations/drills/database-away/run.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill database-away [--short] [--json] [--planted acknowledge-before-commit] [--keep]

  Starts a platform of its own; people read and order, vendors and Telegram report, while PostgreSQL
  is stopped for a minute and then killed and kept down for another. Exit 0: copies were served and
  marked, everything else was refused at once, nothing acknowledged is lost or there twice, no process
  ended, and all was served within 5 s of the server.

  --short    twelve seconds each instead of sixty
  --planted acknowledge-before-commit   notices are acknowledged before they are stored: must be found`;

const BUG = 'acknowledge-before-commit';
export const SHORT: AwayOptions = {
  visitors: 12,
  rates: { window: 10, own: 10, command: 1, notice: 8, update: 4 },
  outageMs: 12_000,
  acknowledgesEarly: false,
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
  const acknowledgesEarly = rest[0] === '--planted' && rest[1] === BUG;
  if (rest.length !== (acknowledgesEarly ? 2 : 0)) return undefined;
  return { ...(args.includes('--short') ? SHORT : LONG), acknowledgesEarly };
}
