/** The customer's own API over real services and a real database; the vendors are scripted. */
import { endpoints, type MoneyWire } from '@opora/contracts';
import { money } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../src/modules/audit/index.ts';
import { sql } from '../src/platform/db/index.ts';
import { createCustomerWorld, type CustomerWorld, type Person } from './customer-world.ts';

let at: CustomerWorld;
let parts: CustomerWorld['parts'];
let http: CustomerWorld['http'];
let shop: CustomerWorld['shop'];
let panel: CustomerWorld['panel'];
let planId: string;
let price: MoneyWire;
let olga: Person;
let ivan: Person;
let keys = 0;

beforeAll(async () => {
  at = await createCustomerWorld();
  ({ parts, http, shop, panel, planId, price } = at);
});

afterAll(() => at.close());

beforeEach(async () => {
  [olga, ivan] = [await at.signIn('Olga'), await at.signIn('Ivan')];
  shop.fault = 'none';
  at.setResting(false);
});

/** What staff does: who, why, and a key of its own. */
const act = () => ({ actor: SYSTEM, reason: 'a good reason', key: newKey() });

const newKey = (): string => `key-${String((keys += 1)).padStart(8, '0')}`;

const get = (person: Person, url: string) =>
  http.app.inject({ url: `/api/v1/me/${url}`, headers: person.headers });

