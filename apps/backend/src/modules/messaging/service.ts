import { assert, type Language } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Job } from '../../platform/jobs/index.ts';
import { readAddress } from '../../platform/mail/index.ts';
import { createMessagingAdmin, type MessagingAdmin } from './admin.ts';
import type { OutgoingMessage } from './channel.ts';
import { sendMessage } from './deliver.ts';
import type { MessagingDeps } from './deps.ts';
import { AddressInvalid } from './errors.ts';
import type { RawMailReport } from './mail-event.ts';
import { acceptReport } from './mail-report.ts';
import { insertMessage, reviveBlocked } from './repository.ts';
import { selectFigures, type MailFigures } from './repository-mail.ts';

export type MessageWish = OutgoingMessage &
  Readonly<{
    /** What it is about, once: `paid:ord_...`. */
    key: string;
    personId: string;
  }>;

export type MailWish = OutgoingMessage &
  Readonly<{
    /** What it is about, once: `code:<id of the challenge>`. */
    key: string;
    /** As somebody typed it. */
    to: string;
    language: Language;
  }>;

export type PostWish = OutgoingMessage &
  Readonly<{
    key: string;
    chatId: bigint;
    language: Language;
  }>;

export interface Messaging {
  readonly admin: MessagingAdmin;
  /** Writes the message and its sending job in the caller's transaction; a repeat adds nothing. */
  tell(tx: Tx, wish: MessageWish): Promise<void>;
  /**
   * The same for mail to an address, whoever reads it: codes, invitations, new passwords. Throws
   * `AddressInvalid`. To an address that bounced it is written and not sent: the caller's answer
   * must not tell such addresses from others.
   */
  mail(tx: Tx, wish: MailWish): Promise<void>;
  /** The same into a Telegram chat, and nowhere else when it cannot be reached: for staff. */
  post(tx: Tx, wish: PostWish): Promise<void>;
  /** Sends one; throws `ChannelUnavailable` to be called again. */
  send(messageId: string): Promise<void>;
  /** The person is reachable again: what they missed lately is sent after all. */
  revive(personId: string): Promise<void>;
  /** A mail server's signed report; answers how many of its events were new. */
  acceptMailReport(raw: RawMailReport): Promise<number>;
  /** Mails written in the window, by day (UTC) and template; a quarter of a year at most. */
  mailStatistics(from: Date, to: Date): Promise<MailFigures[]>;
}

/** A message a blocked person missed longer ago than this says nothing useful any more. */
const REVIVE_MS = 24 * 3_600_000;
const STATISTICS_MS = 93 * 24 * 3_600_000;

export function createMessaging(deps: MessagingDeps): Messaging {
  const { db, clock } = deps;

  return {
    admin: createMessagingAdmin(db),
    async tell(tx, { personId, ...wish }) {
      const id = deps.ids.next('msg');
      const reader = { personId };
      const isNew = await insertMessage(tx, { ...wish, id, reader, createdAt: clock.now() });
      if (isNew) await deps.jobs.add(tx, [tellJob(id, personId)]);
    },
    async mail(tx, { to, language, ...wish }) {
      const address = readAddress(to);
      if (address === undefined) throw new AddressInvalid('no mail can be sent to this address');
      const id = deps.ids.next('msg');
      const reader = { address, language };
      const isNew = await insertMessage(tx, { ...wish, id, reader, createdAt: clock.now() });
      if (isNew) await deps.jobs.add(tx, [mailJob(id)]);
    },
    async post(tx, { chatId, language, ...wish }) {
      const id = deps.ids.next('msg');
      const reader = { chatId, language };
      const isNew = await insertMessage(tx, { ...wish, id, reader, createdAt: clock.now() });
      if (isNew) await deps.jobs.add(tx, [alertJob(id)]);
    },
    send: (messageId) => sendMessage(deps, messageId),
    async revive(personId) {
      await db.transaction(async (tx) => {
        const since = new Date(clock.now().getTime() - REVIVE_MS);
        const ids = await reviveBlocked(tx, personId, since);
        await deps.jobs.add(
          tx,
          ids.map((id) => tellJob(id, personId)),
        );
      });
    },
    acceptMailReport: (raw) => acceptReport(deps, raw),
    mailStatistics(from, to) {
      assert(to.getTime() - from.getTime() <= STATISTICS_MS, 'statistics of too many days');
      return selectFigures(db.read, from, to);
    },
  };
}

/** One person's messages go out one after another, so they read in the order things happened. */
function tellJob(id: string, personId: string): Job {
  return {
    task: 'messaging.send',
    // The person is for the log: a job's line names who it is about.
    payload: { messageId: id, personId },
    queue: `tell:${personId}`,
    priority: 5,
  };
}

/** Somebody waits for it before a screen, so it goes before what is only told. */
function mailJob(id: string): Job {
  return { task: 'messaging.send', payload: { messageId: id }, priority: 2 };
}

function alertJob(id: string): Job {
  return { task: 'messaging.send', payload: { messageId: id }, priority: 1 };
}
