/**
 * The business over a real database, one vendor's adapter and that vendor simulated: what tests of
 * renewals, disputes and the stories of every way to pay act in. Time is the test's, the network is true.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Money } from '@opora/kernel';
import type { Bill } from '../../simulators/src/providers/till.ts';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import { startSimulators } from '../../simulators/src/server.ts';
import { loadConfig } from '../src/config/load.ts';
import {
  createProviders,
  type Payment,
  type PaymentProvider,
  type ProviderId,
  type SavedMethod,
} from '../src/modules/payments/index.ts';
import type { Renewal, Subscription } from '../src/modules/subscriptions/index.ts';
import { createBreaker } from '../src/platform/breaker/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createHttpClient } from '../src/platform/http-client/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { ProviderUnavailable } from '../src/modules/payments/errors.ts';
import { freePort } from './database-setup.ts';
import { quietLog } from './database.ts';
import { createMoneyWorld, type MoneyWorld } from './money-world.ts';
import {
  announce,
  BOT_TOKEN,
  createStarsDoor,
  TELEGRAM_PATH,
  telegramAt,
  webhookSecret,
} from './stars-door.ts';

export type Json = Readonly<Record<string, unknown>>;
/** Enough to find a payment there. */
type Known = Readonly<{ id: string; reference?: string | undefined }>;
type Simulators = Awaited<ReturnType<typeof startSimulators>>;
type Loss = Readonly<{ probability: number; seed: number }>;

export type VendorWorld = Readonly<{
  world: MoneyWorld;
  provider: PaymentProvider;
  simulators: Simulators['world'];
  /** Asks the vendor's control; throws when it does not answer 200. */
  ask(method: string, path: string, body?: Json): Promise<Json>;
  /** What people, banks and time do to a payment there. */
  act(payment: Known, name: string, wish?: Json): Promise<Json>;
  /** What the vendor's side of a payment is. */
  bill(payment: Known): Promise<Bill>;
  /** An order with its payment, whose page its buyer has opened. */
  begun(personId: string): Promise<Payment>;
  /** Another payment of the same order, after one that failed. */
  begunAgain(payment: Payment): Promise<Payment>;
  /** The vendor's cabinet is changed. */
  set(settings: Json): Promise<Json>;
  /** What the vendor has of every payment. */
  bills(): Promise<readonly Bill[]>;
  /** The notices it sent. */
  deliveries(): Promise<readonly Readonly<{ state: string }>[]>;
  /** Payments the vendor took money for, by our payment's id. */
  taken(): Promise<string[]>;
  /** Calls that reached the vendor, in its journal's words. */
  calls(): string[];
  /** Until `clear`: answers are lost after the vendor did what was asked, and its notices with `isMute`. */
  losesAnswers(how: Loss & Readonly<{ isMute?: boolean }>): void;
  fails(): void;
  clear(): void;
  /** A month is bought at the vendor's page; with words its buyer agreed that it renews itself. */
  bought(personId: string, saveWords?: string): Promise<Payment>;
  subscription(personId: string): Promise<Subscription>;
  renewal(personId: string): Promise<Renewal | undefined>;
  /** The method saved last. */
  method(personId: string): Promise<SavedMethod>;
  /** One round of the worker, and what the money of it sets off. */
  round(): Promise<void>;
  pass(ms: number, stepMs: number): Promise<void>;
  close(): Promise<void>;
}>;

export async function createVendorWorld(
  vendor: ProviderId,
  price: Money,
  {
    settings,
    ...rules
  }: Parameters<typeof createMoneyWorld>[2] & Readonly<{ settings?: Record<string, string> }> = {},
): Promise<VendorWorld> {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const here = (at: number): string => `http://127.0.0.1:${String(at)}`;
  const [base, gatewayUrl] = [here(port), here(gatewayPort)];
  const http = createHttpClient({ clock: systemClock });
  const deps = { http, clock: systemClock, ids: systemIds, log: quietLog() };
  const breaker = (name: string) => createBreaker({ ...deps, name, countsAsFailure: isAway });
  const telegram = telegramAt(base);
  const config = {
    ...loadConfig({ ...settingsOf(base), ...settings }),
    telegram: { webhookSecret },
  };
  const provider = createProviders(config, { ...deps, breaker, telegram }).get(vendor);
  if (provider === undefined) throw new Error(`${vendor} is not configured`);
  const world = await createMoneyWorld(undefined, provider, rules);
  const tellBot = createStarsDoor(world, telegram);
  const hearing = new Set<Promise<void>>();
  const gateway = createServer((request, response) => {
    const heard = hear({ world, vendor, tellBot }, request)
      .then(({ status, body }) => void response.writeHead(status).end(body))
      .catch(() => void response.destroy())
      .finally(() => hearing.delete(heard));
    hearing.add(heard);
  });
  gateway.listen(gatewayPort, '127.0.0.1');
  await once(gateway, 'listening');
  const simulators = await simulate(world, { port, gatewayUrl });
  await sellMonth(world, price);
  if (vendor === 'stars') await announce(telegram, gatewayUrl);
  return {
    ...{ world, provider, simulators: simulators.world },
    ...atVendor(simulators.world, vendor),
    ...atShop(world, { vendor, price, simulators: simulators.world }),
    async close() {
      await simulators.stop();
      gateway.closeAllConnections();
      gateway.close();
      // What came last is written before its database goes.
      await Promise.all(hearing);
      await world.close();
      await Promise.all([http.close(), telegram.close()]);
    },
  };
}

