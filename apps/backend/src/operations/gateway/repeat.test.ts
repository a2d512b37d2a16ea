import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from './testing/world.ts';

let open: World | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
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
