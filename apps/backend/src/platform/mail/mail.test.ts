import { inspect } from 'node:util';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DependencyOpen } from '../breaker/index.ts';
import {
  createMailer,
  MailUnavailable,
  readAddress,
  renderLetter,
  type Mail,
  type Mailer,
} from './index.ts';
import { startScriptedSmtp, type ScriptedSmtp } from './testing/scripted-smtp.ts';

const PASSWORD = 'canary-password';
const clock = createManualClock();
const opened: Mailer[] = [];
let server: ScriptedSmtp;

beforeAll(async () => {
  server = await startScriptedSmtp();
});
afterEach(() => {
  for (const mailer of opened.splice(0)) mailer.close();
  server.clear();
});
afterAll(() => server.close());

function open(more: { testInbox?: string; url?: string } = {}): Mailer {
  const mailer = createMailer({
    url: new Secret(more.url ?? server.url),
    from: 'hello@shop.example',
    testInbox: more.testInbox,
    clock,
    breaker: { run: (call) => call() },
  });
  opened.push(mailer);
  return mailer;
}

const mail: Mail = {
  id: 'msg_1',
  to: 'anna@example.com',
  senderName: 'Лавка',
  subject: 'Оплачено',
  text: 'Спасибо',
  html: '<p>Спасибо</p>',
  isTransactional: true,
};

const failureOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => undefined,
    (error: unknown) => error,
  );
const header = (name: string, at = 0): string[] =>
  (server.mails[at]?.headers ?? []).filter(([each]) => each === name).map(([, value]) => value);

describe('a mail', () => {
  it('is handed over with both forms, and says that a machine wrote it', async () => {
    const outcome = await open().send(mail);
    expect(outcome).toEqual({ outcome: 'sent', reference: '<msg_1@shop.example>' });
    expect(server.mails[0]).toMatchObject({ from: 'hello@shop.example', to: ['anna@example.com'] });
    expect(header('auto-submitted')).toEqual(['auto-generated']);
    expect(server.mails[0]?.raw).toContain('text/plain');
    expect(server.mails[0]?.raw).toContain('text/html');
    expect(header('list-unsubscribe')).toEqual([]);
  });

  it('has the same Message-ID when it is sent again after a lost answer', async () => {
    const mailer = open();
    server.answer('END', 'cut');
    await expect(mailer.send(mail)).rejects.toThrow(MailUnavailable);
    server.answer('END', '250 fine');
    await mailer.send(mail);
    expect(server.mails).toHaveLength(2);
    expect(header('message-id', 0)).toEqual(['<msg_1@shop.example>']);
    expect(header('message-id', 1)).toEqual(header('message-id', 0));
  });

  it('says how to be left alone when it is not transactional', async () => {
    await open().send({ ...mail, isTransactional: false });
    expect(header('list-unsubscribe')).toEqual(['<mailto:hello@shop.example?subject=unsubscribe>']);
  });

  it('asks SendGrid for our id in its events, and to leave links and readers alone', async () => {
    await open().send(mail);
    const off = { settings: { enable: 0 } };
    expect(JSON.parse(header('x-smtpapi')[0] ?? '')).toEqual({
      unique_args: { opora_message: 'msg_1' },
      filters: { clicktrack: off, opentrack: off, subscriptiontrack: off },
    });
  });

  it.each([
    'x\r\nBcc: thief@example.com',
    'x\nBcc: thief@example.com\n\nbody',
    'x\u2028Bcc: thief@example.com',
  ])('gets no header from a text of somebody: %j', async (hostile) => {
    await open().send({ ...mail, subject: hostile, senderName: hostile });
    expect(header('bcc')).toEqual([]);
    expect(server.mails[0]?.to).toEqual(['anna@example.com']);
    expect(header('subject')).toEqual([hostile.replace(/\s+/g, ' ')]);
  });

  it('goes to the test inbox whatever its address, which it shows', async () => {
    await open({ testInbox: 'staging@example.com' }).send({ ...mail, subject: 'Paid' });
    expect(server.mails[0]?.to).toEqual(['staging@example.com']);
    expect(header('to')).toEqual(['staging@example.com']);
    expect(header('x-opora-original-to')).toEqual(['anna@example.com']);
    expect(header('subject')).toEqual(['[anna@example.com] Paid']);
  });
});

