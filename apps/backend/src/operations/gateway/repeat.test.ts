import { afterEach, describe, expect, it, vi } from 'vitest';
import { startWorld, type World } from './testing/world.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });
const SOON = { timeout: 20_000 };

let open: World | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

const CALLS = 16;
const APART_MS = 10;

it('calls that wait for a silent instance go elsewhere each after a second of its own, not all at once', async () => {
  const world = await startWorld({ auth: 2 });
  open = world;
  const [silent, busy] = world.auth;
  if (silent === undefined || busy === undefined) throw new Error('two expected');
  const { answer } = busy;
  const held: (() => void)[] = [];
  silent.answer = () => undefined;
  busy.answer = (...call) => {
    held.push(() => {
      answer(...call);
    });
  };
  const calls: ReturnType<World['ask']>[] = [];
  const dueMs: number[] = [];
  for (let at = 0; at < CALLS; at += 1) {
    const before = silent.seen.length;
    const sentMs = world.clock.monotonicMs();
    calls.push(world.ask('/auth/enter', { method: 'POST', body: '{}' }));
    await expect.poll(() => silent.seen.length + busy.seen.length, SOON).toBe(at + 1);
    if (silent.seen.length > before) dueMs.push(sentMs + 1_000);
    await world.clock.advance(APART_MS);
  }
  busy.answer = answer;
  for (const release of held) release();
  expect(dueMs.length).toBeGreaterThan(4);
  for (const [at, atMs] of dueMs.entries()) {
    await world.clock.advance(atMs - world.clock.monotonicMs());
    await expect.poll(() => busy.seen.length, SOON).toBe(CALLS - dueMs.length + at + 1);
  }
  const answers = await Promise.all(calls);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

describe('a call whose answer is lost', () => {
  it.each([
    ['/auth/refresh', 'auth', 200],
    ['/auth/enter', 'auth', 200],
    ['/webhooks/payments/yookassa', 'api', 200],
    ['/auth/password', 'auth', 502],
    ['/api/v1/me/orders', 'api', 502],
  ] as const)('POST %s of %s ends with %i', async (path, role, status) => {
    const world = await startWorld({ auth: 2, api: 2 });
    open = world;
    let lost = 0;
    for (const instance of world[role]) {
      const { answer } = instance;
      instance.answer = (request, response, body) => {
        if (lost > 0) {
          answer(request, response, body);
          return;
        }
        lost += 1;
        request.socket.destroy();
      };
    }
    const answer = await world.ask(path, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(status);
    const marks = world[role].flatMap(({ seen }) =>
      seen.map(({ headers }) => headers['x-opora-again']),
    );
    expect(marks.toSorted()).toEqual(status === 200 ? ['1', undefined] : [undefined]);
    expect(lost).toBe(1);
  });
});

describe('an instance that says it is leaving', () => {
  const order = (world: World) => world.ask('/api/v1/me/orders', { method: 'POST', body: '{}' });

  it('gets no more calls over the connections that are kept to it: they end under nobody', async () => {
    const world = await startWorld({ api: 1 });
    open = world;
    const [api] = world.api;
    if (api === undefined) throw new Error('one expected');
    const { answer } = api;
    const held: (() => void)[] = [];
    const kept = new Set<unknown>();
    api.answer = (...call) => {
      kept.add(call[0].socket);
      held.push(() => {
        answer(...call);
      });
    };
    const both = [order(world), order(world)];
    await expect.poll(() => kept.size, SOON).toBe(2);
    for (const release of held) release();
    await Promise.all(both);

    let said = 0;
    api.answer = (request, response, body) => {
      if (kept.has(request.socket) && said > 0) {
        // Its process has ended meanwhile.
        request.socket.destroy();
        return;
      }
      said += 1;
      if (said === 1) response.setHeader('connection', 'close');
      answer(request, response, body);
    };
    expect((await order(world)).status).toBe(200);
    const after = await Promise.all([order(world), order(world)]);
    expect(after.map(({ status }) => status)).toEqual([200, 200]);
    expect(said).toBe(3);
  });
});
