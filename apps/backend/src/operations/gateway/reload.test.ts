import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GatewayTable } from './index.ts';
import { first, startInstance, startWorld, type World } from './testing/world.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function setUp(): Promise<World> {
  const world = await startWorld();
  open.push(world);
  return world;
}

function tableOf(world: World, api: readonly { origin: string }[]): GatewayTable {
  const origins = (list: readonly { origin: string }[]) => list.map(({ origin }) => origin);
  const { auth, bot, monitor } = world;
  const others = { auth: origins(auth), bot: origins(bot), monitor: origins(monitor) };
  return { origins: { ...others, api: origins(api) } };
}

const stateOf = (world: World) =>
  world.gateway.report().upstreams['api']?.map(({ name, state }) => `${name} ${state}`);

describe('another table', () => {
  it('brings an instance into service, and keeps what is known of the others', async () => {
    const world = await setUp();
    const added = await startInstance();
    open.push({ close: () => added.kill() });
    await world.ask('/api/v1/x');
    world.gateway.take(tableOf(world, [first(world.api), added]));
    await vi.waitFor(() => {
      expect(stateOf(world)).toEqual(['api-0 up', 'api-1 up']);
    });
    for (let at = 0; at < 40; at += 1) expect((await world.ask('/api/v1/x')).status).toBe(200);
    expect(added.seen.length).toBeGreaterThan(5);
    expect(world.gateway.report().upstreams['api']?.[0]?.tries).toBeGreaterThan(1);
  });

  it('takes one out of service; what is on its way there ends', async () => {
    const world = await setUp();
    const added = await startInstance();
    open.push({ close: () => added.kill() });
    const left = first(world.api);
    const held = Promise.withResolvers<() => void>();
    left.answer = (_request, response) => {
      held.resolve(() => response.end('late'));
    };
    const hanging = world.ask('/api/v1/x');
    const finish = await held.promise;
    world.gateway.take(tableOf(world, [added]));
    await vi.waitFor(() => {
      expect(stateOf(world)).toEqual(['api-0 up']);
    });
    for (let at = 0; at < 10; at += 1) expect((await world.ask('/api/v1/x')).status).toBe(200);
    expect([left.seen.length, added.seen.length]).toEqual([1, 10]);
    finish();
    expect((await hanging).text).toBe('late');
  });

  it('says anew whose pages may read', async () => {
    const world = await setUp();
    const headers = { origin: 'https://app.example.com' };
    const read = async () =>
      (await world.ask('/api/v1/x', { headers })).headers['access-control-allow-origin'];
    expect(await read()).toBeUndefined();
    world.gateway.take({ ...tableOf(world, world.api), corsOrigins: [headers.origin] });
    expect(await read()).toBe(headers.origin);
  });
});
