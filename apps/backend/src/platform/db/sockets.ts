import { Socket } from 'node:net';
import { DatabaseAway, DatabaseUnavailable } from './errors.ts';

/**
 * The connections of a process to its server, so that all of them can be given up at once: what
 * waits for a server that does not answer would wait for minutes.
 */
export interface Sockets {
  /** For the driver, which connects it; a useless one while the server is away. */
  readonly open: () => Socket;
  /** Throws `DatabaseAway` while the server is away. */
  check(): void;
  /** Ends every one; what was sent and not answered has an unknown outcome. */
  cut(): void;
}

export function createSockets(isAway: () => boolean): Sockets {
  const sockets = new Set<Socket>();
  return {
    open() {
      const socket = new Socket();
      if (isAway()) {
        // Not at once: the driver has to listen first.
        queueMicrotask(() => socket.destroy(new DatabaseAway()));
        return socket;
      }
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    check() {
      if (isAway()) throw new DatabaseAway();
    },
    cut() {
      for (const socket of sockets) {
        socket.destroy(new DatabaseUnavailable('the database does not answer'));
      }
    },
  };
}
