/**
 * Telegram as a user interface, a sibling of the web site: intake of updates, screens, buttons. It
 * has no business of its own; facts (paid, extended, refunded) are told by `messaging`.
 *
 * An update is stored once, acknowledged, and handled in its chat's order by whichever process takes
 * it; a handler may run again after a crash, so screens only show and repeat safely.
 * Limits: 32 chats at once per process, 3 tries of an update, 30 requests a minute of one person.
 */
import { createProcessLease } from '../platform/jobs/index.ts';
import type { App } from '../platform/http/index.ts';
import { createHandler } from './bot.ts';
import type { BotDeps } from './deps.ts';
import { LEASE_MS, startHandling } from './handling.ts';
import { createInbox } from './inbox.ts';
import { POLL_LEASE_MS, startPolling } from './polling.ts';
import { assertSpeaks } from './speech.ts';
import { createStarsDesk } from './stars.ts';
import { startUpkeep, UPKEEP_LEASE_MS } from './upkeep.ts';
import { createWebhook } from './webhook.ts';

export type { BotDeps, BotProduct, Receiving } from './deps.ts';

export interface RunningBot {
  /** Routes for the bot's listener: `/webhooks/telegram/:bot`. */
  readonly routes: (app: App) => Promise<void>;
  /** Begins to take and handle updates. */
  start(): void;
  /** Takes nothing new, finishes what is under way. */
  stop(): Promise<void>;
}

export function createBot(deps: BotDeps): RunningBot {
  const { telegram, clock, db, ids, log, metrics, doorbell } = deps;
  assertSpeaks(deps.product);
  const botId = telegram.botId;
  const holder = ids.secret(12);
  const handled = metrics.counter('bot_updates_total', 'Updates by how they ended.', ['outcome']);
  const taken = metrics.counter('bot_webhook_total', 'Calls of the webhook.', ['outcome']);
  const inbox = createInbox({ db, clock, doorbell });
  const stars = createStarsDesk(deps);
  const running: { stop(): Promise<void> }[] = [];

  const bot = createHandler(deps, { ...deps, botId });
  const lease = (work: string, termMs: number) =>
    createProcessLease({ db, clock, holder, termMs, name: `bot.${work}:${botId.toString()}` });

  return {
    routes: createWebhook({ botId, secret: deps.webhookSecret, inbox, stars, log, taken }),
    start() {
      running.push(
        startHandling({
          db,
          clock,
          log,
          doorbell,
          botId,
          leaseMs: LEASE_MS[deps.pace],
          handle: bot.handle,
          giveUp: bot.apologise,
          counted: (outcome) => handled.cell(outcome).add(),
        }),
      );
      running.push(startUpkeep({ ...deps, lease: lease('upkeep', UPKEEP_LEASE_MS) }));
      if (deps.receiving.mode === 'polling') {
        running.push(
          startPolling({ telegram, inbox, stars, clock, log, lease: lease('poll', POLL_LEASE_MS) }),
        );
      }
    },
    async stop() {
      await Promise.all(running.map((each) => each.stop()));
    },
  };
}
