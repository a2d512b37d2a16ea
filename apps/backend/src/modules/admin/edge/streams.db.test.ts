/** What is not JSON: the live page as a stream of events, and lists as files. */
import { API, endpoints, TodayWire } from '@opora/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { quietLog } from '../../../../test/database.ts';
import { sql } from '../../../platform/db/index.ts';
import { createLive, STREAMS_MAX } from '../../../platform/http/index.ts';

let world: AdminWorld;
let base: string;
const leaving: AbortController[] = [];

beforeEach(async () => {
  world = await createAdminWorld();
  base = `http://127.0.0.1:${String(await world.http.listen(0))}`;
});
afterEach(async () => {
  for (const viewer of leaving.splice(0)) viewer.abort();
  await world.close();
});

async function look() {
  const viewer = new AbortController();
  leaving.push(viewer);
  const response = await fetch(`${base}/api/v1/admin/today/stream`, {
    headers: { 'x-test-role': 'support' },
    signal: viewer.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    leave: () => {
      viewer.abort();
    },
    /** What came until a pattern is in it; undefined: the stream has ended. */
    async until(pattern: RegExp): Promise<string | undefined> {
      while (!pattern.test(text)) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) return undefined;
        text += value;
      }
      const came = text;
      text = '';
      return came;
    },
  };
}

const sleepers = (count: number) =>
  vi.waitFor(() => {
    expect(world.clock.sleepers).toBe(count);
  });

