/** The customer's money by the API: balance, top-ups, paying with it, kept ways to pay, renewals. */
import type { MoneyWire } from '@opora/contracts';
import { Secret } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCustomerWorld, type CustomerWorld, type Person } from './customer-world.ts';

let at: CustomerWorld;
let olga: Person;
let ivan: Person;
let keys = 0;

beforeAll(async () => {
  at = await createCustomerWorld();
});
afterAll(() => at.close());
beforeEach(async () => {
  [olga, ivan] = [await at.signIn('Olga'), await at.signIn('Ivan')];
});

const newKey = (): string => `money-${String((keys += 1)).padStart(8, '0')}`;
const rub = (kopecks: number): MoneyWire => ({ minor: String(kopecks), currency: 'RUB' });
const url = (path: string): string => `/api/v1/me/${path}`;

const get = async (person: Person, path: string) =>
  (await at.http.app.inject({ url: url(path), headers: person.headers })).json();

const send = (
  person: Person,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  given: { body?: object; key?: string } = {},
) =>
  at.http.app.inject({
    method,
    url: url(path),
    headers: { ...person.headers, 'idempotency-key': given.key ?? newKey() },
    ...(given.body && { payload: given.body }),
  });

const order = (person: Person, change: object = {}, key = newKey()) =>
  send(person, 'POST', 'orders', {
    body: { planId: at.planId, provider: 'yookassa', price: at.price, ...change },
    key,
  });

const topUp = (person: Person, amount: MoneyWire, key = newKey()) =>
  send(person, 'POST', 'top-ups', { body: { provider: 'yookassa', amount }, key });

/** The provider has the money of an order's newest payment. */
async function settle(person: Person, orderId: string, more: object = {}): Promise<void> {
  const reference = (await at.parts.payments.newestOf(orderId))?.reference ?? '';
  at.shop.change(reference, { state: 'settled', ...more });
  expect((await send(person, 'POST', `orders/${orderId}/look`)).statusCode).toBe(200);
}

async function owns(person: Person, kopecks: number): Promise<void> {
  await settle(person, (await topUp(person, rub(kopecks))).json().id);
}

