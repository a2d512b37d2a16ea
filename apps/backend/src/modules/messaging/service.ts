import type { Clock, Ids, Language } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Job, Jobs } from '../../platform/jobs/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Channel, OutgoingMessage, SendOutcome } from './channel.ts';
import {
  finishMessage,
  insertMessage,
  reviveBlocked,
  takeWaiting,
  type Message,
} from './repository.ts';

export type MessageWish = OutgoingMessage &
  Readonly<{
    /** What it is about, once: `paid:ord_...`. */
    key: string;
    personId: string;
  }>;

export interface Messaging {
  /** Writes the message and its sending job in the caller's transaction; a repeat adds nothing. */
  tell(tx: Tx, wish: MessageWish): Promise<void>;
  /** Sends one; throws `ChannelUnavailable` to be called again. */
  send(messageId: string): Promise<void>;
  /** The person is reachable again: what they missed lately is sent after all. */
  revive(personId: string): Promise<void>;
}

/** A message older than this says nothing useful any more. */
const GIVE_UP_MS = 24 * 3_600_000;

export function createMessaging(deps: {
  db: Database;
  clock: Clock;
  ids: Ids;
  log: Log;
  jobs: Jobs;
  channel: Channel;
  recipientOf: (
    personId: string,
  ) => Promise<{ telegramId: bigint; language: Language; isBlocked: boolean } | undefined>;
  blocked: (telegramId: bigint) => Promise<void>;
}): Messaging {
  const { db, clock } = deps;

  async function deliver(message: Message): Promise<SendOutcome> {
    if (clock.now().getTime() - message.createdAt.getTime() > GIVE_UP_MS) {
      return { outcome: 'refused', reason: 'too old' };
    }
    const recipient = await deps.recipientOf(message.personId);
    if (recipient === undefined) return { outcome: 'refused', reason: 'no address' };
    if (recipient.isBlocked) return { outcome: 'blocked' };
    const outcome = await deps.channel.send(recipient, message);
    if (outcome.outcome === 'blocked') await deps.blocked(recipient.telegramId);
    return outcome;
  }

  return {
    async tell(tx, wish) {
      const id = deps.ids.next('msg');
      const isNew = await insertMessage(tx, { ...wish, id, createdAt: clock.now() });
      if (isNew) await deps.jobs.add(tx, [sendJob(id, wish.personId)]);
    },
    async send(messageId) {
      const message = await takeWaiting(db.read, messageId);
      if (message === undefined) return;
      const result = await deliver(message);
      if (result.outcome === 'refused') {
        deps.log.error(
          {
            messageId,
            personId: message.personId,
            template: message.template,
            reason: result.reason,
          },
          'a message was given up',
        );
      }
      await finishMessage(db.read, {
        id: messageId,
        state: result.outcome === 'refused' ? 'failed' : result.outcome,
        reference: result.outcome === 'sent' ? result.reference : undefined,
        error: result.outcome === 'refused' ? result.reason : undefined,
        at: clock.now(),
      });
    },
    async revive(personId) {
      await db.transaction(async (tx) => {
        const since = new Date(clock.now().getTime() - GIVE_UP_MS);
        const ids = await reviveBlocked(tx, personId, since);
        await deps.jobs.add(
          tx,
          ids.map((id) => sendJob(id, personId)),
        );
      });
    },
  };
}

/** One person's messages go out one after another, so they read in the order things happened. */
function sendJob(id: string, personId: string): Job {
  return {
    task: 'messaging.send',
    // The person is for the log: a job's line names who it is about.
    payload: { messageId: id, personId },
    queue: `tell:${personId}`,
    priority: 5,
  };
}
