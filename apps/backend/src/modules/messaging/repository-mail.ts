/** What became of mails: reports, addresses that get no more, and figures. */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { MailEvent, Suppression } from './mail-event.ts';

/** Old reports taken away in one go: a few more than usually come. */
const FORGOTTEN_AT_ONCE = 500;
/** Most rows of figures: a quarter of days times every template. */
export const FIGURES_MAX = 3_000;

export type AddressHash = string;

/** Events about mail of ours that were not known yet, by their ids. */
export async function insertEvents(
  tx: Tx,
  events: readonly (MailEvent & { messageId: string })[],
  receivedAt: Date,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    insert into mail_event (id, message_id, kind, reason, at, received_at)
    select given.id, given.message_id, given.kind, given.reason, given.at, ${receivedAt}
      from unnest(${events.map(({ id }) => id)}::text[],
                  ${events.map(({ messageId }) => messageId)}::text[],
                  ${events.map(({ kind }) => kind)}::text[],
                  ${events.map(({ reason }) => reason ?? null)}::text[],
                  ${events.map(({ at }) => at)}::timestamptz[])
           as given (id, message_id, kind, reason, at)
      join message on message.id = given.message_id
    on conflict (id) do nothing
    returning id`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** The earliest word wins; the order in which reports come does not matter. */
export async function markReported(tx: Tx, eventIds: readonly string[]): Promise<void> {
  await sql`
    update message set
      delivered_at = least(message.delivered_at, said.delivered_at),
      bounced_at = least(message.bounced_at, said.bounced_at),
      bounce_reason = coalesce(message.bounce_reason, said.reason)
    from (select message_id,
                 min(at) filter (where kind = 'delivered') as delivered_at,
                 min(at) filter (where kind = 'bounced') as bounced_at,
                 min(reason) filter (where kind = 'bounced') as reason
            from mail_event where id = any(${eventIds}::text[]) group by message_id) as said
    where message.id = said.message_id`.execute(tx);
}

/** "Nobody is there" is stronger than "I do not want reminders", and is not replaced by it. */
export async function insertSuppressions(
  tx: Tx,
  found: ReadonlyMap<AddressHash, Suppression>,
  at: Date,
): Promise<void> {
  await sql`
    insert into mail_suppression (address_hash, reason, at)
    select address_hash, reason, ${at}
      from unnest(${[...found.keys()]}::text[], ${[...found.values()]}::text[])
           as given (address_hash, reason)
    on conflict (address_hash) do update set reason = excluded.reason, at = excluded.at
     where mail_suppression.reason = 'unsubscribed'`.execute(tx);
}

export async function selectSuppression(
  tx: Tx,
  hash: AddressHash,
): Promise<Suppression | undefined> {
  const { rows } = await sql<{ reason: Suppression }>`
    select reason from mail_suppression where address_hash = ${hash}`.execute(tx);
  return rows[0]?.reason;
}

export async function forgetEvents(tx: Tx, before: Date): Promise<void> {
  await sql`delete from mail_event where id in (
      select id from mail_event where received_at < ${before}
       order by received_at limit ${FORGOTTEN_AT_ONCE}::int)`.execute(tx);
}

/** Mails of one day (UTC) and template by how they stand now; a bounced one is in `sent` too. */
export type MailFigures = Readonly<{
  day: string;
  template: string;
  waiting: number;
  sent: number;
  delivered: number;
  bounced: number;
  failed: number;
}>;

export async function selectFigures(tx: Tx, from: Date, to: Date): Promise<MailFigures[]> {
  const { rows } = await sql<MailFigures>`
    select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, template,
           count(*) filter (where state = 'waiting')::int as waiting,
           count(*) filter (where state = 'sent')::int as sent,
           count(*) filter (where delivered_at is not null and bounced_at is null)::int as delivered,
           count(*) filter (where bounced_at is not null)::int as bounced,
           count(*) filter (where state = 'failed')::int as failed
      from message
     where channel = 'email' and created_at >= ${from} and created_at < ${to}
     group by 1, 2 order by 1, 2 limit ${FIGURES_MAX}::int`.execute(tx);
  return rows;
}
