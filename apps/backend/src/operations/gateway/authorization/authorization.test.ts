import { readFile, writeFile } from 'node:fs/promises';
import { createManualClock } from '@opora/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuthBook } from '../testing/auth-book.ts';
import type { Fallback } from './index.ts';
import { rounds, startWorld, type World } from '../testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

const OWN = '/api/v1/me/subscriptions';
const PEOPLE = '/api/v1/admin/people';
const REFUND = '/api/v1/admin/acts/payments.refund';
const LANGUAGE = '/api/v1/me/language';
const ORDERS = '/api/v1/me/orders';
const MINUTE = 60_000;

let open: World | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function setUp(fallback: Partial<Fallback> = {}) {
  const book = new AuthBook();
  Object.assign(book.fallback, fallback);
  const world = await startWorld({ auth: 2 }, book.options);
  open = world;
  for (const instance of world.auth) book.serve(instance, world.clock);
  await rounds(world, 4);
  return { world, book };
}

const status = async (world: World, path: string, cookie: string, method = 'GET') =>
  (await world.ask(path, { headers: { cookie }, method })).status;

async function loseAuth(world: World): Promise<void> {
  await Promise.all(world.auth.map((instance) => instance.kill()));
  await rounds(world, 4);
  expect(world.gateway.authorization()?.auth).toBe('away');
}

/** The gateway after it was restarted, `ms` later and with nobody of auth to ask. */
async function restartedAfter(world: World, book: AuthBook, ms: number): Promise<World> {
  await world.close();
  await world.clock.advance(ms);
  const next = await startWorld({ auth: 0 }, { ...book.options, clock: world.clock });
  open = next;
  await vi.waitFor(() => {
    if (next.gateway.authorization()?.auth !== 'away') throw new Error('not noticed yet');
  });
  return next;
}

describe('while auth answers', () => {
  it('a feed that is cut is no outage: each session is asked about anew within ten seconds', async () => {
    const { world, book } = await setUp();
    const { sessionId, cookie } = book.signIn(world.clock);
    expect(await status(world, OWN, cookie)).toBe(200);
    book.isFeedCut = true;
    await rounds(world, 8);
    expect(world.gateway.authorization()?.auth).toBe('answers');
    book.end(world.clock, sessionId);
    await world.clock.advance(10_001);
    expect(await status(world, OWN, cookie)).toBe(401);
  });

  it('its own decision counts, asked once for many calls (A5)', async () => {
    const { world, book } = await setUp();
    const { sessionId, cookie } = book.signIn(world.clock);
    const all = await Promise.all(Array.from({ length: 20 }, () => status(world, OWN, cookie)));
    expect(new Set(all)).toEqual(new Set([200]));
    expect(book.asked).toEqual([sessionId]);
    await world.clock.advance(9_000);
    await status(world, OWN, cookie);
    expect(book.asked).toHaveLength(1);
    await world.clock.advance(1_500);
    await status(world, OWN, cookie);
    expect(book.asked).toHaveLength(2);
  });

  it('refuses before anything is asked: no token, a changed one, a right not granted', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    expect(await status(world, OWN, '')).toBe(401);
    expect(await status(world, OWN, `${cookie.slice(0, -4)}AAAA`)).toBe(401);
    expect(book.asked).toEqual([]);
    expect(await status(world, PEOPLE, cookie)).toBe(403);
    const support = book.signIn(world.clock, 'support');
    expect(await status(world, PEOPLE, support.cookie)).toBe(200);
    expect(await status(world, REFUND, support.cookie, 'POST')).toBe(403);
    expect(world.api.flatMap(({ seen }) => seen.map(({ url }) => url))).toEqual([PEOPLE]);
  });

  it('an ended session is refused with the next round of the feed (B4)', async () => {
    const { world, book } = await setUp();
    const { sessionId, cookie } = book.signIn(world.clock);
    expect(await status(world, OWN, cookie)).toBe(200);
    book.end(world.clock, sessionId);
    await rounds(world, 2);
    expect(await status(world, OWN, cookie)).toBe(401);
  });

  it('the loss of one instance is not seen (A1)', async () => {
    const { world, book } = await setUp();
    await world.auth[0]?.kill();
    const people = Array.from({ length: 20 }, () => book.signIn(world.clock));
    const all = await Promise.all(people.map(({ cookie }) => status(world, OWN, cookie)));
    expect(new Set(all)).toEqual(new Set([200]));
    await rounds(world, 4);
    expect(world.gateway.authorization()?.auth).toBe('answers');
    await world.auth[0]?.revive();
  });
});

