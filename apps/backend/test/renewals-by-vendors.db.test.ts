/**
 * Renewals that the vendor charges by its own schedule, from the purchase to the books: our business
 * over a real database, our adapter, and Telegram simulated, which asks before the first payment,
 * charges the next terms on demand and tells of each. A vendor that says it charges by itself is here.
 */
import { money, Secret } from '@opora/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readUpdate } from '../src/bot/incoming.ts';
import { hearSubscription } from '../src/bot/renewal-news.ts';
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
import { createTelegramApi, type TelegramApi } from '../src/platform/telegram/index.ts';
import { freePort } from './database-setup.ts';
import { quietLog } from './database.ts';
import { createMoneyWorld, type MoneyWorld } from './money-world.ts';
import { savingProviders } from './saving-providers.ts';
import { BOT_TOKEN } from './stars-door.ts';
import { sellMonth, simulate, type Json } from './vendor-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TERM_MS = 30 * DAY_MS;
const PRICE = money(250n, 'XTR');
const SECRET = 'simulated-webhook-secret';
const UPDATES = ['message', 'pre_checkout_query', 'subscription'] as const;

const http = createHttpClient({ clock: systemClock });
let world: MoneyWorld;
let provider: PaymentProvider;
let telegram: TelegramApi;
let simulators: Awaited<ReturnType<typeof simulate>>;
const banned = new Set<string>();
let offset = 0;
let jobsDone = 0;
let buyer = 0;

beforeAll(async () => {
  const port = await freePort();
  const base = `http://127.0.0.1:${String(port)}`;
  const deps = { http, clock: systemClock, ids: systemIds, log: quietLog() };
  const config = { token: new Secret(BOT_TOKEN), apiUrl: `${base}/telegram` };
  const api = createTelegramApi({ ...deps, config });
  if (api === undefined) throw new Error('no client of Telegram');
  telegram = api;
  const breaker = (name: string) => createBreaker({ ...deps, name });
  const settings = { telegram: { webhookSecret: new Secret(SECRET) } };
  const made = createProviders(settings, { ...deps, breaker, telegram }).get('stars');
  if (made === undefined) throw new Error('Stars are not configured');
  provider = made;
  world = await createMoneyWorld(undefined, provider, { isBanned: (id) => banned.has(id) });
  simulators = await simulate(world, { port, gatewayUrl: base });
  await sellMonth(world, PRICE);
});
afterAll(async () => {
  await simulators.stop();
  await telegram.close();
  await world.close();
  await http.close();
});

async function ask(method: string, path: string, body?: Json): Promise<Json> {
  const url = `${simulators.world.selfUrl}${path}`;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(url, { method, ...sent });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Json; // the simulator's own JSON
}

/** What Telegram has to say: questions are answered with yes, money goes through the door, twice. */
async function hear(): Promise<void> {
  const updates = await telegram.call.getUpdates({ offset, timeout: 0, allowed_updates: UPDATES });
  for (const update of updates) {
    offset = update.update_id + 1;
    const { pre_checkout_query: question, subscription } = update;
    if (subscription !== undefined) {
      const read = readUpdate(update)?.subscription;
      if (read === undefined) throw new Error('the bot cannot read it');
      await hearSubscription(world, read);
    } else if (question !== undefined) {
      const answer = { pre_checkout_query_id: question.id, ok: true };
      await telegram.call.answerPreCheckoutQuery(answer);
      await hear();
    } else {
      const raw = {
        ...{ method: 'POST' as const, query: '', remoteAddress: '149.154.167.220' },
        headers: { 'x-telegram-bot-api-secret-token': SECRET },
        body: Buffer.from(JSON.stringify(update)),
        receivedAt: world.clock.now(),
      };
      await world.payments.accept('stars', raw);
      await world.payments.judgeNotices();
      await world.payments.accept('stars', raw);
      await world.payments.judgeNotices();
    }
  }
}

