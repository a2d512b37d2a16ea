import { Secret } from '@opora/kernel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../platform/clock/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import {
  hasRedis,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from '../../../platform/redis/testing/redis-server.ts';
import { checkRedis } from './redis.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const deps = { clock: systemClock, ids: systemIds };
let server: RedisServer | undefined;
afterEach(() => server?.close());

describe('the check of Redis', () => {
  it('has nothing to look at without one', async () => {
    expect(await checkRedis(undefined, deps).run()).toMatchObject({ state: 'skipped' });
  });

  it('warns when nobody is there, and tells no password', async () => {
    const url = new Secret('redis://user:canary-password@127.0.0.1:9');
    const found = await checkRedis(url, deps).run();
    expect(found.state).toBe('warning');
    expect(found.says).toContain('never wrong');
    expect(JSON.stringify(found)).not.toContain('canary-password');
  });

  it.skipIf(!hasRedis)(`is good when it answers${NEEDS_REDIS}`, async () => {
    server = await startRedisServer();
    const found = await checkRedis(server.url, deps).run();
    expect(found).toMatchObject({ state: 'good' });
    expect(found.says).toMatch(/^answers, \d/);
  });
});
