import { currentHome } from '../operations/local-state.ts';
import { askSupervisor, type ChildFacts } from '../operations/control/index.ts';

export const help = `opora status [--json]

  Each role with its process, state, port (on 127.0.0.1: its direct address when the gateway is
  away), restarts, since when and memory. Exit 1 when nothing runs or something is not ready.`;

const EXIT_USAGE = 64;
const COLUMNS = ['role', 'state', 'pid', 'address', 'restarts', 'since', 'memory'];

export async function run(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  if (args.length > (json ? 1 : 0)) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const answer = await askSupervisor(currentHome(), { command: 'status' });
  const { ready, pid, children } = answer;
  const allReady = ready && children.every((child) => child.state === 'ready');
  const text = json ? JSON.stringify({ ready: allReady, pid, children }) : table(children);
  process.stdout.write(`${text}\n`);
  return allReady ? 0 : 1;
}

function table(children: readonly ChildFacts[]): string {
  const rows = [COLUMNS, ...children.map(row)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((cells) => (cells[at] ?? '').length)));
  return rows
    .map((cells) => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function row(child: ChildFacts): string[] {
  const memory = child.memoryBytes;
  return [
    child.name,
    child.state,
    String(child.pid ?? '-'),
    `127.0.0.1:${String(child.port)}`,
    String(child.restarts),
    child.since.replace(/\.\d+Z$/, 'Z'),
    memory === undefined ? '-' : `${String(Math.round(memory / 1024 / 1024))} MB`,
  ];
}
