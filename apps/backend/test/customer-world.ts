/** Around the customer's API: a shop that remembers what it was asked, a panel with phones, a sign-in. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { moneyToWire, type MoneyWire } from '@opora/contracts';
import { money } from '@opora/kernel';
import { composeModules, type Modules } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import { createPayments } from '../src/modules/payments/index.ts';
import type { PaymentOrder, StartedPayment } from '../src/modules/payments/provider.ts';
import { createProvisioning } from '../src/modules/provisioning/index.ts';
import type { PanelDevice } from '../src/modules/provisioning/panel.ts';
import { createRenewals, createSubscriptions } from '../src/modules/subscriptions/index.ts';
import type { Http } from '../src/platform/http/index.ts';
import { createMetrics } from '../src/platform/metrics/index.ts';
import { createReactions } from '../src/reactions/index.ts';
import { composeApi } from '../src/roles/api.ts';
import { composeAuth } from '../src/roles/auth.ts';
import { SERVICE_KEYS } from '../src/platform/http/testing/link.ts';
import { cloneDatabase } from './database.ts';
import { ScriptedPanel } from './scripted-panel.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export class Shop extends ScriptedProvider {
  readonly asked: PaymentOrder[] = [];
  override start(order: PaymentOrder): Promise<StartedPayment> {
    this.asked.push(order);
    return super.start(order);
  }
}

export class Phones extends ScriptedPanel {
  held: PanelDevice[] = [];
  override devices(): Promise<readonly PanelDevice[]> {
    return Promise.resolve(this.held);
  }
  override removeDevice(_account?: unknown, hwid?: string): Promise<void> {
    this.held = this.held.filter((device) => device.hwid !== hwid);
    return Promise.resolve();
  }
}

export type Person = Readonly<{ id: string; headers: Record<string, string> }>;

/** Comes by the bot's link; the headers are what a page of ours sends. */
export async function enterByLink(
  { parts, http }: Readonly<{ parts: Modules; http: Http }>,
  user: Readonly<{ id: bigint; firstName: string }>,
): Promise<Person> {
  const telegram = { ...user, username: undefined, languageCode: 'en' };
  const { id } = await parts.identity.resolveTelegram(telegram);
  return enterAs({ parts, http }, id);
}

async function enterAs(
  { parts, http }: Readonly<{ parts: Modules; http: Http }>,
  id: string,
): Promise<Person> {
  const answer = await http.app.inject({
    method: 'POST',
    url: '/auth/enter',
    payload: { link: await parts.sessions.createLink(id) },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  const [access = ''] = [answer.headers['set-cookie'] ?? []].flat();
  const csrf: string = answer.json().session.csrfToken;
  const headers = {
    cookie: access.split(';')[0] ?? '',
    'sec-fetch-site': 'same-origin',
    'x-csrf-token': csrf,
  };
  return { id, headers };
}

export type CustomerWorld = Readonly<{
  parts: Modules;
  http: Http;
  shop: Shop;
  panel: Phones;
  /** The month: its id, and its price as it crosses the wire. */
  planId: string;
  price: MoneyWire;
  setResting: (isResting: boolean) => void;
  signIn: (firstName: string) => Promise<Person>;
  /** The same person in another browser. */
  signInAgain: (person: Person) => Promise<Person>;
  close: () => Promise<void>;
}>;

export async function createCustomerWorld(): Promise<CustomerWorld> {
  let isResting = false;
  let people = 0n;
  const base = await cloneDatabase(4);
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const config = loadConfig({
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    OPORA_LOG_LEVEL: 'error',
    DATABASE_URL: base.url,
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...key }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    SERVICE_KEYS,
  });
  const made = await composeModules(config, 'api', 0);
  await made.catalog.seed(made.product.slug, made.product.plans);
  const [month] = await made.catalog.offered(made.product.slug);
  const [shop, panel] = [new Shop(), new Phones()];
  const { publish } = createReactions({ ...made, now: () => made.clock.now() });
  const describe = async () => ({ description: 'x', language: 'en' as const });
  const payments = createPayments({
    ...made,
    providers: new Map([[shop.id, shop]]),
    handLimits: [],
    acceptsTest: true,
    schedule: { baseSeconds: 30, capSeconds: 60 },
    receipts: { enabled: false, email: undefined, vatCode: 1, taxSystem: undefined },
    emailOf: () => Promise.resolve(undefined),
    returnUrl: (order) => `https://shop.test/${order.key ?? 'bot'}/${order.id}`,
    isResting: () => isResting,
    describe,
    publish,
    doorbell: made.noticeBell,
    counted: () => undefined,
  });
  const isBanned = async () => false;
  const renewals = createRenewals({ ...made, payments, describe, isBanned, publish });
  const { policy } = made.product;
  const subscriptions = createSubscriptions({ ...made, renewals, policy, publish });
  const provisioning = createProvisioning({
    ...{ ...made, subscriptions, panel, isBanned, publish },
    webhook: undefined,
    squads: [],
    telegramIdOf: async () => undefined,
  });
  const parts = { ...made, payments, subscriptions, provisioning };
  const http = await composeApi(parts);
  const auth = composeAuth({ ...parts, metrics: createMetrics() });
  return {
    ...{ parts, http, shop, panel, planId: month?.id ?? '' },
    price: moneyToWire(month?.prices[0] ?? money(0n, 'RUB')),
    setResting(now) {
      isResting = now;
    },
    signIn(firstName) {
      people += 1n;
      // The auth role signs in; the rest is of the API.
      return enterByLink({ parts, http: auth }, { id: people, firstName });
    },
    signInAgain: ({ id }) => enterAs({ parts, http: auth }, id),
    async close() {
      await parts.lifecycle.stop('done');
      await base.close();
    },
  };
}
