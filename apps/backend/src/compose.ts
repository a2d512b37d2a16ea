/**
 * THE composition root: long, flat and boring on purpose. Platform first, then modules in the
 * order of their layers, by hand; every resource says how it is closed where it is made.
 */
import { availableParallelism } from 'node:os';
import { openBreakers } from './compose-breakers.ts';
import { openDatabase } from './compose-database.ts';
import { openMailer, openPanel, openProviders, openTelegram } from './compose-outside.ts';
import {
  demand,
  openSealing,
  plantInNotices,
  plantInReactions,
  returnUrl,
  telegramSignIn,
  type Platform,
} from './compose-parts.ts';
import { loadProduct, type Product } from './config/product.ts';
import { TOKEN_NAMES } from './config/session-names.ts';
import type { Config } from './config/shape.ts';
import { readVersion } from './config/version.ts';
import {
  createAudit,
  createAuditChain,
  type Audit,
  type AuditChain,
} from './modules/audit/index.ts';
import { createAnnouncements, type Announcements } from './modules/announcements/index.ts';
import { createCatalog, type Catalog } from './modules/catalog/index.ts';
import {
  createHasher,
  createIdentity,
  createPasswordPolicy,
  createSessions,
  createApiKeys,
  createSignIn,
  createStanding,
  type ApiKeys,
  type Identity,
  type Sessions,
  type SignIn,
  type Standing,
} from './modules/identity/index.ts';
import { createLedger, type Ledger } from './modules/ledger/index.ts';
import {
  createEmailChannel,
  createMessaging,
  createSendgridReports,
  createTelegramChannel,
  type Messaging,
} from './modules/messaging/index.ts';
import { createOrders, orderTitle, type Order, type Orders } from './modules/orders/index.ts';
import { createNoticeStore, createPayments, type Payments } from './modules/payments/index.ts';
import {
  createPanelWebhook,
  createProvisioning,
  type Provisioning,
} from './modules/provisioning/index.ts';
import {
  createRenewals,
  createSubscriptions,
  lockOrInsert,
  type Subscriptions,
} from './modules/subscriptions/index.ts';
import { deliverTwice, loseUpdates } from './operations/drills/planted.ts';
import { createRoleLog } from './operations/process/role-log.ts';
import type { BreakerStates, ForcedPositions } from './platform/breaker/index.ts';
import { systemClock } from './platform/clock/index.ts';
import type { Database, Doorbell } from './platform/db/index.ts';
import { createHttpClient } from './platform/http-client/index.ts';
import { systemIds } from './platform/ids/index.ts';
import { createJobs, JOBS_CHANNEL, type Jobs } from './platform/jobs/index.ts';
import { createLifecycle } from './platform/lifecycle/index.ts';
import { createMetrics, observeProcess } from './platform/metrics/index.ts';
import { createNetworks } from './platform/network/index.ts';
import {
  createTokenIssuer,
  createTokenVerifier,
  readKeySet,
  type KeySet,
  type TokenVerifier,
} from './platform/tokens/index.ts';
import type { Sealing } from './platform/sealing/index.ts';
import { createBotLink, type TelegramApi } from './platform/telegram/index.ts';
import { createWords, type Words } from './platform/words/index.ts';
import { createLetters, createReactions } from './reactions/index.ts';

/** Providers are asked soon, then ever more rarely; a drill does not wait minutes for the first. */
const SCHEDULES = {
  normal: { baseSeconds: 30, capSeconds: 3600 },
  drill: { baseSeconds: 3, capSeconds: 10 },
};

/** What every role has: no database, no business. */
export function composePlatform(config: Config, role: string, instance: number): Platform {
  const log = createRoleLog(config, role, { instance });
  const metrics = createMetrics();
  const lifecycle = createLifecycle({ clock: systemClock, log });
  lifecycle.onStop('process metrics', observeProcess(metrics, readVersion(config.root)));
  return { config, clock: systemClock, ids: systemIds, log, lifecycle, metrics };
}

export type Modules = Platform &
  Readonly<{
    db: Database;
    jobs: Jobs;
    breakers: BreakerStates;
    forced: ForcedPositions;
    product: Product;
    noticeBell: Doorbell;
    updateBell: Doorbell;
    telegram: TelegramApi | undefined;
    words: Words;
    audit: Audit;
    announcements: Announcements;
    auditChain: AuditChain;
    identity: Identity;
    sessions: Sessions;
    standing: Standing;
    apiKeys: ApiKeys;
    signIn: SignIn;
    sealing: Sealing;
    keys: KeySet;
    verifier: TokenVerifier;
    catalog: Catalog;
    ledger: Ledger;
    orders: Orders;
    payments: Payments;
    subscriptions: Subscriptions;
    provisioning: Provisioning;
    messaging: Messaging;
  }>;

/** What keys of an environment are called, so that nobody takes one for another. */
const KEY_PLACES = { development: 'dev', staging: 'stage', production: 'live' } as const;

