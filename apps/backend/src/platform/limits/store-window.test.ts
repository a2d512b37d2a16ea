import { createManualClock } from '@opora/testkit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Redis } from '../redis/index.ts';
import {
  connectRedis,
  hasRedis,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from '../redis/testing/redis-server.ts';
import { createStoreWindow, SharedWindow, SlidingWindow } from './index.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const START_MS = Date.parse('2026-11-20T12:00:00Z');
/** The store's clock as the test sets it. */
const TOLD_TIME = `local now = tonumber(redis.call('GET', 'now'))`;

describe.skipIf(!hasRedis)(`limits in Redis${NEEDS_REDIS}`, () => {
  let server: RedisServer;
  const open = new Set<Redis>();

  beforeEach(async () => {
    server = await startRedisServer();
  });
  afterEach(async () => {
    for (const redis of open) redis.close();
    open.clear();
    await server.close();
  });

  async function connect(clock = createManualClock()): Promise<Redis> {
    const redis = await connectRedis(server, clock);
    open.add(redis);
    return redis;
  }

  /** Pauses, and a limit; each run counts under a key of its own. */
  const stories = {
    waits: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 10, maxLength: 60 }),
    most: fc.integer({ min: 1, max: 12 }),
  };

  it('say what the window in memory says, call by call', async () => {
    const redis = await connect();
    const store = createStoreWindow(redis, MINUTE, TOLD_TIME);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(stories.waits, stories.most, async (waits, most) => {
        const clock = createManualClock();
        const window = new SlidingWindow(clock, MINUTE);
        const key = `plain ${String((run += 1))}`;
        for (const ms of waits) {
          await clock.advance(ms);
          await redis.ask(['SET', 'now', String(clock.monotonicMs())]);
          expect(await store.take(key, { most })).toEqual(window.take(key, { most }));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('of a strict kind are exact: so many tries in any minute, refused ones counted (A4)', async () => {
    const redis = await connect();
    const store = createStoreWindow(redis, MINUTE, TOLD_TIME);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(stories.waits, stories.most, async (waits, most) => {
        const key = `strict ${String((run += 1))}`;
        const tries: number[] = [];
        let now = START_MS;
        for (const ms of waits) {
          now += ms;
          await redis.ask(['SET', 'now', String(now)]);
          const used = tries.filter((at) => now - at < MINUTE).length;
          tries.push(now);
          const latest = tries.filter((at) => now - at < MINUTE).slice(-most);
          expect(await store.take(key, { most, isStrict: true })).toEqual({
            allowed: used < most,
            most,
            left: Math.max(0, most - used - 1),
            resetMs: (latest[0] ?? now) + MINUTE - now,
          });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are told by its own clock, and are gone after two windows', async () => {
    const redis = await connect();
    const store = createStoreWindow(redis, MINUTE);
    for (const isStrict of [false, true]) {
      const key = `a ${String(isStrict)}`;
      expect(await store.take(key, { most: 5, isStrict })).toMatchObject({
        allowed: true,
        left: 4,
      });
      const left = Number(await redis.ask(['PTTL', `limit ${key}`]));
      expect(left).toBeGreaterThan(1.5 * MINUTE);
      expect(left).toBeLessThanOrEqual(2 * MINUTE);
    }
  });

  it('count once for all who ask at the same moment', async () => {
    const stores = await Promise.all([connect(), connect()]);
    const windows = stores.map((redis) => createStoreWindow(redis, MINUTE));
    for (const isStrict of [false, true]) {
      const take = async (at: number) =>
        await windows[at % 2]?.take(`crowd ${String(isStrict)}`, { most: 30, isStrict });
      const asked = Array.from({ length: 100 }, (_, at) => take(at));
      const answers = await Promise.all(asked);
      expect(answers.filter((one) => one?.allowed)).toHaveLength(30);
    }
  });

  it.each(['kill -9', 'SIGSTOP'])(
    'never let more than one and a half limits in over %s and the return of Redis (A4)',
    async (fault) => {
      const clock = createManualClock();
      const limit = { most: 30 };
      const fleet = await Promise.all([connect(clock), connect(clock)]);
      const gateways = fleet.map((redis) => {
        const store = createStoreWindow(redis, MINUTE);
        return new SharedWindow({ clock, windowMs: MINUTE, instances: 2, store });
      });
      const ended = new AbortController();
      for (const redis of fleet) void redis.watch(ended.signal);
      let isFrozen = false;
      /** Tries at both; a frozen store is waited for on the test's clock. */
      const passed = async (tries: number): Promise<number> => {
        let count = 0;
        for (let at = 0; at < tries; at += 1) {
          const asked = Promise.resolve(gateways[at % 2]?.take('somebody', limit));
          if (isFrozen) await clock.advance(76);
          if ((await asked)?.allowed === true) count += 1;
        }
        return count;
      };
      const before = await passed(20);
      isFrozen = fault === 'SIGSTOP';
      if (isFrozen) server.freeze();
      else await server.kill();
      const meanwhile = await passed(40);
      if (isFrozen) server.thaw();
      else await server.revive();
      isFrozen = false;
      const areBack = async () => {
        await clock.advance(1_000);
        expect(fleet.map((redis) => redis.isAway)).toEqual([false, false]);
      };
      await vi.waitFor(areBack, { timeout: 10_000 });
      const after = await passed(80);
      ended.abort();
      expect(before).toBe(20);
      expect(meanwhile).toBeGreaterThan(0);
      expect(before + meanwhile + after).toBeLessThanOrEqual(1.5 * limit.most);
      expect(clock.monotonicMs()).toBeLessThan(MINUTE);
    },
  );
});
