/**
 * Renewals and disputes at Stripe and PayPal, from the purchase to the books: our business over a
 * real database, our adapters, and the simulated vendors, which keep methods, charge them, decline in
 * the vendors' words and send their own notices. Time is the test's, the network is true.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import { startSimulators } from '../../simulators/src/server.ts';
import { loadConfig } from '../src/config/load.ts';
import {
  createProviders,
  type Payment,
  type PaymentProvider,
} from '../src/modules/payments/index.ts';
import { RENEWAL_WORDS } from '../src/modules/subscriptions/index.ts';
import { createBreaker } from '../src/platform/breaker/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createHttpClient } from '../src/platform/http-client/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { freePort } from './database-setup.ts';
import { quietLog } from './database.ts';
import { createMoneyWorld, type MoneyWorld } from './money-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TERM_MS = 30 * DAY_MS;
const PRICE = money(4_99n, 'USD');
const PATIENCE = { timeout: 10_000, interval: 25 };

/** What each vendor's cabinet makes a charge of a saved method meet, by what it should mean. */
const MEETS = {
  stripe: { retry: 'insufficient_funds', another: 'authentication_required', stop: 'lost_card' },
  paypal: { retry: 'declined', another: 'blocked', stop: 'revoked' },
} as const;
type Json = Readonly<Record<string, unknown>>;

