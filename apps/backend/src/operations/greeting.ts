/**
 * Asks a server something that only a living one answers. The kernel accepts connections for a
 * process that is stopped, so an open port proves little.
 */
import { connect } from 'node:net';

/** What each answers to at once and without a password: shall we speak TLS?, and are you there? */
const GREETINGS = {
  postgres: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]),
  redis: Buffer.from('PING\r\n'),
};

/** `says` absent: accepting a connection will do. */
export type Greeted = Readonly<{ host: string; port: number; says?: keyof typeof GREETINGS }>;

/** Resolves when it answers; rejects when it does not within `withinMs`. */
export function greet({ host, port, says }: Greeted, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const done = (): void => {
      socket.destroy();
      resolve();
    };
    socket.setTimeout(withinMs, () => socket.destroy(new Error('late')));
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('closed without an answer'));
    });
    if (says !== undefined) socket.once('data', done);
    socket.once('connect', () => {
      if (says !== undefined) socket.write(GREETINGS[says]);
      else done();
    });
  });
}
