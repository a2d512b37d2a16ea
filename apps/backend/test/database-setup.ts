/**
 * Vitest's global setup of the `database` project: one throw-away PostgreSQL (trusted, without
 * fsync) for the whole run; `inject('postgresUrl')` is its superuser's address.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/operations/postgres/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's address of the maintenance database: clone the template from here. */
    postgresUrl: string;
  }
}

const CONNECTIONS_MAX = 200;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'opora-test-'));
  const server = await startEmbeddedPostgres({
    home,
    port: await freePort(),
    fsync: false,
    connectionsMax: CONNECTIONS_MAX,
    clock: systemClock,
  });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
}

/** Below what the system gives to whoever connects, above what is known to everybody. */
const TEST_PORTS = { first: 10_000, count: 10_000 };

/** Free at this moment, and nobody gets it by chance: connections begin above these. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = TEST_PORTS.first + randomInt(TEST_PORTS.count);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => {
        resolve(false);
      });
      probe.listen(port, '127.0.0.1', () => {
        resolve(true);
      });
    });
    await new Promise((resolve) => probe.close(resolve));
    if (isFree) return port;
  }
}
