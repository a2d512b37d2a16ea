import type { Clock, Secret } from '@opora/kernel';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { DependencyOpen, type Breaker } from '../breaker/port.ts';
import { MailUnavailable } from './errors.ts';
import { badAddress, describeFailure, isAboutReader, isRefusal } from './failure.ts';

export type Mail = Readonly<{
  /** Of the message row: letters, digits and `_`. Two sends of one id are one mail. */
  id: string;
  /** As `readAddress` gave it. */
  to: string;
  /** The product's name in the reader's language. */
  senderName: string;
  subject: string;
  text: string;
  html: string;
  /** False: the reader may ask for no more of these, so the mail says how. */
  isTransactional: boolean;
}>;

export type MailOutcome =
  | Readonly<{ outcome: 'sent'; reference: string }>
  /** The server will never take this mail; `isBadAddress`: because nobody is there. */
  | Readonly<{ outcome: 'refused'; reason: string; isBadAddress: boolean }>;

export interface Mailer {
  /** Throws `MailUnavailable` for anything that may pass. */
  send(mail: Mail): Promise<MailOutcome>;
  /** Greets the server and signs in, and sends nothing. Throws `MailUnavailable`. */
  greet(): Promise<void>;
  close(): void;
}

const CONNECTIONS_MAX = 4;
const MAILS_PER_CONNECTION_MAX = 100;
const SEND_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Longest silence inside a conversation. */
const SILENCE_MAX_MS = 20_000;
const SUBJECT_MAX = 200;

/** Nothing crosses a network in the clear; a server on this machine may do without TLS. */
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

export type MailerDeps = Readonly<{
  /** `smtp://user:password@host:587` (STARTTLS) or `smtps://...:465`. */
  url: Secret;
  from: string;
  testInbox: string | undefined;
  clock: Clock;
  breaker: Pick<Breaker, 'run'>;
}>;

export function createMailer(deps: MailerDeps): Mailer {
  const transport = openTransport(new URL(deps.url.reveal()));
  // A pool without a listener would end the process with what it says about an idle connection.
  transport.on('error', () => undefined);

  async function hand(mail: Mail): Promise<MailOutcome> {
    const late = new AbortController();
    const ended = new AbortController();
    void deps.clock.sleep(SEND_TIMEOUT_MS, ended.signal).then(() => {
      late.abort();
    });
    try {
      const sent = await transport.sendMail({ ...compose(mail, deps), signal: late.signal });
      return { outcome: 'sent', reference: sent.messageId };
    } catch (error) {
      const reason = late.signal.aborted ? 'no answer in time' : describeFailure(error);
      if (isRefusal(error)) return { outcome: 'refused', reason, isBadAddress: badAddress(error) };
      // The cause is kept out: what the library knows of a connection includes the password.
      throw new MailUnavailable(reason, { isAboutReader: isAboutReader(error) });
    } finally {
      ended.abort();
    }
  }

  return {
    async send(mail) {
      try {
        return await deps.breaker.run(() => hand(mail));
      } catch (error) {
        if (error instanceof DependencyOpen) throw new MailUnavailable(error.message);
        throw error;
      }
    },
    async greet() {
      try {
        await transport.verify();
      } catch (error) {
        throw new MailUnavailable(describeFailure(error));
      }
    },
    close: () => {
      transport.close();
    },
  };
}

function openTransport(url: URL) {
  const isImplicitTls = url.protocol === 'smtps:';
  return createTransport({
    pool: true,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isImplicitTls ? 465 : 587) : Number(url.port),
    secure: isImplicitTls,
    requireTLS: !isImplicitTls && !LOOPBACK.has(url.hostname),
    ...(url.username === ''
      ? {}
      : {
          auth: {
            user: decodeURIComponent(url.username),
            pass: decodeURIComponent(url.password),
          },
        }),
    maxConnections: CONNECTIONS_MAX,
    maxMessages: MAILS_PER_CONNECTION_MAX,
    // Jobs repeat, and they know for how long.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MAX_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function compose(mail: Mail, deps: Pick<MailerDeps, 'from' | 'testInbox' | 'clock'>) {
  const { from, testInbox } = deps;
  const subject = oneLine(mail.subject);
  const to = testInbox ?? mail.to;
  return {
    envelope: { from, to },
    from: { name: oneLine(mail.senderName), address: from },
    to: { name: '', address: to },
    subject: testInbox === undefined ? subject : `[${mail.to}] ${subject}`,
    text: mail.text,
    html: mail.html,
    date: deps.clock.now(),
    messageId: `<${mail.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: {
      // RFC 3834: holiday answers stay away.
      'Auto-Submitted': 'auto-generated',
      'X-SMTPAPI': { prepared: true, foldLines: true, value: forSendgrid(mail.id) },
      ...(testInbox === undefined ? {} : { 'X-Opora-Original-To': mail.to }),
      ...(mail.isTransactional
        ? {}
        : { 'List-Unsubscribe': `<mailto:${from}?subject=unsubscribe>` }),
    },
  } satisfies SendMailOptions;
}

/**
 * SendGrid's own header, which others pass over: events come back with our id, links stay as they
 * are (a sign-in link belongs to nobody else's redirect), and no picture counts the readers.
 */
function forSendgrid(id: string): string {
  const off = { settings: { enable: 0 } };
  const wishes = {
    unique_args: { opora_message: id },
    filters: { clicktrack: off, opentrack: off, subscriptiontrack: off },
  };
  // With blanks, where a long header may be folded.
  return JSON.stringify(wishes, undefined, 1).replace(/\s+/g, ' ');
}

/** A header is one line: no text of anybody's begins a second one. */
function oneLine(text: string): string {
  return Array.from(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim())
    .slice(0, SUBJECT_MAX)
    .join('');
}
