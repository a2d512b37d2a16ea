/** The inbox against a real PostgreSQL: once each, in order, by any process, through any death. */
import { Secret } from '@opora/kernel';
import { fuzzed, mutatedJson, oddJsonText } from '@opora/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { systemClock } from '../platform/clock/index.ts';
import { createDoorbell, sql, type Database, type Doorbell } from '../platform/db/index.ts';
import { createHttp, type Http } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { TelegramUnavailable } from '../platform/telegram/index.ts';
import { startHandling, type HandlingDeps } from './handling.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { claimUpdates, deleteHandled, finishClaims, renewClaims } from './repository.ts';
import { createTestDatabase, silentLog } from './testing/database.ts';
import { createWebhook } from './webhook.ts';

const BOT = 7n;
const SECRET = 'a-secret-of-telegram';
const SOON_MS = 20_000;

let db: Database;
let close: () => Promise<void>;
let doorbell: Doorbell;
let inbox: Inbox;

beforeAll(async () => {
  const made = await createTestDatabase(inject('postgresUrl'));
  ({ db, close } = made);
  doorbell = createDoorbell({
    channel: 'bot_update',
    url: made.url,
    read: db.read,
    clock: systemClock,
    log: silentLog,
  });
  inbox = createInbox({ db, clock: systemClock, doorbell });
});
afterAll(() => close());
beforeEach(async () => {
  await sql`truncate bot_update`.execute(db.read);
});

const body = (updateId: number, chatId: number) =>
  JSON.stringify({
    update_id: updateId,
    message: { chat: { id: chatId, type: 'private' }, text: 'x' },
  });
const store = (updateId: number, chatId: number) =>
  inbox.store({
    botId: BOT,
    updateId: BigInt(updateId),
    chatId: BigInt(chatId),
    body: body(updateId, chatId),
  });
const idOf = (update: unknown): number => (update as { update_id: number }).update_id; // stored by `body` above
const claim = (leaseMs: number) => claimUpdates(db.read, { botId: BOT, limit: 16, leaseMs });

async function states(): Promise<Record<string, string>> {
  const rows = await sql<{ update_id: bigint; state: string }>`
    select update_id, state from bot_update order by update_id`.execute(db.read);
  return Object.fromEntries(rows.rows.map((row) => [row.update_id.toString(), row.state]));
}

function startProcess(
  handle: HandlingDeps['handle'],
  more: Partial<HandlingDeps> = {},
): { stop(): Promise<void> } {
  return startHandling({
    db,
    clock: systemClock,
    log: silentLog,
    doorbell,
    botId: BOT,
    leaseMs: 30_000,
    handle,
    giveUp: async () => undefined,
    counted: () => undefined,
    ...more,
  });
}

async function allHandled(): Promise<void> {
  const isLeft = async () => Object.values(await states()).includes('waiting');
  await expect.poll(isLeft, { timeout: SOON_MS, interval: 20 }).toBe(false);
}

describe('two processes over 200 updates of 20 chats', () => {
  it('handle each update once and keep the order of every chat', async () => {
    const seen = new Map<number, number[]>();
    const busy = new Set<number>();
    const by = { one: 0, other: 0 };
    const handler = (name: keyof typeof by) => async (update: unknown) => {
      const id = idOf(update);
      const chat = id % 20;
      expect(busy.has(chat), 'a chat is handled by one at a time').toBe(false);
      busy.add(chat);
      await new Promise((resolve) => setImmediate(resolve));
      seen.set(chat, [...(seen.get(chat) ?? []), id]);
      by[name] += 1;
      busy.delete(chat);
    };
    const processes = [startProcess(handler('one')), startProcess(handler('other'))];
    await Promise.all(Array.from({ length: 200 }, (_, at) => store(at, at % 20)));
    await allHandled();
    await Promise.all(processes.map((each) => each.stop()));
    expect([...seen.values()].flat()).toHaveLength(200);
    for (const [chat, ids] of seen) {
      expect(ids, `chat ${String(chat)}`).toEqual(ids.toSorted((a, b) => a - b));
      expect(ids).toHaveLength(10);
    }
    expect(by.one + by.other).toBe(200);
    expect(Object.values(await states()).every((state) => state === 'done')).toBe(true);
  });
});

