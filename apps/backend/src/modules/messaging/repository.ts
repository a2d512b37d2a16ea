import { assert, type Language } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { ChannelName, OutgoingMessage } from './channel.ts';

/** Whom it is for: a person, wherever they can be reached, a mail address, or a Telegram chat. */
export type Reader =
  | Readonly<{ personId: string }>
  | Readonly<{ address: string; language: Language }>
  | Readonly<{ chatId: bigint; language: Language }>;

export type Message = OutgoingMessage &
  Readonly<{ id: string; key: string; reader: Reader; attempts: number; createdAt: Date }>;

/** False when this fact is being told already. */
export async function insertMessage(tx: Tx, message: Omit<Message, 'attempts'>): Promise<boolean> {
  const { reader } = message;
  const to = columnsOf(reader);
  const rows = await sql<{ id: string }>`
    insert into message (id, key, person_id, channel, address, language, template, values, created_at)
    values (${message.id}, ${message.key}, ${to.personId}, ${to.channel}, ${to.address},
            ${to.language}, ${message.template}, ${JSON.stringify(message.values)}::jsonb,
            ${message.createdAt})
    on conflict (key) do nothing
    returning id`.execute(tx);
  return rows.rows.length === 1;
}

function columnsOf(reader: Reader) {
  if ('personId' in reader) {
    return { personId: reader.personId, channel: 'telegram', address: null, language: null };
  }
  const { language } = reader;
  return 'chatId' in reader
    ? { personId: null, channel: 'telegram', address: reader.chatId.toString(), language }
    : { personId: null, channel: 'email', address: reader.address, language };
}

/** A message that still waits; undefined when it was sent or given up. */
export async function takeWaiting(tx: Tx, id: string): Promise<Message | undefined> {
  const rows = await sql<{
    id: string;
    key: string;
    person_id: string | null;
    channel: string;
    address: string | null;
    language: Language | null;
    template: string;
    values: OutgoingMessage['values'];
    attempts: number;
    created_at: Date;
  }>`update message set attempts = attempts + 1 where id = ${id} and state = 'waiting'
     returning id, key, person_id, channel, address, language, template, values, attempts,
               created_at`.execute(tx);
  const row = rows.rows[0];
  if (row === undefined) return undefined;
  return {
    id: row.id,
    key: row.key,
    reader: readerOf(row),
    template: row.template,
    values: row.values,
    attempts: row.attempts,
    createdAt: row.created_at,
  };
}

function readerOf(row: {
  person_id: string | null;
  channel: string;
  address: string | null;
  language: Language | null;
}): Reader {
  if (row.person_id !== null) return { personId: row.person_id };
  const { address, language } = row;
  assert(address !== null && language !== null, 'a message to nobody'); // the table's check
  return row.channel === 'telegram' ? { chatId: BigInt(address), language } : { address, language };
}

export async function finishMessage(
  tx: Tx,
  end: {
    id: string;
    state: 'sent' | 'blocked' | 'failed';
    /** What was tried last; undefined: nothing was. */
    via: Readonly<{ channel: ChannelName; address: string | undefined }> | undefined;
    reference: string | undefined;
    error: string | undefined;
    at: Date;
  },
): Promise<void> {
  await sql`update message set state = ${end.state}, sent_reference = ${end.reference ?? null},
      channel = coalesce(${end.via?.channel ?? null}, channel),
      address = coalesce(${end.via?.address ?? null}, address),
      values = case when person_id is null then '{}'::jsonb else values end,
      last_error = ${end.error ?? null}, finished_at = ${end.at}
    where id = ${end.id} and state = 'waiting'`.execute(tx);
}

/** Messages a person missed while the bot was blocked and that are young enough to matter. */
export async function reviveBlocked(tx: Tx, personId: string, since: Date): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    update message set state = 'waiting', finished_at = null
     where person_id = ${personId} and state = 'blocked' and created_at > ${since}
    returning id`.execute(tx);
  return rows.rows.map(({ id }) => id);
}
