/** Every SQL statement of the bot: the inbox of updates and the state of chats. */
import { sql, statement, type Tx } from '../platform/db/index.ts';

export type StoredUpdate = Readonly<{
  botId: bigint;
  updateId: bigint;
  /** 0 when the update has no chat. */
  chatId: bigint;
  /** The update as JSON text. */
  body: string;
}>;

const INSERT = statement<{ update_id: bigint }>(`
  insert into bot_update (bot_id, update_id, chat_id, body, received_at)
  select bot_id, update_id, chat_id, body::jsonb, $1
    from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
      as given (bot_id, update_id, chat_id, body)
   order by bot_id, update_id
  on conflict do nothing
  returning update_id`);

/**
 * Stores what is new, in one order of keys, so that two processes that are told the same cannot
 * wait for each other's rows; the ids of those that were not there before.
 */
export async function insertUpdates(
  tx: Tx,
  updates: readonly StoredUpdate[],
  at: Date,
): Promise<ReadonlySet<bigint>> {
  const rows = await INSERT(tx, [
    at,
    updates.map(({ botId }) => botId),
    updates.map(({ updateId }) => updateId),
    updates.map(({ chatId }) => chatId),
    updates.map(({ body }) => body),
  ]);
  return new Set(rows.map(({ update_id }) => update_id));
}

/** `attempt` is the fence: only the newest claim of an update may finish it. */
export type Claim = Readonly<{
  botId: bigint;
  updateId: bigint;
  chatId: bigint;
  attempt: number;
  body: unknown;
}>;

const CLAIM = statement<{
  update_id: bigint;
  chat_id: bigint;
  attempts: number;
  body: unknown;
}>(`
  update bot_update as taken
     set attempts = taken.attempts + 1,
         lease_until = now() + $1::int * interval '1 millisecond'
    from (select head.update_id from bot_update as head
           where head.bot_id = $2 and head.state = 'waiting'
             and (head.lease_until is null or head.lease_until < now())
             and not exists (
               select 1 from bot_update as earlier
                where earlier.bot_id = head.bot_id and earlier.chat_id = head.chat_id
                  and earlier.state = 'waiting' and earlier.update_id < head.update_id)
           order by head.update_id limit $3::int
             for update of head skip locked) as free
   where taken.bot_id = $2 and taken.update_id = free.update_id
  returning taken.update_id, taken.chat_id, taken.attempts, taken.body`);

/**
 * Leases the oldest waiting update of each free chat. A leased update is still the oldest waiting
 * one of its chat, so nothing behind it can be taken: that is what keeps a chat's order. When two
 * processes meet, `skip locked` parts them, and a row that changed meanwhile is judged again.
 */
export async function claimUpdates(
  tx: Tx,
  wish: { botId: bigint; limit: number; leaseMs: number },
): Promise<Claim[]> {
  const rows = await CLAIM(tx, [wish.leaseMs, wish.botId, wish.limit]);
  return rows.map((row) => ({
    botId: wish.botId,
    updateId: row.update_id,
    chatId: row.chat_id,
    attempt: row.attempts,
    body: row.body,
  }));
}

/** Longer leases for those who still work; the ids of those that nobody else has taken over. */
export async function renewClaims(
  tx: Tx,
  claims: readonly Claim[],
  leaseMs: number,
): Promise<ReadonlySet<bigint>> {
  const { rows } = await sql<{ update_id: bigint }>`
    update bot_update as held
       set lease_until = now() + ${leaseMs}::int * interval '1 millisecond'
      from unnest(${claims.map(({ botId }) => botId)}::bigint[],
                  ${claims.map(({ updateId }) => updateId)}::bigint[],
                  ${claims.map(({ attempt }) => attempt)}::int[])
        as given (bot_id, update_id, attempt)
     where held.bot_id = given.bot_id and held.update_id = given.update_id
       and held.state = 'waiting' and held.attempts = given.attempt
    returning held.update_id`.execute(tx);
  return new Set(rows.map(({ update_id }) => update_id));
}

export type Ending = Readonly<{
  claim: Claim;
  state: 'done' | 'failed';
  error: string | undefined;
  at: Date;
}>;

const FINISH = statement<{ update_id: bigint }>(`
  update bot_update as ended
     set state = given.state, lease_until = null, handled_at = given.at, last_error = given.error
    from unnest($1::bigint[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])
      as given (bot_id, update_id, attempt, state, error, at)
   where ended.bot_id = given.bot_id and ended.update_id = given.update_id
     and ended.state = 'waiting' and ended.attempts = given.attempt
  returning ended.update_id`);

/** Ends claims for good; the ids of those that nobody else has taken over. */
export async function finishClaims(
  tx: Tx,
  endings: readonly Ending[],
): Promise<ReadonlySet<bigint>> {
  const rows = await FINISH(tx, [
    endings.map(({ claim }) => claim.botId),
    endings.map(({ claim }) => claim.updateId),
    endings.map(({ claim }) => claim.attempt),
    endings.map(({ state }) => state),
    endings.map(({ error }) => error ?? null),
    endings.map(({ at }) => at),
  ]);
  return new Set(rows.map(({ update_id }) => update_id));
}

/** The update is tried again after the wait; its chat waits with it. */
export async function postponeClaim(
  tx: Tx,
  claim: Claim,
  wait: { error: string; waitMs: number },
): Promise<void> {
  await sql`update bot_update
       set lease_until = now() + ${wait.waitMs}::int * interval '1 millisecond',
           last_error = ${wait.error}
     where bot_id = ${claim.botId} and update_id = ${claim.updateId}
       and state = 'waiting' and attempts = ${claim.attempt}`.execute(tx);
}

/** Deletes handled updates received before `before`; how many went. */
export async function deleteHandled(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await sql<{ update_id: bigint }>`
    delete from bot_update as old using (
      select bot_id, update_id from bot_update
       where received_at < ${before} and state <> 'waiting'
       order by received_at limit ${limit}::int for update skip locked) as gone
     where old.bot_id = gone.bot_id and old.update_id = gone.update_id
    returning old.update_id`.execute(tx);
  return rows.rows.length;
}

export type ChatRow = Readonly<{ screen: string; data: unknown; version: number }>;

export async function selectChat(
  tx: Tx,
  chat: { botId: bigint; chatId: bigint },
): Promise<ChatRow | undefined> {
  const rows = await sql<ChatRow>`
    select screen, data, version from bot_chat
     where bot_id = ${chat.botId} and chat_id = ${chat.chatId}`.execute(tx);
  return rows.rows[0];
}

/** Writes the state if it is still at `version` (0: there is none yet); false when it moved on. */
export async function writeChat(
  tx: Tx,
  chat: { botId: bigint; chatId: bigint; screen: string; data: string; version: number; at: Date },
): Promise<boolean> {
  const rows = await sql<{ version: number }>`
    insert into bot_chat as state (bot_id, chat_id, screen, data, version, updated_at)
    values (${chat.botId}, ${chat.chatId}, ${chat.screen}, ${chat.data}::jsonb,
            ${chat.version}::int + 1, ${chat.at})
    on conflict (bot_id, chat_id) do update
      set screen = excluded.screen, data = excluded.data, version = excluded.version,
          updated_at = excluded.updated_at
      where state.version = ${chat.version}::int
    returning version`.execute(tx);
  return rows.rows.length === 1;
}
