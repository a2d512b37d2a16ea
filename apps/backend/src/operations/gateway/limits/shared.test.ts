import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  connectRedis,
  hasRedis,
  NEEDS_REDIS,
  startRedisServer,
  type RedisServer,
} from '../../../platform/redis/testing/redis-server.ts';
import { AuthBook } from '../testing/auth-book.ts';
import { first, rounds, startWorld, type World } from '../testing/world.ts';
import { RULES } from './rules.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const LANGUAGE = '/api/v1/me/language';

let server: RedisServer | undefined;
const open: World[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()));
  await server?.close();
});

/** Two gateways before one Redis, and one book of sessions for both. */
async function setUp() {
  const clock = createManualClock();
  const book = new AuthBook();
  const redisServer = await startRedisServer();
  server = redisServer;
  const startGateway = async (at: number) => {
    const redis = await connectRedis(redisServer, clock);
    const { authorization } = book.options;
    const world = await startWorld(
      { auth: 1 },
      {
        authorization: { ...authorization, path: `${authorization.path}.${String(at)}` },
        limits: { instances: 2 },
        redis,
        clock,
      },
    );
    open.push(world);
    book.serve(first(world.auth), clock);
    return world;
  };
  const worlds = [await startGateway(0), await startGateway(1)] as const;
  for (const world of worlds) await rounds(world, 4);
  const { cookie } = book.signIn(clock);
  /** Statuses of so many commands of one person, in turns through both gateways. */
  const commands = async (count: number) => {
    const counts: Record<number, number> = {};
    for (let at = 0; at < count; at += 1) {
      const world = worlds[at % 2 === 0 ? 0 : 1];
      const { status } = await world.ask(LANGUAGE, { method: 'PUT', headers: { cookie } });
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };
  return { redisServer, commands };
}

describe.skipIf(!hasRedis)(`gateways that share a Redis${NEEDS_REDIS}`, () => {
  it('let one limit through together, and nobody waits for a Redis that died (A4)', async () => {
    const { redisServer, commands } = await setUp();
    const { most } = RULES.commands;
    expect(await commands(most - 10)).toEqual({ 200: most - 10 });
    await redisServer.kill();
    const meanwhile = await commands(most);
    expect(meanwhile[200]).toBeGreaterThan(0);
    expect((meanwhile[200] ?? 0) + most - 10).toBeLessThanOrEqual(1.5 * most);
    expect((meanwhile[200] ?? 0) + (meanwhile[429] ?? 0)).toBe(most);
  });

  it('let the whole limit through at either, and not one more', async () => {
    const { commands } = await setUp();
    const { most } = RULES.commands;
    expect(await commands(most + 10)).toEqual({ 200: most, 429: 10 });
  });
});