describe('the live page', () => {
  it('begins with the figures, tells of changes only, and beats in between', async () => {
    const { response, until } = await look();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const first = await until(/\n\n$/);
    const [, data = ''] = /^retry: 5000\nevent: today\ndata: (.*)\n\n$/.exec(first ?? '') ?? [];
    expect(TodayWire.parse(JSON.parse(data))).toMatchObject({ people: { today: 0 } });
    for (const _beat of [1, 2, 3]) {
      await sleepers(1);
      await world.clock.advance(5_000);
    }
    expect(await until(/\n\n$/)).toBe(': beat\n\n');
    await world.meet();
    await sleepers(1);
    await world.clock.advance(5_000);
    expect(await until(/\n\n$/)).toMatch(/^event: today\n.*"people":\{"today":1/);
  });

  it('stops reading when the last viewer leaves, and ends when the role drains', async () => {
    const [one, other] = [await look(), await look()];
    await Promise.all([one.until(/\n\n/), other.until(/\n\n/)]);
    await sleepers(1);
    one.leave();
    other.leave();
    await sleepers(0);
    const last = await look();
    await last.until(/\n\n/);
    await world.http.close();
    expect(await last.until(/never/)).toBeUndefined();
  });

  it('ends by itself after ten minutes, so that rights are asked for again', async () => {
    const viewer = await look();
    await viewer.until(/\n\n/);
    await sleepers(1);
    await world.clock.advance(601_000);
    expect(await viewer.until(/never/)).toBeUndefined();
  });

  it('keeps no place for a viewer who takes nothing any more', async () => {
    const read = () => Promise.resolve(TodayWire.parse(API.today.read.example.answer));
    const parts = { read, clock: world.clock, log: quietLog() };
    const live = createLive({ name: 'today', news: (told) => told, everyMs: 5_000, ...parts });
    await live.open();
    await sleepers(1);
    await world.clock.advance(611_000);
    await sleepers(0);
    expect(live.viewers).toBe(0);
  });

  it('is refused to whoever asked before the drain and is served after it began', async () => {
    const slow = Promise.withResolvers<TodayWire>();
    const parts = { read: () => slow.promise, clock: world.clock, log: quietLog() };
    const live = createLive({ name: 'today', news: (told) => told, everyMs: 5_000, ...parts });
    const opening = live.open();
    live.close();
    slow.resolve(TodayWire.parse(API.today.read.example.answer));
    await expect(opening).rejects.toThrow('no more streams');
    expect(live.viewers).toBe(0);
  });

  it('is refused beyond its bound, in order', async () => {
    const viewers = [];
    for (let count = 0; count < STREAMS_MAX; count += 1) viewers.push(await look());
    const more = await fetch(`${base}/api/v1/admin/today/stream`, {
      headers: { 'x-test-role': 'owner' },
    });
    expect(more.status).toBe(503);
    expect(more.headers.get('retry-after')).toBe('30');
    expect(await more.json()).toMatchObject({ code: 'http.too_many_streams' });
  });
});

describe('a list as a file', () => {
  it('has the rows of the list, safe for spreadsheets, and is written down', async () => {
    const paymentId = await world.sell(await world.meet('=HYPERLINK("x")'));
    await world.startPayment(await world.placeOrder(await world.meet('John')));
    const answer = await world.get('/api/v1/admin/exports/payments.csv?state=settled', 'finance');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="payments-2026-11-20.csv"',
    );
    const [head, row, ...rest] = answer.body.split('\r\n');
    expect(head).toMatch(/^\uFEFF"id","created",/);
    expect(row).toContain(`"${paymentId}"`);
    expect(row).toContain(`"'=HYPERLINK(""x"")"`);
    expect(row).toContain(',199.00,0.00,"RUB","settled",');
    expect(rest).toEqual(['']);
    const { items } = await world.audit.list({ act: 'exports.payments' }, { limit: 10 });
    expect(items).toMatchObject([{ after: { state: 'settled' }, actorName: 'Operator' }]);
    expect((await world.get('/api/v1/admin/exports/orders.csv')).body).toContain(
      '"month",1,199.00',
    );
  });

  it('goes on over as many batches as there are rows, each row once', async () => {
    await sql`insert into payment (id, order_id, person_id, provider, state, amount_minor, currency,
                                   created_at)
      select 'pay_' || lpad(n::text, 26, '0'), 'ord', 'per', 'yookassa', 'created', 100, 'RUB',
             timestamptz '2026-11-01Z' + (n / 7) * interval '1 second'
        from generate_series(1, 1201) as n`.execute(world.db.read);
    const { body } = await world.get('/api/v1/admin/exports/payments.csv');
    const ids = body
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[0]);
    expect(ids).toHaveLength(1201);
    expect(new Set(ids).size).toBe(1201);
  });

  it('is there for people, the books and the log too, each with its own filters', async () => {
    const paymentId = await world.sell(await world.meet('Anna'));
    const file = async (path: string) => (await world.get(`/api/v1/admin/exports/${path}`)).body;
    const people = await file('people.csv?q=Anna');
    expect(people.split('\r\n')).toHaveLength(3);
    expect(people).toContain('"Anna"');
    const transfers = await file(`transfers.csv?reference=${paymentId}`);
    expect(transfers).toMatch(/"clearing:yookassa:RUB","customer:per_\w+:RUB",199\.00,"RUB"/);
    const log = await file('audit.csv?act=exports.people');
    expect(log.split('\r\n')).toHaveLength(3);
    expect(log).toContain('"exports.people"');
  });

  it('tells of access and of what waits for the panel, with the filters of the lists', async () => {
    const paymentId = await world.sell(await world.meet('+Anna'));
    const { orderId } = await world.payments.find(paymentId);
    const file = async (path: string) => (await world.get(`/api/v1/admin/exports/${path}`)).body;
    const subscriptions = await file('subscriptions.csv?state=active&endsWithinDays=31');
    expect(subscriptions).toMatch(/"sub_\w+","per_\w+","'\+Anna",,"month","active","2026-11-20/);
    expect(subscriptions).toMatch(/,0,\d+,"ACTIVE","sub_\w+","yes"\r\n$/);
    expect((await file('subscriptions.csv?endsWithinDays=1')).split('\r\n')).toHaveLength(2);
    const delivered = await file('deliveries.csv?state=delivered');
    expect(delivered).toMatch(new RegExp(`"${orderId}","delivered","2026-11-20[^"]*",0,,`));
    expect((await file('deliveries.csv')).split('\r\n')).toHaveLength(2);
  });

  it('tells what providers sent, what was refused, and where the books differ', async () => {
    const paymentId = await world.sell(await world.meet());
    const { reference = '' } = await world.payments.find(paymentId);
    await world.notify('');
    const file = async (path: string) => (await world.get(`/api/v1/admin/exports/${path}`)).body;
    const notices = await file('notices.csv?provider=yookassa&state=done');
    expect(notices).toMatch(
      new RegExp(`"yookassa","[^"]*","${reference}","\\w+","done","\\w+",2,`),
    );
    expect((await file('notices.csv?state=quarantined')).split('\r\n')).toHaveLength(2);
    expect(await file('refusals.csv')).toMatch(/"yookassa","malformed",.*"Read|The body/);
    await sql`insert into reconciliation_run (id, provider, day, state, started_at, lease_until, theirs, ours,
                                              found, repaired)
      values ('rec_1', 'yookassa', '2026-11-19', 'differs', now(), now(), 96, 97, 1, 0)
      `.execute(world.db.read);
    expect(await file('comparisons.csv?day=2026-11-19')).toMatch(
      /"rec_1","yookassa","2026-11-19","differs",96,97,1,0,,/,
    );
    expect((await file('differences.csv')).split('\r\n')).toHaveLength(2);
  });

  it('is closed to support, each of them', async () => {
    const files = endpoints().filter(({ endpoint }) => endpoint.media === 'text/csv');
    expect(files).toHaveLength(11);
    for (const { endpoint } of files) {
      expect((await world.get(endpoint.path, 'support')).statusCode, endpoint.path).toBe(403);
      expect((await world.get(endpoint.path, 'finance')).statusCode, endpoint.path).toBe(200);
    }
  });
});
