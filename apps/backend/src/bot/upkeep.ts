/**
 * What Telegram knows about the bot, kept true: where it sends updates, the commands and the
 * words of an empty chat. One elected process looks after it; failures are logged and mended at the
 * next look, nothing waits for them.
 */
import type { Clock, Language, Secret } from '@opora/kernel';
import type { ProcessLease } from '../platform/jobs/index.ts';
import type { Log } from '../platform/log/index.ts';
import { webhookUrl, type TelegramApi } from '../platform/telegram/index.ts';
import type { BotProduct, Receiving } from './deps.ts';
import { ALLOWED_UPDATES } from './incoming.ts';
import { COMMANDS } from './open.ts';
import { speechIn } from './speech.ts';
import type { Words } from '../platform/words/index.ts';

const LOOK_EVERY_MS = { normal: 60_000, drill: 5_000 } as const;
/** While something failed, the next look is soon: a webhook that is not set is a silent bot. */
const AFTER_FAILURE_MS = 3_000;
export const UPKEEP_LEASE_MS = 90_000;
const CONNECTIONS_MAX = 40;

type Deps = Readonly<{
  telegram: TelegramApi;
  receiving: Receiving;
  webhookSecret: Secret | undefined;
  pace: keyof typeof LOOK_EVERY_MS;
  product: BotProduct;
  words: Words;
  lease: ProcessLease;
  clock: Clock;
  log: Log;
}>;

export function startUpkeep(deps: Deps): { stop(): Promise<void> } {
  const { clock, log } = deps;
  const stopping = new AbortController();
  let isIntroduced = false;

  async function look(): Promise<void> {
    if ((await deps.lease.hold()) === undefined) return;
    if (deps.receiving.mode === 'webhook') await keepWebhook(deps, deps.receiving.baseUrl);
    if (!isIntroduced) await introduce(deps);
    isIntroduced = true;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      let waitMs: number = LOOK_EVERY_MS[deps.pace];
      try {
        await look();
      } catch (error) {
        log.warn({ err: error }, 'the settings of the bot could not be looked after');
        waitMs = AFTER_FAILURE_MS;
      }
      await clock.sleep(waitMs, stopping.signal);
    }
    await deps.lease.release().catch(() => undefined);
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Sets the webhook when Telegram has another one, or says that we refused its secret. */
async function keepWebhook(deps: Deps, baseUrl: string): Promise<void> {
  if (deps.webhookSecret === undefined) return;
  const url = webhookUrl(baseUrl, deps.telegram.botId);
  const info = await deps.telegram.call.getWebhookInfo();
  const known = (info.allowed_updates ?? []).toSorted().join();
  const isSet = info.url === url && known === [...ALLOWED_UPDATES].sort().join();
  // The secret cannot be read back; a refusal of ours is how another one shows.
  const isRefused = /\b401\b|unauthorized/i.test(info.last_error_message ?? '');
  if (isSet && !isRefused) return;
  await deps.telegram.call.setWebhook({
    url,
    secret_token: deps.webhookSecret.reveal(),
    allowed_updates: ALLOWED_UPDATES,
    max_connections: CONNECTIONS_MAX,
  });
  deps.log.info({ url }, 'the webhook was set');
}

/** English for everybody, Russian for those whose Telegram speaks it. */
const AUDIENCES = [
  { language: 'en', scope: {} },
  { language: 'ru', scope: { language_code: 'ru' } },
] as const;

async function introduce(deps: Deps): Promise<void> {
  for (const { language, scope } of AUDIENCES) {
    await deps.telegram.call.setMyCommands({ ...scope, commands: commandsIn(deps, language) });
    await describe(deps, language, scope);
  }
}

function commandsIn(deps: Deps, language: Language): { command: string; description: string }[] {
  const speech = speechIn(deps.words, language);
  return COMMANDS.map((command) => ({ command, description: speech.plain(`command.${command}`) }));
}

/** Telegram limits how often these change, so they are only written when they differ. */
async function describe(
  { telegram: { call }, product }: Deps,
  language: Language,
  scope: { language_code?: 'ru' },
): Promise<void> {
  const description = product.description[language];
  const known = await call.getMyDescription(scope);
  if (known.description !== description) await call.setMyDescription({ ...scope, description });
  const short_description = product.shortDescription[language];
  const knownShort = await call.getMyShortDescription(scope);
  if (knownShort.short_description !== short_description) {
    await call.setMyShortDescription({ ...scope, short_description });
  }
  const name = product.name[language];
  const knownName = await call.getMyName(scope);
  if (knownName.name !== name) await call.setMyName({ ...scope, name });
}
