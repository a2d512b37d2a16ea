import type { Server } from 'node:net';
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

/** Resolves with the real port once the server listens (`port` 0 takes a free one); `PortInUse`. */
export function listenOn(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      reject(error.code === 'EADDRINUSE' ? new PortInUse(port, error) : error);
    };
    server.once('error', fail);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', fail);
      resolve(portOf(server) ?? port);
    });
  });
}

/** The port a server listens on; undefined when it does not. */
export function portOf(server: Server): number | undefined {
  const address = server.address();
  return address === null || typeof address === 'string' ? undefined : address.port;
}
