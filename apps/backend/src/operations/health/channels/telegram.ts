import { sendHtml, type TelegramApi } from '../../../platform/telegram/index.ts';
import type { Channel } from '../channel.ts';

/** The chat of staff. */
export function createTelegramAlerts(api: TelegramApi, chatId: string): Channel {
  return {
    name: 'telegram',
    async send({ html, isSilent }) {
      await sendHtml(api, { chatId: BigInt(chatId), html, keyboard: [], isSilent });
    },
    close: () => api.close(),
  };
}
