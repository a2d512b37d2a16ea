import { sql, type Tx } from '../../platform/db/index.ts';
import type { OutgoingMessage } from './channel.ts';

export type Message = OutgoingMessage &
  Readonly<{ id: string; key: string; personId: string; attempts: number; createdAt: Date }>;

/** False when this fact is being told already. */
export async function insertMessage(tx: Tx, message: Omit<Message, 'attempts'>): Promise<boolean> {
  const rows = await sql<{ id: string }>`
    insert into message (id, key, person_id, template, values, created_at)
    values (${message.id}, ${message.key}, ${message.personId}, ${message.template},
            ${JSON.stringify(message.values)}::jsonb, ${message.createdAt})
    on conflict (key) do nothing
    returning id`.execute(tx);
  return rows.rows.length === 1;
}

/** A message that still waits; undefined when it was sent or given up. */
export async function takeWaiting(tx: Tx, id: string): Promise<Message | undefined> {
  const rows = await sql<{
    id: string;
    key: string;
    person_id: string;
    template: string;
    values: OutgoingMessage['values'];
    attempts: number;
    created_at: Date;
  }>`update message set attempts = attempts + 1 where id = ${id} and state = 'waiting'
     returning id, key, person_id, template, values, attempts, created_at`.execute(tx);
  const row = rows.rows[0];
  if (row === undefined) return undefined;
  return {
    id: row.id,
    key: row.key,
    personId: row.person_id,
    template: row.template,
    values: row.values,
    attempts: row.attempts,
    createdAt: row.created_at,
  };
}

export async function finishMessage(
  tx: Tx,
  end: {
    id: string;
    state: 'sent' | 'blocked' | 'failed';
    reference: string | undefined;
    error: string | undefined;
    at: Date;
  },
): Promise<void> {
  await sql`update message set state = ${end.state}, sent_reference = ${end.reference ?? null},
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
