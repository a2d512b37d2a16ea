import type { World } from '../world.ts';
import type {
  Entity,
  InlineKeyboard,
  InvoiceCard,
  Message,
  RefundedPayment,
  SuccessfulPayment,
  User,
} from './bot-api.ts';
import type { Hub } from './hub.ts';
import type { Markup } from './keyboard.ts';
import { asChat, asUser, type Person } from './people.ts';

/** One press of a button and what the bot answered to it. Times are wall clock milliseconds. */
export type Tap = Readonly<{
  queryId: string;
  data: string;
  at: number;
  answer?: Readonly<{ text: string; alert: boolean; url?: string; at: number }>;
}>;

/** What Telegram itself writes into a chat when Stars moved. */
export type ServiceNote =
  | Readonly<{ successful_payment: SuccessfulPayment }>
  | Readonly<{ refunded_payment: RefundedPayment }>;

/** A message as both sides see it. `at` and `editedAt` are wall clock milliseconds. */
export type ChatMessage = Readonly<{
  chatId: number;
  messageId: number;
  by: 'bot' | 'person';
  at: number;
  editedAt?: number;
  text: string;
  entities: readonly Entity[];
  inline?: InlineKeyboard;
  keys?: Markup['keys'];
  /** A bill in Stars; `link` opens its payment sheet. The text of such a message is empty. */
  invoice?: Readonly<{ card: InvoiceCard; link: string }>;
  /** A service message, whose text is empty too. */
  service?: ServiceNote;
  silent?: true;
  /** The bot took the update: two ticks. */
  taken?: true;
  taps: readonly Tap[];
}>;

export interface Chats {
  add(what: Omit<ChatMessage, 'messageId' | 'at' | 'taps'>): ChatMessage;
  save(message: ChatMessage): void;
  remove(message: ChatMessage): void;
  find(chatId: number, messageId: number): ChatMessage | undefined;
  /** Newest last. */
  list(chatId: number): ChatMessage[];
}

/** Older messages of a chat are forgotten, as if scrolled out of reach. */
const MESSAGES_KEPT = 500;

export function createChats(world: World, hub: Hub): Chats {
  const rows = world.store.collection<ChatMessage>('telegram.messages');
  const order = new Map<number, Map<number, ChatMessage>>();
  const chatOf = (chatId: number): Map<number, ChatMessage> => {
    const known = order.get(chatId) ?? new Map<number, ChatMessage>();
    order.set(chatId, known);
    return known;
  };
  for (const row of rows.values()) chatOf(row.chatId).set(row.messageId, row);
  const keyOf = (row: ChatMessage): string => `${String(row.chatId)}:${String(row.messageId)}`;

  function put(row: ChatMessage): void {
    rows.put(keyOf(row), row);
    chatOf(row.chatId).set(row.messageId, row);
    hub.tell('message', row);
  }

  function remove(row: ChatMessage): void {
    rows.delete(keyOf(row));
    chatOf(row.chatId).delete(row.messageId);
    hub.tell('deleted', { chatId: row.chatId, messageId: row.messageId });
  }

  return {
    add(what) {
      const message: ChatMessage = {
        ...what,
        messageId: world.store.sequence('telegram.message'),
        at: world.clock.now().getTime(),
        taps: [],
      };
      put(message);
      const [oldest] = chatOf(what.chatId).values();
      if (oldest !== undefined && chatOf(what.chatId).size > MESSAGES_KEPT) remove(oldest);
      return message;
    },
    save: put,
    remove,
    find: (chatId, messageId) => order.get(chatId)?.get(messageId),
    list: (chatId) => [...(order.get(chatId)?.values() ?? [])],
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** The message as the Bot API shows it. */
export const asMessage = (message: ChatMessage, person: Person, bot: User): Message => ({
  message_id: message.messageId,
  from: message.by === 'bot' ? bot : asUser(person),
  chat: asChat(person),
  date: seconds(message.at),
  ...(message.editedAt === undefined ? {} : { edit_date: seconds(message.editedAt) }),
  ...(message.invoice === undefined ? {} : { invoice: message.invoice.card }),
  ...message.service,
  ...(message.text === '' ? {} : { text: message.text }),
  ...(message.entities.length === 0 ? {} : { entities: message.entities }),
  ...(message.inline === undefined ? {} : { reply_markup: { inline_keyboard: message.inline } }),
});
