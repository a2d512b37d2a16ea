import { assert } from '@opora/kernel';
import { TelegramUnavailable, type TelegramApi } from '../../../platform/telegram/index.ts';
import { good, PAGES, warning, wrong, type Check, type Finding } from '../check.ts';

/** The token, by asking Telegram who the bot is. */
export function checkBot(telegram: TelegramApi | undefined): Check {
  return {
    name: 'bot',
    async run() {
      if (telegram === undefined) {
        return warning('TELEGRAM_BOT_TOKEN is not set: there is no bot', {
          mend: 'in Telegram, @BotFather, /newbot (or /mybots, your bot, "API Token")',
          page: PAGES.toReal,
        });
      }
      try {
        const me = await telegram.call.getMe();
        return good(`@${me.username} lets us in`);
      } catch (error) {
        return explainTelegram(error);
      }
    },
  };
}

/** What a failed call to Telegram means to the operator; a bug goes on. */
export function explainTelegram(error: unknown): Finding {
  assert(error instanceof TelegramUnavailable, String(error));
  const status = error.facts['status'];
  if (status === 401 || status === 404) {
    return wrong('Telegram refuses the token', {
      mend: '@BotFather, /mybots, your bot, "API Token": copy it whole into TELEGRAM_BOT_TOKEN',
      page: PAGES.toReal,
    });
  }
  return wrong(`Telegram does not answer (${error.message})`, {
    mend: 'is TELEGRAM_API_URL right, and may this machine reach it? Updates wait there meanwhile',
    page: PAGES.telegram,
  });
}
