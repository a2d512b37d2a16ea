/** Messages as mail: words of the product, the bot's own where they read well in a letter. */
import type { Language } from '@opora/kernel';
import { MailUnavailable, renderLetter, type Mailer } from '../../../platform/mail/index.ts';
import { MissingWords, type Words } from '../../../platform/words/index.ts';
import type { Channel, OutgoingMessage } from '../channel.ts';
import { ChannelUnavailable } from '../errors.ts';
import { MAIL_FORMS, type MailForm } from '../mail-forms.ts';

export type EmailDeps = Readonly<{
  /** Undefined: no mail server is configured; messages wait. */
  mailer: Mailer | undefined;
  words: Words;
  product: Readonly<{ name: Readonly<Record<Language, string>>; supportUrl: string }>;
}>;

/** A mail of ours has an unfit value: a bug of the caller, told like missing words. */
class UnfitLink extends Error {}

export function createEmailChannel(deps: EmailDeps): Channel<string> {
  return {
    async send({ address, language }, message) {
      if (deps.mailer === undefined) throw new ChannelUnavailable('no SMTP_URL is set');
      const form = MAIL_FORMS[message.template];
      if (form === undefined) return { outcome: 'refused', reason: `no mail ${message.template}` };
      try {
        const sent = await deps.mailer.send({
          id: message.id,
          to: address,
          senderName: deps.product.name[language],
          isTransactional: form.isReminder !== true,
          ...write(deps, language, { ...message, form }),
        });
        if (sent.outcome === 'sent') return sent;
        return { outcome: sent.isBadAddress ? 'unreachable' : 'refused', reason: sent.reason };
      } catch (error) {
        if (error instanceof MailUnavailable) {
          throw new ChannelUnavailable(error.message, { cause: error });
        }
        if (error instanceof MissingWords || error instanceof UnfitLink) {
          return { outcome: 'refused', reason: error.message };
        }
        throw error;
      }
    },
  };
}

function write(
  { words, product }: EmailDeps,
  language: Language,
  message: OutgoingMessage & { form: MailForm },
): { subject: string; text: string; html: string } {
  const { template, form } = message;
  const values = {
    ...message.values,
    product: { text: product.name[language] },
    support: { text: product.supportUrl },
  };
  const subject = words.plain(language, `${template}.subject`, values);
  const letter = renderLetter({
    language,
    subject,
    html: words.html(language, form.body ?? template, values),
    button: form.button && {
      label: words.label(language, form.button.label, values),
      url: linkIn(message.values, form.button.link),
    },
    footerHtml: words.html(language, 'mail.footer', values),
  });
  return { subject, ...letter };
}

/** What is behind a button leads to a site, never to a script or a file. */
function linkIn(values: OutgoingMessage['values'], name: string): string {
  const value = values[name];
  const url = value !== undefined && 'text' in value ? URL.parse(value.text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new UnfitLink(`{${name}} is no link`);
  return url.href;
}
