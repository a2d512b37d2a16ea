/** The staff's switch over the gateway's breakers, by the whole path: act, table, api, gateway. */
import { API, type BreakerWire } from '@opora/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { breakerLink } from '../src/modules/admin/edge/breakers.ts';
import { startInstance, startWorld, type World } from '../src/operations/gateway/testing/world.ts';
import { createHttp, type Http } from '../src/platform/http/index.ts';
import { linkOf } from '../src/platform/http/testing/link.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createAdminWorld, type AdminWorld } from './admin-world.ts';
import { quietLog } from './database.ts';

/** A busy machine is slow; what is tested is not. */
const WITHIN = { timeout: 30_000 };

let staff: AdminWorld;
let api: Http;
let world: World;
/** The api that hears of breakers, the two of auth between which the gateway shares. */
let apiOrigin: string;

beforeAll(async () => {
  staff = await createAdminWorld();
  const { clock } = staff;
  const link = linkOf('api', clock);
  const shown = { log: quietLog(), ids: systemIds, clock, link, trustedProxies: [] };
  api = createHttp({ ...shown, drainDelayMs: 0 });
  breakerLink(staff.parts)(api.app);
  apiOrigin = `http://127.0.0.1:${String(await api.listen(0))}`;
  world = await startWorld({ auth: 2 }, { clock, process: 'gateway#0' });
  takeTable();
});
afterAll(async () => {
  await world.close();
  await api.close();
  await staff.close();
});

const originsOf = (list: readonly { origin: string }[]) => list.map(({ origin }) => origin);
function takeTable(auth = originsOf(world.auth)): void {
  const others = { bot: originsOf(world.bot), monitor: originsOf(world.monitor) };
  world.gateway.take({ origins: { ...others, auth, api: [apiOrigin] } });
}

async function hold(dependency: string, position: string, minutes = 30) {
  const answer = await staff.post(
    API.acts.forceBreaker.perform.path,
    { dependency, position, minutes, reason: 'they work on it' },
    { 'idempotency-key': systemIds.secret(16) },
  );
  expect(answer.statusCode).toBe(200);
}
const listed = async () =>
  (await staff.get(API.breakers.list.path)).json<{ items: BreakerWire[] }>().items;
const one = async (name: string) => (await listed()).find(({ dependency }) => dependency === name);
/** Five seconds pass again and again, until it is so. */
const soon = (look: () => unknown) =>
  expect.poll(async () => {
    await staff.clock.advance(5_000);
    return await look();
  }, WITHIN);
const breakerOf = (name: string) =>
  world.gateway.report().upstreams['auth']?.find((each) => each.name === name)?.breaker;
/** How many of twenty calls each instance of auth got. */
async function shares(): Promise<number[]> {
  const before = world.auth.map(({ seen }) => seen.length);
  for (let call = 0; call < 20; call += 1) await world.ask('/auth/session');
  return world.auth.map(({ seen }, at) => seen.length - (before[at] ?? 0));
}

vi.setConfig({ testTimeout: 60_000 });

it('the breakers of a gateway stand on the page of staff', async () => {
  await soon(async () => (await one('auth-1'))?.processes).toMatchObject([
    { process: 'gateway#0', state: 'closed' },
  ]);
  expect((await listed()).map(({ dependency }) => dependency)).toEqual(
    expect.arrayContaining(['api-0', 'auth-0', 'auth-1', 'bot-0']),
  );
});

it('an instance held open gets no calls, until it is released', async () => {
  await hold('auth-0', 'open');
  await soon(() => breakerOf('auth-0')).toBe('open');
  expect(await shares()).toEqual([0, 20]);
  await soon(async () => (await one('auth-0'))?.state).toBe('open');
  expect(await one('auth-0')).toMatchObject({
    processes: [{ process: 'gateway#0', state: 'open' }],
    forced: { position: 'open', reason: 'they work on it' },
  });
  await hold('auth-0', 'released');
  await soon(() => breakerOf('auth-0')).toBe('closed');
  // It is loaded slowly at first, as after any return.
  await staff.clock.advance(10_000);
  expect((await shares())[0]).toBeGreaterThan(3);
});

it('with every instance held open the role still serves', async () => {
  for (const name of ['auth-0', 'auth-1']) await hold(name, 'open');
  await soon(() => [breakerOf('auth-0'), breakerOf('auth-1')]).toEqual(['open', 'open']);
  expect((await shares()).reduce((sum, share) => sum + share)).toBe(20);
  for (const name of ['auth-0', 'auth-1']) await hold(name, 'released');
  await soon(() => [breakerOf('auth-0'), breakerOf('auth-1')]).toEqual(['closed', 'closed']);
});

it('one that joins obeys the switch of its name; one that left is told of no more', async () => {
  const added = await startInstance();
  await hold('auth-2', 'open', 5);
  takeTable([...originsOf(world.auth), added.origin]);
  await soon(() => breakerOf('auth-2')).toBe('open');
  await soon(async () => (await one('auth-2'))?.state).toBe('open');
  takeTable();
  await soon(async () => (await one('auth-2'))?.processes ?? []).toEqual([]);
  await added.kill();
});

it('the database is held open for a quarter of an hour at most', async () => {
  await hold('database', 'open', 600);
  const { clock } = staff;
  const left = Date.parse((await one('database'))?.forced?.until ?? '') - clock.now().getTime();
  expect(left).toBeLessThanOrEqual(15 * 60_000);
  await hold('database', 'released');
});

it('strangers say nothing of breakers, and hear nothing', async () => {
  const body = JSON.stringify({ process: 'gateway#9', words: [] });
  const told = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const answer = await fetch(`${apiOrigin}/internal/breakers`, told);
  expect(answer.status).toBe(401);
  // Nor through the gateway, whatever they claim.
  expect((await world.ask('/internal/breakers', told)).status).toBe(404);
});
