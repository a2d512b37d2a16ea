/** How a view reaches a chat: menus edit their message, everything else is a new one. */
import {
  isMessageGone,
  isNotModified,
  sendHtml,
  type TelegramApi,
} from '../platform/telegram/index.ts';
import { toKeyboard, type View } from './view.ts';

/**
 * Shows `view` in place of message `edit`, or as a new silent message. A view that is there already
 * is fine; a message that is gone is sent anew. Throws what the API client throws.
 */
export async function present(
  telegram: TelegramApi,
  chat: { chatId: bigint; edit: number | undefined },
  view: View,
): Promise<void> {
  const message = {
    chatId: chat.chatId,
    html: view.html,
    keyboard: toKeyboard(view.rows),
    isSilent: true,
  };
  if (chat.edit === undefined) {
    await sendHtml(telegram, message);
    return;
  }
  try {
    await sendHtml(telegram, { ...message, messageId: chat.edit });
  } catch (error) {
    if (isNotModified(error)) return;
    if (!isMessageGone(error)) throw error;
    await sendHtml(telegram, message);
  }
}
