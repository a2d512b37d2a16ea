/** Polling against the simulated Telegram and a real PostgreSQL, in one process; two: polling.db.test.ts of test/. */
import { Secret } from '@opora/kernel';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  startRunning,
  TOKEN,
  type Running,
} from '../../../simulators/src/telegram/testing/running.ts';
import { systemClock as clock } from '../platform/clock/index.ts';
import { createDoorbell, sql, type Database } from '../platform/db/index.ts';
import { createProcessLease } from '../platform/jobs/index.ts';
import { createLog } from '../platform/log/index.ts';
import { createTelegramApi, type TelegramApi } from '../platform/telegram/index.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { POLL_LEASE_MS, startPolling } from './polling.ts';
import { createTestDatabase, silentLog } from './testing/database.ts';

const SOON = { timeout: 15_000, interval: 20 };
/** What the poller asks Telegram to wait, by which the simulator shows that somebody polls. */
const POLL_WAIT_MS = 20_000;

let db: Database;
let url: string;
let close: () => Promise<void>;
let inbox: Inbox;
let telegram: Running;
let api: TelegramApi;
let person: number;
let lines: string[];
const polling: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  ({ db, url, close } = await createTestDatabase(inject('postgresUrl')));
  const doorbell = createDoorbell({ channel: 'bell', url, read: db.read, clock, log: silentLog });
  inbox = createInbox({ db, clock, doorbell });
});
afterAll(() => close());

beforeEach(async () => {
  await sql`truncate bot_update, process_lease`.execute(db.read);
  telegram = await startRunning();
  const config = { token: new Secret(TOKEN), apiUrl: telegram.address };
  const made = createTelegramApi({ config, clock, log: silentLog });
  if (made === undefined) throw new Error('no client');
  api = made;
  person = (await telegram.control('POST', '/people', {})).body.id;
  lines = [];
});
afterEach(async () => {
  await Promise.all(polling.splice(0).map((each) => each.stop()));
  await api.close();
  await telegram.stop();
});

function startPoller(holder: string): void {
  const lease = createProcessLease({ db, clock, holder, termMs: POLL_LEASE_MS, name: 'poll' });
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: 'info', role: holder, write });
  polling.push(startPolling({ telegram: api, lease, inbox, clock, log }));
}

const say = (text: string) =>
  telegram.control('POST', `/people/${String(person)}/messages`, { text });
const pending = async () => (await telegram.control('GET', '/updates/pending')).body.count;
const said = (words: RegExp) => () => lines.some((line) => words.test(line));

async function stored(): Promise<string[]> {
  const rows = await sql<{ text: string }>`
    select body -> 'message' ->> 'text' as text from bot_update order by update_id`.execute(
    db.read,
  );
  return rows.rows.map(({ text }) => text);
}

async function withClient(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

describe('what was fetched', () => {
  it('is confirmed to Telegram only after it was committed', async () => {
    await withClient(async (client) => {
      await client.query('begin');
      await client.query('lock table bot_update in share mode');
      for (const text of ['one', 'two', 'three']) await say(text);
      startPoller('one');
      const blocked = async () =>
        (
          await client.query(
            "select 1 from pg_locks where not granted and mode = 'RowExclusiveLock'",
          )
        ).rowCount;
      await expect.poll(blocked, SOON).toBe(1);
      expect(await pending()).toBe(3);
      await client.query('commit');
      await expect.poll(pending, SOON).toBe(0);
      expect(await stored()).toEqual(['one', 'two', 'three']);
    });
  });

  it('comes again after a failed commit, none of it before the rest', async () => {
    await say('one');
    await withClient(async (client) => {
      await client.query(`create function refuse() returns trigger language plpgsql as
        $$ begin if new.update_id = 1 then raise 'not now'; end if; return new; end $$`);
      await client.query(`create trigger refuse before insert on bot_update
        for each row execute function refuse()`);
      await say('two');
      startPoller('one');
      await expect.poll(said(/polling Telegram failed/), SOON).toBe(true);
      expect(await stored()).toEqual([]);
      expect(await pending()).toBe(2);
      await client.query('drop function refuse() cascade');
    });
    await expect.poll(stored, SOON).toEqual(['one', 'two']);
  });
});

describe('two processes', () => {
  it('elect one that polls; it stops when its lease is gone, and the other goes on', async () => {
    startPoller('one');
    await telegram.clock.asleepFor(POLL_WAIT_MS);
    startPoller('two');
    await sql`update process_lease set holder = 'two', fence = fence + 1`.execute(db.read);
    await expect.poll(said(/the lease of polling is lost/), SOON).toBe(true);
    await expect
      .poll(() => lines.filter((line) => /this process polls/.test(line)), SOON)
      .toEqual([expect.stringContaining('"role":"one"'), expect.stringContaining('"role":"two"')]);
    await say('hello');
    await expect.poll(stored, SOON).toEqual(['hello']);
    expect(lines.join()).not.toMatch(/another program/);
  });
});

describe('a webhook', () => {
  it('that was set before is removed, and what waited for it is kept', async () => {
    await telegram.api('setWebhook', { url: 'http://127.0.0.1:9/some-secret' });
    await say('early');
    startPoller('one');
    await expect.poll(stored, SOON).toEqual(['early']);
    const line = lines.find((each) => each.includes('was removed')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', host: '127.0.0.1:9' });
    expect(lines.join()).not.toContain('some-secret');
  });

  it('that somebody sets meanwhile is named in the log and removed at the next try', async () => {
    startPoller('one');
    await telegram.clock.asleepFor(POLL_WAIT_MS);
    await telegram.api('setWebhook', { url: 'http://127.0.0.1:9/x' });
    await say('late');
    await expect.poll(said(/somebody set a webhook/), SOON).toBe(true);
    await expect.poll(stored, SOON).toEqual(['late']);
  });
});

describe('another program that polls for this bot', () => {
  it('is named in the log, and asking goes on', async () => {
    startPoller('one');
    await telegram.clock.asleepFor(POLL_WAIT_MS);
    const foreign = telegram.api('getUpdates', { timeout: 30 });
    await expect.poll(said(/another program asks Telegram/), SOON).toBe(true);
    await say('contested');
    await foreign;
    await expect.poll(stored, SOON).toEqual(['contested']);
  });
});
