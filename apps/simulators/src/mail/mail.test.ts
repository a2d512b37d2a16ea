import { verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMailWorld, type MailWorld } from './testing/mail-world.ts';

let on: MailWorld;
beforeEach(async () => {
  on = await openMailWorld();
});
afterEach(() => on.stop());

const mail = (more: readonly string[] = [], body = ['Hello https://shop.example/a?b=1&c=2.']) => [
  'From: Shop <hello@shop.example>',
  'To: anna@example.com',
  'Subject: =?UTF-8?B?0J/RgNC40LLQtdGC?=',
  'Message-ID: <msg_1@shop.example>',
  'X-SMTPAPI: {"unique_args": {"opora_message":',
  '  "msg_1"}}',
  ...more,
  '',
  ...body,
];
const html = (text: string) =>
  mail(['Content-Type: text/html; charset=utf-8'], ['<html><head></head><body>', text, '</body>']);
const messages = async (query = '') =>
  (await on.call('GET', `/mail/messages${query}`)).body.messages;
const events = async (count: number) =>
  (await on.reports(count)).flatMap((report) => report.events);
const fault = (kind: 'timeout' | 'error' | 'slow' | 'drop-answer'): void => {
  on.world.faults.set({ target: 'mail', kind, probability: 1, seed: 1 });
};

describe('a mail that is handed over', () => {
  it('is read in the mailbox and found by its address', async () => {
    const replies = await on.hand('anna@example.com', mail());
    expect(replies.at(-2)).toMatch(/^250 /);
    await on.hand('boris@example.com', mail());
    expect(await messages('?to=ANNA@')).toMatchObject([
      {
        from: 'hello@shop.example',
        sender: '"Shop" <hello@shop.example>',
        to: 'anna@example.com',
        subject: 'Привет',
        text: expect.stringContaining('https://shop.example/a?b=1&c=2'),
        messageId: '<msg_1@shop.example>',
        uniqueArgs: { opora_message: 'msg_1' },
      },
    ]);
    expect(await messages()).toHaveLength(2);
  });

  it('twice with one Message-ID is one mail that came twice', async () => {
    await on.hand('anna@example.com', mail());
    await on.hand('anna@example.com', mail());
    const [only, ...others] = await messages();
    expect(others).toEqual([]);
    expect(only?.['arrivals']).toHaveLength(2);
  });

  it('does not show the header that is for the service alone', async () => {
    await on.hand('anna@example.com', mail());
    expect(JSON.stringify((await messages())[0]?.['headers'])).not.toMatch(/smtpapi/i);
  });
});

describe('faults', () => {
  it('error: the server asks to come again, and nothing is taken', async () => {
    fault('error');
    expect((await on.hand('anna@example.com', mail())).at(-2)).toMatch(/^451 /);
    expect(await messages()).toEqual([]);
  });

  it('drop-answer: the mail is taken and nobody learns it', async () => {
    fault('drop-answer');
    const replies = await on.hand('anna@example.com', mail());
    expect(replies.at(-1)).toMatch(/^354 /);
    expect(await messages()).toHaveLength(1);
  });

  it('timeout: silence for half a minute, then the line is cut', async () => {
    fault('timeout');
    const handing = on.hand('anna@example.com', mail());
    let replies: string[] | undefined;
    void handing.then((given) => (replies = given));
    for (let step = 0; replies === undefined && step < 400; step += 1) await on.clock.advance(500);
    expect((await handing).at(-1)).toMatch(/^250 /);
    expect(await messages()).toEqual([]);
  });
});

describe('an address with manners', () => {
  it('that refuses says at once that nobody is there', async () => {
    await on.call('PUT', '/mail/addresses/nobody@example.com', { manner: 'refuse' });
    expect((await on.hand('Nobody@example.com', mail())).at(-2)).toMatch(/^550 5\.1\.1 /);
    await on.call('DELETE', '/mail/addresses/nobody@example.com');
    expect((await on.hand('nobody@example.com', mail())).at(-2)).toMatch(/^250 /);
  });

  it('is refused itself when its manner is unknown', async () => {
    const answer = await on.call('PUT', '/mail/addresses/a@example.com', { manner: 'sing' });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('bounce') },
    });
  });

  it('that bounces is not written to again: later mail is dropped', async () => {
    await on.call('PUT', '/mail/addresses/gone@example.com', { manner: 'bounce' });
    await on.hand('gone@example.com', mail());
    await on.hand('gone@example.com', mail(['X-Other: 1']));
    expect(await events(2)).toMatchObject([
      { event: 'processed' },
      { event: 'bounce', type: 'bounce', status: '5.1.1', email: 'gone@example.com' },
      { event: 'dropped', reason: 'Bounced Address' },
    ]);
  });

  it('that blocks or complains is reported as such', async () => {
    await on.call('PUT', '/mail/addresses/a@example.com', { manner: 'block' });
    await on.call('PUT', '/mail/addresses/b@example.com', { manner: 'complain' });
    await on.hand('a@example.com', mail());
    await on.hand('b@example.com', mail());
    const kinds = (await events(3)).map(({ event, type }) => [event, type].filter(Boolean).join());
    expect(kinds).toEqual(['processed', 'bounce,blocked', 'processed', 'delivered', 'spamreport']);
  });
});

