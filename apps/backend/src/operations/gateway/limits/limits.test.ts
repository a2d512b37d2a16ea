import { HEADERS } from '@opora/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServerResponse } from 'node:http';
import { AuthBook } from '../testing/auth-book.ts';
import { first, rounds, startWorld, type World } from '../testing/world.ts';
import { IN_FLIGHT_MAX } from './in-flight.ts';
import { QUEUED_MS, WAITING_MAX } from '../room.ts';
import { RULES, STRIKES_MOST, UNPROVED_MOST } from './rules.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const OWN = '/api/v1/me/subscriptions';
const LANGUAGE = '/api/v1/me/language';
const PRODUCT = '/api/v1/product';
const NOTICE = '/webhooks/payments/yookassa';
const [HOME, OTHER_HOME] = ['203.0.113.7', '203.0.113.8'];

let open: World | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function setUp(instances = 1) {
  const book = new AuthBook();
  const trustedProxies = ['127.0.0.1/32', '::1/128'];
  const world = await startWorld(
    { auth: 1 },
    { ...book.options, trustedProxies, limits: { instances } },
  );
  open = world;
  book.serve(first(world.auth), world.clock);
  await rounds(world, 4);
  return { world, book };
}

type Call = { path: string; method?: string; cookie?: string; from?: string; body?: string };

async function call(world: World, { path, method, cookie = '', from = HOME, body }: Call) {
  const headers = { cookie, 'x-forwarded-for': from };
  return world.ask(path, { ...(method && { method }), headers, ...(body && { body }) });
}

/** The statuses of so many calls, counted. */
async function count(world: World, times: number, one: Call): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let at = 0; at < times; at += 1) {
    const { status } = await call(world, one);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

describe('limits of people', () => {
  it('are 30 commands a minute, wherever they come from, and 100 for staff (A4)', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    const command = { path: LANGUAGE, method: 'PUT', cookie };
    expect(await count(world, 20, { ...command, from: HOME })).toEqual({ 200: 20 });
    expect(await count(world, 20, { ...command, from: OTHER_HOME })).toEqual({ 200: 10, 429: 10 });
    const staff = book.signIn(world.clock, 'owner');
    expect(await count(world, 110, { ...command, cookie: staff.cookie })).toEqual({
      200: 100,
      429: 10,
    });
    const another = book.signIn(world.clock);
    expect(await count(world, 1, { ...command, cookie: another.cookie })).toEqual({ 200: 1 });
  });

  it('leave reads alone, which have a wider one of their own', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    await count(world, 31, { path: LANGUAGE, method: 'PUT', cookie });
    expect(await count(world, 301, { path: OWN, cookie })).toEqual({ 200: 300, 429: 1 });
  });

  it('are told with every answer, and how long to wait when it was too much', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    const one = { path: LANGUAGE, method: 'PUT', cookie };
    const good = await call(world, one);
    expect(good.headers['ratelimit-policy']).toBe('"commands";q=30;w=60');
    expect(good.headers['ratelimit']).toMatch(/^"commands";r=29;t=\d+$/);
    await count(world, 29, one);
    const refused = await call(world, one);
    expect([refused.status, refused.json()['code']]).toEqual([429, 'gateway.too_many_requests']);
    const waitS = Number(refused.headers['retry-after']);
    await world.clock.advance(waitS * 1000);
    expect((await call(world, one)).status).toBe(200);
  });

  it('are shared by gateways: two together let at most half as many again through', async () => {
    const { world, book } = await setUp(2);
    const { cookie } = book.signIn(world.clock);
    const counts = await count(world, 40, { path: LANGUAGE, method: 'PUT', cookie });
    expect(2 * (counts[200] ?? 0)).toBeGreaterThanOrEqual(RULES.commands.most);
    expect(2 * (counts[200] ?? 0)).toBeLessThanOrEqual(1.5 * RULES.commands.most);
  });
});

describe('limits of strangers', () => {
  it('count a network: 30 tries to sign in, another network is another count (A4, A6)', async () => {
    const { world } = await setUp();
    const attempt = { path: '/auth/password', method: 'POST', body: '{}' };
    expect(await count(world, 35, attempt)).toEqual({ 200: 30, 429: 5 });
    expect(await count(world, 1, { ...attempt, from: OTHER_HOME })).toEqual({ 200: 1 });
    const [one, two] = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'];
    await count(world, 30, { ...attempt, from: one });
    expect(await count(world, 1, { ...attempt, from: two })).toEqual({ 429: 1 });
  });

  it('cover what everybody may read, and calls without a session', async () => {
    const { world } = await setUp();
    const most = RULES.open.most;
    expect(await count(world, most + 1, { path: PRODUCT })).toEqual({ 200: most, 429: 1 });
    expect((await call(world, { path: OWN })).status).toBe(429);
    expect((await call(world, { path: OWN, from: OTHER_HOME })).status).toBe(401);
  });

  it('shut a scanner out for ten minutes, but neither sessions nor webhooks behind it', async () => {
    const { world, book } = await setUp();
    await count(world, STRIKES_MOST, { path: '/wp-login.php' });
    const refused = await call(world, { path: PRODUCT });
    expect([refused.status, refused.json()['code']]).toEqual([429, 'gateway.source_blocked']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500);
    const { cookie } = book.signIn(world.clock);
    expect((await call(world, { path: OWN, cookie })).status).toBe(200);
    expect((await call(world, { path: NOTICE, method: 'POST', body: '{}' })).status).toBe(200);
    expect((await call(world, { path: PRODUCT, from: OTHER_HOME })).status).toBe(200);
    await world.clock.advance(10 * MINUTE);
    expect((await call(world, { path: PRODUCT })).status).toBe(200);
  });

  it('never shut our own proxies out: everybody comes through them', async () => {
    const { world } = await setUp();
    await count(world, 2 * STRIKES_MOST, { path: '/wp-login.php', from: '127.0.0.1' });
    expect((await call(world, { path: PRODUCT, from: '127.0.0.1' })).status).toBe(200);
  });
});

