/** A bot over real modules and a real database, with a scripted Telegram that is talked to. */
import { Secret } from '@opora/kernel';
import { expect, inject } from 'vitest';
import { createAnnouncements } from '../../modules/announcements/index.ts';
import { createAudit } from '../../modules/audit/index.ts';
import { createCatalog } from '../../modules/catalog/index.ts';
import { createIdentity, createSessions } from '../../modules/identity/index.ts';
import { sealing } from '../../modules/identity/testing/world.ts';
import { createLedger } from '../../modules/ledger/index.ts';
import { createMessaging } from '../../modules/messaging/index.ts';
import { createEmailChannel } from '../../modules/messaging/channels/email.ts';
import { createTelegramChannel } from '../../modules/messaging/channels/telegram.ts';
import { createOrders } from '../../modules/orders/index.ts';
import { createPayments } from '../../modules/payments/index.ts';
import { createProvisioning } from '../../modules/provisioning/index.ts';
import { createRenewals, createSubscriptions } from '../../modules/subscriptions/index.ts';
import { systemClock as clock } from '../../platform/clock/index.ts';
import { createDoorbell, type Database } from '../../platform/db/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../platform/http-client/scripted-server.ts';
import { systemIds as ids } from '../../platform/ids/index.ts';
import { createJobs } from '../../platform/jobs/index.ts';
import { createMetrics } from '../../platform/metrics/index.ts';
import { createTelegramApi } from '../../platform/telegram/index.ts';
import { createHandler, type Bot } from '../bot.ts';
import type { BotDeps } from '../deps.ts';
import { createTestDatabase, silentLog as log } from './database.ts';
import { createTestProviders } from './providers.ts';
import { product, words } from './words.ts';
import { testSealing } from '../../../test/money-world.ts';
import { silentLetters } from '../../../test/silent-letters.ts';

export const TOKEN = '7:TEST_TOKEN_FOR_VECTORS_ONLY';

export type Sent = {
  text?: string;
  reply_markup?: { inline_keyboard: { text: string; callback_data?: string; url?: string }[][] };
};
type From = object & { id: number };

export type BotWorld = Readonly<{
  deps: BotDeps;
  db: Database;
  server: ScriptedServer;
  bot: Bot;
  /** What the payment services are: away or there. */
  setAway: (isAway: boolean) => void;
  /** The payment services have the money of these payments; who asks them is told. */
  paid: Set<string>;
  calls: (method: string) => Sent[];
  last: (method: string) => Sent;
  /** Each gives what the bot answered with. */
  say: (from: From, text: string, type?: string) => Promise<Sent>;
  tap: (from: From, data: string | undefined) => Promise<Sent>;
  /** Somebody nobody has met. */
  somebody: (name?: string, language?: string) => From;
  close: () => Promise<void>;
}>;

export const button = (sent: Sent, label: string) =>
  sent.reply_markup?.inline_keyboard.flat().find(({ text }) => text.startsWith(label));

/** `keeps`: the payment services save what was paid with, for whom agreed. */
export async function startBotWorld({ keeps = false } = {}): Promise<BotWorld> {
  let isAway = false;
  let newest = 1_000;
  const server = await startScriptedServer();
  const made = await createTestDatabase(inject('postgresUrl'));
  const closing: (() => Promise<unknown>)[] = [];
  const paid = new Set<string>();
  const payments = { isProviderAway: () => isAway, paid, keeps };
  const given = { ...payments, db: made.db, url: made.url, server, closing };
  const deps = compose(given);
  await deps.catalog.seed(product.slug, product.plans);
  const bot = createHandler(deps, { ...deps, botId: 7n });
  const calls = (method: string): Sent[] =>
    server.requests
      .filter(({ path }) => path.endsWith(`/${method}`))
      .map(({ body }) => body as Sent /* what the bot itself wrote */);
  const last = (method: string): Sent => calls(method).at(-1) ?? {};
  return {
    ...{ deps, db: made.db, server, bot, calls, last, paid },
    setAway(now) {
      isAway = now;
    },
    async say(from, text, type = 'private') {
      await bot.handle({ update_id: 1, message: { chat: { id: from.id, type }, from, text } }, 1);
      return last('sendMessage');
    },
    async tap(from, data) {
      const message = { message_id: 9, chat: { id: from.id, type: 'private' } };
      await bot.handle({ update_id: 1, callback_query: { id: 'q', from, data, message } }, 1);
      return last('editMessageText');
    },
    somebody: (name = 'Olga', language = 'ru') => ({
      id: (newest += 1),
      first_name: name,
      language_code: language,
    }),
    async close() {
      for (const each of [...closing, made.close, () => server.close()]) await each();
    },
  };
}

