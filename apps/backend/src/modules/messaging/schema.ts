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
    personId: p.text(),
    template: p.text(),
    /** Values of the template: text, numbers as text, ISO times, sums as on the wire. */
    values: p.json<Record<string, unknown>>(),
    state: p.text().default('waiting'),
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
    /** Telegram's id of the sent message. */
    sentReference: p.text().nullable(),
    createdAt: p.datetime(6),
    finishedAt: p.datetime(6).nullable(),
  },
  uniques: [{ name: 'message_key_key', properties: ['key'] }],
  indexes: [{ name: 'message_person_idx', properties: ['personId', 'createdAt'] }],
  checks: [
    {
      name: 'message_state_check',
      expression: "state in ('waiting', 'sent', 'blocked', 'failed')",
    },
  ],
});

export type MessagingTables = InferKyselyDB<typeof Message, TableNames>;