describe('an API key (I9)', () => {
  const ask = async (world: World, path: string, authorization: string, method = 'GET') =>
    (await world.ask(path, { headers: { authorization }, method })).status;

  it('opens what it was made for and nothing sensitive, asked about once in ten seconds', async () => {
    const { world, book } = await setUp();
    const { authorization } = book.makeKey(world.clock, ['people:read']);
    expect(await ask(world, PEOPLE, authorization)).toBe(200);
    expect(await ask(world, '/api/v1/admin/orders', authorization)).toBe(403);
    expect(await ask(world, REFUND, authorization, 'POST')).toBe(403);
    expect(await ask(world, OWN, authorization)).toBe(403);
    for (const path of ['/auth/account', '/auth/account/keys', '/auth/session']) {
      expect(await ask(world, path, authorization)).toBe(403);
    }
    expect(book.keysAsked).toBe(1);
    await world.clock.advance(10_001);
    expect(await ask(world, PEOPLE, authorization)).toBe(200);
    expect(book.keysAsked).toBe(2);
  });

  it('one that is unknown or mistyped is refused, whatever cookie comes with it', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock, 'owner');
    const stranger = new AuthBook().makeKey(world.clock, ['people:read']).authorization;
    for (const authorization of [stranger, `${stranger.slice(0, -1)}!`, 'Bearer opk_']) {
      const answer = await world.ask(PEOPLE, { headers: { authorization, cookie } });
      expect([answer.status, answer.json()['code']]).toEqual([401, 'identity.key_refused']);
    }
    expect(book.keysAsked).toBe(1);
  });

  it.each(['token', 'person', 'everybody'] as const)(
    'is dropped by the feed (%s) although its decision is fresh',
    async (kind) => {
      const { world, book } = await setUp();
      const key = book.makeKey(world.clock, ['people:read']);
      expect(await ask(world, PEOPLE, key.authorization)).toBe(200);
      await world.clock.advance(1_000);
      book.cut(world.clock, kind, { personId: key.personId, tokenId: key.keyId });
      await rounds(world, 2);
      expect(await ask(world, PEOPLE, key.authorization)).toBe(401);
      expect(book.keysAsked).toBe(1);
    },
  );

  it('is refused from an address it is not bound to, also one that is only claimed', async () => {
    const { world, book } = await setUp();
    const here = book.makeKey(world.clock, ['people:read'], ['127.0.0.0/8', '2001:db8::/32']);
    const away = book.makeKey(world.clock, ['people:read'], ['192.0.2.0/24']);
    expect(await ask(world, PEOPLE, here.authorization)).toBe(200);
    const headers = { authorization: away.authorization, 'x-forwarded-for': '192.0.2.7' };
    const answer = await world.ask(PEOPLE, { headers });
    expect([answer.status, answer.json()['code']]).toEqual([403, 'identity.key_address_refused']);
  });

  it('counts at level 1 alone', async () => {
    const { world, book } = await setUp();
    const { authorization } = book.makeKey(world.clock, ['plans:read']);
    expect(await ask(world, '/api/v1/admin/plans', authorization)).toBe(200);
    await loseAuth(world);
    expect(await ask(world, '/api/v1/admin/plans', authorization)).toBe(503);
  });

  it('is counted as itself: its calls take none of its holder (A4)', async () => {
    const book = new AuthBook();
    const world = await startWorld({ auth: 2 }, { ...book.options, limits: { instances: 1 } });
    open = world;
    for (const instance of world.auth) book.serve(instance, world.clock);
    await rounds(world, 4);
    const [one, other] = [
      book.makeKey(world.clock, ['payments:look']),
      book.makeKey(world.clock, ['payments:look']),
    ];
    for (const key of [one, other]) {
      const found = book.apiKeys.get(key.publicId);
      if (found !== undefined) book.apiKeys.set(key.publicId, { ...found, personId: one.personId });
    }
    const left = async (authorization: string) =>
      (
        await world.ask('/api/v1/admin/acts/payments.look', {
          headers: { authorization },
          method: 'POST',
        })
      ).headers['ratelimit'];
    const first = await left(one.authorization);
    expect(await left(one.authorization)).not.toBe(first);
    expect(await left(other.authorization)).toBe(first);
  });
});

