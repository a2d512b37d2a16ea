/** The channels that are configured, and the call to the outside watchman. */
import type { Clock, Ids } from '@opora/kernel';
import { request } from 'undici';
import type { Config } from '../../config/shape.ts';
import { createBreaker, type Switchboard } from '../../platform/breaker/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { createMailer, MailUnavailable } from '../../platform/mail/index.ts';
import { createTelegramApi } from '../../platform/telegram/index.ts';
import type { Channel } from './channel.ts';
import { createMailAlerts } from './channels/mail.ts';
import { createTelegramAlerts } from './channels/telegram.ts';

const HEARTBEAT_TIMEOUT_MS = 10_000;

export function openChannels(
  config: Config,
  { clock, ids, log, board }: { clock: Clock; ids: Ids; log: Log; board: Switchboard },
): Channel[] {
  const { chatId, mailTo, language } = config.alerts;
  const channels: Channel[] = [];
  const api =
    chatId === undefined ? undefined : createTelegramApi({ config: config.telegram, clock, log });
  if (api !== undefined && chatId !== undefined) channels.push(createTelegramAlerts(api, chatId));
  const { smtpUrl: url, from, testInbox } = config.mail;
  if (url !== undefined) {
    for (const [at, to] of mailTo.entries()) {
      const countsAsFailure = (error: unknown): boolean => error instanceof MailUnavailable;
      const name = `alerts-${String(at)}`;
      const breaker = createBreaker({ name, clock, ids, countsAsFailure });
      board.add(breaker);
      const mailer = createMailer({ url, from, testInbox, clock, breaker });
      channels.push(createMailAlerts(mailer, to, language));
    }
  }
  if (channels.length === 0) {
    log.warn('nobody is told of incidents: set TELEGRAM_CHAT_ID or OPORA_ALERT_MAIL');
  }
  return channels;
}

/** One call; rejects unless the answer is a 2xx. The address is in no error: it may be a password. */
export async function callOutside(address: string): Promise<void> {
  const limits = { headersTimeout: HEARTBEAT_TIMEOUT_MS, bodyTimeout: HEARTBEAT_TIMEOUT_MS };
  const { statusCode, body } = await request(address, limits).catch(() => {
    throw new Error('no answer');
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(`answered ${String(statusCode)}`);
}
