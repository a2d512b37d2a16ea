import { toPlain } from '../words/index.ts';
import type { TelegramApi } from './api.ts';
import { isEntityFault } from './errors.ts';

export type KeyboardButton = Readonly<
  { text: string; style?: 'primary' | 'success' | 'danger' } & (
    { callback_data: string } | { url: string } | { copy_text: Readonly<{ text: string }> }
  )
>;

export type Keyboard = readonly (readonly KeyboardButton[])[];

/**
 * Sends (or edits, with `messageId`) a text of ours: HTML, no link previews. Should Telegram not
 * read the markup, the same words go as plain text: a fact that must be told is told.
 * Resolves with the message's id; throws what the API client throws.
 */
export async function sendHtml(
  api: TelegramApi,
  message: {
    chatId: bigint;
    html: string;
    keyboard: Keyboard;
    messageId?: number | undefined;
    isSilent?: boolean;
  },
): Promise<number> {
  try {
    return await put(api, message, { text: message.html, parse_mode: 'HTML' });
  } catch (error) {
    if (!isEntityFault(error)) throw error;
    return put(api, message, { text: toPlain(message.html) });
  }
}

async function put(
  api: TelegramApi,
  message: Parameters<typeof sendHtml>[1],
  words: { text: string; parse_mode?: 'HTML' },
): Promise<number> {
  const common = {
    ...words,
    chat_id: Number(message.chatId),
    link_preview_options: { is_disabled: true },
    reply_markup: {
      inline_keyboard: message.keyboard.map((row) => row.map((each) => ({ ...each }))),
    },
  };
  if (message.messageId !== undefined) {
    await api.call.editMessageText({ ...common, message_id: message.messageId });
    return message.messageId;
  }
  const sent = await api.call.sendMessage({
    ...common,
    disable_notification: message.isSilent ?? false,
  });
  return sent.message_id;
}
