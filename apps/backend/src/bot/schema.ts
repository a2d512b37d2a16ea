import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../platform/db/naming.ts';

/** The inbox of Telegram: stored once, acknowledged, handled in its chat's order by any process. */
export const BotUpdate = defineEntity({
  name: 'BotUpdate',
  tableName: 'bot_update',
  properties: {
    botId: p.bigint('bigint').primary(),
    updateId: p.bigint('bigint').primary(),
    /** Orders the work: one chat's updates one after another; 0 when an update has no chat. */
    chatId: p.bigint('bigint'),
    body: p.json<Record<string, unknown>>(),
    state: p.text().default('waiting'),
    attempts: p.integer().default(0),
    leaseUntil: p.datetime(6).nullable(),
    lastError: p.text().nullable(),
    receivedAt: p.datetime(6),
    handledAt: p.datetime(6).nullable(),
  },
  indexes: [
    {
      name: 'bot_update_waiting_idx',
      properties: ['botId', 'chatId', 'updateId'],
      where: "state = 'waiting'",
    },
    { name: 'bot_update_received_idx', properties: ['receivedAt'] },
  ],
  checks: [
    { name: 'bot_update_state_check', expression: "state in ('waiting', 'done', 'failed')" },
  ],
});

/** Where a chat is in its dialog: plain typed state, so a deploy never meets a half-run handler. */
export const BotChat = defineEntity({
  name: 'BotChat',
  tableName: 'bot_chat',
  properties: {
    botId: p.bigint('bigint').primary(),
    chatId: p.bigint('bigint').primary(),
    screen: p.text(),
    data: p.json<Record<string, unknown>>(),
    version: p.integer(),
    updatedAt: p.datetime(6),
  },
});

export type BotTables = InferKyselyDB<typeof BotUpdate | typeof BotChat, TableNames>;
