import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, quietLog, type TestDatabase } from '../../../test/database.ts';
import { systemClock } from '../clock/index.ts';
import { systemIds } from '../ids/index.ts';
import { createDatabase, DatabaseAway, DatabaseUnavailable, sql, statement } from './index.ts';
import type { Database } from './index.ts';
import { openRelay, type Relay } from './testing/relay.ts';

const CONNECTIONS = 3;
const WITHIN = { timeout: 20_000 };
const one = statement<{ one: number }>('select 1 as one');

let base: TestDatabase;
let relay: Relay;
let db: Database;
let watch: { stop(): Promise<void> };
beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());
beforeEach(async () => {
  relay = await openRelay(base.url);
  db = createDatabase({
    url: relay.url,
    max: CONNECTIONS,
    name: 'away',
    waitMaxMs: 500,
    log: quietLog(),
    clock: systemClock,
    ids: systemIds,
  });
  watch = db.keepWatch();
  await one(db.read, []);
});
afterEach(async () => {
  await watch.stop();
  await db.close();
  await relay.close();
});

const opens = (): Promise<void> => expect.poll(() => db.breaker.state, WITHIN).toBe('open');
const closes = (): Promise<void> => expect.poll(() => db.breaker.state, WITHIN).toBe('closed');

/** All of a process's ways to the database. */
const calls = (): Promise<unknown>[] => [
  one(db.read, []),
  sql`select 1`.execute(db.read),
  db.transaction((tx) => sql`select 1`.execute(tx)),
  db.pool.connect(),
];

describe('a server that stops answering', () => {
  it('is given up: who waits is told that the outcome is unknown, who comes that it is away', async () => {
    relay.hold();
    const waiting = [
      ...Array.from({ length: CONNECTIONS - 1 }, () => one(db.read, [])),
      db.transaction((tx) => sql`select 1`.execute(tx)),
    ];
    const told = await Promise.allSettled(waiting);
    for (const each of told) {
      expect(each).toMatchObject({ reason: { code: 'platform.database_unavailable' } });
    }
    expect(db.isAway).toBe(true);
    for (const call of calls()) await expect(call).rejects.toThrow(DatabaseAway);
  });

  it('is used again when it answers, over connections of their own', async () => {
    relay.hold();
    await opens();
    expect(db.statistics()).toMatchObject({ total: 0, waiting: 0 });
    relay.heal();
    await closes();
    expect(await one(db.read, [])).toEqual([{ one: 1 }]);
    expect(await db.transaction((tx) => one(tx, []))).toEqual([{ one: 1 }]);
  });
});

describe('a server that was killed', () => {
  it('is not asked by anybody but the watch, and used again when it is back', async () => {
    relay.kill();
    await opens();
    const { asked } = relay;
    const many = Array.from({ length: 200 }, () => calls()).flat();
    for (const call of many) await expect(call).rejects.toThrow(DatabaseAway);
    expect(relay.asked - asked).toBeLessThan(10);
    relay.heal();
    await closes();
    expect(await one(db.read, [])).toEqual([{ one: 1 }]);
  });
});

describe('a busy server', () => {
  it('is not away: who waits too long for a connection is told so, the others work on', async () => {
    const held = await Promise.all(Array.from({ length: CONNECTIONS }, () => db.pool.connect()));
    await expect(one(db.read, [])).rejects.toThrow(DatabaseUnavailable);
    expect(db.breaker.state).toBe('closed');
    for (const client of held) client.release();
    expect(await one(db.read, [])).toEqual([{ one: 1 }]);
  });
});

describe('the operator', () => {
  it('may take the database away and give it back', async () => {
    db.breaker.force('open', 60_000);
    await expect(one(db.read, [])).rejects.toThrow(DatabaseAway);
    db.breaker.release();
    expect(await one(db.read, [])).toEqual([{ one: 1 }]);
  });
});