describe('a stored update', () => {
  it('is stored once, however often it comes', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store(1, 5)));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
  });

  it('hides what stands behind it in its chat, and nothing else', async () => {
    await store(1, 5);
    await store(2, 5);
    await store(3, 6);
    const first = await claim(30_000);
    expect(first.map(({ updateId }) => updateId).toSorted()).toEqual([1n, 3n]);
    expect(await claim(30_000)).toEqual([]);
  });

  it('is taken over when the lease of its dead process ends, and the dead one cannot finish it', async () => {
    await store(1, 5);
    await store(2, 5);
    const [dead] = await claim(0);
    if (dead === undefined) throw new Error('nothing was claimed');
    const seen: number[] = [];
    const heir = startProcess(async (update) => {
      seen.push(idOf(update));
    });
    await allHandled();
    await heir.stop();
    expect(seen).toEqual([1, 2]);
    const end = { state: 'done', error: undefined, at: systemClock.now() } as const;
    expect(await finishClaims(db.read, [{ claim: dead, ...end }])).toEqual(new Set());
    expect(await renewClaims(db.read, [dead], 1_000)).toEqual(new Set());
  });

  it('keeps its lease while its handler works longer than that', async () => {
    await store(1, 5);
    let runs = 0;
    let finish = (): void => undefined;
    const handle = async (): Promise<void> => {
      runs += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    const processes = [1, 2].map(() => startProcess(handle, { leaseMs: 300 }));
    await expect.poll(() => runs, { timeout: SOON_MS }).toBe(1);
    const leaseEnd = async () => {
      const rows = await sql<{ lease_until: Date }>`select lease_until from bot_update`.execute(
        db.read,
      );
      return rows.rows[0]?.lease_until.getTime() ?? 0;
    };
    const first = await leaseEnd();
    await expect.poll(leaseEnd, { timeout: SOON_MS }).toBeGreaterThan(first + 600);
    finish();
    await allHandled();
    await Promise.all(processes.map((each) => each.stop()));
    expect(runs).toBe(1);
  });
});

describe('a failing handler', () => {
  it('is tried three times, then the person is told and the chat goes on', async () => {
    await store(1, 5);
    await store(2, 5);
    const seen: [number, number][] = [];
    const told: number[] = [];
    const outcomes: string[] = [];
    const running = startProcess(
      async (update, attempt) => {
        seen.push([idOf(update), attempt]);
        if (idOf(update) === 1) throw new Error('broken');
      },
      {
        giveUp: async (update) => {
          told.push(idOf(update));
        },
        counted: (outcome) => outcomes.push(outcome),
      },
    );
    await allHandled();
    await running.stop();
    expect(seen).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
    ]);
    expect(told).toEqual([1]);
    expect(await states()).toEqual({ 1: 'failed', 2: 'done' });
    expect(outcomes).toEqual(['retried', 'retried', 'failed', 'done']);
  });

  it('waits as long as Telegram asked', async () => {
    await store(1, 5);
    const running = startProcess(async () => {
      throw new TelegramUnavailable('flood', { retryAfterMs: 25_000 });
    });
    const waitMs = async () => {
      const rows = await sql<{ ms: number }>`
        select extract(epoch from lease_until - now())::float8 * 1000 as ms
          from bot_update where last_error is not null`.execute(db.read);
      return rows.rows[0]?.ms ?? 0;
    };
    await expect.poll(waitMs, { timeout: SOON_MS }).toBeGreaterThan(20_000);
    await running.stop();
  });

  it('that kills its process every time is not run a fourth time', async () => {
    await store(1, 5);
    for (let death = 0; death < 3; death += 1) expect(await claim(0)).toHaveLength(1);
    let runs = 0;
    const running = startProcess(async () => {
      runs += 1;
    });
    await allHandled();
    await running.stop();
    expect(runs).toBe(0);
    expect(await states()).toEqual({ 1: 'failed' });
  });
});

