import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeBalancer } from './diagnostics.ts';
import { first, startWorld, type World } from './testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function setUp(...parts: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...parts);
  worlds.push(world);
  return world;
}

describe('instances', () => {
  it('share the work; the busier one is spared', async () => {
    const world = await setUp({ api: 2 });
    for (let at = 0; at < 40; at += 1) await world.ask('/api/v1/x');
    for (const instance of world.api) expect(instance.seen.length).toBeGreaterThan(5);
    const [busy, idle] = world.api;
    if (busy === undefined || idle === undefined) throw new Error('two expected');
    const { answer } = busy;
    const held = Promise.withResolvers<ServerResponse>();
    busy.answer = (_request, response) => {
      held.resolve(response);
    };
    let hanging: Promise<unknown> = Promise.resolve();
    const isHeld = held.promise.then(() => true);
    do hanging = world.ask('/api/v1/x');
    while (!(await Promise.race([isHeld, hanging.then(() => false)])));
    busy.answer = answer;
    const taken = busy.seen.length;
    for (let at = 0; at < 10; at += 1) await world.ask('/api/v1/x');
    expect(busy.seen.length).toBe(taken);
    (await held.promise).end();
    await hanging;
  });

  it('that are killed are invisible to the client, POSTs included when nothing was sent', async () => {
    const world = await setUp({ api: 2 });
    await first(world.api).kill();
    for (let at = 0; at < 20; at += 1) {
      expect(
        (await world.ask('/webhooks/payments/yookassa', { method: 'POST', body: '{}' })).status,
      ).toBe(200);
    }
    expect(world.api[1]?.seen).toHaveLength(20);
    expect(world.metrics.text()).toMatch(/gateway_retries_total\{upstream="api"\} [1-9]/);
    await first(world.api).revive();
  });

  it('that die with a GET in hand are replaced; a POST is not sent twice', async () => {
    const world = await setUp({ api: 2 });
    let broken = 0;
    for (const instance of world.api) {
      const { answer } = instance;
      instance.answer = (request, response, body) => {
        broken += 1;
        if (broken === 1) request.socket.destroy();
        else answer(request, response, body);
      };
    }
    expect((await world.ask('/api/v1/x')).status).toBe(200);
    broken = 0;
    const answer = await world.ask('/api/v1/x', { method: 'POST', body: '{}' });
    expect([answer.status, answer.json()['code']]).toEqual([502, 'gateway.upstream_failed']);
    expect(broken).toBe(1);
  });

  it('that answer calls and are too busy for their check stay in service', async () => {
    const world = await setUp();
    const api = first(world.api);
    const state = () => world.gateway.report().upstreams['api']?.[0]?.state;
    api.silent = true;
    for (const before = api.checks; api.checks < before + 4;) {
      expect((await world.ask('/api/v1/x')).status).toBe(200);
      await world.clock.advance(100);
    }
    await vi.waitFor(
      async () => {
        await world.clock.advance(100);
        if (state() !== 'down') throw new Error('two checks unanswered, and no call');
      },
      { timeout: 30_000 },
    );
    api.silent = false;
  });

  it('that are all away are a 503 that asks to come back', async () => {
    const world = await setUp();
    await first(world.api).kill();
    const answer = await world.ask('/webhooks/payments/yookassa', { method: 'POST', body: '{}' });
    expect([answer.status, answer.json()['code']]).toEqual([503, 'gateway.no_instance']);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    await first(world.api).revive();
  });

  it('leave after two failed checks and return after two good ones', async () => {
    const world = await setUp();
    const instance = first(world.api);
    const state = () => world.gateway.report().upstreams['api']?.[0]?.state;
    // A second look comes soon after one that says otherwise.
    const [USUAL, SOON] = [750, 100];
    const nextCheck = async (afterMs: number) => {
      await vi.waitFor(() => {
        if (world.clock.sleepers < 3) throw new Error('a check is still running');
      });
      await world.clock.advance(afterMs);
      await vi.waitFor(() => {
        if (world.clock.sleepers < 3) throw new Error('a check is still running');
      });
    };
    instance.ready = false;
    await nextCheck(USUAL);
    expect(state()).toBe('up');
    await nextCheck(SOON);
    expect(state()).toBe('down');
    expect((await world.ask('/api/v1/x')).status).toBe(503);
    instance.ready = true;
    await nextCheck(USUAL);
    expect(state()).toBe('down');
    await nextCheck(SOON);
    expect(state()).toBe('up');
    expect((await world.ask('/api/v1/x')).status).toBe(200);
  });

  it('with a green check and failing requests are ejected, and return by live traffic', async () => {
    const world = await setUp({ api: 2 });
    const [sick, well] = world.api;
    if (sick === undefined || well === undefined) throw new Error('two expected');
    const { answer } = sick;
    sick.answer = (_request, response) => response.writeHead(503).end();
    const report = () => world.gateway.report().upstreams['api']?.[0];
    while (report()?.state === 'up') await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'ejected', breaker: 'open', ejections: 1 });
    const failed = sick.seen.length;
    for (let at = 0; at < 10; at += 1) expect((await world.ask('/api/v1/x')).status).toBe(200);
    expect([failed, sick.seen.length]).toEqual([3, 3]);
    sick.answer = answer;
    await world.clock.advance(6_000);
    for (let at = 0; at < 6; at += 1) await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'up', breaker: 'closed' });
  });

  it('that fail three times in ten are found out, and nobody sees it (gray failure)', async () => {
    const world = await setUp({ api: 2 });
    const [sick] = world.api;
    if (sick === undefined) throw new Error('two expected');
    const { answer } = sick;
    let asked = 0;
    sick.answer = (request, response, body) => {
      asked += 1;
      if (asked % 3 === 0) response.writeHead(500).end('{}');
      else answer(request, response, body);
    };
    const report = () => world.gateway.report().upstreams['api']?.[0];
    for (let calls = 0; report()?.state === 'up' && calls < 300; calls += 1) {
      expect((await world.ask('/api/v1/x')).status).toBe(200);
      await world.clock.advance(10);
    }
    expect(report()).toMatchObject({ state: 'ejected', ejections: 1 });
  });

  it('that all answer 500 are not blamed one by one, and the fault is told', async () => {
    const world = await setUp({ api: 2 });
    for (const instance of world.api) {
      instance.answer = (_request, response) => response.writeHead(500).end('{}');
    }
    for (let calls = 0; calls < 100; calls += 1) {
      expect((await world.ask('/api/v1/x')).status).toBe(500);
      await world.clock.advance(10);
    }
    expect(world.gateway.report().upstreams['api']?.map(({ state }) => state)).toEqual([
      'up',
      'up',
    ]);
  });

  it('that drag are found out, and a slow probe does not bring them back', async () => {
    const world = await setUp({ api: 2 });
    const [sick] = world.api;
    if (sick === undefined) throw new Error('two expected');
    const { answer } = sick;
    sick.answer = (request, response, body) => {
      void world.clock.advance(800).then(() => {
        answer(request, response, body);
      });
    };
    const report = () => world.gateway.report().upstreams['api']?.[0];
    for (let calls = 0; report()?.state === 'up' && calls < 300; calls += 1) {
      await world.ask('/api/v1/x');
    }
    expect(report()).toMatchObject({ state: 'ejected', ejections: 1 });
    await world.clock.advance(6_000);
    for (let calls = 0; calls < 20; calls += 1) await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'ejected', ejections: 2 });
    sick.answer = answer;
    await world.clock.advance(15_000);
    for (let calls = 0; calls < 6; calls += 1) await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'up', breaker: 'closed' });
  });

  it('that only pass on that the database is away are not at fault, and stay in', async () => {
    const world = await setUp();
    first(world.api).answer = (_request, response) => {
      response.writeHead(503, { 'x-opora-blames': 'database' }).end();
    };
    for (let at = 0; at < 10; at += 1) {
      expect((await world.ask('/api/v1/x')).status).toBe(503);
    }
    expect(world.gateway.report().upstreams['api']?.[0]?.state).toBe('up');
  });

  it('that are all ejected are all used: the judge may be the one who is wrong', async () => {
    const world = await setUp();
    const instance = first(world.api);
    const { answer } = instance;
    instance.answer = (_request, response) => response.writeHead(503).end();
    for (let at = 0; at < 5; at += 1) await world.ask('/api/v1/x');
    expect(world.gateway.report().upstreams['api']?.[0]?.state).toBe('ejected');
    instance.answer = answer;
    expect((await world.ask('/api/v1/x')).status).toBe(200);
  });

  it('tell the balancer of auth how they share (U5)', async () => {
    const world = await setUp({ auth: 2 });
    const [one] = world.auth;
    if (one === undefined) throw new Error('two expected');
    for (let at = 0; at < 20; at += 1) await world.ask('/auth/session');
    one.answer = (_request, response) => response.writeHead(503).end();
    while (shares().failures === 0) await world.ask('/auth/session');
    const told = shares();
    expect(told.instances.map(({ share }) => share > 0.1)).toEqual([true, true]);
    expect(told.tries).toBeGreaterThanOrEqual(21);
    expect(told).toMatchObject({ healthy: 2, failures: 1 });

    function shares() {
      return describeBalancer(world.gateway.report().upstreams['auth'] ?? []);
    }
  });
});
