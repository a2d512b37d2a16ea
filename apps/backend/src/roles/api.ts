/** The HTTP API and the webhooks of providers, panel and mail. Any number of them. */
import { sessionCookies } from '../config/session-names.ts';
import { readinessWith } from '../compose-database.ts';
import { plantInReads } from '../compose-parts.ts';
import { composeModules, type Modules } from '../compose.ts';
import { settingsTable } from '../config/describe.ts';
import { readEnvironment, type Environment } from '../config/load.ts';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import { breakerLink } from '../modules/admin/edge/breakers.ts';
import { adminRoutes } from '../modules/admin/edge/http.ts';
import { monitorRoutes } from '../modules/admin/edge/monitor.ts';
import type { Language } from '@opora/kernel';
import { productRoutes } from '../modules/catalog/edge/http.ts';
import {
  createAuthorise,
  installSession,
  readSessionRoute,
} from '../modules/identity/edge/http.ts';
import { ownSessionRoutes } from '../modules/identity/edge/own-sessions.ts';
import { languageRoutes } from '../modules/identity/edge/language.ts';
import { mailWebhooks } from '../modules/messaging/edge/webhook.ts';
import type { Order } from '../modules/orders/index.ts';
import { checkoutRoutes } from '../modules/payments/edge/checkout.ts';
import type { CheckoutDeps } from '../modules/payments/edge/deps.ts';
import { ownPaymentRoutes } from '../modules/payments/edge/own.ts';
import { balanceRoutes } from '../modules/payments/edge/top-up.ts';
import { paymentWebhooks } from '../modules/payments/edge/webhook.ts';
import { deviceRoutes } from '../modules/provisioning/edge/devices.ts';
import { panelWebhooks } from '../modules/provisioning/edge/webhook.ts';
import { presentSubscription, subscriptionRoutes } from '../modules/subscriptions/edge/http.ts';
import { renewalRoutes } from '../modules/subscriptions/edge/renewals.ts';
import { RENEWAL_WORDS, type Subscription } from '../modules/subscriptions/index.ts';
import { createHttp, createInnerLink, referenceRoutes, type Http } from '../platform/http/index.ts';
import { createBotLink } from '../platform/telegram/index.ts';
import type { Running } from '../platform/lifecycle/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const parts = await composeModules(config, 'api', instance);
  const http = await composeApi(parts);
  await http.listen(config.ports.api + instance);
  return {
    ready: () => !http.draining,
    stop: (reason) => parts.lifecycle.stop(reason),
  };
}

/**
 * All routes of this role over finished services; not yet listening. `environment` is what the
 * settings were read from, for the page of settings.
 */
export async function composeApi(
  parts: Modules,
  environment: Environment = readEnvironment(),
): Promise<Http> {
  const { config, clock } = parts;
  const site = {
    cookies: sessionCookies(config),
    webUrl: config.webUrl,
    link: createInnerLink({ role: 'api', keys: config.readServiceKeys, clock }),
  };
  const http = createHttp({
    log: parts.log,
    ids: parts.ids,
    clock,
    metrics: parts.metrics,
    link: site.link,
    trustedProxies: config.trustedProxies,
    sockets: config.sockets,
    authorise: createAuthorise({ ...parts, ...site }),
    readiness: readinessWith(parts.db),
  });
  parts.lifecycle.onStop('http', () => http.close());
  installSession(http.app);
  await http.app.register(paymentWebhooks(parts));
  await http.app.register(panelWebhooks(parts));
  await http.app.register(mailWebhooks(parts));
  const { brand, ...face } = parts.product;
  const link = { api: parts.telegram, simulator: simulatedChat(config) };
  const botUrl = createBotLink({ ...parts, ...link });
  // The gateway leads it here while the auth service is away.
  readSessionRoute({ ...parts, ...site })(http.app);
  productRoutes({
    ...parts,
    clock: plantInReads(config, clock),
    product: { ...face, hue: brand.hue },
    botUrl,
  })(http.app);
  referenceRoutes({ version: readVersion(config.root), server: config.webUrl })(http.app);
  adminRoutes({ ...parts, settings: settingsTable(environment) })(http.app);
  mountCabinet(parts, { http, botUrl });
  return http;
}

/** `/api/v1/me/*`: what a customer sees and does on the site. */
function mountCabinet(
  parts: Modules,
  { http, botUrl }: Readonly<{ http: Http; botUrl: () => string }>,
): void {
  const { words, provisioning, subscriptions } = parts;
  const both = (say: (language: Language) => string) => ({ ru: say('ru'), en: say('en') });
  const wayTitle = (provider: string) =>
    both((language) => words.label(language, `way.${provider}`));
  const deps = { ...parts, accessOf: (one: Subscription) => provisioning.access(one) };
  subscriptionRoutes({ ...deps, clock: plantInReads(parts.config, parts.clock) })(http.app);
  deviceRoutes(parts)(http.app);
  ownPaymentRoutes({ ...parts, wayTitle })(http.app);
  const { renewals: isOffered, ways } = parts.product;
  renewalRoutes({ ...parts, wayTitle, isOffered, ways, botUrl })(http.app);
  languageRoutes(parts)(http.app);
  ownSessionRoutes(parts)(http.app);
  monitorRoutes({ ...parts, wayTitle })(http.app);
  breakerLink(parts)(http.app);
  const checkout: CheckoutDeps = {
    ...parts,
    wayTitle,
    renewalWords: RENEWAL_WORDS,
    reasonWords: (key) => both((language) => words.plain(language, key)),
    async accessOf(order: Order) {
      if (!(await provisioning.isDelivered(order.id))) return undefined;
      const own = await subscriptions.ofPerson(order.personId);
      const one = own.find(({ product }) => product === order.product);
      return one === undefined ? undefined : presentSubscription(deps, one);
    },
  };
  checkoutRoutes(checkout)(http.app);
  balanceRoutes({ ...parts, ...checkout })(http.app);
}

/** With simulators customers meet the bot on the chat page of this machine. */
function simulatedChat(config: Config): string | undefined {
  return config.telegram.simulated
    ? `http://127.0.0.1:${String(config.ports.simulators)}/telegram/`
    : undefined;
}