describe.each(['stripe', 'paypal'] as const)('%s', (vendor) => {
  const http = createHttpClient({ clock: systemClock });
  let provider: PaymentProvider | undefined;
  let world: MoneyWorld;
  let simulators: Awaited<ReturnType<typeof startSimulators>>;
  let gateway: Server;
  let jobsDone = 0;

  beforeAll(async () => {
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const deps = { http, clock: systemClock, ids: systemIds, log: quietLog() };
    const breaker = (name: string) => createBreaker({ ...deps, name });
    const config = loadConfig(settingsOf(`http://127.0.0.1:${String(port)}`));
    provider = createProviders(config, { ...deps, breaker }).get(vendor);
    world = await createMoneyWorld(undefined, provider);
    gateway = createServer((request, response) => {
      void hear(request).then((status) => response.writeHead(status).end());
    });
    gateway.listen(gatewayPort, '127.0.0.1');
    await once(gateway, 'listening');
    simulators = await startSimulators({
      clock: { ...systemClock, now: () => world.clock.now() },
      seed: 1,
      log: () => undefined,
      config: {
        port,
        folder: undefined,
        gatewayUrl: `http://127.0.0.1:${String(gatewayPort)}`,
        telegram: { token: '7000000001:simulated-token' },
        payments: SIMULATED_KEYS,
        remnawave: { token: 'x', webhookSecret: 'x' },
        mail: { port: await freePort(), sendgridKey: '' },
      },
    });
    const [month] = await world.catalog.offered('vpn');
    if (month === undefined) throw new Error('no plan');
    const { code, title, termDays, devices, trafficBytes } = month;
    const plan = { code, title, termDays, devices, trafficBytes, prices: [PRICE] };
    await world.catalog.seed('vpn', [plan]);
  });
  afterAll(async () => {
    await simulators.stop();
    gateway.closeAllConnections();
    gateway.close();
    await world.close();
    await http.close();
  });

  /** A notice through the door, as the gateway passes it on. */
  async function hear(
    request: AsyncIterable<Buffer> & { url?: string | undefined; headers: object },
  ) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url !== `/webhooks/payments/${vendor}`) return 200;
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const sent = { method: 'POST', query: '', headers, body: Buffer.concat(chunks) } as const;
    const came = { remoteAddress: '203.0.113.7', receivedAt: world.clock.now() };
    return (await world.payments.accept(vendor, { ...sent, ...came })).status;
  }

  async function ask(method: string, path: string, body?: Json): Promise<Json> {
    const url = `${simulators.world.selfUrl}/${vendor}/control${path}`;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url, { method, ...sent });
    expect(answer.status, `${method} ${path}`).toBe(200);
    return (await answer.json()) as Json; // the simulator's own JSON
  }
  const act = (reference: string, name: string) =>
    ask('POST', `/payments/${reference}/${name}`, {});
  const meets = (savedCharge: string) => ask('PUT', '/settings', { savedCharge });
  /** Payments the vendor took money for, by our payment's id. */
  async function taken(): Promise<string[]> {
    const { payments } = await ask('GET', '/payments');
    const bills = payments as { taken: string; reference: string }[]; // `Bill`s
    return bills.filter((bill) => bill.taken !== '0.00').map(({ reference }) => reference);
  }

  /** A month is bought at the vendor's page; with words its buyer agreed that it renews itself. */
  async function bought(personId: string, saveWords?: string): Promise<Payment> {
    const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
    const wish = { personId, product: 'vpn', planVersionId, amount: PRICE };
    const { id: orderId } = await world.orders.place(wish);
    const asked = { orderId, provider: vendor, language: 'en', description: 'Month' } as const;
    const { id, reference = '' } = await world.payments.start({ ...asked, saveWords });
    await act(reference, 'pay');
    await world.payments.look(id);
    await world.subscriptions.extend(orderId);
    return world.payments.find(id);
  }
  async function subscription(personId: string) {
    const [only] = await world.subscriptions.ofPerson(personId);
    if (only === undefined) throw new Error('no subscription');
    return only;
  }
  async function renewal(personId: string) {
    const { id } = await subscription(personId);
    return (await world.subscriptions.renewals.of([id])).get(id);
  }
  async function method(personId: string) {
    const [newest] = await world.payments.methods.ofPerson(personId);
    if (newest === undefined) throw new Error('nothing was saved');
    return newest;
  }

  /** One round of the worker, and what the money of it sets off. */
  async function round(): Promise<void> {
    await world.subscriptions.renewals.runDue();
    const jobs = await world.jobsOf('subscriptions.extend');
    for (const { orderId } of jobs.slice(jobsDone)) {
      await world.subscriptions.extend(String(orderId));
    }
    jobsDone = jobs.length;
  }
  async function pass(ms: number, stepMs: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await world.clock.advance(stepMs);
      await round();
    }
  }
  /** Until an hour before the charge of what was just bought. */
  const almostDue = async (): Promise<void> => {
    await pass(26 * DAY_MS, 26 * DAY_MS);
    await pass(2 * DAY_MS, DAY_MS / 2);
    await pass(23 * HOUR_MS, 23 * HOUR_MS);
  };

  it('keeps the method with the money, charges it when it is due, and extends', async () => {
    const before = await world.books();
    const { id } = await bought('per_renews', RENEWAL_WORDS);
    expect(await method('per_renews')).toMatchObject({
      paymentId: id,
      state: 'active',
      title: vendor === 'stripe' ? '•• 4242' : 'PayPal b•••@personal.example.com',
    });
    const { expiresAt } = await subscription('per_renews');
    const paid = await taken();
    await almostDue();
    expect(await taken()).toEqual(paid);
    await pass(3 * HOUR_MS, HOUR_MS);
    expect(await taken()).toHaveLength(paid.length + 1);
    const renewed = await subscription('per_renews');
    expect(renewed.expiresAt.getTime()).toBe(expiresAt.getTime() + TERM_MS);
    const after = await world.books();
    expect(after).toMatchObject({ sales: before.sales - 2n * PRICE.minor, sum: 0n });
    await world.subscriptions.renewals.switchOff(renewed.id, 'per_renews');
  });

  it('that keeps nothing unasked cannot charge', async () => {
    await bought('per_plain');
    expect(await world.payments.methods.ofPerson('per_plain')).toEqual([]);
  });

  it('whose answer was lost is asked for the same charge again and takes money once', async () => {
    const { reference = '' } = await bought('per_lost', RENEWAL_WORDS);
    const { expiresAt } = await subscription('per_lost');
    await almostDue();
    const paid = await taken();
    // The access token is fresh, so that the answer to the charge is what is lost.
    await provider?.lookup(reference);
    simulators.world.faults.set({ target: vendor, kind: 'drop-answer', probability: 1, seed: 1 });
    simulators.world.faults.set({ target: vendor, kind: 'drop-webhook', probability: 1, seed: 1 });
    await pass(2 * HOUR_MS, HOUR_MS);
    simulators.world.faults.clear();
    expect(await taken()).toHaveLength(paid.length + 1);
    expect((await subscription('per_lost')).expiresAt).toEqual(expiresAt);
    await world.everythingDue();
    await world.payments.askDue();
    await pass(2 * HOUR_MS, HOUR_MS);
    expect(await taken()).toHaveLength(paid.length + 1);
    const renewed = await subscription('per_lost');
    expect(renewed.expiresAt.getTime()).toBe(expiresAt.getTime() + TERM_MS);
    await world.subscriptions.renewals.switchOff(renewed.id, 'per_lost');
  });

  it('whose answer was lost is paid by the notice, when that comes first', async () => {
    const { reference = '' } = await bought('per_told', RENEWAL_WORDS);
    const { id, expiresAt } = await subscription('per_told');
    await almostDue();
    await provider?.lookup(reference);
    simulators.world.faults.set({ target: vendor, kind: 'drop-answer', probability: 1, seed: 1 });
    await pass(HOUR_MS, HOUR_MS);
    simulators.world.faults.clear();
    await expect
      .poll(async () => {
        await world.payments.judgeNotices();
        await round();
        return (await subscription('per_told')).expiresAt.getTime();
      }, PATIENCE)
      .toBe(expiresAt.getTime() + TERM_MS);
    await world.subscriptions.renewals.switchOff(id, 'per_told');
  });

  it('whose answer stays away longer than the key lives is found by its list, where there is one', async () => {
    const { reference = '' } = await bought('per_found', RENEWAL_WORDS);
    const { id, expiresAt } = await subscription('per_found');
    await almostDue();
    const paid = await taken();
    await provider?.lookup(reference);
    simulators.world.faults.set({ target: vendor, kind: 'drop-answer', probability: 1, seed: 1 });
    simulators.world.faults.set({ target: vendor, kind: 'drop-webhook', probability: 1, seed: 1 });
    await pass(HOUR_MS, HOUR_MS);
    simulators.world.faults.set({ target: vendor, kind: 'error', probability: 1, seed: 1 });
    await pass(6 * HOUR_MS, HOUR_MS);
    simulators.world.faults.clear();
    await world.everythingDue();
    await world.payments.askDue();
    await pass(2 * HOUR_MS, HOUR_MS);
    expect(await taken()).toHaveLength(paid.length + 1);
    const isFound = provider?.capabilities.lists === true;
    const ends = expiresAt.getTime() + (isFound ? TERM_MS : 0);
    expect((await subscription('per_found')).expiresAt.getTime()).toBe(ends);
    await world.subscriptions.renewals.switchOff(id, 'per_found');
  });

  it('declines softly: it is tried again later, and then paid', async () => {
    await bought('per_poor', RENEWAL_WORDS);
    const { id, expiresAt } = await subscription('per_poor');
    await almostDue();
    await meets(MEETS[vendor].retry);
    await pass(2 * HOUR_MS, HOUR_MS);
    expect(await renewal('per_poor')).toMatchObject({ state: 'on' });
    expect((await subscription('per_poor')).expiresAt).toEqual(expiresAt);
    await meets('succeeded');
    await pass(7 * HOUR_MS, HOUR_MS);
    const renewed = await subscription('per_poor');
    expect(renewed.expiresAt.getTime()).toBe(expiresAt.getTime() + TERM_MS);
    await world.subscriptions.renewals.switchOff(id, 'per_poor');
  });

  it.each([
    ['another', 'another_method', 'active'],
    ['stop', 'stop', 'refused'],
  ] as const)('declines for good (%s): nobody tries again', async (meeting, why, state) => {
    const person = `per_${meeting}`;
    await bought(person, RENEWAL_WORDS);
    await almostDue();
    const paid = await taken();
    await meets(MEETS[vendor][meeting]);
    await pass(2 * HOUR_MS, HOUR_MS);
    await meets('succeeded');
    await pass(2 * DAY_MS, HOUR_MS * 6);
    expect(await renewal(person)).toMatchObject({ state: 'ended', why });
    expect((await method(person)).state).toBe(state);
    expect(await taken()).toEqual(paid);
  });

  it('forgets a method that its owner removed', async () => {
    await bought('per_removes', RENEWAL_WORDS);
    const { id } = await method('per_removes');
    await world.subscriptions.renewals.removeMethod(id, 'per_removes');
    const calls = simulators.world.journal.list(vendor).map(({ summary }) => summary);
    const removal =
      vendor === 'stripe'
        ? /^POST \/payment_methods\/pm_\w+\/detach 200$/
        : /^DELETE \/v3\/vault\/payment-tokens\/\w+ 204$/;
    expect(calls.filter((call) => removal.test(call))).toHaveLength(1);
  });

  it('tells of a dispute when it opens, and whose money it is when it ends', async () => {
    const state = async ({ id }: Payment) => {
      await world.payments.judgeNotices();
      return (await world.payments.find(id)).state;
    };
    const isRunning = async (person: string) => {
      for (const { orderId } of await world.jobsOf('subscriptions.review')) {
        await world.subscriptions.review(String(orderId));
      }
      return (await subscription(person)).expiresAt > world.clock.now();
    };
    for (const [person, end, left] of [
      ['per_wins', 'lose', 'refunded'],
      ['per_loses', 'win', 'settled'],
    ] as const) {
      const payment = await bought(person);
      await act(payment.reference ?? '', 'dispute');
      await expect.poll(() => state(payment), PATIENCE).toBe('disputed');
      expect(await isRunning(person)).toBe(false);
      await act(payment.reference ?? '', end);
      await expect.poll(() => state(payment), PATIENCE).toBe(left);
      expect(await isRunning(person)).toBe(end === 'win');
    }
    expect((await world.books()).sum).toBe(0n);
  });
});

function settingsOf(base: string): Record<string, string> {
  const { stripe, paypal } = SIMULATED_KEYS;
  return {
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_URL: `${base}/stripe/v1/`,
    PAYPAL_CLIENT_ID: paypal.clientId,
    PAYPAL_SECRET: paypal.secret,
    PAYPAL_WEBHOOK_ID: paypal.webhookId,
    PAYPAL_API_URL: `${base}/paypal/`,
  };
}
