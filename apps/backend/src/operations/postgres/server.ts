/** One life of the postmaster: from spawn through "ready to accept connections" to its exit. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Clock } from '@opora/kernel';
import { eachLine } from '../process/lines.ts';
import type { PostgresBinaries } from './binaries.ts';
import { explainRefusal } from './refused.ts';
import { invoke, type PostgresUser } from './unprivileged.ts';

export interface PostgresServer {
  readonly pid: number;
  /** Resolves with a few words when the postmaster ended, for whatever reason. */
  readonly exited: Promise<string>;
  /** Fast shutdown: sessions are ended, everything committed is on disk. Bounded, idempotent. */
  stop(): Promise<void>;
  /** At once, for one that does not answer: what was committed is on disk. */
  kill(): void;
}

export type ServerSettings = Readonly<{
  data: string;
  port: number;
  connectionsMax: number;
  /** False only for throw-away servers: a crash of the machine may lose everything. */
  fsync: boolean;
}>;

/** Recovery after a crash may replay a lot before the first connection is accepted. */
const START_MAX_MS = 120_000;
const FAST_STOP_MAX_MS = 10_000;
const IMMEDIATE_STOP_MAX_MS = 3000;
const LAST_LINES_MAX = 20;
/** Sessions kept free for the operator, backups and the supervisor beside the platform's share. */
const CONNECTIONS_RESERVE = 20;

export async function startServer(
  settings: ServerSettings,
  deps: {
    binaries: PostgresBinaries;
    user: PostgresUser;
    clock: Clock;
    onLine?: ((line: string) => void) | undefined;
  },
): Promise<PostgresServer> {
  const { command, args, identity } = invoke(
    deps.user,
    deps.binaries.postgres,
    serverArguments(settings, deps.binaries.preloaded),
  );
  const child = spawn(command, args, {
    ...identity,
    cwd: '/',
    env: { ...deps.binaries.environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its own process group: Ctrl-C of a terminal must reach it only through its owner.
    detached: true,
  });
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`);
    });
    child.once('error', (error) => {
      resolve(error.message);
    });
  });
  const lines: string[] = [];
  const accepting = new Promise<'accepting'>((resolve) => {
    eachLine(child.stderr, (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES_MAX) lines.shift();
      if (line.includes('ready to accept connections')) resolve('accepting');
      deps.onLine?.(line);
    });
  });
  const late = new AbortController();
  const first = await Promise.race([
    accepting,
    exited,
    deps.clock.sleep(START_MAX_MS, late.signal).then(() => 'no answer in time'),
  ]);
  late.abort();
  if (first !== 'accepting' || child.pid === undefined) {
    child.kill('SIGKILL');
    throw explainRefusal([first, ...lines], { folder: settings.data, port: settings.port });
  }
  let stopped: Promise<void> | undefined;
  return {
    pid: child.pid,
    exited,
    stop: () => (stopped ??= stopProcess(child, exited, deps.clock)),
    kill: () => void child.kill('SIGKILL'),
  };
}

function serverArguments(settings: ServerSettings, preloaded: readonly string[]): string[] {
  const parameters: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(settings.connectionsMax + CONNECTIONS_RESERVE),
    // After a crash one call instead of a thousand: seconds less until the first connection.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    // The role's log has the time already.
    log_line_prefix: '',
    // Values of customers must not reach the log through error details or statements.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(preloaded.length === 0 ? {} : { shared_preload_libraries: preloaded.join(',') }),
    ...(settings.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', settings.data, '-p', String(settings.port), ...flags];
}

async function stopProcess(
  child: ChildProcess,
  exited: Promise<string>,
  clock: Clock,
): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGINT', FAST_STOP_MAX_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MAX_MS],
  ] as const) {
    child.kill(signal);
    const late = new AbortController();
    const ended = await Promise.race([
      exited.then(() => true),
      clock.sleep(limitMs, late.signal).then(() => false),
    ]);
    late.abort();
    if (ended) return;
  }
  child.kill('SIGKILL');
  await exited;
}
