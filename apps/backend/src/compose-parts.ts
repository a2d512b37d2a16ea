/** Small pieces of the composition that read better apart. */
import type { Clock, Language, Secret } from '@opora/kernel';
import type { Config } from './config/shape.ts';
import type { Order } from './modules/orders/index.ts';
import {
  PAYMENTS_SEALED,
  ProviderUnavailable,
  type createNoticeStore,
} from './modules/payments/index.ts';
import { IDENTITY_SEALED, type SignInDeps } from './modules/identity/index.ts';
import { createSealing, readSealingKeys, type Sealing } from './platform/sealing/index.ts';
import {
  acknowledgeBeforeCommit,
  forgetToRearm,
  neverLate,
  reactAfterCommit,
} from './operations/drills/planted.ts';
import { systemClock } from './platform/clock/index.ts';
import type { createReactions } from './reactions/index.ts';
import { DatabaseUnavailable, type Database } from './platform/db/index.ts';
import { NetworkFailed } from './platform/http-client/index.ts';
import type { systemIds } from './platform/ids/index.ts';
import type { Lifecycle } from './platform/lifecycle/index.ts';
import type { Log } from './platform/log/index.ts';
import type { Metrics } from './platform/metrics/index.ts';
import { createTelegramOidc } from './platform/telegram/index.ts';

/** What every role has, and what opens a part of it may use: no database, no business. */
export type Platform = Readonly<{
  config: Config;
  clock: typeof systemClock;
  ids: typeof systemIds;
  log: Log;
  lifecycle: Lifecycle;
  metrics: Metrics;
}>;

/** The store of notices, or one with the bug that the drill must find. */
export function plantInNotices(
  config: Config,
  store: ReturnType<typeof createNoticeStore>,
  db: Database,
): ReturnType<typeof createNoticeStore> {
  if (config.plantedBug === 'acknowledge-before-commit') {
    return acknowledgeBeforeCommit(store, systemClock);
  }
  return config.plantedBug === 'forget-to-rearm' ? forgetToRearm(store, db) : store;
}

type Reactions = ReturnType<typeof createReactions>;

/** The reactions, or those of the bug that the drill about crash points must find. */
export function plantInReactions(config: Config, reactions: Reactions, db: Database): Reactions {
  if (config.plantedBug !== 'react-after-commit') return reactions;
  return { publish: reactAfterCommit(reactions.publish, db) };
}

/** The clock of those who show copies, or the one of the bug that the drill about the database must find. */
export function plantInReads(config: Config, clock: Clock): Clock {
  return config.plantedBug === 'patient-reads' ? neverLate(clock) : clock;
}

/** What a provider's breaker counts: a cut connection too, whatever the client calls it later. */
export function isProviderAway(error: unknown): boolean {
  return error instanceof ProviderUnavailable || error instanceof NetworkFailed;
}

/** Every column that holds sealed values is named here: new keys reach those and no other. */
export function openSealing(config: Config): Sealing {
  const keys = readSealingKeys(demand(config.encryptionKeys, 'ENCRYPTION_KEYS'));
  return createSealing(keys, [...IDENTITY_SEALED, ...PAYMENTS_SEALED]);
}

/** Whose word about people counts: that of the bot's Telegram, by each way that is configured. */
export function telegramSignIn(
  { telegram: { token, oidc } }: Config,
  deps: Omit<Parameters<typeof createTelegramOidc>[0], 'config'>,
): Pick<SignInDeps, 'telegram' | 'telegramOidc'> {
  return {
    telegram: token && { botToken: token },
    telegramOidc: oidc && createTelegramOidc({ ...deps, config: oidc }),
  };
}

/** A secret that the first start makes; throws when there is none yet. */
export function demand(secret: Secret | undefined, key: string): Secret {
  if (secret === undefined) {
    throw new DatabaseUnavailable(`${key} is missing: run \`npm start\` once, or set it`);
  }
  return secret;
}

/** To the page of the order, or to the chat it was made in; the simulated chat has no address. */
export function returnUrl(config: Config, order: Order, botLink: () => string): string {
  if (order.key !== undefined) return `${config.webUrl}/cabinet/return?order=${order.id}`;
  return config.telegram.simulated ? config.webUrl : botLink();
}

/** Processes that share the connections of the server. */
export function processesWithDatabase(config: Config): number {
  const counts = Object.values(config.instances);
  // One more share for commands and the doorbells' own connections.
  return counts.reduce((sum, count) => sum + count, 1);
}

/** Where staff works, and the chat that reads what staff without Telegram would miss. */
export function operatorsOf({ webUrl, alerts }: Config): {
  webUrl: string;
  chatId: bigint | undefined;
  language: Language;
} {
  const { chatId, language } = alerts;
  return { webUrl, language, chatId: chatId === undefined ? undefined : BigInt(chatId) };
}
