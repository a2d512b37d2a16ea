import { createManualClock, type ManualClock } from '@opora/testkit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, quietLog, silentBell, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createJobs } from '../../platform/jobs/index.ts';
import { ChannelUnavailable, createMessaging, type Messaging, type SendOutcome } from './index.ts';

const HOUR_MS = 3_600_000;
let base: TestDatabase;
let clock: ManualClock;
let messaging: Messaging;
let isBlocked: boolean;
let answer: () => SendOutcome;
let sent: string[];
const opened: TestDatabase[] = [];

beforeEach(async () => {
  base = await cloneDatabase();
  opened.push(base);
  clock = createManualClock();
  isBlocked = false;
  sent = [];
  answer = () => ({ outcome: 'sent', reference: '1' });
  messaging = createMessaging({
    db: base.db,
    clock,
    ids: systemIds,
    log: quietLog(),
    jobs: createJobs({ doorbell: silentBell }),
    channels: {
      telegram: {
        send: (_recipient, { template }) =>
          Promise.try(() => {
            const outcome = answer();
            if (outcome.outcome === 'sent') sent.push(template);
            return outcome;
          }),
      },
      email: { send: () => Promise.reject(new Error('nobody here has an address')) },
    },
    mailReports: undefined,
    counted: () => undefined,
    recipientOf: () => Promise.resolve({ telegramId: 7n, language: 'en', isBlocked }),
    blocked: () => {
      isBlocked = true;
      return Promise.resolve();
    },
  });
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const tell = (key = 'paid:ord_1'): Promise<void> =>
  base.db.transaction((tx) =>
    messaging.tell(tx, {
      key,
      personId: 'per_1',
      template: 'paid',
      values: { price: { money: { minor: '19900', currency: 'RUB' } } },
    }),
  );

/** The ids of messages that have a waiting job, which is what a worker would be given. */
async function jobs(): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select payload->>'messageId' as id from graphile_worker._private_jobs order by id`.execute(
    base.db.read,
  );
  return rows.map(({ id }) => id);
}

async function states(): Promise<string[]> {
  const { rows } = await sql<{ state: string }>`select state from message order by id`.execute(
    base.db.read,
  );
  return rows.map(({ state }) => state);
}

describe('a message', () => {
  it('about the same fact is told once, though it is asked for many times at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => tell()));
    const [id = '', ...others] = await jobs();
    expect(others).toEqual([]);
    await messaging.send(id);
    await messaging.send(id);
    expect(sent).toEqual(['paid']);
    await tell();
    expect(await jobs()).toHaveLength(1);
  });

  it('vanishes with the transaction that wanted to tell it', async () => {
    const rolledBack = base.db.transaction(async (tx) => {
      await messaging.tell(tx, { key: 'k', personId: 'per_1', template: 'paid', values: {} });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await jobs()).toEqual([]);
    expect(await states()).toEqual([]);
  });

  it('waits while the channel is away', async () => {
    await tell();
    const [id = ''] = await jobs();
    answer = () => {
      throw new ChannelUnavailable('away');
    };
    await expect(messaging.send(id)).rejects.toThrow(ChannelUnavailable);
    expect(await states()).toEqual(['waiting']);
    answer = () => ({ outcome: 'sent', reference: '2' });
    await messaging.send(id);
    expect(await states()).toEqual(['sent']);
  });

  it('to somebody who blocked the bot is sent after all when they come back within a day', async () => {
    await tell('old');
    await clock.advance(25 * HOUR_MS);
    await tell('young');
    answer = () => ({ outcome: 'blocked' });
    for (const id of await jobs()) await messaging.send(id);
    expect(isBlocked).toBe(true);
    // The old one was given up by its age; the young one waits for the person.
    expect(await states()).toEqual(['failed', 'blocked']);

    isBlocked = false;
    answer = () => ({ outcome: 'sent', reference: '3' });
    await messaging.revive('per_1');
    expect(await states()).toEqual(['failed', 'waiting']);
    for (const id of new Set(await jobs())) await messaging.send(id);
    expect(sent).toEqual(['paid']);
    await messaging.revive('per_1');
    expect(await states()).toEqual(['failed', 'sent']);
  });

  it('is given up after a day and never sent afterwards', async () => {
    await tell();
    const [id = ''] = await jobs();
    await clock.advance(24 * HOUR_MS + 1);
    await messaging.send(id);
    await messaging.send(id);
    expect(sent).toEqual([]);
    expect(await states()).toEqual(['failed']);
  });
});
