/** What people see of the API while the database is away: copies of their own, and honest refusals. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../src/platform/db/index.ts';
import { createCustomerWorld, type CustomerWorld, type Person } from './customer-world.ts';

let at: CustomerWorld;
let olga: Person;
let ivan: Person;
beforeAll(async () => {
  at = await createCustomerWorld();
  [olga, ivan] = [await at.signIn('Olga'), await at.signIn('Ivan')];
});
afterAll(() => at.close());

const get = (url: string, { headers }: { headers: Record<string, string> }) =>
  at.http.app.inject({ url, headers });

/** The database is taken away for as long as `play` takes. */
async function away(play: () => Promise<void>): Promise<void> {
  at.parts.db.breaker.force('open', 60_000);
  try {
    await play();
  } finally {
    at.parts.db.breaker.release();
  }
}

/** Whoever reads what people see waits, as long as `play` takes: the server is there and says nothing. */
async function late(play: () => Promise<void>): Promise<void> {
  await at.parts.db.transaction(async (tx) => {
    await sql`lock table subscription, session in access exclusive mode`.execute(tx);
    await play();
  });
}

const order = (person: Person) =>
  at.http.app.inject({
    method: 'POST',
    url: '/api/v1/me/orders',
    payload: { planId: at.planId, provider: 'yookassa', price: at.price },
    headers: { ...person.headers, 'idempotency-key': 'key-of-the-outage' },
  });

describe('without the database', () => {
  it('people see what they saw before, marked, and nobody what another one saw', async () => {
    const before = await get('/api/v1/me/subscriptions', olga);
    expect(before.json()).not.toHaveProperty('asOf');
    await away(async () => {
      const copy = await get('/api/v1/me/subscriptions', olga);
      expect(copy).toMatchObject({ statusCode: 200, headers: { 'x-opora-stale': '0' } });
      const { asOf, ...shown } = copy.json<{ asOf: string }>();
      expect(shown).toEqual(before.json());
      expect(Date.parse(asOf)).toBeGreaterThan(0);
      expect((await get('/api/v1/me/subscriptions', ivan)).statusCode).toBe(503);
    });
    expect((await get('/api/v1/me/subscriptions', olga)).headers).not.toHaveProperty(
      'x-opora-stale',
    );
  });

  it('the shop window and who is signed in stay; the API looked at the session by itself', async () => {
    const nobody = { headers: {} };
    await get('/api/v1/product', nobody);
    await get('/api/v1/me/subscriptions', olga);
    await expect
      .poll(async () => {
        let status = 0;
        await away(async () => {
          status = (await get('/auth/session', olga)).statusCode;
        });
        return status;
      })
      .toBe(200);
    await away(async () => {
      const product = await get('/api/v1/product', nobody);
      expect(product.statusCode).toBe(200);
      expect(product.json()).toHaveProperty('asOf');
      expect(product.headers['cache-control']).toBe('no-store');
    });
  });

  it('money is no matter of copies, and a command is refused as one that may be repeated', async () => {
    await get('/api/v1/me/balance', olga);
    await away(async () => {
      for (const refused of [await get('/api/v1/me/balance', olga), await order(olga)]) {
        expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': '2' } });
        expect(refused.json()).toMatchObject({ code: 'platform.database_unavailable' });
      }
    });
    expect((await order(olga)).statusCode).toBe(201);
  });
});

describe('a database that is late', () => {
  it('shows people their own copy, marked; nobody what another one saw, and no session that may be over', async () => {
    const [nina, oleg] = [await at.signIn('Nina'), await at.signIn('Oleg')];
    const url = '/api/v1/me/subscriptions';
    const before = await get(url, nina);
    await get('/auth/session', nina);
    let answered = 0;
    const count = async (asked: ReturnType<typeof get>) => {
      const answer = await asked;
      answered += 1;
      return answer;
    };
    let waiting: ReturnType<typeof count>[] = [];
    await late(async () => {
      waiting = [count(get('/auth/session', nina)), count(get(url, oleg))];
      const copy = await get(url, nina);
      expect(copy.statusCode).toBe(200);
      expect(copy.headers).toHaveProperty('x-opora-stale');
      expect(copy.json()).toMatchObject(before.json());
      expect(answered).toBe(0);
    });
    for (const answer of await Promise.all(waiting)) {
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).not.toHaveProperty('x-opora-stale');
    }
  });
});