describe('while auth is away', () => {
  it('level 2 serves what was granted, without what is sensitive', async () => {
    const { world, book } = await setUp();
    const owner = book.signIn(world.clock, 'owner');
    expect(await status(world, PEOPLE, owner.cookie)).toBe(200);
    await loseAuth(world);
    expect(await status(world, PEOPLE, owner.cookie)).toBe(200);
    const refused = await world.ask(REFUND, { method: 'POST', headers: { cookie: owner.cookie } });
    expect([refused.status, refused.json()['code']]).toEqual([503, 'gateway.auth_away']);
    const last = world.api.flatMap(({ seen }) => seen).at(-1);
    expect(last?.headers['x-opora-level']).toBe('2');
  });

  it('level 3 leaves own reads and calm writes to whom nobody decided about', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    const staff = book.signIn(world.clock, 'owner');
    await loseAuth(world);
    expect(await status(world, OWN, cookie)).toBe(200);
    expect(await status(world, LANGUAGE, cookie, 'PUT')).toBe(200);
    expect(await status(world, ORDERS, cookie, 'POST')).toBe(503);
    expect(await status(world, PEOPLE, staff.cookie)).toBe(403);
    await world.clock.advance(MINUTE);
    expect(await status(world, LANGUAGE, cookie, 'PUT')).toBe(503);
    expect(await status(world, OWN, cookie)).toBe(200);
  });

  it('a token lives until deg_exp at level 3, and for its subscription alone at level 4', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    await loseAuth(world);
    const third = await restartedAfter(world, book, 55 * MINUTE);
    expect(await status(third, '/api/v1/me/payments', cookie)).toBe(200);
    const fourth = await restartedAfter(third, book, 7 * MINUTE);
    expect(await status(fourth, OWN, cookie)).toBe(200);
    expect(await status(fourth, '/api/v1/me/payments', cookie)).toBe(503);
    const tomorrow = await restartedAfter(fourth, book, 24 * 60 * MINUTE);
    expect(await status(tomorrow, OWN, cookie)).toBe(503);
  });

  it('says that something is wrong, and nothing else', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    const well = await world.ask(OWN, { headers: { cookie } });
    expect(well.headers['x-opora-degraded']).toBeUndefined();
    await loseAuth(world);
    for (const path of [OWN, ORDERS]) {
      const method = path === OWN ? 'GET' : 'POST';
      const answer = await world.ask(path, { method, headers: { cookie, 'x-opora-level': '1' } });
      expect(answer.headers['x-opora-degraded']).toBe('1');
      expect(answer.headers['x-opora-level']).toBeUndefined();
    }
  });

  it('level 2 lasts as the settings say, or is not there at all (A5)', async () => {
    const { world, book } = await setUp({ cacheTimeoutMs: 5 * MINUTE });
    const { cookie } = book.signIn(world.clock, 'support');
    expect(await status(world, PEOPLE, cookie)).toBe(200);
    await loseAuth(world);
    expect(await status(world, PEOPLE, cookie)).toBe(200);
    await world.clock.advance(5 * MINUTE);
    expect(await status(world, PEOPLE, cookie)).toBe(503);
    await world.close();
    const without = await setUp({ enableCache: false });
    const other = without.book.signIn(without.world.clock, 'support');
    expect(await status(without.world, PEOPLE, other.cookie)).toBe(200);
    await loseAuth(without.world);
    expect(await status(without.world, PEOPLE, other.cookie)).toBe(503);
    expect(await status(without.world, OWN, other.cookie)).toBe(200);
  });

  it('a token alone opens nothing where the settings forbid it, and less after their time (A5)', async () => {
    const { world, book } = await setUp({ allowOfflineMode: false });
    const { cookie } = book.signIn(world.clock);
    await loseAuth(world);
    expect(await status(world, OWN, cookie)).toBe(503);
    expect(await status(world, OWN, `${cookie.slice(0, -4)}AAAA`)).toBe(401);
    await world.close();
    const short = await setUp({ maxOfflineTimeMs: MINUTE });
    const other = short.book.signIn(short.world.clock);
    await loseAuth(short.world);
    expect(await status(short.world, '/api/v1/me/payments', other.cookie)).toBe(200);
    await short.world.clock.advance(MINUTE);
    expect(await status(short.world, '/api/v1/me/payments', other.cookie)).toBe(503);
    expect(await status(short.world, OWN, other.cookie)).toBe(200);
  });

  it('who was revoked before stays out at every level, over restarts too', async () => {
    const { world, book } = await setUp();
    const { sessionId, cookie } = book.signIn(world.clock, 'owner');
    const other = book.signIn(world.clock, 'support');
    expect(await status(world, PEOPLE, cookie)).toBe(200);
    expect(await status(world, PEOPLE, other.cookie)).toBe(200);
    book.end(world.clock, sessionId);
    await rounds(world, 2);
    await loseAuth(world);
    let now = world;
    for (const [wait, others] of [
      [0, 200],
      [20 * MINUTE, 503],
      [60 * MINUTE, 503],
    ] as const) {
      now = await restartedAfter(now, book, wait);
      expect(await status(now, OWN, cookie)).toBe(401);
      expect(await status(now, PEOPLE, cookie)).toBe(401);
      // Whoever may still be known is served what the level leaves: the door is not simply shut.
      expect(await status(now, PEOPLE, other.cookie)).toBe(others);
      expect(await status(now, OWN, other.cookie)).toBe(200);
    }
  });

  it.each(['token', 'person', 'everybody'] as const)(
    'a cut of %s counts at once, at every level and over restarts (R4)',
    async (kind) => {
      const { world, book } = await setUp();
      const one = book.signIn(world.clock, 'owner');
      const other = book.signIn(world.clock, 'owner');
      expect(await status(world, PEOPLE, one.cookie)).toBe(200);
      await world.clock.advance(1_000);
      book.cut(world.clock, kind, one);
      await rounds(world, 2);
      // The service still says that the session lives: the cut stands above its decision.
      expect(await status(world, PEOPLE, one.cookie)).toBe(401);
      const others = kind === 'everybody' ? 401 : 200;
      expect(await status(world, PEOPLE, other.cookie)).toBe(others);
      await world.clock.advance(1_000);
      const later = book.signInAgain(world.clock, one);
      expect(await status(world, PEOPLE, later)).toBe(200);
      await loseAuth(world);
      let now = world;
      for (const wait of [0, 20 * MINUTE, 60 * MINUTE]) {
        now = await restartedAfter(now, book, wait);
        expect(await status(now, OWN, one.cookie)).toBe(401);
        expect(await status(now, OWN, other.cookie)).toBe(others);
        expect(await status(now, OWN, later)).toBe(200);
      }
    },
  );

  it('a clock that went back leaves the own subscriptions, and nothing more (R6)', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    expect(await status(world, OWN, cookie)).toBe(200);
    await world.clock.advance(2 * MINUTE);
    await world.close();
    const back = createManualClock(new Date(world.clock.now().getTime() - MINUTE).toISOString());
    const next = await startWorld({ auth: 0 }, { ...book.options, clock: back });
    open = next;
    await rounds(next, 4);
    expect(await status(next, OWN, cookie)).toBe(200);
    expect(await status(next, '/api/v1/me/payments', cookie)).toBe(503);
    expect(await status(next, LANGUAGE, cookie, 'PUT')).toBe(503);
  });

  it('whoever writes the file cannot mint rights', async () => {
    const { world, book } = await setUp();
    const { cookie } = book.signIn(world.clock);
    expect(await status(world, OWN, cookie)).toBe(200);
    await world.close();
    const text = await readFile(book.path, 'utf8');
    const { mac, state } = JSON.parse(text) as { mac: string; state: string }; // the gateway's file
    const forged = state.replace('"grants":[]', '"grants":["people:read"]');
    expect(forged).not.toBe(state);
    await writeFile(book.path, JSON.stringify({ mac, state: forged }));
    const next = await startWorld({ auth: 0 }, { ...book.options, clock: world.clock });
    open = next;
    await rounds(next, 4);
    expect(next.gateway.authorization()).toMatchObject({ auth: 'away', decisions: 0 });
    expect(await status(next, PEOPLE, cookie)).not.toBe(200);
  });

  it('everything decided is told when it is back, and level 1 counts again', async () => {
    const { world, book } = await setUp();
    const { sessionId, cookie } = book.signIn(world.clock);
    await loseAuth(world);
    for (let at = 0; at < 3; at += 1) await status(world, OWN, cookie);
    await Promise.all(world.auth.map((instance) => instance.revive()));
    for (const instance of world.auth) book.serve(instance, world.clock);
    await rounds(world, 40);
    expect(world.gateway.authorization()).toMatchObject({ auth: 'answers', undelivered: 0 });
    expect(book.told).toMatchObject([
      { sessionId, level: 3, endpoint: 'me.subscriptions', allowed: true, times: 3 },
    ]);
    expect(await status(world, OWN, cookie)).toBe(200);
    expect(book.asked).toContain(sessionId);
  });
});