describe('a report', () => {
  it('is signed over its timestamp and its exact bytes, and names the mail', async () => {
    await on.hand('anna@example.com', mail());
    const [report] = await on.reports(1);
    const header = (name: string): string => String(report?.headers[name]);
    const timestamp = header('x-twilio-email-event-webhook-timestamp');
    expect(timestamp).toBe('1795176000');
    const signature = Buffer.from(header('x-twilio-email-event-webhook-signature'), 'base64');
    const signed = (text: string): boolean =>
      verify('sha256', Buffer.from(text), on.publicKey, signature);
    expect(signed(timestamp + String(report?.body))).toBe(true);
    expect(signed(timestamp + String(report?.body).trimEnd())).toBe(false);
    expect(report?.events).toMatchObject([
      { event: 'processed', opora_message: 'msg_1', 'smtp-id': '<msg_1@shop.example>' },
      { event: 'delivered', email: 'anna@example.com', timestamp: 1795176000 },
    ]);
    const ids = report?.events.map((event) => event['sg_event_id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('can be caused by hand for one mail', async () => {
    await on.hand('anna@example.com', mail());
    const caused = await on.call('POST', '/mail/messages/1/events', { event: 'unsubscribe' });
    expect(caused.body.fates).toMatchObject([{ fate: 'delivered' }, { fate: 'unsubscribe' }]);
    expect((await events(2)).at(-1)).toMatchObject({ event: 'unsubscribe' });
    const wrong = await on.call('POST', '/mail/messages/1/events', { event: 'delivered' });
    expect(wrong.status).toBe(400);
    expect((await on.call('POST', '/mail/messages/9/events', {})).status).toBe(404);
  });
});

describe('the pages', () => {
  it('list mails in both languages, escaped', async () => {
    const hostile = ['X-A: 1', 'Content-Type: text/html'];
    await on.hand('anna@example.com', mail(hostile, ['<script>alert(1)</script>']));
    expect((await on.page('/mail/?lang=ru')).text).toContain('<h1>Почтовый ящик</h1>');
    expect((await on.page('/mail/?lang=en&to=nobody')).text).toContain(
      'No mail to such an address.',
    );
    const shown = await on.page('/mail/?lang=en&to=%22%3E%3Cscript%3E');
    expect(shown.text).not.toContain('"><script>');
    expect((await on.page('/mail/view/9')).text).toContain('There is no such mail');
  });

  it('show the HTML of a mail where it can run and load nothing', async () => {
    await on.hand('anna@example.com', html('<p><a href="https://shop.example/">go</a></p>'));
    const view = (await on.page('/mail/view/1?lang=en')).text;
    expect(view).toContain(
      '<iframe src="/mail/html/1" sandbox="allow-popups allow-popups-to-escape-sandbox"',
    );
    const preview = await on.page('/mail/html/1');
    expect(preview.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox",
    );
    expect(preview.text).toContain('<head><base target="_blank">');
    expect(preview.text).toContain('<a href="https://shop.example/">go</a>');
  });

  it('make addresses of a plain text links', async () => {
    await on.hand('anna@example.com', mail());
    expect((await on.page('/mail/view/1?lang=en')).text).toContain(
      'Hello <a href="https://shop.example/a?b=1&amp;c=2" target="_blank" rel="noreferrer">https://shop.example/a?b=1&amp;c=2</a>.',
    );
  });

  it('have buttons that do what the interface does', async () => {
    await on.hand('anna@example.com', mail());
    const bounced = await on.page('/mail/view/1/events', { event: 'bounce', lang: 'en' });
    expect(bounced.text).toContain('bounced</span>');
    const list = await on.page('/mail/manners', { address: 'x@example.com', manner: 'refuse' });
    expect(list.text).toContain('x@example.com');
    expect((await on.hand('x@example.com', mail())).at(-2)).toMatch(/^550 /);
    await on.page('/mail/manners', { address: 'x@example.com' });
    expect((await on.hand('x@example.com', mail())).at(-2)).toMatch(/^250 /);
  });
});