describe('the balance', () => {
  it('is topped up by a way and a sum that are offered, once for one key', async () => {
    const { items } = await get(olga, 'top-ups/methods');
    expect(items).toMatchObject([{ provider: 'yookassa', resting: false, least: rub(10_000) }]);
    const key = newKey();
    const twice = await Promise.all([1, 2].map(() => topUp(olga, rub(50_000), key)));
    const [first, second] = twice.map((answer) => answer.json());
    expect(first).toMatchObject({ planId: null, amount: rub(50_000), id: second.id });
    expect(first.checkoutUrl).toMatch(/^https:\/\/pay\.test\//);
    await settle(olga, first.id);
    expect(await get(olga, `orders/${first.id}`)).toMatchObject({ progress: 'ready' });
    expect(await get(olga, 'balance')).toMatchObject({
      free: [rub(50_000)],
      held: [],
      entries: [{ amount: rub(50_000), kind: 'payment' }],
    });
    expect((await get(ivan, 'balance')).free).toEqual([]);
  });

  it('takes no sum out of bounds, no way that is not there, and no other currency', async () => {
    expect((await topUp(olga, rub(9_999))).json().code).toBe('orders.top_up_out_of_bounds');
    const inStars = { minor: '500', currency: 'XTR' } as const;
    expect((await topUp(olga, inStars)).statusCode).toBe(404);
    const body = { provider: 'balance', amount: rub(50_000) };
    expect((await send(olga, 'POST', 'top-ups', { body })).statusCode).toBe(404);
    const answer = await topUp(olga, rub(50_000), 'short');
    expect(answer.statusCode).toBe(400);
  });
});

describe('paying with the balance', () => {
  const wholly = (person: Person, key?: string) => order(person, { provider: 'balance' }, key);

  it('is offered with what it covers and what is left for each way', async () => {
    const methods = () => get(olga, `plans/${at.planId}/methods`);
    expect(await methods()).toMatchObject({ balance: null, items: [{ rest: null }] });
    await owns(olga, 12_000);
    expect(await methods()).toMatchObject({
      balance: { amount: rub(12_000), price: at.price, covers: false },
      items: [{ rest: rub(10_000) }],
    });
    await owns(olga, 12_000);
    expect(await methods()).toMatchObject({ balance: { covers: true }, items: [{ rest: null }] });
  });

  it('pays at once; two presses at once and a repeat are one purchase', async () => {
    await owns(olga, 50_000);
    const key = newKey();
    const presses = await Promise.all([wholly(olga, key), wholly(olga, key)]);
    for (const answer of [...presses, await wholly(olga, key)]) {
      expect(answer.statusCode).toBe(201);
      expect(answer.json().id).toBe(presses[0].json().id);
    }
    expect((await get(olga, 'balance')).free).toEqual([rub(30_100)]);
  });

  it('never spends what is not there, from two pages at once either', async () => {
    expect((await wholly(olga)).json().code).toBe('payments.balance_too_small');
    await owns(olga, 30_000);
    const presses = await Promise.all([wholly(olga), wholly(olga)]);
    expect(presses.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    expect((await get(olga, 'balance')).free).toEqual([rub(10_100)]);
  });

  it('pays a part and asks the provider for the rest that was seen', async () => {
    await owns(olga, 12_000);
    const placed = await order(olga, { rest: rub(10_000) });
    expect(placed.statusCode).toBe(201);
    expect(at.shop.asked.at(-1)?.amount.minor).toBe(10_000n);
    expect(await get(olga, 'balance')).toMatchObject({ free: [rub(2_100)], held: [rub(9_900)] });
    // Who comes back and pays otherwise finds all of it.
    expect((await get(olga, `plans/${at.planId}/methods`)).balance.amount).toEqual(rub(12_000));
    const again = (await order(olga, { rest: rub(10_000) })).json();
    await settle(olga, again.id);
    expect((await get(olga, `orders/${again.id}`)).progress).toBe('preparing');
    expect(await get(olga, 'balance')).toMatchObject({ free: [rub(2_100)], held: [] });
  });

  it('says that money which came too late for its other part is on the balance', async () => {
    await owns(olga, 12_000);
    const left = (await order(olga, { rest: rub(10_000) })).json().id;
    const again = (await order(olga, { rest: rub(10_000) })).json().id;
    await settle(olga, again);
    await settle(olga, left);
    expect((await get(olga, `orders/${left}`)).progress).toBe('on_balance');
    expect((await get(olga, 'balance')).free).toEqual([rub(12_100)]);
    expect((await get(olga, `orders/${again}`)).progress).toBe('preparing');
  });

  it('asks for no other rest than was seen', async () => {
    await owns(olga, 12_000);
    expect((await order(olga, { rest: rub(5_000) })).json().code).toBe('orders.price_changed');
    expect((await order(ivan, { rest: rub(10_000) })).json().code).toBe(
      'payments.balance_too_small',
    );
    const other = { provider: 'balance', price: rub(1) };
    expect((await order(olga, other)).json().code).toBe('orders.price_changed');
  });
});

describe('renewals by the schedule of a vendor', () => {
  it('are switched off here like any other, and agreed to in the bot', async () => {
    const { capabilities } = at.shop;
    const before = { ...capabilities };
    const asked = await order(olga);
    await settle(olga, asked.json().id);
    await at.parts.subscriptions.extend(asked.json().id);
    const inBot = async () => (await get(olga, 'renewals')).renewals[0].inBot;
    expect(await inBot()).toBeNull();
    Object.assign(capabilities, { savedMethods: 'provider', chargesEveryDays: 30 });
    expect(await inBot()).toMatchObject({ link: expect.stringMatching(/^https:\/\/t\.me\//) });
    // A term of another length cannot be sold so.
    Object.assign(capabilities, { chargesEveryDays: 7 });
    expect(await inBot()).toBeNull();
    Object.assign(capabilities, {
      savedMethods: 'merchant',
      chargesEveryDays: before.chargesEveryDays,
    });
  });
});

describe('renewals', () => {
  /** Bought with the box ticked; the worker's part is done here. */
  async function buy(person: Person): Promise<string> {
    const { renewalWords } = await get(person, `plans/${at.planId}/methods`);
    const { id } = (await order(person, { renewalWords })).json();
    const savedMethod = { token: new Secret('token-1'), title: '•• 4444', expiresAt: undefined };
    await settle(person, id, { savedMethod });
    await at.parts.subscriptions.extend(id);
    const [own] = await at.parts.subscriptions.ofPerson(person.id);
    return own?.id ?? '';
  }
  const change = async (person: Person, method: 'PUT' | 'DELETE', id: string, body?: object) =>
    send(person, method, `subscriptions/${id}/renewal`, body && { body });

  it('begin with the box that was ticked, and show what is charged when', async () => {
    const id = await buy(olga);
    const { methods, renewals, isOffered } = await get(olga, 'renewals');
    expect(isOffered).toBe(true);
    expect(methods).toMatchObject([{ title: '•• 4444', provider: 'yookassa' }]);
    const [{ next, endsAt, isOn }] = renewals;
    expect(renewals).toMatchObject([{ subscriptionId: id }]);
    expect({ isOn, amount: next.amount }).toEqual({ isOn: true, amount: at.price });
    expect(Date.parse(endsAt) - Date.parse(next.at)).toBe(86_400_000);
    expect(JSON.stringify(methods)).not.toContain('token');
  });

  it('are not begun without the box, and by no other words than ours', async () => {
    const plain = (await order(olga)).json().id;
    await settle(olga, plain);
    await at.parts.subscriptions.extend(plain);
    const { methods, renewals } = await get(olga, 'renewals');
    expect({ methods, isOn: renewals[0].isOn }).toEqual({ methods: [], isOn: false });
    expect((await order(olga, { renewalWords: 'old' })).json().code).toBe('orders.price_changed');
    const byBalance = { provider: 'balance', renewalWords: '2026-11' };
    expect((await order(olga, byBalance)).json().code).toBe('payments.unsupported');
  });

  it('are switched off and on by their owner, at the price and words that were seen', async () => {
    const id = await buy(olga);
    expect((await change(ivan, 'DELETE', id)).statusCode).toBe(404);
    const off = await change(olga, 'DELETE', id);
    expect(off.json()).toMatchObject({ isOn: false, next: null, offer: at.price });
    const words = (await get(olga, 'renewals')).words;
    expect((await change(ivan, 'PUT', id, { price: at.price, words })).statusCode).toBe(404);
    for (const seen of [
      { price: rub(1), words },
      { price: at.price, words: 'old' },
    ]) {
      expect((await change(olga, 'PUT', id, seen)).json().code).toBe('orders.price_changed');
    }
    const on = await change(olga, 'PUT', id, { price: at.price, words });
    expect(on.json()).toMatchObject({ isOn: true, next: { amount: at.price } });
  });

  it('end with the way to pay, which only its owner removes', async () => {
    await buy(olga);
    const [{ id }] = (await get(olga, 'renewals')).methods;
    expect((await send(ivan, 'DELETE', `saved-methods/${id}`)).statusCode).toBe(404);
    expect((await send(olga, 'DELETE', `saved-methods/${id}`)).json()).toEqual({ removed: true });
    const { methods, renewals } = await get(olga, 'renewals');
    expect({ methods, isOn: renewals[0].isOn, offer: renewals[0].offer }).toEqual({
      ...{ methods: [], isOn: false, offer: null },
    });
    // What the job of the ended method does.
    await at.parts.payments.methods.forget(id);
    expect(at.shop.removed).toContain('token-1');
  });
});