/** As in every role: what a vendor refuses does not open its breaker. */
const isAway = (error: unknown): boolean => error instanceof ProviderUnavailable;

/** Every vendor simulated, in the test's time. */
export async function simulate(
  world: MoneyWorld,
  { port, gatewayUrl }: { port: number; gatewayUrl: string },
): Promise<Awaited<ReturnType<typeof startSimulators>>> {
  return startSimulators({
    clock: { ...systemClock, now: () => world.clock.now() },
    seed: 1,
    log: () => undefined,
    config: {
      ...{ port, gatewayUrl, folder: undefined },
      telegram: { token: BOT_TOKEN },
      payments: SIMULATED_KEYS,
      remnawave: { token: 'x', webhookSecret: 'x' },
      mail: { port: await freePort(), sendgridKey: '' },
    },
  });
}

/** A notice through the door, as the gateway passes it on. */
async function hear(
  {
    world,
    vendor,
    tellBot,
  }: { world: MoneyWorld; vendor: ProviderId; tellBot: ReturnType<typeof createStarsDoor> },
  request: AsyncIterable<Buffer> & { url?: string | undefined; headers: object },
): Promise<{ status: number; body: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = Buffer.concat(chunks);
  if (request.url === TELEGRAM_PATH) return { status: await tellBot(headers, body), body: '' };
  if (request.url !== `/webhooks/payments/${vendor}`) return { status: 200, body: '' };
  const remoteAddress = SENDERS[vendor] ?? '203.0.113.7';
  const came = { remoteAddress, receivedAt: world.clock.now() };
  return world.payments.accept(vendor, { method: 'POST', query: '', headers, body, ...came });
}

/** Of the networks these vendors publish; the others prove themselves by what they send. */
const SENDERS: Partial<Record<ProviderId, string>> = {
  yookassa: '185.71.76.5',
  freekassa: '168.119.157.136',
};

export async function sellMonth(world: MoneyWorld, price: Money): Promise<void> {
  const [month] = await world.catalog.offered('vpn');
  if (month === undefined) throw new Error('no plan');
  const { code, title, termDays, devices, trafficBytes } = month;
  const plan = { code, title, termDays, devices, trafficBytes, prices: [price] };
  await world.catalog.seed('vpn', [plan]);
}

function atVendor(simulators: Simulators['world'], vendor: ProviderId) {
  async function ask(method: string, path: string, body?: Json): Promise<Json> {
    const url = `${simulators.selfUrl}/${vendor}/control${path}`;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url, { method, ...sent });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as Json; // the simulator's own JSON
  }
  async function bills(): Promise<Bill[]> {
    const { payments } = await ask('GET', '/payments');
    return payments as Bill[]; // its JSON
  }
  /** By the vendor's id, or by ours, which it is told. */
  async function bill({ id, reference }: Known): Promise<Bill> {
    const isIt = (one: Bill): boolean => one.id === reference || one.reference === id;
    const found = (await bills()).findLast(isIt);
    if (found === undefined) throw new Error(`${vendor} knows no payment ${id}`);
    return found;
  }
  const { faults } = simulators;
  return {
    ask,
    bill,
    act: async (payment: Known, name: string, wish: Json = {}) =>
      ask('POST', `/payments/${(await bill(payment)).id}/${name}`, wish),
    set: (settings: Json) => ask('PUT', '/settings', settings),
    bills,
    async deliveries() {
      const { deliveries } = await ask('GET', '/deliveries');
      return deliveries as { state: string }[]; // the simulator's own JSON
    },
    async taken() {
      const paid = (await bills()).filter(({ taken }) => Number(taken) > 0);
      return paid.map(({ reference = '' }) => reference);
    },
    calls: () => simulators.journal.list(vendor).map(({ summary }) => summary),
    losesAnswers({ probability, seed, isMute = false }: Loss & { isMute?: boolean }) {
      faults.set({ target: vendor, kind: 'drop-answer', probability, seed });
      if (isMute) faults.set({ target: vendor, kind: 'drop-webhook', probability: 1, seed: 1 });
    },
    fails: () => {
      faults.set({ target: vendor, kind: 'error', probability: 1, seed: 1 });
    },
    clear: () => {
      faults.clear();
    },
  };
}

