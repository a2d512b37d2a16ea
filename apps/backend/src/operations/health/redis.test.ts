import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import {
  hasRedis,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from '../../platform/redis/testing/redis-server.ts';
import { createProbe, servicesOf } from './index.ts';
import { createWorld } from './testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const redisOf = (url?: string) =>
  servicesOf(loadConfig({ OPORA_HOME: '/nonexistent', ...(url && { REDIS_URL: url }) })).find(
    ({ role }) => role === 'redis',
  );

let server: RedisServer | undefined;
afterEach(() => server?.close());

describe('redis as a service', () => {
  it('is watched where it is set, and only there', () => {
    expect(redisOf()).toBeUndefined();
    expect(redisOf('redis://user:password@redis.example')).toMatchObject({
      name: 'redis#0',
      critical: false,
      look: { host: 'redis.example', port: 6379, says: 'redis' },
    });
    expect(redisOf('rediss://redis.example:7000')?.look).not.toHaveProperty('says');
  });

  it('that is away is a warning, once, however long; and its return is told', async () => {
    const { clock, chat, states, watch } = createWorld({ keeps: true });
    const stop = watch();
    await clock.advance(1_000);
    states.set('redis#0', 'down');
    await clock.advance(90 * MINUTE);
    expect(chat()).toEqual([
      '🟡 <b>WARNING redis#0</b> does not answer: slower without it, never wrong',
    ]);
    states.set('redis#0', 'up');
    await clock.advance(MINUTE);
    expect(chat().slice(1)).toEqual([expect.stringContaining('INFO redis#0')]);
    await stop();
  });

  it.skipIf(!hasRedis)(`is asked, not only connected to${NEEDS_REDIS}`, async () => {
    server = await startRedisServer();
    const probe = createProbe(createManualClock());
    const service = redisOf(server.url.reveal());
    if (service === undefined) throw new Error('not watched');
    expect(await probe.look(service, 'liveness')).toMatchObject({ state: 'up' });
    server.freeze();
    expect(await probe.look(service, 'liveness')).toMatchObject({ state: 'down' });
    await probe.close();
  });
});
