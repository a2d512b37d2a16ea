import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** A message we owe somebody. The key says what it is about: the same fact is told once. */
export const Message = defineEntity({
  name: 'Message',
  tableName: 'message',
  properties: {
    id: p.text().primary(),
    /** `paid:ord_...`, `late:pay_...`: unique, so a repeated reaction adds nothing. */
    key: p.text(),
    /** Null for mail to somebody who need not be a person here (yet): then there is an address. */
    personId: p.text().nullable(),
    /** What it went through at last; for a person's message, Telegram until it was sent. */
    channel: p.text().default('telegram'),
    /** Where the mail goes or went; null for Telegram. */
    address: p.text().nullable(),
    /** Of mail without a person; a person's own is asked when it is sent. */
    language: p.text().nullable(),
    template: p.text(),
    /**
     * Values of the template: text, numbers as text, ISO times, sums as on the wire. Emptied when
     * mail without a person is finished: it may hold a code or a link that lets somebody in.
     */
    values: p.json<Record<string, unknown>>(),
    state: p.text().default('waiting'),
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
    /** Telegram's id of the sent message, or the mail's Message-ID. */
    sentReference: p.text().nullable(),
    createdAt: p.datetime(6),
    finishedAt: p.datetime(6).nullable(),
    /** The reader's server took the mail, or will not: reported later, both may be true. */
    deliveredAt: p.datetime(6).nullable(),
    bouncedAt: p.datetime(6).nullable(),
    bounceReason: p.text().nullable(),
  },
  uniques: [{ name: 'message_key_key', properties: ['key'] }],
  indexes: [
    { name: 'message_person_idx', properties: ['personId', 'createdAt'] },
    { name: 'message_created_idx', properties: ['createdAt'] },
    { name: 'message_channel_idx', properties: ['channel', 'createdAt'] },
  ],
  checks: [
    {
      name: 'message_state_check',
      expression: "state in ('waiting', 'sent', 'blocked', 'failed')",
    },
    { name: 'message_channel_check', expression: "channel in ('telegram', 'email')" },
    {
      name: 'message_reader_check',
      expression: 'person_id is not null or (address is not null and language is not null)',
    },
  ],
});

/** What the mail server reported, once each by its own id; kept for 30 days. */
export const MailEventRow = defineEntity({
  name: 'MailEventRow',
  tableName: 'mail_event',
  properties: {
    id: p.text().primary(),
    messageId: p.text(),
    kind: p.text(),
    reason: p.text().nullable(),
    at: p.datetime(6),
    receivedAt: p.datetime(6),
  },
  indexes: [
    { name: 'mail_event_message_idx', properties: ['messageId'] },
    { name: 'mail_event_received_idx', properties: ['receivedAt'] },
  ],
});

/** Addresses that get no more mail: as a hash, so that the row outlives the erasure of a person. */
export const MailSuppression = defineEntity({
  name: 'MailSuppression',
  tableName: 'mail_suppression',
  properties: {
    /** SHA-256 of the address in lower case, hexadecimal. */
    addressHash: p.text().primary(),
    reason: p.text(),
    at: p.datetime(6),
  },
  checks: [
    {
      name: 'mail_suppression_reason_check',
      expression: "reason in ('bounced', 'complained', 'unsubscribed')",
    },
  ],
});

export type MessagingTables = InferKyselyDB<
  typeof Message | typeof MailEventRow | typeof MailSuppression,
  TableNames
>;
