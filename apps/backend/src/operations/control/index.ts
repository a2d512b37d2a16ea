/**
 * How other processes (commands, the monitor) talk to the running supervisor: a unix socket in
 * OPORA_HOME, one JSON line asks, one JSON line answers. Only the user who owns the folder can.
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
  z.object({ command: z.literal('stop') }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;

const childFacts = z.object({
  name: z.string(),
  role: z.string(),
  state: z.enum(['starting', 'ready', 'waiting', 'given_up', 'stopped']),
  pid: z.number().optional(),
  port: z.number(),
  restarts: z.number(),
  /** ISO time at which the present state began. */
  since: z.string(),
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
): Promise<{ close(): Promise<void> }> {
  const path = controlSocketPath(home);
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
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
      const request = controlRequest.parse(JSON.parse(line));
      socket.end(`${JSON.stringify(await answer(request))}\n`);
    } catch {
      socket.destroy();
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