const isBanned = async () => false;
const nobodyEnters = (): never => expect.unreachable();

type Given = Readonly<{
  db: Database;
  url: string;
  server: ScriptedServer;
  closing: (() => Promise<unknown>)[];
  isProviderAway: () => boolean;
  paid: ReadonlySet<string>;
  keeps: boolean;
}>;

function compose(given: Given): BotDeps {
  const { db, url, server, closing, isProviderAway, paid, keeps } = given;
  const telegram = createTelegramApi({
    config: { token: new Secret(TOKEN), apiUrl: server.url },
    clock,
    log,
  });
  if (telegram === undefined) throw new Error('no client');
  closing.push(() => telegram.close());
  const doorbell = createDoorbell({ channel: 'bell', url, read: db.read, clock, log });
  const jobs = createJobs({ doorbell });
  const publish = async (): Promise<void> => undefined;
  const letters = silentLetters;
  const audit = createAudit({ db, clock, ids });
  const identity = createIdentity({ db, ids, clock, audit, letters, publish });
  const catalog = createCatalog({ db, ids, clock, audit });
  const orders = createOrders({ db, ids, clock });
  const describe = async () => ({ description: 'x', language: 'en' as const });
  const ledger = createLedger();
  const payments = createPayments({
    ...{ db, clock, ids, log, audit, orders },
    ledger,
    providers: createTestProviders(clock, { isAway: isProviderAway, paid, keeps }),
    handLimits: [],
    acceptsTest: true,
    schedule: { baseSeconds: 30, capSeconds: 60 },
    receipts: { enabled: false, email: undefined, vatCode: 1, taxSystem: undefined },
    emailOf: () => Promise.resolve(undefined),
    returnUrl: () => 'https://example.com',
    isResting: () => false,
    ...{ describe, publish, doorbell, sealing: testSealing },
    counted: () => undefined,
  });
  const common = { db, clock, log, catalog, orders, payments, publish };
  const renewals = createRenewals({ ...common, describe, isBanned });
  const subscriptions = createSubscriptions({
    ...common,
    ids,
    audit,
    renewals,
    policy: product.policy,
  });
  const provisioning = createProvisioning({
    ...{ db, clock, log, jobs, catalog, subscriptions },
    panel: undefined,
    webhook: undefined,
    squads: [],
    isBanned,
    telegramIdOf: async () => undefined,
    publish,
  });
  const messaging = createMessaging({
    db,
    clock,
    ids,
    log,
    jobs,
    channels: {
      telegram: createTelegramChannel({ api: telegram, words }),
      email: createEmailChannel({ mailer: undefined, words, product }),
    },
    mailReports: undefined,
    counted: () => undefined,
    recipientOf: (personId) => identity.contact(personId),
    blocked: async () => undefined,
  });
  return {
    telegram,
    webhookSecret: undefined,
    receiving: { mode: 'polling' },
    pace: 'normal',
    webUrl: 'https://example.com',
    sessions: createSessions({ db, clock, ids, sealing, issuer: { issue: nobodyEnters } }),
    product,
    words,
    db,
    doorbell,
    clock,
    ids,
    log,
    metrics: createMetrics(),
    identity,
    catalog,
    orders,
    ledger,
    payments,
    subscriptions,
    provisioning,
    messaging,
    announcements: createAnnouncements({ db, audit, clock, ids }),
  };
}
