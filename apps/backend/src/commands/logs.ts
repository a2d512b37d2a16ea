import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { currentHome } from '../operations/local-state.ts';
import { logFile } from '../operations/role-logs/log-file.ts';
import { coloured, plain, present } from '../operations/role-logs/present.ts';
import { systemClock } from '../platform/clock/index.ts';

export const help = `opora logs [role] [-f] [--json]

  The last lines each role wrote (raw files: OPORA_HOME/logs), also when nothing runs.
  -f follows, --json leaves the lines as they are.`;

const EXIT_USAGE = 64;
const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 200;
const LOOK_AGAIN_MS = 250;

export async function run(args: readonly string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith('-'));
  const [role, ...rest] = args.filter((arg) => !arg.startsWith('-'));
  const badRole = role !== undefined && !/^[a-z-]{1,30}$/.test(role);
  if (badRole || rest.length > 0 || !flags.every((flag) => ['-f', '--json'].includes(flag))) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const home = currentHome();
  const roles = role === undefined ? rolesWithLogs(home) : [role];
  const tails = roles.map((name) => createTail(name, logFile(home, name)));
  const first = await Promise.all(tails.map((tail) => tail()));
  const lines = first.flat().sort((a, b) => timeOf(a.line).localeCompare(timeOf(b.line)));
  if (lines.length === 0 && !flags.includes('-f')) {
    process.stderr.write(`opora: no logs${role === undefined ? '' : ` of ${role}`} in ${home}\n`);
    return 1;
  }
  print(lines.slice(-TAIL_LINES), flags.includes('--json'));
  while (flags.includes('-f')) {
    await systemClock.sleep(LOOK_AGAIN_MS);
    for (const tail of tails) print(await tail(), flags.includes('--json'));
  }
  return 0;
}

type Line = Readonly<{ role: string; line: string }>;

/** Each call answers the lines that are new; the first one starts near the end of the file. */
function createTail(role: string, path: string): () => Promise<Line[]> {
  let at: number | undefined;
  let rest = '';
  return async () => {
    const file = await open(path, 'r').catch(() => undefined);
    if (file === undefined) return [];
    try {
      const { size } = await file.stat();
      const begins = at === undefined && size > TAIL_BYTES;
      // A smaller file is a new one: the old part was numbered away.
      const from = at === undefined ? Math.max(0, size - TAIL_BYTES) : at > size ? 0 : at;
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(Math.min(size - from, TAIL_BYTES)),
        { position: from },
      );
      at = from + bytesRead;
      const parts = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = parts.pop() ?? '';
      return (begins ? parts.slice(1) : parts).map((line) => ({ role, line }));
    } finally {
      await file.close();
    }
  };
}

function rolesWithLogs(home: string): string[] {
  try {
    const names = readdirSync(join(home, 'logs'));
    return names.filter((name) => name.endsWith('.log')).map((name) => name.slice(0, -4));
  } catch {
    return [];
  }
}

function print(lines: readonly Line[], json: boolean): void {
  const paint = process.stdout.isTTY ? coloured : plain;
  for (const { role, line } of lines) {
    const text = json ? line : present(line, { name: role, at: systemClock.now(), paint });
    process.stdout.write(`${text}\n`);
  }
}

/** Lines that carry no time stay before those that do. */
function timeOf(line: string): string {
  return /"time":"([^"]+)"/.exec(line)?.[1] ?? '';
}