function atShop(
  world: MoneyWorld,
  {
    vendor,
    price,
    simulators,
  }: { vendor: ProviderId; price: Money; simulators: Simulators['world'] },
) {
  let jobsDone = 0;
  const { act } = atVendor(simulators, vendor);

  async function subscription(personId: string): Promise<Subscription> {
    const [only] = await world.subscriptions.ofPerson(personId);
    if (only === undefined) throw new Error('no subscription');
    return only;
  }
  async function round(): Promise<void> {
    await world.subscriptions.renewals.runDue();
    const jobs = await world.jobsOf('subscriptions.extend');
    for (const { orderId } of jobs.slice(jobsDone)) {
      await world.subscriptions.extend(String(orderId));
    }
    jobsDone = jobs.length;
  }
  async function begun(personId: string, saveWords?: string): Promise<Payment> {
    const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
    const wish = { personId, product: 'vpn', planVersionId, amount: price };
    return open((await world.orders.place(wish)).id, saveWords);
  }
  async function open(orderId: string, saveWords?: string): Promise<Payment> {
    const asked = { orderId, provider: vendor, language: 'en', description: 'Month' } as const;
    const payment = await world.payments.start({ ...asked, saveWords });
    // Where a link makes the bill, there is none before somebody opens it.
    const page = await fetch(payment.checkoutUrl ?? '');
    if (!page.ok) throw new Error(`the page answered ${String(page.status)}`);
    return payment;
  }
  return {
    subscription,
    round,
    begun,
    begunAgain: ({ orderId }: Payment) => open(orderId),
    async bought(personId: string, saveWords?: string) {
      const payment = await begun(personId, saveWords);
      await act(payment, 'pay');
      await world.payments.look(payment.id);
      await world.subscriptions.extend(payment.orderId);
      return world.payments.find(payment.id);
    },
    async renewal(personId: string) {
      const { id } = await subscription(personId);
      return (await world.subscriptions.renewals.of([id])).get(id);
    },
    async method(personId: string) {
      const [newest] = await world.payments.methods.ofPerson(personId);
      if (newest === undefined) throw new Error('nothing was saved');
      return newest;
    },
    async pass(ms: number, stepMs: number) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await world.clock.advance(stepMs);
        await round();
      }
    },
  };
}

/** Every vendor of the simulators, with the keys they know. */
export function settingsOf(base: string): Record<string, string> {
  const { yookassa, tkassa, stripe, paypal, cryptopay, freekassa, tribute } = SIMULATED_KEYS;
  return {
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    YOOKASSA_SHOP_ID: yookassa.shopId,
    YOOKASSA_SECRET_KEY: yookassa.secretKey,
    YOOKASSA_API_URL: `${base}/yookassa/v3/`,
    TKASSA_TERMINAL_KEY: tkassa.terminalKey,
    TKASSA_PASSWORD: tkassa.password,
    TKASSA_API_URL: `${base}/tkassa/v2/`,
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_URL: `${base}/stripe/v1/`,
    PAYPAL_CLIENT_ID: paypal.clientId,
    PAYPAL_SECRET: paypal.secret,
    PAYPAL_WEBHOOK_ID: paypal.webhookId,
    PAYPAL_API_URL: `${base}/paypal/`,
    CRYPTOPAY_TOKEN: cryptopay.token,
    CRYPTOPAY_API_URL: `${base}/cryptopay/api/`,
    FREEKASSA_SHOP_ID: freekassa.shopId,
    FREEKASSA_SECRET_1: freekassa.word1,
    FREEKASSA_SECRET_2: freekassa.word2,
    FREEKASSA_API_KEY: freekassa.apiKey,
    FREEKASSA_API_URL: `${base}/freekassa/v1/`,
    FREEKASSA_PAY_URL: `${base}/freekassa/pay/`,
    TRIBUTE_API_KEY: tribute.apiKey,
    TRIBUTE_API_URL: `${base}/tribute/api/v1/`,
  };
}
