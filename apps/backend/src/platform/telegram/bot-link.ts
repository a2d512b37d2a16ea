import type { Clock } from '@opora/kernel';
import type { Log } from '../log/index.ts';
import type { TelegramApi } from './api.ts';

const TELEGRAM_SITE = 'https://t.me/';
/** How soon Telegram is asked again who the bot is, when it could not say. */
const ASK_AGAIN_MS = 30_000;

/**
 * Where customers open the bot. The name is Telegram's to say: it is asked in the background and
 * remembered; until then the link leads to Telegram itself. A simulated world has its own page.
 */
export function createBotLink(deps: {
  api: TelegramApi | undefined;
  simulator: string | undefined;
  clock: Clock;
  log: Log;
}): () => string {
  let link = deps.simulator;
  let askedAtMs: number | undefined;

  async function ask(api: TelegramApi): Promise<void> {
    const me = await api.call.getMe();
    link = `${TELEGRAM_SITE}${me.username}`;
  }

  return () => {
    const nowMs = deps.clock.monotonicMs();
    const isDue = askedAtMs === undefined || nowMs - askedAtMs > ASK_AGAIN_MS;
    if (link === undefined && deps.api !== undefined && isDue) {
      askedAtMs = nowMs;
      ask(deps.api).catch((error: unknown) => {
        deps.log.warn({ error }, 'Telegram did not say who the bot is; asking again later');
      });
    }
    return link ?? TELEGRAM_SITE;
  };
}
