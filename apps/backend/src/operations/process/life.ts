/** One life of one process: its output by lines, its messages, its end. */
import { spawn } from 'node:child_process';
import type { Clock } from '@opora/kernel';
import type { Environment } from '../../config/load.ts';
import type { OpenSockets } from '../../platform/network/index.ts';
import { eachLine } from './lines.ts';
import { giveWay } from './precedence.ts';

export type Program = Readonly<{
  /** Node's arguments: its own flags, the script, the script's arguments. */
  args: readonly string[];
  environment: Environment;
  /** Listening sockets it inherits: descriptor, as it is here, by port. */
  sockets?: OpenSockets;
  /** Steps behind us (below 0: before us) when the processor is short; absent: as we. */
  niceness?: number;
}>;

/** How a process ended, in words and, unless a signal ended it, as a code. */
export type End = Readonly<{ words: string; code: number | undefined }>;

export interface Life {
  readonly pid: number | undefined;
  readonly ended: Promise<End>;
  /** SIGTERM, time to finish, SIGKILL; resolves when it is over. */
  end(): Promise<void>;
  kill(): void;
  /** Tells it something it knows what to do with, as SIGHUP. */
  signal(name: NodeJS.Signals): void;
  /** Lost when it has just ended. */
  send(message: object): void;
}

/** A second more than a role's own hard stop, so that its list of open things gets out. */
const KILL_AFTER_MS = 26_000;
/** Descriptors of a child below this are its streams and its channel to us. */
const FIRST_SOCKET = 4;

export function beginLife(
  program: Program,
  deps: { clock: Clock; onLine: (line: string) => void; onMessage?: (message: unknown) => void },
): Life {
  const sockets = [...(program.sockets ?? [])];
  const child = spawn(process.execPath, program.args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...sockets.map(([, descriptor]) => descriptor)],
    env: {
      ...program.environment,
      // An empty one is none: what we inherited ourselves is nobody's business.
      OPORA_OPEN_SOCKETS: sockets
        .map(([port], at) => `${String(port)}=${String(FIRST_SOCKET + at)}`)
        .join(','),
    },
    // Its own process group: Ctrl-C must reach children only through us, in our order.
    detached: true,
  });
  if (child.pid !== undefined && program.niceness !== undefined) {
    void giveWay(child.pid, program.niceness, deps.clock);
  }
  for (const input of [child.stdout, child.stderr]) {
    if (input !== null) eachLine(input, deps.onLine);
  }
  child.on('message', (message: unknown) => deps.onMessage?.(message));
  const over = new AbortController();
  const ended = new Promise<End>((resolve) => {
    child.once('exit', (code, signal) => {
      over.abort();
      resolve({ words: signal ?? `exit code ${String(code)}`, code: code ?? undefined });
    });
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ words: error.message, code: undefined });
    });
  });
  return {
    pid: child.pid,
    ended,
    async end() {
      child.kill('SIGTERM');
      await deps.clock.sleep(KILL_AFTER_MS, over.signal);
      if (!over.signal.aborted) child.kill('SIGKILL');
      await ended;
    },
    kill: () => void child.kill('SIGKILL'),
    signal: (name) => void child.kill(name),
    send: (message) => void child.send(message, () => undefined),
  };
}
