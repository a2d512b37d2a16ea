/** The Telegram bot: takes updates, answers people. Any number of them. */
import { createBot, type Receiving } from '../bot/index.ts';
import { readinessWith } from '../compose-database.ts';
import { composeModules, type Modules } from '../compose.ts';
import type { Config } from '../config/shape.ts';
import { createHttp, createInnerLink, type Http } from '../platform/http/index.ts';
import type { Running } from '../platform/lifecycle/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const parts = await composeModules(config, 'bot', instance);
  const { lifecycle, clock, log, telegram } = parts;
  const http = createHttp({
    log,
    ids: parts.ids,
    clock,
    metrics: parts.metrics,
    link: createInnerLink({ role: 'bot', keys: config.readServiceKeys, clock }),
    trustedProxies: config.trustedProxies,
    sockets: config.sockets,
    // Without a token there is nobody to be: say so, and do not take traffic.
    readiness: () =>
      telegram === undefined
        ? { ready: false, degraded: ['no TELEGRAM_BOT_TOKEN'] }
        : readinessWith(parts.db)(),
  });
  await mountBot(parts, http);
  lifecycle.onStop('http', () => http.close());
  await http.listen(config.ports.bot + instance);
  return {
    ready: () => telegram !== undefined && !http.draining,
    stop: (reason) => lifecycle.stop(reason),
  };
}

/** The bot behind a listener that does not listen yet; without a token there is none. */
export async function mountBot(parts: Modules, http: Http): Promise<void> {
  const { config, lifecycle, telegram } = parts;
  if (telegram === undefined) return;
  const bot = createBot({
    ...parts,
    telegram,
    webhookSecret: config.telegram.webhookSecret,
    receiving: receivingOf(config),
    pace: config.pace,
    webUrl: linkableSite(config),
    doorbell: parts.updateBell,
  });
  await http.app.register(bot.routes);
  bot.start();
  lifecycle.onStop('bot', () => bot.stop());
}

/** Telegram calls us where it can reach us. */
function receivingOf({ telegram: { webhookBase } }: Config): Receiving {
  return webhookBase === undefined
    ? { mode: 'polling' }
    : { mode: 'webhook', baseUrl: webhookBase };
}

/** Telegram refuses buttons that lead to a machine of ours without TLS; the simulated one does not. */
function linkableSite(config: Config): string | undefined {
  return config.telegram.simulated || config.webUrl.startsWith('https:')
    ? config.webUrl
    : undefined;
}