/** One round of the worker, and what the money of it sets off. */
async function round(): Promise<void> {
  await hear();
  await world.subscriptions.renewals.runDue();
  const jobs = await world.jobsOf('subscriptions.extend');
  for (const { orderId } of jobs.slice(jobsDone)) await world.subscriptions.extend(String(orderId));
  jobsDone = jobs.length;
}
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += DAY_MS / 2) {
    await world.clock.advance(Math.min(DAY_MS / 2, ms - passed));
    await round();
  }
}

/** A month is bought in Telegram; with words its buyer agreed that it renews itself. */
async function bought(personId: string, saveWords?: string): Promise<Payment> {
  const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
  const wish = { personId, product: 'vpn', planVersionId, amount: PRICE };
  const { id: orderId } = await world.orders.place(wish);
  const asked = { orderId, provider: 'stars', language: 'en', description: 'Month' } as const;
  const payment = await world.payments.start({ ...asked, saveWords });
  buyer = Number((await ask('POST', '/telegram/control/people', { started: true }))['id']);
  const { payments } = await ask('GET', '/stars/control/payments');
  const bills = payments as { id: string; reference: string }[]; // `Bill`s
  const invoice = bills.find(({ reference }) => reference === payment.id)?.id ?? '';
  await ask('POST', `/stars/control/payments/${invoice}/pay`, { method: String(buyer) });
  await round();
  return world.payments.find(payment.id);
}