describe('old updates', () => {
  it('go in small batches, and what waits stays', async () => {
    for (let at = 1; at <= 5; at += 1) await store(at, at);
    await sql`update bot_update set state = 'done' where update_id < 5`.execute(db.read);
    const tomorrow = new Date(systemClock.now().getTime() + 86_400_000);
    expect(await deleteHandled(db.read, tomorrow, 3)).toBe(3);
    expect(await deleteHandled(db.read, tomorrow, 3)).toBe(1);
    expect(await states()).toEqual({ 5: 'waiting' });
  });
});

describe('POST /webhooks/telegram/:bot', () => {
  const make = async (secret: string | undefined): Promise<Http> => {
    const http = createHttp({
      log: silentLog,
      ids: systemIds,
      clock: systemClock,
      trustedProxies: [],
    });
    const taken = createMetrics().counter('taken', 'Taken.', ['outcome']);
    await http.app.register(
      createWebhook({
        botId: BOT,
        secret: secret === undefined ? undefined : new Secret(secret),
        inbox,
        log: silentLog,
        taken,
      }),
    );
    return http;
  };
  const call = (http: Http, headers: Record<string, string>, payload = body(1, 5), bot = '7') =>
    http.app.inject({
      method: 'POST',
      url: `/webhooks/telegram/${bot}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });
  const proof = { 'x-telegram-bot-api-secret-token': SECRET };

  it('stores what Telegram proves, and answers 200 to a repeat without doing anything', async () => {
    const http = await make(SECRET);
    expect((await call(http, proof)).statusCode).toBe(200);
    expect((await call(http, proof)).statusCode).toBe(200);
    expect(await states()).toEqual({ 1: 'waiting' });
  });

  it('answers 401 to a missing, a wrong and a longer secret, and to another bot', async () => {
    const http = await make(SECRET);
    for (const given of ['', 'a', `${SECRET}x`, SECRET.toUpperCase()]) {
      const headers = { 'x-telegram-bot-api-secret-token': given };
      expect((await call(http, headers)).statusCode, given).toBe(401);
    }
    expect((await call(http, {})).statusCode).toBe(401);
    expect((await call(http, proof, body(1, 5), '8')).statusCode).toBe(401);
    expect(await states()).toEqual({});
  });

  it('is shut when no secret is set', async () => {
    const http = await make(undefined);
    expect((await call(http, proof)).statusCode).toBe(401);
    expect((await call(http, { 'x-telegram-bot-api-secret-token': '' })).statusCode).toBe(401);
  });

  it('refuses what is no update and what is too large', async () => {
    const http = await make(SECRET);
    expect((await call(http, proof, 'not json')).statusCode).toBe(400);
    expect((await call(http, proof, '{"update_id":"1"}')).statusCode).toBe(400);
    expect((await call(http, proof, `"${'x'.repeat(300_000)}"`)).statusCode).toBe(413);
  });

  it('answers whatever Telegram might prove, and what it took can be read again', async () => {
    const http = await make(SECRET);
    const update: unknown = JSON.parse(body(3, 5));
    const query = { update_id: 4, callback_query: { id: 'q', from: { id: 5 }, data: 'buy' } };
    const text = fc.oneof(oddJsonText, mutatedJson(update), mutatedJson(query));
    const property = fc.asyncProperty(text, async (payload) => {
      expect([200, 400, 413]).toContain((await call(http, proof, payload)).statusCode);
    });
    await fc.assert(property, fuzzed(150));
    await call(http, proof, `{"update_id":7,"message":${'{"a":['.repeat(40_000)}}`);
    await call(http, proof, `{"update_id":8,"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    await sql`select body::text from bot_update`.execute(db.read);
    expect(await states()).not.toHaveProperty('8');
  });

  it('stores texts that PostgreSQL would refuse as they stand', async () => {
    const http = await make(SECRET);
    const nasty =
      '{"update_id":9,"message":{"chat":{"id":5,"type":"private"},"text":"a\\u0000b\\ud800"}}';
    expect((await call(http, proof, nasty)).statusCode).toBe(200);
    const [taken] = await claim(1_000);
    expect(taken?.body).toMatchObject({ message: { text: 'a\ufffdb\ufffd' } });
    expect(taken?.chatId).toBe(5n);
  });
});
