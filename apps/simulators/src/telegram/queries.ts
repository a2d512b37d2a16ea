import type { World } from '../world.ts';
import { badRequest } from './bot-api.ts';
import type { ChatMessage, Chats, Tap } from './chats.ts';

/** After this a tap can no longer be answered. */
export const QUERY_LIFETIME_MS = 60_000;
const QUERIES_KEPT = 20_000;
const TAPS_KEPT = 20;

type Query = Readonly<{ chatId: number; messageId: number; at: number; answered: boolean }>;

/** Presses of inline buttons, from the press to the bot's answer. */
export interface Queries {
  /** Notes the press on its message; answers the id of the query. */
  open(message: ChatMessage, data: string): string;
  /** Throws the API's 400 when the query is unknown, answered or too old. */
  answer(queryId: string, answer: { text: string; alert: boolean; url?: string }): void;
}

export function createQueries(world: World, chats: Chats): Queries {
  const rows = world.store.collection<Query>('telegram.queries');
  return {
    open(message, data) {
      const number = world.store.sequence('telegram.query');
      const queryId = String(1_000_000_000 + number);
      const at = world.clock.now().getTime();
      const { chatId, messageId } = message;
      rows.put(queryId, { chatId, messageId, at, answered: false });
      rows.delete(String(1_000_000_000 + number - QUERIES_KEPT));
      const tap: Tap = { queryId, data, at };
      chats.save({ ...message, taps: [...message.taps, tap].slice(-TAPS_KEPT) });
      return queryId;
    },
    answer(queryId, answer) {
      const query = rows.get(queryId);
      const now = world.clock.now().getTime();
      if (query === undefined || query.answered || now - query.at > QUERY_LIFETIME_MS) {
        throw badRequest('query is too old and response timeout expired or query ID is invalid');
      }
      rows.put(queryId, { ...query, answered: true });
      const message = chats.find(query.chatId, query.messageId);
      if (message === undefined) return;
      const taps = message.taps.map((tap) =>
        tap.queryId === queryId ? { ...tap, answer: { ...answer, at: now } } : tap,
      );
      chats.save({ ...message, taps });
    },
  };
}
