import { Server } from 'node:net';
import { OperationalError } from '@opora/kernel';

/** Another program, or another run of ours, has the port. */
export class PortInUse extends OperationalError {
  readonly code = 'platform.port_in_use';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`port ${String(port)} is taken`, { cause, facts: { port } });
    this.port = port;
  }
}

/**
 * Listening sockets that whoever started this process opened for it: descriptor by port. They
 * outlive the process, so callers wait for the next one instead of being refused.
 */
export type OpenSockets = ReadonlyMap<number, number>;

/**
 * Resolves with the real port once the server listens (`port` 0 takes a free one), on the socket
 * that is open for that port when there is one; `PortInUse`.
 */
export function listenOn(
  server: Server,
  port: number,
  { host = '127.0.0.1', sockets }: { host?: string; sockets?: OpenSockets | undefined } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortInUse(port, error) : error);
    };
    server.once('error', fail);
    const fd = sockets?.get(port);
    const place = fd === undefined ? { port, host } : { fd };
    server.listen({ ...place, exclusive: true }, () => {
      server.off('error', fail);
      resolve(portOf(server) ?? port);
    });
  });
}

/**
 * Takes no new connection from now on; those that are here stay, the idle ones too: their owners may
 * be about to ask. Resolves when the last of them has ended.
 */
export function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // An HTTP server's own `close` would end the idle ones.
    Server.prototype.close.call(server, () => {
      resolve();
    });
  });
}

/** The port a server listens on; undefined when it does not. */
export function portOf(server: Server): number | undefined {
  const address = server.address();
  return address === null || typeof address === 'string' ? undefined : address.port;
}
