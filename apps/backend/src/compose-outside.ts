/**
 * Everybody outside as the composition opens them: the client, the breaker round it, the harmless call
 * by which an open breaker finds them back, and the jobs that are due then.
 */
import type { Outside } from './compose-breakers.ts';
import { isProviderAway, type Platform } from './compose-parts.ts';
import {
  createProviders,
  knock,
  type PaymentProvider,
  type ProviderId,
} from './modules/payments/index.ts';
import { createPanel, PanelUnavailable, type Panel } from './modules/provisioning/index.ts';
import type { OperatedBreaker } from './platform/breaker/index.ts';
import type { HttpClient } from './platform/http-client/index.ts';
import { createMailer, MailUnavailable, type Mailer } from './platform/mail/index.ts';
import { createTelegramApi, isTelegramAway, type TelegramApi } from './platform/telegram/index.ts';

/** Messages by either channel are the work of one task. */
const MESSAGES = 'messaging.send';

/** Undefined when there is no token. */
export function openTelegram(
  { config, clock, log, lifecycle }: Platform,
  { guard, findBack }: Outside,
): TelegramApi | undefined {
  const breaker = guard('telegram', { countsAsFailure: isTelegramAway, wakes: MESSAGES });
  const api = createTelegramApi({ config: config.telegram, clock, log, breaker });
  if (api === undefined) return undefined;
  lifecycle.onStop('telegram', () => api.close());
  findBack(breaker, () => api.call.getMe());
  return api;
}

export type OpenProviders = Readonly<{
  providers: ReadonlyMap<ProviderId, PaymentProvider>;
  /** Its breaker is open here: it is not offered. */
  isResting: (provider: ProviderId) => boolean;
}>;

export function openProviders(
  { config, clock, log }: Platform,
  {
    http,
    telegram,
    outside: { guard, findBack },
  }: { http: HttpClient; telegram: TelegramApi | undefined; outside: Outside },
): OpenProviders {
  const breakers = new Map<ProviderId, OperatedBreaker>();
  const providers = createProviders(config, {
    ...{ http, telegram, clock, log },
    breaker(name) {
      const breaker = guard(name, { countsAsFailure: isProviderAway });
      breakers.set(name, breaker);
      return breaker;
    },
  });
  for (const [id, provider] of providers) {
    const breaker = breakers.get(id);
    if (breaker !== undefined) findBack(breaker, () => knock(provider, clock));
  }
  return { providers, isResting: (provider) => breakers.get(provider)?.state === 'open' };
}

/** Undefined when no panel is configured. */
export function openPanel(
  { config, clock, log }: Platform,
  { http, outside: { guard, findBack } }: { http: HttpClient; outside: Outside },
): Panel | undefined {
  const breaker = guard('panel', {
    countsAsFailure: (error) => error instanceof PanelUnavailable,
    wakes: 'provisioning.deliver',
  });
  const panel = createPanel(config.remnawave, { http, clock, log, breaker });
  if (panel !== undefined) findBack(breaker, () => panel.info());
  return panel;
}

/** Undefined when no server is configured. */
export function openMailer(
  { config, clock, log, lifecycle }: Platform,
  { guard, findBack }: Outside,
): Mailer | undefined {
  const { smtpUrl, from, testInbox } = config.mail;
  if (smtpUrl === undefined) {
    log.warn('no SMTP_URL: no mail is sent');
    return undefined;
  }
  if (testInbox !== undefined) log.warn({ testInbox }, 'every mail goes to the test inbox');
  const breaker = guard('mail', {
    countsAsFailure: (error) => error instanceof MailUnavailable && !error.isAboutReader,
    wakes: MESSAGES,
  });
  const mailer = createMailer({ url: smtpUrl, from, testInbox, clock, breaker });
  findBack(breaker, () => breaker.run(() => mailer.greet()));
  lifecycle.onStop('mail', () => {
    mailer.close();
  });
  return mailer;
}