describe('a server', () => {
  it.each([
    ['RCPT', '550 5.1.1 user unknown', true],
    ['RCPT', '550 5.7.1 relaying denied', false],
    ['END', '554 5.7.1 content refused', false],
  ] as const)('that refuses for good at %s with %s ends the mail', async (step, reply, isBad) => {
    server.answer(step, reply);
    const outcome = await open().send(mail);
    expect(outcome).toMatchObject({ outcome: 'refused', isBadAddress: isBad });
    expect(outcome).toMatchObject({ reason: expect.stringContaining(reply) });
  });

  it.each([
    ['RCPT', '450 4.2.1 mailbox busy', true],
    ['END', '451 4.3.0 try again later', false],
    ['MAIL', '550 5.7.1 sender is not yours', false],
    ['END', 'cut', false],
  ] as const)(
    'that answers %s with %s gets the mail later; about one reader only: %s',
    async (step, reply, isAboutReader) => {
      server.answer(step, reply);
      const failure = await failureOf(open().send(mail));
      expect(failure).toBeInstanceOf(MailUnavailable);
      expect(failure).toMatchObject({ isAboutReader });
    },
  );

  it('that is not there, or wants another password, gets the mail later', async () => {
    await expect(open({ url: 'smtp://127.0.0.1:1' }).send(mail)).rejects.toThrow(MailUnavailable);
    server.answer('AUTH', '535 5.7.8 no such user');
    const withPassword = server.url.replace('smtp://', `smtp://apikey:${PASSWORD}@`);
    const failure = await failureOf(open({ url: withPassword }).send(mail));
    expect(failure).toBeInstanceOf(MailUnavailable);
    expect(inspect(failure, { depth: 9 })).not.toContain(PASSWORD);
  });

  it('that repeats the address in its words is quoted without it', async () => {
    server.answer('RCPT', '550 5.1.1 <anna@example.com>: anna@example.com is unknown');
    expect(await open().send(mail)).toMatchObject({
      reason: 'EENVELOPE 550 5.1.1 <[address]>: [address] is unknown',
    });
  });

  it('that says nothing is given up after thirty seconds', async () => {
    server.answer('MAIL', 'silence');
    const before = server.connections;
    const failure = failureOf(open().send(mail));
    while (server.connections === before) await clock.advance(0);
    await clock.advance(30_000);
    expect(await failure).toMatchObject({ message: 'mail: no answer in time' });
  });

  it('behind an open breaker is not asked', async () => {
    const mailer = createMailer({
      url: new Secret(server.url),
      from: 'hello@shop.example',
      testInbox: undefined,
      clock,
      breaker: { run: () => Promise.reject(new DependencyOpen('mail is down')) },
    });
    await expect(mailer.send(mail)).rejects.toThrow(MailUnavailable);
    mailer.close();
  });

  it('elsewhere is never spoken to in the clear', async () => {
    // The scripted server offers no STARTTLS, and by this name of it nobody sees that it is near.
    const url = server.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    const failure = await failureOf(open({ url }).send(mail));
    expect(failure).toMatchObject({ message: expect.stringContaining('ETLS') });
    expect(server.mails).toEqual([]);
  });
});

describe('an address', () => {
  it.each([
    [' Anna.B+x@Example.COM ', 'Anna.B+x@example.com'],
    ['a@почта.рф', 'a@xn--80a1acny.xn--p1ai'],
  ])('%j is sent to as %s', (given, address) => {
    expect(readAddress(given)).toBe(address);
  });

  it.each([
    'a@b@c.example\r\nBcc: x@y.example',
    'a b@example.com',
    'a@localhost',
    'a,b@example.com',
    '"a"@example.com',
    'анна@example.com',
    '.a@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(60)}.${'c.'.repeat(100)}example`,
    '',
    '@example.com',
  ])('%j is none', (given) => {
    expect(readAddress(given)).toBeUndefined();
  });
});

describe('a letter', () => {
  const letter = {
    language: 'en',
    subject: 'Sign in <now>',
    html: 'Hello &lt;script&gt;,\nfirst.\n\n<b>Second</b> <a href="https://x.example/?a=1">here</a>.',
    button: { label: 'Open & go', url: 'https://x.example/?a=1&b="2"' },
    footerHtml: 'Shop',
  };

  it('says everything in plain text, addresses included', () => {
    const { text } = renderLetter(letter);
    expect(text).toBe(
      'Hello <script>,\nfirst.\n\nSecond here (https://x.example/?a=1).\n\n' +
        'Open & go:\nhttps://x.example/?a=1&b="2"\n\n--\nShop',
    );
  });

  it('is escaped in HTML, and loads nothing from anywhere', () => {
    const { html } = renderLetter(letter);
    expect(html).toContain('<title>Sign in &lt;now&gt;</title>');
    expect(html).toContain('Hello &lt;script&gt;,<br>first.</p>');
    expect(html).toContain('href="https://x.example/?a=1&amp;b=&quot;2&quot;"');
    expect(html).toContain('Open &amp; go</a>');
    expect(html).not.toMatch(/<(?:script|img|link|style|iframe)\b|url\(|@import/);
  });
});