type Charged = Readonly<{ id: string; state: string; personId: number }>;
async function subscriptionAt(): Promise<Charged | undefined> {
  const { subscriptions } = await ask('GET', '/stars/control/subscriptions');
  return (subscriptions as Charged[]).findLast(({ personId }) => personId === buyer); // its own JSON
}
/** Telegram charges the next 30 days now. */
async function charged(outcome = 'paid'): Promise<void> {
  const { id = '' } = (await subscriptionAt()) ?? {};
  await ask('POST', `/stars/control/subscriptions/${id}/renew`, { outcome });
  await round();
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
const endsAt = async (personId: string) => (await subscription(personId)).expiresAt.getTime();
/** What the timeline says of the charges by Telegram's own schedule. */
async function endsOf(paymentId: string): Promise<string[]> {
  const timeline = await world.payments.timeline(paymentId);
  return timeline.map(({ kind }) => kind).filter((kind) => kind.startsWith('renewal '));
}
/** Does the jobs that end what Telegram charges. */
async function forget(): Promise<void> {
  for (const { methodId } of await world.jobsOf('payments.forgetMethod')) {
    await world.payments.methods.forget(String(methodId));
  }
}

/** Tribute's is `renewals-by-tribute.db.test.ts`. */
it('has every vendor here that says it charges by itself', () => {
  expect(savingProviders('provider')).toEqual([]);
  expect(savingProviders('provider', { TRIBUTE_CANCEL_PATH: 'x/{uuid}' })).toEqual(['tribute']);
  expect(provider.capabilities.savedMethods).toBe('provider');
});

it('sells a subscription to whom agreed, and an invoice to whom did not', async () => {
  await bought('per_plain');
  expect(await subscriptionAt()).toBeUndefined();
  expect(await world.payments.methods.ofPerson('per_plain')).toEqual([]);
  const { id } = await bought('per_agrees', RENEWAL_WORDS);
  expect(await subscriptionAt()).toMatchObject({ state: 'active' });
  const [method] = await world.payments.methods.ofPerson('per_agrees');
  expect(method).toMatchObject({ paymentId: id, title: 'Telegram Stars', provider: 'stars' });
  expect(await renewal('per_agrees')).toMatchObject({ state: 'on', words: RENEWAL_WORDS });
  await world.subscriptions.renewals.removeMethod(method?.id ?? '', 'per_agrees');
  await forget();
});

it('extends by each charge once, as an order and a payment of its own, and tells before', async () => {
  const before = await world.books();
  const first = await bought('per_renews', RENEWAL_WORDS);
  const until = await endsAt('per_renews');
  await pass(TERM_MS - HOUR_MS);
  expect(await world.jobsOf('tell.renewalSoon')).toHaveLength(1);
  expect(await endsAt('per_renews')).toBe(until);
  await charged();
  expect(await endsAt('per_renews')).toBe(until + TERM_MS);
  await pass(TERM_MS);
  await charged();
  expect(await endsAt('per_renews')).toBe(until + 2 * TERM_MS);
  const { items: payments } = await world.payments.ofPerson('per_renews', { limit: 10 });
  expect(payments).toHaveLength(3);
  expect(new Set(payments.map(({ orderId }) => orderId)).size).toBe(3);
  expect(new Set(payments.map(({ reference }) => reference)).size).toBe(3);
  const [method] = await world.payments.methods.ofPerson('per_renews');
  expect(payments.filter(({ id }) => id !== first.id).map(({ methodId }) => methodId)).toEqual([
    method?.id,
    method?.id,
  ]);
  const after = await world.books();
  expect(after).toMatchObject({ sales: before.sales - 3n * PRICE.minor, sum: 0n });
  expect(after.customers).toBe(before.customers);
  expect(await renewal('per_renews')).toMatchObject({ state: 'on' });
  await world.subscriptions.renewals.switchOff((await subscription('per_renews')).id, 'per_renews');
  await forget();
});

it('is ended at Telegram by the switch, at once for us and until it answers for Telegram', async () => {
  await bought('per_stops', RENEWAL_WORDS);
  const { id } = await subscription('per_stops');
  await world.subscriptions.renewals.switchOff(id, 'per_stops');
  expect(await renewal('per_stops')).toMatchObject({ state: 'off' });
  expect(await subscriptionAt()).toMatchObject({ state: 'active' });
  simulators.world.faults.set({ target: 'telegram', kind: 'error', probability: 1, seed: 1 });
  await expect(forget()).rejects.toThrow();
  simulators.world.faults.clear();
  await forget();
  expect(await subscriptionAt()).toMatchObject({ state: 'canceled' });
});

it('ends and says so when Telegram does not charge any more', async () => {
  await bought('per_poor', RENEWAL_WORDS);
  const until = await endsAt('per_poor');
  await pass(TERM_MS - HOUR_MS);
  const told = (await world.jobsOf('tell.renewalEnded')).length;
  await charged('failed');
  expect(await renewal('per_poor')).toMatchObject({ state: 'ended', why: 'declined' });
  expect(await world.jobsOf('tell.renewalEnded')).toHaveLength(told + 1);
  expect(await endsAt('per_poor')).toBe(until);
});

it('is ended at Telegram when the newest charge was given back', async () => {
  const payment = await bought('per_back', RENEWAL_WORDS);
  await world.payments.refund({
    ...{ paymentId: payment.id, amount: PRICE, reason: 'asked', idempotencyKey: 'back-1' },
  });
  await pass(28 * DAY_MS);
  expect(await renewal('per_back')).toMatchObject({ state: 'ended', why: 'money_back' });
  await forget();
  expect(await subscriptionAt()).toMatchObject({ state: 'canceled' });
});

it('is ended at Telegram when its owner is banned, and the timeline of the payment says so', async () => {
  const payment = await bought('per_banned', RENEWAL_WORDS);
  const isWaiting = async () => (await renewal('per_banned'))?.state;
  await world.subscriptions.acts.refresh('per_banned');
  await round();
  expect(await isWaiting()).toBe('on');
  banned.add('per_banned');
  await world.subscriptions.acts.refresh('per_banned');
  await round();
  expect(await renewal('per_banned')).toMatchObject({ state: 'ended', why: 'banned' });
  // Telegram is away: the job comes again, and nothing is said before it is so.
  simulators.world.faults.set({ target: 'telegram', kind: 'error', probability: 1, seed: 1 });
  await expect(forget()).rejects.toThrow();
  simulators.world.faults.clear();
  expect(await endsOf(payment.id)).toEqual([]);
  await forget();
  await forget();
  expect(await subscriptionAt()).toMatchObject({ state: 'canceled' });
  expect(await endsOf(payment.id)).toEqual(['renewal ended at the provider']);
  // Let in again, they agree anew: what ended stays ended.
  banned.clear();
  await world.subscriptions.acts.refresh('per_banned');
  await round();
  expect(await isWaiting()).toBe('ended');
});

/** Its buyer does it inside Telegram, which tells the bot. */
const inTelegram = async (state: 'canceled' | 'active'): Promise<void> => {
  const { id = '' } = (await subscriptionAt()) ?? {};
  const act = { canceled: 'cancel', active: 'resume' }[state];
  await ask('POST', `/stars/control/subscriptions/${id}/${act}`);
  await round();
};

it('shows at once what its owner switches inside Telegram, and goes on when they take that back', async () => {
  const { id } = await bought('per_inside', RENEWAL_WORDS);
  const until = await endsAt('per_inside');
  await inTelegram('canceled');
  expect(await renewal('per_inside')).toMatchObject({ state: 'off' });
  expect(
    (await world.subscriptions.renewals.standing(await subscription('per_inside'))).renewal,
  ).toBe(undefined);
  // Somebody else who paid the same link says nothing about this one.
  const other = { paymentId: id, payer: '1', state: 'on' } as const;
  await world.subscriptions.renewals.hear(other);
  expect(await renewal('per_inside')).toMatchObject({ state: 'off' });
  await inTelegram('active');
  await world.subscriptions.renewals.hear({ ...other, payer: String(buyer) });
  expect(await renewal('per_inside')).toMatchObject({ state: 'on' });
  await pass(TERM_MS - HOUR_MS);
  await charged();
  expect(await endsAt('per_inside')).toBe(until + TERM_MS);
  await world.subscriptions.renewals.switchOff((await subscription('per_inside')).id, 'per_inside');
  await forget();
  expect(await subscriptionAt()).toMatchObject({ state: 'canceled' });
  // Let run again there, it has ended here all the same: Telegram is told once more.
  const before = (await world.jobsOf('payments.forgetMethod')).length;
  await inTelegram('active');
  expect(await renewal('per_inside')).toMatchObject({ state: 'off' });
  expect(await world.jobsOf('payments.forgetMethod')).toHaveLength(before + 1);
  await forget();
  expect(await subscriptionAt()).toMatchObject({ state: 'canceled' });
});

it('found late, in the book of Telegram alone, extends from then on', async () => {
  await bought('per_found', RENEWAL_WORDS);
  await pass(TERM_MS - HOUR_MS);
  const { id = '' } = (await subscriptionAt()) ?? {};
  await ask('POST', `/stars/control/subscriptions/${id}/renew`, { outcome: 'paid' });
  // The update is lost: nobody hears it.
  const lost = await telegram.call.getUpdates({ offset, timeout: 0, allowed_updates: UPDATES });
  offset = (lost.at(-1)?.update_id ?? offset) + 1;
  const [charge] = await Array.fromAsync(
    provider.list({ from: new Date(0), to: new Date(world.clock.now().getTime() + DAY_MS) }),
  );
  expect(charge).toMatchObject({ renews: true });
  const day = world.clock.now().toISOString().slice(0, 10);
  await world.clock.advance(DAY_MS);
  await world.payments.reconcile({ provider: 'stars', day });
  await round();
  expect(await endsAt('per_found')).toBe(world.clock.now().getTime() + TERM_MS);
});

it('is not sold beside the balance: the rest of one sum would be charged for every term', async () => {
  const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
  const wish = { personId: 'per_mixed', product: 'vpn', planVersionId, amount: PRICE };
  const { id: orderId } = await world.orders.place(wish);
  const asked = { orderId, provider: 'stars', language: 'en', description: 'Month' } as const;
  const start = world.payments.start({ ...asked, saveWords: RENEWAL_WORDS, fromBalance: true });
  await expect(start).rejects.toThrow(/one sum for every term/);
});
