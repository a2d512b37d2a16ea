/** A real Redis of a test's own: another process, a free port, a folder that goes with it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, type Clock } from '@opora/kernel';
import { vi } from 'vitest';
import { freePort } from '../../../../test/database-setup.ts';
import { systemIds } from '../../ids/index.ts';
import { createRedis, type Redis } from '../index.ts';

const BINARY = 'redis-server';

/** False: Debian's `redis-server` is not installed, and what needs it is skipped. */
export const hasRedis = spawnSync(BINARY, ['--version']).status === 0;
/** Goes into the name of what is skipped. */
export const NEEDS_REDIS = hasRedis ? '' : ` (skipped: ${BINARY} is not installed)`;

export type RedisServer = Awaited<ReturnType<typeof startRedisServer>>;

/** Nothing is kept on disk: a killed one comes back empty, as the worst one would. */
export async function startRedisServer() {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess;

  async function start(): Promise<void> {
    const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
    child = spawn(BINARY, [...place, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
    await vi.waitFor(() => canConnect(port), { timeout: 10_000 });
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: new Secret(`redis://127.0.0.1:${String(port)}`),
    kill,
    /** Comes back on the same port, empty. */
    revive: start,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client that has found it. */
export async function connectRedis({ url }: RedisServer, clock: Clock): Promise<Redis> {
  const redis = await createRedis({ url, clock, ids: systemIds });
  await isThere(redis);
  return redis;
}

export const isThere = (redis: Redis): Promise<void> =>
  vi.waitFor(() => {
    if (redis.isAway) throw new Error('not there yet');
  });

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
