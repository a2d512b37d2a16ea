import { createServer } from 'node:net';
import { DomainError } from '@opora/kernel';
import type { Ports } from '../../config/shape.ts';

/** Ports the platform needs are held by programs that are not ours. */
export class PortsTaken extends DomainError {
  readonly code = 'platform.ports_taken';
  readonly kind = 'conflict';
}

/**
 * Throws `PortsTaken` with all of them at once, before anything is started. PostgreSQL's own port
 * is left out: an orphan of ours may hold it, which the database role takes over.
 */
export async function checkPorts(ports: Ports, extra: readonly number[]): Promise<void> {
  const { postgres, ...others } = ports;
  const wanted = new Set([...Object.values(others), ...extra]);
  wanted.delete(postgres);
  const checked = await Promise.all(
    [...wanted].map(async (port) => ({ port, free: await isFree(port) })),
  );
  const taken = checked.filter(({ free }) => !free).map(({ port }) => port);
  if (taken.length === 0) return;
  const [first = 0, ...rest] = taken.sort((a, b) => a - b);
  const which = rest.length === 0 ? `port ${String(first)} is` : `ports ${taken.join(', ')} are`;
  throw new PortsTaken(
    `${which} taken by another program: end it, or move every port with OPORA_PORT_BASE`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return await new Promise((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