const send = (person: Person, method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
  http.app.inject({
    method,
    url: `/api/v1/me/${url}`,
    headers: person.headers,
    ...(body && { payload: body }),
  });

const order = (person: Person, key = newKey(), change: object = {}) =>
  http.app.inject({
    method: 'POST',
    url: '/api/v1/me/orders',
    payload: { planId, provider: 'yookassa', price, ...change },
    headers: { ...person.headers, 'idempotency-key': key },
  });

async function newestReference(orderId: string): Promise<string> {
  return (await parts.payments.newestOf(orderId))?.reference ?? '';
}

/** Ordered, paid and seen; the worker's part (grant, delivery) is the caller's. */
async function pay(person: Person): Promise<string> {
  const { id } = (await order(person)).json();
  shop.change(await newestReference(id), { state: 'settled' });
  const looked = await send(person, 'POST', `orders/${id}/look`);
  expect(looked.statusCode).toBe(200);
  return id;
}

/** Paid and delivered; returns the order and the subscription. */
async function buy(person: Person): Promise<{ orderId: string; subscriptionId: string }> {
  const orderId = await pay(person);
  await parts.subscriptions.extend(orderId);
  const [own] = await parts.subscriptions.ofPerson(person.id);
  await parts.provisioning.deliver(own?.id ?? '');
  return { orderId, subscriptionId: own?.id ?? '' };
}

it('every address of the cabinet asks for a session', async () => {
  const cabinet = endpoints().filter(({ id }) => id.startsWith('me.'));
  expect(cabinet.length).toBeGreaterThan(9);
  for (const { endpoint } of cabinet) {
    const url = endpoint.path.replace(
      /\{(\w+)\}/g,
      (_, name: string) => String((endpoint.example.params as Record<string, string>)[name]), // written by hand in the table
    );
    const answer = await http.app.inject({
      method: endpoint.method,
      url,
      headers: { 'sec-fetch-site': 'same-origin', 'idempotency-key': newKey() },
      ...(endpoint.body && { payload: endpoint.example.body as object }), // likewise
    });
    expect(answer.statusCode, url).toBe(401);
  }
});

it('an act needs the token of its own session', async () => {
  const headers = { ...olga.headers, 'x-csrf-token': ivan.headers['x-csrf-token'] ?? '' };
  const answer = await send({ ...olga, headers }, 'PUT', 'language', { language: 'ru' });
  expect(answer.statusCode).toBe(403);
});

describe('what belongs to somebody else', () => {
  it('is not found: subscriptions with their devices, orders', async () => {
    const { orderId, subscriptionId } = await buy(olga);
    panel.held = [{ hwid: 'hw-1', name: 'iPhone', seenAt: new Date(0) }];
    for (const [method, url] of [
      ['GET', `subscriptions/${subscriptionId}/devices`],
      ['DELETE', `subscriptions/${subscriptionId}/devices/hw-1`],
      ['GET', `orders/${orderId}`],
      ['POST', `orders/${orderId}/look`],
    ] as const) {
      const answer = method === 'GET' ? await get(ivan, url) : await send(ivan, method, url);
      expect(answer.statusCode, url).toBe(404);
    }
    expect(panel.held).toHaveLength(1);
  });

  it('is in no list', async () => {
    await buy(olga);
    expect((await get(ivan, 'subscriptions')).json()).toEqual({ items: [] });
    expect((await get(ivan, 'payments')).json().items).toEqual([]);
    expect((await get(ivan, 'balance')).json()).toEqual({ free: [], held: [], entries: [] });
    expect((await get(ivan, 'renewals')).json()).toMatchObject({ methods: [], renewals: [] });
  });
});

describe('ordering', () => {
  it('answers with the link to pay, and comes back to the page of the order', async () => {
    const answer = await order(olga, 'key-return');
    expect(answer.statusCode).toBe(201);
    const { id, amount, checkoutUrl } = answer.json();
    expect(amount).toEqual({ minor: '19900', currency: 'RUB' });
    expect(checkoutUrl).toMatch(/^https:\/\/pay\.test\//);
    expect(shop.asked.at(-1)?.returnUrl).toBe(`https://shop.test/key-return/${id}`);
  });

  it('is one order and one payment for one key, also when pressed twice at once', async () => {
    const asked = shop.asked.length;
    const key = newKey();
    const twice = await Promise.all([order(olga, key), order(olga, key)]);
    const again = await order(olga, key);
    const ids = new Set([...twice, again].map((answer) => answer.json().id));
    expect(ids.size).toBe(1);
    expect(new Set(shop.asked.slice(asked).map(({ paymentId }) => paymentId)).size).toBe(1);
  });

  it('keeps keys of two people apart, and refuses a key that means two things', async () => {
    const key = newKey();
    const [one, other] = [await order(olga, key), await order(ivan, key)];
    expect(one.json().id).not.toBe(other.json().id);
    const plans = await parts.catalog.offered(parts.product.slug);
    const mixed = await order(olga, key, { planId: plans[1]?.id });
    expect(mixed.statusCode).toBe(409);
    expect(mixed.json().code).toBe('orders.key_reused');
  });

  it('repeats after a lost answer with the same order', async () => {
    const key = newKey();
    shop.fault = 'answer lost';
    expect((await order(olga, key)).statusCode).toBe(503);
    shop.fault = 'none';
    const answer = await order(olga, key);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().checkoutUrl).not.toBeNull();
  });

  it('needs a key, a plan that is sold and a way that is offered', async () => {
    const body = { planId, provider: 'x', price };
    expect((await send(olga, 'POST', 'orders', body)).statusCode).toBe(400);
    expect((await order(olga, newKey(), { provider: 'stripe' })).statusCode).toBe(404);
    const foreign = { planId: `pln_${'0'.repeat(26)}` };
    expect((await order(olga, newKey(), foreign)).statusCode).toBe(404);
  });

  it('asks for no other price than was seen, and repeats an order at the price it has', async () => {
    const key = newKey();
    const { id } = (await order(olga, key)).json();
    const month = await parts.catalog.admin.newest(planId);
    const publish = (minor: bigint) =>
      parts.catalog.admin.publish(act(), planId, { ...month, prices: [money(minor, 'RUB')] });
    await publish(24_900n);
    const repeat = await order(olga, key);
    expect(repeat.json()).toMatchObject({ id, amount: price });
    expect((await order(olga)).json().code).toBe('orders.price_changed');
    const seen = { price: { ...price, minor: '24900' } };
    expect((await order(olga, newKey(), seen)).statusCode).toBe(201);
    await publish(19_900n);
  });

  it('offers the price of an order for an hour, however often its key is repeated', async () => {
    const key = newKey();
    const { id } = (await order(olga, key)).json();
    await sql`update customer_order set expires_at = now() - interval '1 second'
      where id = ${id}`.execute(parts.db.read);
    const asked = shop.asked.length;
    expect((await order(olga, key)).json().code).toBe('orders.not_open');
    expect(shop.asked).toHaveLength(asked);
  });

  it('writes down thirty orders of one person in an hour and no more, repeats aside', async () => {
    const key = newKey();
    expect((await order(olga, key)).statusCode).toBe(201);
    await sql`insert into customer_order (id, person_id, product, plan_version_id, amount_minor,
                                          currency, state, created_at, expires_at)
      select 'ord_many' || n, person_id, product, plan_version_id, amount_minor, currency, state,
             created_at, expires_at
        from customer_order, generate_series(1, 29) as n where person_id = ${olga.id}
      `.execute(parts.db.read);
    const refused = await order(olga);
    expect(refused.statusCode).toBe(429);
    expect(refused.json().code).toBe('orders.too_many');
    expect((await order(olga, key)).statusCode).toBe(201);
    expect((await order(ivan)).statusCode).toBe(201);
  });

  it('takes no money from whom access is closed, though the browser is still signed in', async () => {
    await parts.identity.ban(act(), olga.id);
    const asked = shop.asked.length;
    expect((await order(olga)).json().code).toBe('identity.person_banned');
    expect(shop.asked).toHaveLength(asked);
  });

  it('shows a provider that fails as resting, with its words and price', async () => {
    const methods = async () => (await get(olga, `plans/${planId}/methods`)).json().items;
    const price = { minor: '19900', currency: 'RUB' };
    const title = { ru: 'Карта или СБП', en: 'Card or SBP' };
    const way = { provider: 'yookassa', title, price, rest: null, keeps: true };
    expect(await methods()).toEqual([{ ...way, resting: false }]);
    at.setResting(true);
    expect(await methods()).toEqual([{ ...way, resting: true }]);
  });
});

describe('an order on its way', () => {
  const progress = async (id: string) => (await get(olga, `orders/${id}`)).json().progress;

  it('waits, is prepared, and is ready with its subscription', async () => {
    const { id } = (await order(olga)).json();
    expect(await progress(id)).toBe('waiting');
    shop.change(await newestReference(id), { state: 'settled' });
    expect((await send(olga, 'POST', `orders/${id}/look`)).json().progress).toBe('preparing');
    await parts.subscriptions.extend(id);
    const [own] = await parts.subscriptions.ofPerson(olga.id);
    await parts.provisioning.deliver(own?.id ?? '');
    const { subscription, ...ready } = (await get(olga, `orders/${id}`)).json();
    expect(ready.progress).toBe('ready');
    expect(subscription).toMatchObject({ id: own?.id, state: 'active' });
    expect(subscription.accessUrl).toMatch(/^https:\/\/panel\.test\//);
  });

  it('is declined in words that customers understand', async () => {
    const { id } = (await order(olga)).json();
    const reference = await newestReference(id);
    shop.change(reference, { state: 'cancelled', reason: 'insufficient_funds' });
    expect((await send(olga, 'POST', `orders/${id}/look`)).json()).toMatchObject({
      progress: 'declined',
      reason: { ru: 'на карте не хватает денег' },
      order: { state: 'open', checkoutUrl: null },
    });
  });

  it('is unknown, never failed, while the payment service cannot be asked', async () => {
    const { id } = (await order(olga)).json();
    shop.fault = 'away';
    const answer = await send(olga, 'POST', `orders/${id}/look`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().progress).toBe('unknown');
  });
});

describe('the account', () => {
  it('lists payments newest first, page by page and back', async () => {
    const ids = [await pay(olga), await pay(olga), await pay(olga)].toReversed();
    const orders = (page: { items: { orderId: string }[] }) =>
      page.items.map(({ orderId }) => orderId);
    const first = (await get(olga, 'payments?limit=2')).json();
    expect(orders(first)).toEqual(ids.slice(0, 2));
    expect(first.newer).toBeNull();
    const second = (await get(olga, `payments?limit=2&after=${first.older}`)).json();
    expect(orders(second)).toEqual(ids.slice(2));
    expect(second.older).toBeNull();
    const back = (await get(olga, `payments?limit=2&before=${second.newer}`)).json();
    expect(orders(back)).toEqual(ids.slice(0, 2));
    expect(back.newer).toBeNull();
    expect(first.items[0]).toMatchObject({ state: 'paid', plan: { en: '1 month' } });
  });

  it('gives a receipt for money that came, and none before', async () => {
    const paid = await pay(olga);
    const { id: open } = (await order(olga)).json();
    const { items } = (await get(olga, 'payments?limit=2')).json();
    const [unpaid, settled] = items;
    expect(unpaid).toMatchObject({ orderId: open, receipt: null });
    expect(settled).toMatchObject({ orderId: paid });
    expect(settled.receipt).toEqual({
      paidAt: settled.at,
      method: { ru: 'Карта или СБП', en: 'Card or SBP' },
      reference: await newestReference(paid),
    });
  });

  it('takes a device away and keeps the others', async () => {
    const { subscriptionId } = await buy(olga);
    const seenAt = new Date('2026-11-24T10:00:00Z');
    panel.held = ['hw-1', 'hw-2'].map((hwid) => ({ hwid, name: hwid, seenAt }));
    const url = `subscriptions/${subscriptionId}/devices`;
    expect((await get(olga, url)).json()).toMatchObject({ limit: 3, items: [{}, {}] });
    expect((await send(olga, 'DELETE', `${url}/hw-1`)).json()).toEqual({ removed: true });
    expect((await get(olga, url)).json().items).toEqual([
      { id: 'hw-2', name: 'hw-2', seenAt: seenAt.toISOString() },
    ]);
  });

  it('remembers the language in which we write', async () => {
    const answer = await send(olga, 'PUT', 'language', { language: 'ru' });
    expect(answer.json()).toEqual({ language: 'ru' });
    expect((await parts.identity.person(olga.id)).language).toBe('ru');
  });
});
