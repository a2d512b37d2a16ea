import { afterAll, beforeAll, expect, it } from 'vitest';
import { API, type ActDone, type BreakerWire } from '@opora/contracts';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';
import { quietLog } from '../../../test/database.ts';
import { systemIds } from '../ids/index.ts';
import {
  createBreaker,
  createForcedPositions,
  createSwitchboard,
  DependencyOpen,
  type Breaker,
} from './index.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const hold = (wish: object, key = systemIds.secret(16), role = 'admin') =>
  world.post(
    '/api/v1/admin/acts/breakers.force',
    { dependency: 'panel', minutes: 30, reason: 'they work on it', ...wish },
    { 'idempotency-key': key, 'x-test-role': role },
  );
const listed = async () =>
  (await world.get(API.breakers.list.path)).json<{ items: BreakerWire[] }>().items;

async function failFive(breaker: Breaker): Promise<void> {
  for (let call = 0; call < 5; call += 1) {
    await breaker.run(() => Promise.reject(new Error('down'))).catch(() => undefined);
  }
}

/** A breaker as any process has it, and the loop that obeys the switch. */
function follow() {
  const { clock } = world;
  const breaker = createBreaker({ name: 'panel', clock, ids: systemIds });
  const forced = createForcedPositions({ clock });
  const board = createSwitchboard({ clock, log: quietLog() });
  board.add(breaker);
  const leaving = new AbortController();
  const following = board.follow(() => forced.read(world.db.read), leaving.signal);
  const obeys = (state: string) =>
    expect
      .poll(async () => {
        await clock.advance(5_000);
        return breaker.state;
      })
      .toBe(state);
  return {
    breaker,
    obeys,
    async stop() {
      leaving.abort();
      await following;
    },
  };
}

it('every process obeys the switch of staff, and its end (resilience 2)', async () => {
  const { breaker, obeys, stop } = follow();
  const key = systemIds.secret(16);
  expect((await hold({ position: 'open' }, key)).json<ActDone>().isFirst).toBe(true);
  expect((await hold({ position: 'open' }, key)).json<ActDone>().isFirst).toBe(false);
  await obeys('open');
  await expect(breaker.run(() => Promise.resolve(1))).rejects.toBeInstanceOf(DependencyOpen);
  expect(await listed()).toMatchObject([
    { dependency: 'panel', forced: { position: 'open', reason: 'they work on it' } },
  ]);
  // Half an hour, by the process's own clock.
  await world.clock.advance(31 * 60_000);
  expect(breaker.state).toBe('closed');
  expect(await listed()).toEqual([]);
  await stop();
});

it('is held closed whatever the calls say, until it is released', async () => {
  const { breaker, obeys, stop } = follow();
  await failFive(breaker);
  expect(breaker.state).toBe('open');
  await hold({ position: 'closed' });
  await obeys('closed');
  await failFive(breaker);
  expect(breaker.state).toBe('closed');
  await hold({ position: 'released' });
  await expect.poll(async () => (await listed()).length).toBe(0);
  // Released, it judges by itself again: five failures in a row.
  await expect
    .poll(async () => {
      await world.clock.advance(5_000);
      await failFive(breaker);
      return breaker.state;
    })
    .toBe('open');
  await stop();
});

it.each([
  ['support', { position: 'open' }, 403],
  ['owner', { position: 'ajar' }, 400],
  ['owner', { position: 'open', minutes: 1_441 }, 400],
])('%s with %j is refused', async (role, wish, status) => {
  expect((await hold(wish, undefined, role)).statusCode).toBe(status);
});
