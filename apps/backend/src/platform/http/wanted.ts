import type { FastifyRequest } from 'fastify';
import { DeadlineExceeded } from './deadline.ts';

/**
 * Throws `DeadlineExceeded` when the caller has hung up. A process that was stopped and goes on (a
 * machine that was moved, a debugger) reads requests whose callers gave up long ago and asked
 * somebody else; what must not be done late asks this first. The end of a connection is read one
 * turn of the event loop after its last bytes at the latest.
 */
export async function stillWanted(request: FastifyRequest): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { socket } = request.raw;
  if (socket.destroyed || socket.readableEnded) throw new DeadlineExceeded('the caller hung up');
}
