import { createManualClock, type ManualClock } from '@opora/testkit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, quietLog, silentBell, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createJobs } from '../../platform/jobs/index.ts';
import type { Recipient } from './channel.ts';
import {
  AddressInvalid,
  ChannelUnavailable,
  createMessaging,
  type MailWish,
  type Messaging,
  type SendOutcome,
} from './index.ts';
import type { MailEvent, MailReports } from './mail-event.ts';

const MINUTE_MS = 60_000;
let base: TestDatabase;
let clock: ManualClock;
let messaging: Messaging;
let recipient: Recipient | undefined;
let blocked: bigint[];
let sent: string[];
let counted: string[];
let telegram: () => SendOutcome;
let mail: () => SendOutcome;
let reported: MailEvent[];
const opened: TestDatabase[] = [];

const send = (channel: string, answer: () => SendOutcome) => ({
  send: ({ address }: { address: unknown }, { template }: { template: string }) =>
    Promise.try(() => {
      const outcome = answer();
      if (outcome.outcome === 'sent') sent.push(`${channel} ${String(address)} ${template}`);
      return outcome;
    }),
});

beforeEach(async () => {
  base = await cloneDatabase();
  opened.push(base);
  clock = createManualClock();
  [blocked, sent, counted, reported] = [[], [], [], []];
  recipient = { telegramId: 7n, language: 'en' };
  telegram = mail = () => ({ outcome: 'sent', reference: '1' });
  messaging = open({ verify: () => reported });
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

const open = (mailReports: MailReports | undefined): Messaging =>
  createMessaging({
    db: base.db,
    clock,
    ids: systemIds,
    log: quietLog(),
    jobs: createJobs({ doorbell: silentBell }),
    channels: { telegram: send('telegram', () => telegram()), email: send('email', () => mail()) },
    mailReports,
    recipientOf: () => Promise.resolve(recipient),
    blocked: (id) => {
      blocked.push(id);
      return Promise.resolve();
    },
    counted: (what, template) =>
      counted.push(template === undefined ? what : `${what} ${template}`),
  });

type Row = {
  id: string;
  state: string;
  channel: string;
  address: string | null;
  values: object;
  delivered_at: Date | null;
  bounced_at: Date | null;
  bounce_reason: string | null;
  last_error: string | null;
};
async function rows(): Promise<Row[]> {
  const found = await sql<Row>`select * from message order by id`.execute(base.db.read);
  return found.rows;
}
const last = async (): Promise<Row> => {
  const row = (await rows()).at(-1);
  if (row === undefined) throw new Error('no message');
  return row;
};

async function tell(template = 'paid'): Promise<Row> {
  await base.db.transaction((tx) =>
    messaging.tell(tx, { key: systemIds.next('req'), personId: 'per_1', template, values: {} }),
  );
  await messaging.send((await last()).id);
  return last();
}

const wish: MailWish = {
  key: 'code:1',
  to: 'Anna@Example.com',
  language: 'ru',
  template: 'mail.code',
  values: { code: { text: '123456' } },
};
const write = (more: Partial<MailWish> = {}): Promise<void> =>
  base.db.transaction((tx) => messaging.mail(tx, { ...wish, ...more }));
async function post(more: Partial<MailWish> = {}): Promise<Row> {
  await write({ key: systemIds.next('req'), ...more });
  await messaging.send((await last()).id);
  return last();
}

let number = 0;
const event = (messageId: string, more: Partial<MailEvent> = {}): MailEvent => ({
  id: `event-${String((number += 1))}`,
  messageId,
  address: 'anna@example.com',
  kind: 'delivered',
  suppression: undefined,
  reason: undefined,
  at: new Date('2026-11-20T12:01:00Z'),
  ...more,
});
const report = (...events: MailEvent[]): Promise<number> => {
  reported = events;
  return messaging.acceptMailReport({ headers: {}, body: Buffer.alloc(0), at: clock.now() });
};

describe('a person', () => {
  it('is told in Telegram where that reaches them, though there is an address too', async () => {
    recipient = { telegramId: 7n, language: 'en', email: 'anna@example.com' };
    expect(await tell()).toMatchObject({ state: 'sent', channel: 'telegram', address: null });
    expect(sent).toEqual(['telegram 7 paid']);
  });

  it('without Telegram is told by mail', async () => {
    recipient = { language: 'en', email: 'anna@example.com' };
    const row = await tell();
    expect(row).toMatchObject({ state: 'sent', channel: 'email', address: 'anna@example.com' });
    expect(sent).toEqual(['email anna@example.com paid']);
    expect(counted).toEqual(['sent paid']);
  });

  it('who blocked the bot is told by mail: known before, or learnt while sending', async () => {
    recipient = { telegramId: 7n, language: 'en', email: 'anna@example.com', isBlocked: true };
    await tell();
    recipient = { telegramId: 7n, language: 'en', email: 'anna@example.com' };
    telegram = () => ({ outcome: 'blocked' });
    await tell();
    expect(sent).toEqual(['email anna@example.com paid', 'email anna@example.com paid']);
    expect(blocked).toEqual([7n]);
  });

  it('whose Telegram is only away is not written to: the message waits for Telegram', async () => {
    recipient = { telegramId: 7n, language: 'en', email: 'anna@example.com' };
    telegram = () => {
      throw new ChannelUnavailable('away');
    };
    await expect(tell()).rejects.toThrow(ChannelUnavailable);
    expect(sent).toEqual([]);
  });
});

describe('mail to an address', () => {
  it('is written once for its fact, with the transaction that wanted it', async () => {
    await write();
    await write();
    const failed = base.db.transaction(async (tx) => {
      await messaging.mail(tx, { ...wish, key: 'code:2' });
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await rows()).toMatchObject([{ channel: 'email', address: 'Anna@example.com' }]);
  });

  it('is refused when nothing can be sent there', async () => {
    await expect(write({ to: 'a@b.example\r\nBcc: x@y.example' })).rejects.toThrow(AddressInvalid);
    expect(await rows()).toEqual([]);
  });

  it('leaves no code and no link behind when it is finished', async () => {
    await write();
    expect((await last()).values).not.toEqual({});
    expect((await post()).values).toEqual({});
    mail = () => ({ outcome: 'refused', reason: 'no' });
    expect((await post()).values).toEqual({});
  });

  it('with a code is not sent when the code is long over', async () => {
    await write();
    await clock.advance(15 * MINUTE_MS + 1);
    await messaging.send((await last()).id);
    expect(await last()).toMatchObject({ state: 'failed', last_error: 'too old' });
    expect(sent).toEqual([]);
  });

  it('is repeated while the server is away', async () => {
    mail = () => {
      throw new ChannelUnavailable('away');
    };
    await expect(post()).rejects.toThrow(ChannelUnavailable);
    mail = () => ({ outcome: 'sent', reference: '2' });
    await messaging.send((await last()).id);
    expect((await last()).state).toBe('sent');
  });

  it('where nobody is is given up, and nothing more is tried there', async () => {
    mail = () => ({ outcome: 'unreachable', reason: '550 5.1.1 user unknown' });
    expect(await post()).toMatchObject({ state: 'failed' });
    mail = () => ({ outcome: 'sent', reference: '2' });
    expect(await post({ to: 'ANNA@example.com' })).toMatchObject({
      state: 'failed',
      last_error: 'the address is bounced',
    });
    expect(sent).toEqual([]);
    expect(await post({ to: 'boris@example.com' })).toMatchObject({ state: 'sent' });
  });
});

describe('a report', () => {
  it('marks the mail it is about, once for each event however often it comes', async () => {
    const { id } = await post();
    const delivered = event(id);
    expect(await report(delivered, delivered)).toBe(1);
    expect(await report(delivered)).toBe(0);
    expect(await last()).toMatchObject({ delivered_at: delivered.at, bounced_at: null });
    expect(counted).toEqual(['sent mail.code', 'delivered']);
  });

  it('of a bounce ends all mail to the address, reports in any order', async () => {
    const { id } = await post();
    const reason = '550 5.1.1 no such user';
    await report(
      event(id, { kind: 'bounced', suppression: 'bounced', reason }),
      event(id, { at: new Date('2026-11-20T12:00:30Z') }),
    );
    expect(await last()).toMatchObject({
      bounce_reason: reason,
      bounced_at: new Date('2026-11-20T12:01:00Z'),
      delivered_at: new Date('2026-11-20T12:00:30Z'),
    });
    sent = [];
    expect(await post()).toMatchObject({ state: 'failed', last_error: 'the address is bounced' });
    expect(sent).toEqual([]);
  });

  it('of a server that was only full or strict today ends nothing', async () => {
    const { id } = await post();
    await report(event(id, { kind: 'bounced', reason: 'greylisted' }));
    expect(await post()).toMatchObject({ state: 'sent' });
  });

  it('of an unsubscription ends reminders and nothing else', async () => {
    recipient = { language: 'en', email: 'anna@example.com' };
    const { id } = await tell('expiring');
    await report(event(id, { kind: 'unsubscribed', suppression: 'unsubscribed' }));
    expect(await tell('expiring')).toMatchObject({ state: 'failed' });
    expect(await tell('paid')).toMatchObject({ state: 'sent' });
    expect(await post()).toMatchObject({ state: 'sent' });
  });

  it('of a complaint is not made weaker by an unsubscription', async () => {
    const { id } = await post();
    await report(event(id, { kind: 'complained', suppression: 'complained' }));
    await report(event(id, { kind: 'unsubscribed', suppression: 'unsubscribed' }));
    expect(await post()).toMatchObject({ last_error: 'the address is complained' });
  });

  it('is refused while no key is configured, and says so', async () => {
    messaging = open(undefined);
    await expect(report(event('msg_1'))).rejects.toMatchObject({
      code: 'messaging.webhook_rejected',
      message: expect.stringContaining('set SENDGRID_WEBHOOK_KEY'),
    });
  });

  it('about mail that is not ours changes nothing', async () => {
    const foreign = event('msg_of_another_program', { kind: 'bounced', suppression: 'bounced' });
    expect(await report(foreign, { ...foreign, id: 'x', messageId: undefined })).toBe(0);
    expect(await post()).toMatchObject({ state: 'sent' });
  });
});

describe('the statistics', () => {
  it('count mails by day and template as they stand now', async () => {
    const arrived = await post();
    const lost = await post();
    await report(event(arrived.id), event(lost.id, { kind: 'bounced' }));
    mail = () => ({ outcome: 'refused', reason: 'no' });
    await post({ template: 'mail.reset' });
    await clock.advance(24 * 60 * MINUTE_MS);
    await write({ key: 'tomorrow' });
    await tell();
    const [from, to] = [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-22T00:00:00Z')];
    const zero = { waiting: 0, sent: 0, delivered: 0, bounced: 0, failed: 0 };
    expect(await messaging.mailStatistics(from, to)).toEqual([
      { ...zero, day: '2026-11-20', template: 'mail.code', sent: 2, delivered: 1, bounced: 1 },
      { ...zero, day: '2026-11-20', template: 'mail.reset', failed: 1 },
      { ...zero, day: '2026-11-21', template: 'mail.code', waiting: 1 },
    ]);
  });
});
