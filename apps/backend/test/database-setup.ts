/**
 * Vitest's global setup of the `database` project: one throw-away PostgreSQL (trusted, without
 * fsync) for the whole run; `inject('postgresUrl')` is its superuser's address.
 */
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

/** Free at this moment: the system gives a number and we let it go. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
  return address.port;
}
