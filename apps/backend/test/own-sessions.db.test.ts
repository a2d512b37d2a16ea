/** Where a customer is signed in, and how they end it, over real services and a real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCustomerWorld, type CustomerWorld, type Person } from './customer-world.ts';

let at: CustomerWorld;
let olga: Person;
let ivan: Person;

beforeAll(async () => {
  at = await createCustomerWorld();
});
afterAll(() => at.close());
beforeEach(async () => {
  [olga, ivan] = [await at.signIn('Olga'), await at.signIn('Ivan')];
});

const ask = ({ headers }: Person, method: 'GET' | 'DELETE', rest = '') =>
  at.http.app.inject({ method, url: `/api/v1/me/sessions${rest}`, headers });

/** As the gateway's feed and `/auth/session` know it; a token alone lives on in the API (ADR 0015). */
async function isSignedIn({ headers }: Person): Promise<boolean> {
  return (await at.http.app.inject({ url: '/auth/session', headers })).statusCode === 200;
}

describe('sign-ins', () => {
  type Listed = { sessions: { id: string; isCurrent: boolean; address: string }[] };
  const list = async (person: Person) => (await ask(person, 'GET')).json<Listed>().sessions;

  it('are listed to their person alone, and ended one by one', async () => {
    const another = await at.signInAgain(olga);
    expect((await list(olga)).map(({ isCurrent }) => isCurrent).toSorted()).toEqual([false, true]);
    const other = (await list(olga)).find(({ isCurrent }) => !isCurrent)?.id ?? '';
    expect((await ask(ivan, 'DELETE', `/${other}`)).statusCode).toBe(404);
    expect(await isSignedIn(another)).toBe(true);
    expect((await ask(olga, 'DELETE', `/${other}`)).json()).toEqual({ removed: true });
    expect(await list(olga)).toMatchObject([{ isCurrent: true }]);
    expect(await isSignedIn(another)).toBe(false);
    expect((await ask(olga, 'DELETE', `/${other}`)).statusCode).toBe(404);
  });

  it('are ended all at once but the one that asks', async () => {
    const others = [await at.signInAgain(olga), await at.signInAgain(olga)];
    const ivans = (await list(ivan)).length;
    expect((await ask(olga, 'DELETE')).statusCode).toBe(200);
    expect(await list(olga)).toHaveLength(1);
    for (const other of others) expect(await isSignedIn(other)).toBe(false);
    expect(await list(ivan)).toHaveLength(ivans);
  });
});
