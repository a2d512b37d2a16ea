import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createScript, RedisAway, type Redis } from './index.ts';
import {
  connectRedis,
  hasRedis,
  isThere,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from './testing/redis-server.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer | undefined;
let redis: Redis | undefined;
const watching = new Set<AbortController>();

afterEach(async () => {
  for (const one of watching) one.abort();
  redis?.close();
  await server?.close();
});

async function setUp() {
  const clock = createManualClock();
  server = await startRedisServer();
  redis = await connectRedis(server, clock);
  return { clock, server, redis };
}

/** Its watcher, on the test's time. */
function watch(one: Redis): void {
  const ended = new AbortController();
  watching.add(ended);
  void one.watch(ended.signal);
}

describe.skipIf(!hasRedis)(`redis${NEEDS_REDIS}`, () => {
  it('answers commands, and runs scripts it never saw', async () => {
    const { redis } = await setUp();
    expect(await redis.ask(['SET', 'a', '1'])).toBe('OK');
    const script = createScript('return redis.call("GET", KEYS[1]) .. ARGV[1]');
    expect(await redis.run(script, ['a'], ['2'])).toBe('12');
    expect(redis.steadyMs).toBe(Infinity);
  });

  it('is away at once when it dies, tells so, and back by itself without what it held', async () => {
    const { redis, server, clock } = await setUp();
    const lost = vi.fn();
    redis.onLoss(lost);
    await redis.ask(['SET', 'a', '1']);
    const script = createScript('return 1');
    await redis.run(script, [], []);
    await server.kill();
    await expect(redis.ask(['GET', 'a'])).rejects.toBeInstanceOf(RedisAway);
    await vi.waitFor(() => {
      expect(redis.isAway).toBe(true);
    });
    expect([lost.mock.calls.length, redis.steadyMs]).toEqual([1, 0]);
    await server.revive();
    await isThere(redis);
    expect(await redis.ask(['GET', 'a'])).toBeNull();
    expect(await redis.run(script, [], [])).toBe(1);
    await clock.advance(3_000);
    expect(redis.steadyMs).toBe(3_000);
  });

  it('is not waited for when it hangs: 75 ms a command, then none until its watcher saw it well', async () => {
    const { redis, server, clock } = await setUp();
    server.freeze();
    for (let at = 0; at < 5; at += 1) {
      const asked = redis.ask(['GET', 'a']);
      const refused = expect(asked).rejects.toThrow('no answer in 75 ms');
      await clock.advance(76);
      await refused;
    }
    expect([redis.isAway, redis.breaker.state]).toEqual([true, 'open']);
    await expect(redis.ask(['GET', 'a'])).rejects.toThrow('did not answer lately');
    server.thaw();
    watch(redis);
    const isBack = async () => {
      await clock.advance(1_000);
      expect(redis.isAway).toBe(false);
    };
    await vi.waitFor(isBack, { timeout: 10_000 });
    expect(await redis.ask(['GET', 'a'])).toBeNull();
  });
});
