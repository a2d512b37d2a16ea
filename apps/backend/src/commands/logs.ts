import { parseArgs } from 'node:util';
import { currentHome } from '../operations/local-state.ts';
import { logFile, rolesWithLogs } from '../operations/role-logs/log-file.ts';
import { coloured, plain, present } from '../operations/role-logs/present.ts';
import {
  inOrder,
  isLevel,
  matches,
  search,
  type Line,
  type Wanted,
} from '../operations/role-logs/search.ts';
import { createTail } from '../operations/role-logs/tail.ts';
import { systemClock } from '../platform/clock/index.ts';

export const help = `opora logs [role] [-f] [--json] [filters]

  The last lines each role wrote (raw files: OPORA_HOME/logs), also when nothing runs.
  -f follows, --json leaves the lines as they are.

  With a filter everything that is kept is looked through, the older parts of the files too:
  --request ID   --person ID   --order ID   --payment ID   --update ID   --job NAME
  --grep TEXT    lines that hold this text
  --level NAME   at least as severe: debug, info, warn, error, fatal
  Several filters must all fit.`;

const EXIT_USAGE = 64;
const TAIL_LINES = 200;
const LOOK_AGAIN_MS = 250;

const ID_FILTERS = ['request', 'person', 'order', 'payment', 'update', 'job'] as const;

type Call = Readonly<{
  role: string | undefined;
  follow: boolean;
  json: boolean;
  /** Undefined: no filter, the ends of the files are enough. */
  wanted: Wanted | undefined;
}>;

export async function run(args: readonly string[]): Promise<number> {
  const call = readCall(args);
  if (call === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const { role, wanted, follow } = call;
  const home = currentHome();
  const roles = role === undefined ? rolesWithLogs(home) : [role];
  const tails = roles.map((name) => ({ role: name, next: createTail(logFile(home, name)) }));
  const look = (): Line[] =>
    inOrder(tails.flatMap((tail) => tail.next().map((line) => ({ role: tail.role, line }))));
  const last = look();
  const first = wanted === undefined ? last.slice(-TAIL_LINES) : await search(home, roles, wanted);
  if (first.length === 0 && !follow) {
    const what = wanted === undefined ? 'no logs' : 'no such lines in the logs';
    process.stderr.write(`opora: ${what}${role === undefined ? '' : ` of ${role}`} in ${home}\n`);
    return 1;
  }
  print(first, call.json);
  while (follow) {
    await systemClock.sleep(LOOK_AGAIN_MS);
    const fresh = look();
    print(
      fresh.filter(({ line }) => wanted === undefined || matches(line, wanted)),
      call.json,
    );
  }
  return 0;
}

/** Undefined: not a call of this command. */
function readCall(args: readonly string[]): Call | undefined {
  const texts = Object.fromEntries(
    [...ID_FILTERS, 'grep', 'level'].map((name) => [name, { type: 'string' as const }]),
  );
  const flags = { follow: { type: 'boolean', short: 'f' }, json: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...texts, ...flags },
      allowPositionals: true,
    });
    const [role, ...rest] = positionals;
    const badRole = role !== undefined && !/^[a-z-]{1,30}$/.test(role);
    const given = (name: string): string[] => {
      const value = (values as Readonly<Record<string, unknown>>)[name]; // names of a list are texts
      return typeof value === 'string' ? [value] : [];
    };
    const [level] = given('level');
    if (badRole || rest.length > 0 || (level !== undefined && !isLevel(level))) return undefined;
    const ids = ID_FILTERS.flatMap(given);
    const found = given('grep');
    const isFiltered = level !== undefined || ids.length > 0 || found.length > 0;
    const wanted = { ids, texts: found, ...(level === undefined ? {} : { level }) };
    const { follow = false, json = false } = values;
    return { role, follow, json, wanted: isFiltered ? wanted : undefined };
  } catch {
    return undefined;
  }
}

function print(lines: readonly Line[], json: boolean): void {
  const paint = process.stdout.isTTY ? coloured : plain;
  for (const { role, line } of lines) {
    const text = json ? line : present(line, { name: role, at: systemClock.now(), paint });
    process.stdout.write(`${text}\n`);
  }
}
