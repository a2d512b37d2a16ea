import type { Clock } from '@opora/kernel';
import { webhookUrl, type TelegramApi } from '../../../platform/telegram/index.ts';
import { good, PAGES, skipped, warning, wrong, type Check, type Finding } from '../check.ts';

/** Errors older than this are history. */
const RECENT_MS = 3_600_000;
/** More updates than this mean that nobody takes them. */
const WAITING_MANY = 100;
const ERROR_MAX = 120;

type Known = Awaited<ReturnType<TelegramApi['call']['getWebhookInfo']>>;

/** Where Telegram sends the bot's updates, as Telegram sees it. */
export function checkWebhook(
  telegram: TelegramApi | undefined,
  expected: Readonly<{ webhookBase: string | undefined; isRunning: boolean }>,
  clock: Clock,
): Check {
  return {
    name: 'updates',
    async run() {
      if (telegram === undefined) return skipped('needs the bot');
      const known = await telegram.call.getWebhookInfo().catch(() => undefined);
      if (known === undefined) return skipped('needs the bot');
      const { webhookBase } = expected;
      const url = webhookBase === undefined ? '' : webhookUrl(webhookBase, telegram.botId);
      if ((known.url ?? '') !== url) return misled(known.url ?? '', url, expected.isRunning);
      return judge(known, url, clock);
    },
  };
}

/** Telegram has another address than ours. */
function misled(set: string, ours: string, isRunning: boolean): Finding {
  const page = PAGES.telegram;
  if (!isRunning) {
    const says = set === '' ? 'no webhook is set yet' : `Telegram calls ${hostOf(set)}, not us`;
    return warning(says, { mend: 'start the platform: its bot puts this right', page });
  }
  if (ours === '') {
    return warning(`Telegram calls ${hostOf(set)}, so our bot cannot poll`, {
      mend: 'the bot removes it within seconds; if it comes back, another program has the token',
      page,
    });
  }
  const says = set === '' ? 'no webhook is set' : `Telegram calls ${hostOf(set)}, not us`;
  return wrong(says, {
    mend: 'the bot sets ours within a minute; if not, `npx opora logs bot`, or another program has the token',
    page,
  });
}

function judge(known: Known, url: string, clock: Clock): Finding {
  const waiting = `${String(known.pending_update_count)} updates wait`;
  const how = url === '' ? 'the bot polls' : `Telegram calls ${hostOf(url)}`;
  const page = PAGES.telegram;
  const errorMs = (known.last_error_date ?? 0) * 1_000;
  if (url !== '' && clock.now().getTime() - errorMs < RECENT_MS) {
    const words = (known.last_error_message ?? 'unknown').slice(0, ERROR_MAX);
    return warning(`${how}, ${waiting}; its last try failed: ${words}`, {
      mend: 'whether OPORA_PUBLIC_URL reaches port +1 of this platform through your proxy',
      page,
    });
  }
  if (known.pending_update_count > WAITING_MANY) {
    return warning(`${how}, ${waiting}`, { mend: '`npx opora logs bot` says why', page });
  }
  return good(`${how}, ${waiting}`);
}

/** Its path may hold somebody's secret. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an odd address';
}
