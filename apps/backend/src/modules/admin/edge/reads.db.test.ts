/** Each page of staff over real services: it answers what the table of the API promises. */
import { addressOf, endpoints, type Endpoint, type StaffRole } from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';

let world: AdminWorld;
let personId: string;
let paymentId: string;
let orderId: string;

beforeAll(async () => {
  world = await createAdminWorld();
  personId = await world.meet('Olga Petrova', 'olga');
  paymentId = await world.sell(personId);
  ({ orderId } = await world.payments.find(paymentId));
  await world.startPayment(await world.placeOrder(await world.meet('John_100%', 'john')));
});
afterAll(() => world.close());

const reads = endpoints().filter(
  ({ endpoint }) =>
    endpoint.method === 'GET' &&
    endpoint.path.startsWith('/api/v1/admin/') &&
    endpoint.media === undefined,
);

async function paramsOf({ path }: Endpoint): Promise<Record<string, string>> {
  const first = async (table: string): Promise<string> => {
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}`.execute(
      world.db.read,
    );
    return rows[0]?.id ?? '';
  };
  if (path.includes('/refusals/')) {
    await world.payments.accept('yookassa', {
      method: 'POST',
      query: '',
      headers: { authorization: 'canary' },
      body: Buffer.from([0xff, 0xfe]),
      remoteAddress: '203.0.113.9',
      receivedAt: world.clock.now(),
    });
    return { noticeId: await first('payment_refusal') };
  }
  return { personId, paymentId, orderId, noticeId: await first('payment_notice') };
}

describe('the routes of staff', () => {
  it('are what the table says: none is missing, none is besides it', () => {
    const table = endpoints()
      .map(({ endpoint: { method, path } }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`)
      .filter((route) => route.includes('/api/v1/admin/'));
    expect(world.routes.toSorted()).toEqual(table.toSorted());
  });
});

describe('every page of staff', () => {
  it.each(reads)('$id answers in its own shape, never to be stored by a cache', async (read) => {
    const { endpoint } = read;
    const address = addressOf(endpoint, await paramsOf(endpoint), {});
    const answer = await world.get(
      endpoint.query?.safeParse({}).success === false ? `${address}?q=olga` : address,
    );
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const parsed = endpoint.answer.safeParse(answer.json());
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  it.each(reads)('$id is closed to those without the right', async ({ endpoint }) => {
    const address = addressOf(endpoint, endpoint.example.params, endpoint.example.query);
    expect((await world.http.app.inject(address)).statusCode).toBe(403);
  });
});

describe('a list', () => {
  it('refuses a cursor that somebody wrote', async () => {
    const answer = await world.get('/api/v1/admin/payments?after=yesterday');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'http.cursor_invalid' });
  });

  it('refuses a filter it does not have, and a page of a thousand', async () => {
    expect((await world.get('/api/v1/admin/payments?role=owner')).statusCode).toBe(400);
    expect((await world.get('/api/v1/admin/payments?limit=1000')).statusCode).toBe(400);
  });

  it('is walked there and back, row by row', async () => {
    const ids: string[] = [];
    let url: string | null = '/api/v1/admin/payments?limit=1';
    while (url !== null) {
      const page: { items: { id: string }[]; older: string | null } = (await world.get(url)).json();
      ids.push(...page.items.map(({ id }) => id));
      url = page.older === null ? null : `/api/v1/admin/payments?limit=1&after=${page.older}`;
    }
    expect(ids).toHaveLength(2);
    expect(ids.at(-1)).toBe(paymentId);
  });

  it('is filtered by state, provider, and day', async () => {
    const count = async (query: string): Promise<number> =>
      (await world.get(`/api/v1/admin/payments?${query}`)).json().items.length;
    const day = world.clock.now().toISOString().slice(0, 10);
    expect(await count('state=settled')).toBe(1);
    expect(await count('provider=stripe')).toBe(0);
    expect(await count(`from=${day}&to=${day}`)).toBe(2);
    expect(await count('from=2001-01-01&to=2001-01-01')).toBe(0);
    const orders = await world.get('/api/v1/admin/orders?undelivered=yes');
    expect(orders.json().items).toEqual([]);
  });
});

describe('the search', () => {
  const found = async (q: string): Promise<string[]> =>
    (await world.get(`/api/v1/admin/search?q=${encodeURIComponent(q)}`))
      .json()
      .items.map((hit: { kind: string; id: string }) => `${hit.kind} ${hit.id}`);

  it('finds a person by id, a part of the name, @username and Telegram id', async () => {
    const { telegramId = '' } = await world.identity.admin.read(personId);
    for (const q of [personId, personId.slice(-6).toUpperCase(), 'petrov', '@Olga', telegramId]) {
      expect(await found(q), q).toContain(`person ${personId}`);
    }
  });

  it('tells whose a subscription is: it has no page of its own', async () => {
    const [subscription] = await world.subscriptions.ofPerson(personId);
    const answer = await world.get(`/api/v1/admin/search?q=${subscription?.id ?? ''}`);
    expect(answer.json().items).toEqual([
      expect.objectContaining({ kind: 'subscription', personId }),
    ]);
  });

  it('finds an order and a payment as customers and providers name them', async () => {
    const { reference = '' } = await world.payments.find(paymentId);
    expect(await found(`#${orderId.slice(-6).toUpperCase()}`)).toContain(`order ${orderId}`);
    for (const q of [paymentId, paymentId.slice(-6), reference]) {
      expect(await found(q), q).toContain(`payment ${paymentId}`);
    }
    const people = await world.get(`/api/v1/admin/people?q=${reference}`);
    expect(people.json().items.map(({ id }: { id: string }) => id)).toEqual([personId]);
  });

  it('takes signs of a pattern as what they are', async () => {
    expect(await found('%%')).toEqual([]);
    expect(await found('100%')).toHaveLength(1);
    expect(await found("'; drop table person; --")).toEqual([]);
  });
});

describe('what not everybody may see', () => {
  it('is masked: an e-mail for support, the proof of a notice for all', async () => {
    await sql`insert into person_email (address, person_id, display, confirmed_at)
      values ('olga@example.com', ${personId}, 'olga@example.com', now())`.execute(world.db.read);
    const emailOf = async (role: StaffRole): Promise<string> =>
      (await world.get(`/api/v1/admin/people/${personId}`, role)).json().person.email;
    expect(await emailOf('support')).toBe('o***@example.com');
    expect(await emailOf('finance')).toBe('olga@example.com');
    const by = await world.get('/api/v1/admin/people?q=OLGA@example.com', 'support');
    expect(by.json().items).toHaveLength(1);
    const { rows } = await sql<{ id: string }>`select id from payment_refusal`.execute(
      world.db.read,
    );
    const raw = await world.get(`/api/v1/admin/refusals/${rows[0]?.id ?? ''}/raw`);
    expect(raw.body).not.toContain('canary');
    expect(raw.json()).toMatchObject({ encoding: 'base64', body: '//4=' });
  });

  it('is not there: 404 for ids of nothing', async () => {
    const nothing = { personId: 'per', orderId: 'ord', paymentId: 'pay', noticeId: 'ntc' };
    for (const { endpoint } of reads.filter((read) => read.endpoint.params !== undefined)) {
      const params = Object.fromEntries(
        Object.entries(nothing).map(([name, prefix]) => [name, `${prefix}_${'0'.repeat(26)}`]),
      );
      const answer = await world.get(addressOf(endpoint, params));
      expect(answer.statusCode, endpoint.path).toBe(404);
    }
  });
});
