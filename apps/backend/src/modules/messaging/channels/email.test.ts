import { describe, expect, it } from 'vitest';
import { MailUnavailable, type Mail, type MailOutcome } from '../../../platform/mail/index.ts';
import { createWords, type Locale } from '../../../platform/words/index.ts';
import type { OutgoingMessage } from '../channel.ts';
import { ChannelUnavailable } from '../errors.ts';
import { createEmailChannel } from './email.ts';

const locale = (more: Locale['messages'] = {}): Locale => ({
  messages: {
    'mail.footer': '{product} {support}',
    'mail.reset.subject': 'A new password for {product}',
    'mail.reset': 'Until <b>{until}</b>.',
    'extended.subject': 'Extended',
    extended: 'Extended for {name}.',
    'expiring.subject': 'Ends soon',
    expiring: 'Ends soon.',
    ...more,
  },
  buttons: { newPassword: 'Set it' },
});
const words = createWords({ locales: { ru: locale({ expiring: 'Скоро.' }), en: locale() } });
const product = { name: { ru: 'Лавка', en: 'Shop' }, supportUrl: 'https://help.example/' };

function channel(answer: () => MailOutcome = () => ({ outcome: 'sent', reference: '<1>' })) {
  const mails: Mail[] = [];
  const mailer = {
    send: (mail: Mail) =>
      Promise.try(() => {
        const outcome = answer();
        mails.push(mail);
        return outcome;
      }),
    greet: () => Promise.resolve(),
    close: () => undefined,
  };
  return { mails, ...createEmailChannel({ mailer, words, product }) };
}

const to = { address: 'anna@example.com', language: 'en' } as const;
const reset = {
  id: 'msg_1',
  template: 'mail.reset',
  values: {
    until: { date: '2026-12-24T11:00:00Z' },
    link: { text: 'https://shop.example/reset/token' },
  },
};
const extended = (name: string): OutgoingMessage & { id: string } => ({
  id: 'msg_2',
  template: 'extended',
  values: { name: { text: name } },
});

describe('the mail channel', () => {
  it('writes the words of the language with their button, from the product', async () => {
    const { send, mails } = channel();
    expect(await send(to, reset)).toEqual({ outcome: 'sent', reference: '<1>' });
    expect(mails[0]).toMatchObject({
      id: 'msg_1',
      to: 'anna@example.com',
      senderName: 'Shop',
      subject: 'A new password for Shop',
      isTransactional: true,
    });
    expect(mails[0]?.text).toBe(
      'Until 24\u00a0December\u00a02026, 11:00\u00a0UTC.\n\nSet it:\nhttps://shop.example/reset/token\n\n--\nShop https://help.example/',
    );
    expect(mails[0]?.html).toContain('<a href="https://shop.example/reset/token"');
    await send({ ...to, language: 'ru' }, { id: 'msg_3', template: 'expiring', values: {} });
    expect(mails[1]).toMatchObject({ senderName: 'Лавка', isTransactional: false });
    expect(mails[1]?.html).toContain('lang="ru"');
  });

  it('escapes what people call themselves', async () => {
    const { send, mails } = channel();
    await send(to, extended('<img src=x onerror=alert(1)>'));
    expect(mails[0]?.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(mails[0]?.html).not.toContain('<img');
    expect(mails[0]?.text).toContain('<img src=x onerror=alert(1)>');
  });

  it.each([
    ['a message without a mail form', { ...reset, template: 'nothing' }],
    ['a message without its values', { ...reset, values: { link: reset.values.link } }],
    ['a button without an address', { ...reset, values: { until: reset.values.until } }],
    [
      'a button that runs a script',
      { ...reset, values: { ...reset.values, link: { text: 'javascript:alert(1)' } } },
    ],
  ])('refuses %s', async (_what, message) => {
    const { send, mails } = channel();
    expect((await send(to, message)).outcome).toBe('refused');
    expect(mails).toEqual([]);
  });

  it('tells an address where nobody is from a mail that is not wanted', async () => {
    const refuse = (isBadAddress: boolean) =>
      channel(() => ({ outcome: 'refused', reason: '550', isBadAddress })).send(to, reset);
    expect(await refuse(true)).toEqual({ outcome: 'unreachable', reason: '550' });
    expect(await refuse(false)).toEqual({ outcome: 'refused', reason: '550' });
  });

  it('waits while the server is away or none is configured', async () => {
    const away = channel(() => {
      throw new MailUnavailable('away');
    });
    await expect(away.send(to, reset)).rejects.toThrow(ChannelUnavailable);
    const none = createEmailChannel({ mailer: undefined, words, product });
    await expect(none.send(to, reset)).rejects.toThrow(ChannelUnavailable);
  });
});