/** The business, for the roles that have it: api, bot, worker, and commands. */
export async function composeModules(
  config: Config,
  role: string,
  instance: number,
): Promise<Modules> {
  const platform = composePlatform(config, role, instance);
  const { clock, ids, log, lifecycle, metrics } = platform;

  const { db, bell } = openDatabase(platform, role);
  const [noticeBell, updateBell] = [bell('payment_notice'), bell('bot_update')];
  const jobs = createJobs({ doorbell: bell(JOBS_CHANNEL) });
  const { breakers, forced, outside } = openBreakers(platform, { db, jobs, role, instance });
  const known = createReactions({ jobs, log, now: () => clock.now() });
  const reactions = plantInReactions(config, known, db);
  const http = createHttpClient({ clock });
  lifecycle.onStop('http client', () => http.close());
  const product = await loadProduct(config.root, config.product);

  const keys = readKeySet(demand(config.jwtKeys, 'JWT_KEYS'));
  const issuer = createTokenIssuer({ keys, clock, ids, ...TOKEN_NAMES });
  const verifier = createTokenVerifier({ keys: keys.verifying, clock, ...TOKEN_NAMES });
  const audit = createAudit({ db, clock, ids });
  const announcements = createAnnouncements({ db, audit, clock, ids });
  const auditChain = createAuditChain({ db, clock });
  const sealing = openSealing(config);
  const { webUrl } = config;
  const letters = createLetters({ ids, webUrl, messaging: () => messaging });
  const identity = createIdentity({
    db,
    ids,
    clock,
    audit,
    letters,
    publish: reactions.publish,
  });
  const staffNetworks = config.staffNetworks && createNetworks(config.staffNetworks);
  const sessions = createSessions({ db, clock, ids, issuer, sealing, staffNetworks });
  const standing = createStanding({ db, clock, log, audit });
  const apiKeys = createApiKeys({ db, clock, staffNetworks });
  const signIn = createSignIn({
    staffNetworks,
    db,
    clock,
    ids,
    issuer,
    sealing,
    audit,
    letters,
    hasher: createHasher({ clock, cores: availableParallelism() }),
    policy: createPasswordPolicy(),
    keys: { place: KEY_PLACES[config.environment], forCustomers: product.customerKeys },
    productName: product.name,
    webUrl,
    ...telegramSignIn(config, { http, clock, log }),
  });
  const catalog = createCatalog({ db, ids, clock, audit });
  const ledger = createLedger();
  const orders = createOrders({ db, ids, clock });

  const telegram = openTelegram(platform, outside);
  const botLink = createBotLink({ api: telegram, simulator: undefined, clock, log });

  const { providers, isResting } = openProviders(platform, { http, telegram, outside });
  const words = createWords(product);
  const outcomes = metrics.counter('payment_facts_total', 'Facts about payments by outcome.', [
    'provider',
    'source',
    'outcome',
  ]);
  const notices = createNoticeStore({ db, doorbell: noticeBell });
  const describe = async (order: Order) => {
    const { language } = await identity.person(order.personId);
    const title = await orderTitle(catalog, order);
    return { language, description: `${product.name[language]}: ${title[language]}` };
  };
  const payments = createPayments({
    db,
    clock,
    ids,
    log,
    audit,
    orders,
    ledger,
    providers,
    acceptsTest: config.yookassa.acceptsTest,
    handLimits: product.handLimits,
    schedule: SCHEDULES[config.pace],
    receipts: config.yookassa.receipts,
    emailOf: async (personId) => (await identity.contact(personId))?.email,
    returnUrl: (order) => returnUrl(config, order, botLink),
    isResting,
    describe,
    sealing,
    publish: reactions.publish,
    doorbell: noticeBell,
    notices: plantInNotices(config, notices, db),
    counted: ({ provider, source, outcome }) => {
      outcomes.cell(provider, source, outcome).add();
    },
  });

  const isBanned = async (personId: string): Promise<boolean> =>
    (await identity.person(personId)).state === 'banned';
  const renewals = createRenewals({
    db,
    clock,
    log,
    catalog,
    orders,
    payments,
    describe,
    isBanned,
    publish: reactions.publish,
  });
  const subscriptions = createSubscriptions({
    db,
    clock,
    ids,
    audit,
    catalog,
    orders,
    renewals,
    policy: product.policy,
    publish: reactions.publish,
    lock: config.plantedBug === 'lost-update' ? loseUpdates(lockOrInsert, db, clock) : lockOrInsert,
  });

  const panel = openPanel(platform, { http, outside });
  const provisioning = createProvisioning({
    db,
    clock,
    log,
    jobs,
    catalog,
    subscriptions,
    panel:
      panel !== undefined && config.plantedBug === 'deliver-twice' ? deliverTwice(panel) : panel,
    webhook: createPanelWebhook(config.remnawave, { log }),
    squads: config.remnawave.squads,
    isBanned,
    telegramIdOf: async (personId) => (await identity.contact(personId))?.telegramId,
    publish: reactions.publish,
  });

  const mails = metrics.counter('mail_facts_total', 'Mails, and what became of them.', [
    'fact',
    'template',
  ]);
  const { sendgridKey } = config.mail;
  if (sendgridKey === undefined) log.info('no SENDGRID_WEBHOOK_KEY: its endpoint is closed');
  const messaging = createMessaging({
    db,
    clock,
    ids,
    log,
    jobs,
    channels: {
      telegram: createTelegramChannel({ api: telegram, words }),
      email: createEmailChannel({
        mailer: openMailer(platform, outside),
        words,
        product,
      }),
    },
    mailReports: sendgridKey === undefined ? undefined : createSendgridReports(sendgridKey),
    counted: (what, template = '') => {
      mails.cell(what, template).add();
    },
    recipientOf: (personId) => identity.contact(personId),
    async blocked(telegramId) {
      await identity.setBlocked(telegramId, true);
    },
  });

  return {
    ...platform,
    db,
    jobs,
    breakers,
    forced,
    product,
    noticeBell,
    updateBell,
    telegram,
    words,
    audit,
    announcements,
    auditChain,
    identity,
    sessions,
    standing,
    apiKeys,
    signIn,
    sealing,
    keys,
    verifier,
    catalog,
    ledger,
    orders,
    payments,
    subscriptions,
    provisioning,
    messaging,
  };
}
