/**
 * Asks PostgreSQL something that only a living server answers, at once and without a password: shall
 * we speak TLS? The kernel accepts connections for a process that is stopped, so an open port proves
 * little.
 */
import { connect } from 'node:net';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Resolves when it answers; rejects when it does not within `withinMs`. */
export function greetPostgres(
  { host, port }: { host: string; port: number },
  withinMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.setTimeout(withinMs, () => socket.destroy(new Error('late')));
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('closed without an answer'));
    });
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('connect', () => socket.write(SSL_REQUEST));
  });
}
