/**
 * How other processes (commands, the monitor) talk to the running supervisor: a unix socket in
 * OPORA_HOME, one JSON line asks, one JSON line answers; `watch` alone goes on answering, at every
 * change. Only the user who owns the folder can.
 */
import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@opora/kernel';
import { z } from 'zod';
import { eachLine } from '../process/lines.ts';

export const controlRequest = z.discriminatedUnion('command', [
  z.object({ command: z.literal('status') }),
  z.object({ command: z.literal('restart'), name: z.string().max(50) }),
  /** Kills one instance that hangs; the restart policy has the next word. */
  z.object({ command: z.literal('replace'), name: z.string().max(50) }),
  /** Settings are read again: instances come and go, the gateway takes its table over. */
  z.object({ command: z.literal('reload') }),
  z.object({ command: z.literal('stop') }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;
/** What is answered again and again until the asker hangs up. */
const watchRequest = z.object({ command: z.literal('watch') });

const pastEnd = z.object({
  at: z.string(),
  words: z.string(),
  isAsked: z.boolean(),
  isForeign: z.boolean(),
});

const childFacts = z.object({
  name: z.string(),
  role: z.string(),
  state: z.enum(['starting', 'ready', 'waiting', 'given_up', 'stopped']),
  pid: z.number().optional(),
  port: z.number(),
  restarts: z.number(),
  /** ISO time at which the present state began. */
  since: z.string(),
  /** How the last lives ended, the newest last. */
  ends: z.array(pastEnd).readonly(),
  /** It was asked to leave and to come back. */
  isRestarting: z.boolean(),
  memoryBytes: z.number().optional(),
});
export type ChildFacts = z.infer<typeof childFacts>;

export const controlAnswer = z.object({
  ok: z.boolean(),
  problem: z.string().optional(),
  /** Of the supervisor. */
  pid: z.number(),
  ready: z.boolean(),
  children: z.array(childFacts),
});
export type ControlAnswer = z.infer<typeof controlAnswer>;

/** Another supervisor serves this OPORA_HOME. */
export class AlreadyRunning extends DomainError {
  readonly code = 'supervisor.already_running';
  readonly kind = 'conflict';
}

/** Nobody answers in this OPORA_HOME. */
export class NotRunning extends DomainError {
  readonly code = 'supervisor.not_running';
  readonly kind = 'unavailable';
}

/** A socket's path must fit 108 bytes (104 on macOS), its final zero included. */
const SOCKET_PATH_MAX = 100;
const LINE_LENGTH_MAX = 4096;
const CONNECT_TIMEOUT_MS = 2000;
/** So much may wait for a watcher that reads slowly. */
const UNREAD_BYTES_MAX = 1024 * 1024;

export interface Control {
  /** Something about a child is other than before: those who watch are told. */
  changed(): void;
  close(): Promise<void>;
}

export function controlSocketPath(home: string): string {
  const path = join(home, 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return join(tmpdir(), `opora-${name}.sock`);
}

/** Takes the home: throws `AlreadyRunning` when somebody else answers on its socket. */
export async function openControl(
  home: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<Control> {
  const path = controlSocketPath(home);
  const connections = new Set<Socket>();
  const watchers = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => {
      connections.delete(socket);
      watchers.delete(socket);
    });
    socket.on('error', () => undefined);
    let length = 0;
    socket.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > LINE_LENGTH_MAX) socket.destroy();
    });
    eachLine(socket, (line) => {
      void respond(socket, line);
    });
  });

  async function respond(socket: Socket, line: string): Promise<void> {
    try {
      const asked: unknown = JSON.parse(line);
      if (watchRequest.safeParse(asked).success) {
        watchers.add(socket);
        await tell([socket]);
        return;
      }
      const request = controlRequest.parse(asked);
      socket.end(`${JSON.stringify(await answer(request))}\n`);
    } catch {
      socket.destroy();
    }
  }

  async function tell(sockets: Iterable<Socket>): Promise<void> {
    const line = `${JSON.stringify(await answer({ command: 'status' }))}\n`;
    for (const socket of sockets) {
      // Whoever reads so slowly asks again after it was cut off.
      if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
      else socket.write(line);
    }
  }

  if (!(await listens(server, path))) {
    if (await isAnswered(path)) {
      throw new AlreadyRunning(
        `the platform already runs in ${home}: \`opora status\` shows it, OPORA_HOME and OPORA_PORT_BASE start another`,
      );
    }
    await rm(path, { force: true });
    if (!(await listens(server, path))) {
      throw new AlreadyRunning(`another start in ${home} was faster`);
    }
  }
  await chmod(path, 0o600);
  return {
    changed() {
      if (watchers.size > 0) void tell(watchers).catch(() => undefined);
    },
    async close() {
      for (const socket of connections) if (!socket.writableEnded) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks the supervisor of `home`. Throws `NotRunning`. A restart may take long: no limit on it. */
export async function askSupervisor(home: string, request: ControlRequest): Promise<ControlAnswer> {
  const notRunning = new NotRunning(`nothing runs in ${home}: start it with \`npm start\``);
  return await new Promise((resolve, reject) => {
    const socket = createConnection(controlSocketPath(home));
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      if (socket.connecting) socket.destroy();
    });
    socket.on('error', () => {
      reject(notRunning);
    });
    eachLine(socket, (line) => {
      const parsed = controlAnswer.safeParse(JSON.parse(line));
      if (parsed.success) resolve(parsed.data);
      else reject(parsed.error);
      socket.end();
    });
    socket.on('close', () => {
      reject(notRunning);
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });
}

/**
 * Calls `onAnswer` with how all children are, now and at every change, until `signal` aborts or the
 * supervisor is gone. Throws `NotRunning` when there is none.
 */
export async function watchSupervisor(
  home: string,
  onAnswer: (answer: ControlAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let isThere = false;
    const socket = createConnection(controlSocketPath(home));
    const leave = (): void => void socket.destroy();
    signal.addEventListener('abort', leave, { once: true });
    socket.on('error', () => undefined);
    eachLine(socket, (line) => {
      const parsed = controlAnswer.safeParse(JSON.parse(line));
      isThere = true;
      if (parsed.success) onAnswer(parsed.data);
      else socket.destroy();
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', leave);
      if (isThere || signal.aborted) resolve();
      else reject(new NotRunning(`nothing runs in ${home}`));
    });
    socket.write(`${JSON.stringify({ command: 'watch' })}\n`);
  });
}

async function listens(server: Server, path: string): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(path, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

async function isAnswered(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}
