/** Messages as staff reads them. */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { ChannelName } from './channel.ts';

export type MessageListed = Readonly<{
  id: string;
  key: string;
  channel: ChannelName;
  template: string;
  /** `delivered` and `bounced` are words of a mail server about what was sent. */
  state: 'waiting' | 'sent' | 'delivered' | 'bounced' | 'blocked' | 'failed';
  error: string | undefined;
  /** The channel's own id of it. */
  reference: string | undefined;
  createdAt: Date;
  finishedAt: Date | undefined;
}>;

type Row = {
  id: string;
  key: string;
  channel: string;
  template: string;
  state: string;
  last_error: string | null;
  sent_reference: string | null;
  created_at: Date;
  finished_at: Date | null;
};

const COLUMNS = sql.raw(
  `id, key, channel, template,
   case when bounced_at is not null then 'bounced' when delivered_at is not null then 'delivered'
        else state end as state,
   coalesce(bounce_reason, last_error) as last_error, sent_reference, created_at, finished_at`,
);
const DAY_ROWS_MAX = 5_000;

/** Newest first. */
export async function selectOfPerson(
  tx: Tx,
  personId: string,
  limit: number,
): Promise<MessageListed[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from message
     where person_id = ${personId} order by created_at desc limit ${limit}`.execute(tx);
  return rows.map(toListed);
}

/** What a person was told about these facts: their keys, or what the keys begin with. Oldest first. */
export async function selectAbout(
  tx: Tx,
  personId: string,
  about: { keys: readonly string[]; limit: number },
): Promise<MessageListed[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from message
     where person_id = ${personId}
       and exists (select 1 from unnest(${about.keys}::text[]) as given (start)
                    where message.key = given.start or starts_with(message.key, given.start || ':'))
     order by created_at, id limit ${about.limit}`.execute(tx);
  return rows.map(toListed);
}

export type MessageDay = Readonly<{
  day: string;
  template: string;
  /** Taken by the channel, whatever became of it. */
  sent: number;
  delivered: number;
  bounced: number;
  failed: number;
}>;

/**
 * Messages by UTC day and template since `from`. Telegram says "taken", which is all it ever says: it
 * counts as delivered. What was blocked was not taken: it counts as failed.
 */
export async function countByDay(tx: Tx, from: Date): Promise<MessageDay[]> {
  const { rows } = await sql<
    Record<'sent' | 'delivered' | 'bounced' | 'failed', bigint> & {
      day: string;
      template: string;
    }
  >`
    select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, template,
           count(*) filter (where state = 'sent') as sent,
           count(*) filter (where delivered_at is not null
                               or state = 'sent' and channel = 'telegram') as delivered,
           count(*) filter (where bounced_at is not null) as bounced,
           count(*) filter (where state in ('blocked', 'failed')) as failed
      from message where created_at >= ${from}
     group by 1, 2 order by 1 desc, 2 limit ${DAY_ROWS_MAX}`.execute(tx);
  return rows.map((row) => ({
    day: row.day,
    template: row.template,
    sent: Number(row.sent),
    delivered: Number(row.delivered),
    bounced: Number(row.bounced),
    failed: Number(row.failed),
  }));
}

function toListed(row: Row): MessageListed {
  return {
    id: row.id,
    key: row.key,
    channel: row.channel === 'email' ? 'email' : 'telegram',
    template: row.template,
    state: row.state as MessageListed['state'], // two check constraints and the two words above
    error: row.last_error ?? undefined,
    reference: row.sent_reference ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