describe('webhooks', () => {
  const notice = { path: NOTICE, method: 'POST', body: '{}' };

  it('are never refused, however many come; a flood that is not believed is marked (A4)', async () => {
    const { world } = await setUp();
    const api = first(world.api);
    const { answer } = api;
    const refuse = (_request: unknown, response: ServerResponse) => response.writeHead(401).end();
    api.answer = refuse;
    expect(await count(world, UNPROVED_MOST, notice)).toEqual({ 401: UNPROVED_MOST });
    expect(api.seen.some(({ headers }) => HEADERS.flood in headers)).toBe(false);
    api.answer = answer;
    expect((await call(world, notice)).status).toBe(200);
    expect(api.seen.at(-1)?.headers[HEADERS.flood]).toBe('1');
    expect((await call(world, { ...notice, from: OTHER_HOME })).status).toBe(200);
    expect(api.seen.at(-1)?.headers[HEADERS.flood]).toBeUndefined();
  });

  it('that are believed are not counted', async () => {
    const { world } = await setUp();
    await count(world, UNPROVED_MOST + 10, notice);
    expect(first(world.api).seen.at(-1)?.headers[HEADERS.flood]).toBeUndefined();
  });
});

describe('too much at once', () => {
  it('one caller has at most 20 calls on their way', async () => {
    const { world, book } = await setUp();
    const held: ServerResponse[] = [];
    const api = first(world.api);
    const { answer } = api;
    api.answer = (_request, response) => held.push(response);
    const { cookie } = book.signIn(world.clock);
    const hanging = Array.from({ length: IN_FLIGHT_MAX }, () => call(world, { path: OWN, cookie }));
    await vi.waitFor(
      () => {
        if (held.length < IN_FLIGHT_MAX) throw new Error('not all there yet');
      },
      { timeout: 30_000 },
    );
    expect((await call(world, { path: OWN, cookie })).status).toBe(429);
    api.answer = answer;
    const other = book.signIn(world.clock);
    expect((await call(world, { path: OWN, cookie: other.cookie })).status).toBe(200);
    for (const response of held) response.end('{}');
    await Promise.all(hanging);
    expect((await call(world, { path: OWN, cookie })).status).toBe(200);
  });

  it('reads give way before commands, and notices never do (resilience 10)', async () => {
    const { world, book } = await setUp();
    const api = first(world.api);
    const { answer } = api;
    const held: ServerResponse[] = [];
    api.answer = (_request, response) => held.push(response);
    const hanging: Promise<unknown>[] = [];
    const fillTo = async (share: number) => {
      const { cookie } = book.signIn(world.clock);
      for (; hanging.length < share * WAITING_MAX;) {
        const from = `198.18.0.${String(hanging.length)}`;
        hanging.push(call(world, { path: NOTICE, method: 'POST', body: '{}', from }));
      }
      await vi.waitFor(
        () => {
          if (held.length < share * WAITING_MAX) throw new Error('not all there yet');
        },
        { timeout: 30_000 },
      );
      api.answer = answer;
      const status = async (one: Call) => (await call(world, { ...one, cookie })).status;
      const found = {
        read: await status({ path: OWN }),
        // Who it is was not even asked when there is no room.
        nobody: (await call(world, { path: OWN })).status,
        command: await status({ path: LANGUAGE, method: 'PUT' }),
        notice: await status({ path: NOTICE, method: 'POST', body: '{}' }),
      };
      api.answer = (_request, response) => held.push(response);
      return found;
    };
    expect(await fillTo(0.6)).toEqual({ read: 200, nobody: 401, command: 200, notice: 200 });
    expect(await fillTo(0.75)).toEqual({ read: 503, nobody: 503, command: 200, notice: 200 });
    expect(await fillTo(1.2)).toEqual({ read: 503, nobody: 503, command: 503, notice: 200 });
    for (const response of held) response.end('{}');
    await Promise.all(hanging);
    api.answer = answer;
    const { cookie } = book.signIn(world.clock);
    expect((await call(world, { path: OWN, cookie })).status).toBe(200);
  });

  it('fewer may wait where everybody stands in a queue: reads give way earlier', async () => {
    const { world, book } = await setUp();
    const api = first(world.api);
    const { answer } = api;
    const held: ServerResponse[] = [];
    api.answer = (_request, response) => held.push(response);
    const notice = { path: NOTICE, method: 'POST', body: '{}' };
    const hanging = Array.from({ length: 40 }, (_, at) =>
      call(world, { ...notice, from: `198.18.0.${String(at)}` }),
    );
    await vi.waitFor(
      () => {
        if (held.length < hanging.length) throw new Error('not all there yet');
      },
      { timeout: 30_000 },
    );
    const { cookie } = book.signIn(world.clock);
    const status = async (one: Call) => (await call(world, { ...one, cookie })).status;
    for (let round = 0; round < 10; round += 1) {
      await world.clock.advance(QUEUED_MS + 1);
      held.shift()?.end('{}');
      await vi.waitFor(() => {
        expect(world.gateway.report().upstreams['api']?.[0]?.tries).toBe(round + 1);
      });
    }
    api.answer = answer;
    expect(await status({ path: OWN })).toBe(503);
    expect(await status(notice)).toBe(200);
    for (const response of held) response.end('{}');
    await Promise.all(hanging);
    expect(await status({ path: OWN })).toBe(200);
  });
});
