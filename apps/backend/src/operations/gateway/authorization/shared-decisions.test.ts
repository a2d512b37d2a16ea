import { createManualClock } from '@opora/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Redis } from '../../../platform/redis/index.ts';
import {
  connectRedis,
  hasRedis,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from '../../../platform/redis/testing/redis-server.ts';
import { AuthBook } from '../testing/auth-book.ts';
import { rounds, startWorld, type World } from '../testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const PEOPLE = '/api/v1/admin/people';
const OWN = '/api/v1/me/subscriptions';
const MINUTE = 60_000;

describe.skipIf(!hasRedis)(`level 2 in Redis${NEEDS_REDIS}`, () => {
  let server: RedisServer;
  let redis: Redis;
  let book: AuthBook;
  const clock = createManualClock();
  const open: World[] = [];

  beforeEach(async () => {
    server = await startRedisServer();
    book = new AuthBook();
    redis = await connectRedis(server, clock);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((world) => world.close()));
    redis.close();
    await server.close();
  });

  async function startGateway(name: string, auth = 1): Promise<World> {
    const { authorization } = book.options;
    const path = `${authorization.path}.${name}`;
    const connected = await connectRedis(server, clock);
    const world = await startWorld(
      { auth },
      { authorization: { ...authorization, path }, redis: connected, clock },
    );
    open.push(world);
    for (const instance of world.auth) book.serve(instance, clock);
    await rounds(world, 4);
    return world;
  }

  /** The second gateway `ms` later, started anew and without auth: it has its keys, and Redis. */
  async function startedLater(ms: number): Promise<World> {
    await Promise.all(open.splice(0).map((world) => world.close()));
    await clock.advance(ms);
    const world = await startGateway('two', 0);
    expect(world.gateway.authorization()?.auth).toBe('away');
    return world;
  }

  const status = async (world: World, path: string, cookie: string) =>
    (await world.ask(path, { headers: { cookie } })).status;

  /** The keys of kept decisions, once as many as wanted are there. */
  const keysOf = (count: number) =>
    vi.waitFor(async () => {
      const keys = (await redis.ask(['KEYS', 'decision *'])) as string[]; // what KEYS answers
      expect(keys).toHaveLength(count);
      return keys.sort();
    });

  async function loseAuth(world: World): Promise<void> {
    await Promise.all(world.auth.map((instance) => instance.kill()));
    await rounds(world, 4);
    expect(world.gateway.authorization()?.auth).toBe('away');
  }

  /** Staff whom the first gateway knows; the second, without auth, knows only what Redis says. */
  async function setUp() {
    const one = await startGateway('one');
    const two = await startGateway('two');
    const staff = book.signIn(clock, 'support');
    expect(await status(one, PEOPLE, staff.cookie)).toBe(200);
    const [key = ''] = await keysOf(1);
    return { one, two, staff, key };
  }

  it('serves at one gateway what another was told, for a quarter of an hour from then (R2)', async () => {
    const { two, staff, key } = await setUp();
    expect(Number(await redis.ask(['PTTL', key]))).toBeLessThanOrEqual(15 * MINUTE);
    await loseAuth(two);
    expect(await status(two, PEOPLE, staff.cookie)).toBe(200);
    const late = await startedLater(14 * MINUTE);
    expect(await status(late, PEOPLE, staff.cookie)).toBe(200);
  });

  it('is not there without Redis: the token alone counts, as at level 3', async () => {
    const { two, staff } = await setUp();
    await server.kill();
    await loseAuth(two);
    expect(await status(two, PEOPLE, staff.cookie)).toBe(403);
    expect(await status(two, OWN, staff.cookie)).toBe(200);
  });

  it('knows a denial for half a minute', async () => {
    const { one, two } = await setUp();
    const { sessionId, cookie } = book.signIn(clock);
    book.living.delete(sessionId);
    expect(await status(one, OWN, cookie)).toBe(401);
    const times = await Promise.all((await keysOf(2)).map((key) => redis.ask(['PTTL', key])));
    expect(Math.min(...times.map(Number))).toBeLessThanOrEqual(30_000);
    await loseAuth(two);
    expect(await status(two, OWN, cookie)).toBe(401);
  });

  it('never grants what an ended session had', async () => {
    const { two, staff } = await setUp();
    book.end(clock, staff.sessionId);
    await rounds(two, 4);
    await loseAuth(two);
    expect(await status(two, PEOPLE, staff.cookie)).toBe(401);
  });

  describe('is not believed', () => {
    const forged = [
      ['with other rights', (value: string) => value.replace('"grants":[', '"grants":["x",')],
      ['cut short', (value: string) => value.slice(0, -2)],
      ['without a signature', (value: string) => value.slice(value.indexOf('.'))],
      ['signed by nobody', (value: string) => `AAAA${value.slice(4)}`],
      ['empty', () => ''],
      ['and is no word at all', () => 'granted'],
    ] as const;
    it.each(forged)('%s', async (_name, change) => {
      const { two, staff, key } = await setUp();
      const value = String(await redis.ask(['GET', key]));
      expect(change(value)).not.toBe(value);
      await redis.ask(['SET', key, change(value)]);
      await loseAuth(two);
      expect(await status(two, PEOPLE, staff.cookie)).toBe(403);
    });

    it("as another token's: a right word under a key that is not its own", async () => {
      const { one, two, key } = await setUp();
      const value = String(await redis.ask(['GET', key]));
      const other = book.signIn(clock);
      expect(await status(one, OWN, other.cookie)).toBe(200);
      const otherKey = (await keysOf(2)).find((each) => each !== key) ?? '';
      await redis.ask(['SET', otherKey, value]);
      await loseAuth(two);
      expect(await status(two, PEOPLE, other.cookie)).toBe(403);
    });

    it('when it is old, however long somebody makes Redis keep it', async () => {
      const { staff, key } = await setUp();
      await redis.ask(['PERSIST', key]);
      // The token itself still counts then: a minute is forgiven to clocks.
      const late = await startedLater(15 * MINUTE + 1_000);
      expect(await redis.ask(['EXISTS', key])).toBe(1);
      expect(await status(late, PEOPLE, staff.cookie)).toBe(403);
    });
  });
});
