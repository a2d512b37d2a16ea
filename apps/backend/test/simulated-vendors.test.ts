/**
 * Our adapters of Stripe and PayPal against the simulated vendors, which were written from the
 * documents alone: calls, refunds, and notices judged as they come.
 */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import { startSimulators } from '../../simulators/src/server.ts';
import { loadConfig } from '../src/config/load.ts';
import {
  createProviders,
  type PaymentProvider,
  type ProviderId,
} from '../src/modules/payments/index.ts';
import { createBreaker } from '../src/platform/breaker/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createHttpClient } from '../src/platform/http-client/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createLog } from '../src/platform/log/index.ts';
import { freePort } from './database-setup.ts';

const PATIENCE = { timeout: 10_000, interval: 25 };
const parts = { clock: systemClock, ids: systemIds };
const http = createHttpClient(parts);
const log = createLog({ level: 'silent', role: 'test' });
const price = money(2_49n, 'USD');

type Judged = Readonly<{ provider: string; event: string; reference: string }>;
const judged: Judged[] = [];
const refused: string[] = [];
let world: Awaited<ReturnType<typeof startSimulators>>;
let receiver: Server;
let providers: ReadonlyMap<ProviderId, PaymentProvider>;

beforeAll(async () => {
  const [port, gatewayPort] = [await freePort(), await freePort()];
  const base = `http://127.0.0.1:${String(port)}`;
  const { stripe, paypal } = SIMULATED_KEYS;
  const config = loadConfig({
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    STRIPE_API_KEY: stripe.apiKey,
    STRIPE_WEBHOOK_SECRET: `whsec_next,${stripe.webhookSecret}`,
    STRIPE_API_URL: `${base}/stripe/v1/`,
    PAYPAL_CLIENT_ID: paypal.clientId,
    PAYPAL_SECRET: paypal.secret,
    PAYPAL_WEBHOOK_ID: paypal.webhookId,
    PAYPAL_API_URL: `${base}/paypal/`,
  });
  const breaker = (name: string) => createBreaker({ ...parts, name });
  providers = createProviders(config, { ...parts, http, log, breaker });
  receiver = createServer((request, response) => {
    void judge(request.url ?? '', request).then((status) => response.writeHead(status).end());
  });
  receiver.listen(gatewayPort, '127.0.0.1');
  await once(receiver, 'listening');
  world = await startSimulators({
    clock: systemClock,
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
});

afterAll(async () => {
  await world.stop();
  receiver.closeAllConnections();
  receiver.close();
  await http.close();
});

/** Judges a notice as the edge would; what is refused is kept by name. */
async function judge(path: string, request: AsyncIterable<Buffer> & { headers: object }) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const provider = /^\/webhooks\/payments\/(\w+)$/.exec(path)?.[1];
  // The panel of this world has news too.
  if (provider === undefined) return 200;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const receivedAt = systemClock.now();
  const body = Buffer.concat(chunks);
  const raw = { method: 'POST', query: '', headers, body, receivedAt } as const;
  try {
    const notice = await providerOf(provider).verify({ ...raw, remoteAddress: '203.0.113.7' });
    judged.push({ provider, event: notice.event, reference: notice.reference });
    return 200;
  } catch (error) {
    refused.push(String(error));
    return 400;
  }
}

function providerOf(id: string): PaymentProvider {
  const provider = [...providers.values()].find((each) => each.id === id);
  if (provider === undefined) throw new Error(`no provider ${id}`);
  return provider;
}

let number = 0;
async function begin(id: string) {
  number += 1;
  const paymentId = `pay_${String(number).padStart(26, '0')}`;
  const { reference = '', checkoutUrl } = await providerOf(id).start({
    paymentId,
    orderId: 'ord_1',
    amount: price,
    createdAt: systemClock.now(),
    description: 'One month',
    returnUrl: 'https://shop.example/return',
    language: 'en',
    captureAtOnce: true,
    receipt: undefined,
  });
  expect(checkoutUrl).toContain(`/${id}/checkout/`);
  return { paymentId, reference };
}

async function act(id: string, reference: string, name: string, wish: object = {}) {
  const url = `${world.world.selfUrl}/${id}/control/payments/${reference}/${name}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(wish) });
  expect(answer.status, `${name} of ${reference}`).toBe(200);
}

const heard = (id: string, event: string) => () =>
  judged.some((each) => each.provider === id && each.event === event);

describe.each(['stripe', 'paypal'])('%s, as we see it', (id) => {
  it('brings money once it is paid, and gives it back in parts', async () => {
    const { paymentId, reference } = await begin(id);
    const provider = providerOf(id);
    expect(await provider.lookup(reference)).toMatchObject({ state: 'pending', paymentId });
    await act(id, reference, 'pay');
    expect(await provider.lookup(reference)).toMatchObject({
      state: 'settled',
      amount: price,
      paymentId,
      isTest: true,
    });
    const refund = (refundId: string, minor: bigint) =>
      provider.refund({
        refundId,
        reference,
        amount: money(minor, 'USD'),
        reason: 'asked',
        receipt: undefined,
      });
    const first = await refund(`ref_${paymentId}_1`, 1_00n);
    expect(first).toMatchObject({ state: 'refunded' });
    expect(await refund(`ref_${paymentId}_1`, 1_00n)).toEqual(first);
    expect(await provider.lookup(reference)).toMatchObject({ refunded: money(1_00n, 'USD') });
    await expect(refund(`ref_${paymentId}_2`, 2_00n)).rejects.toThrow(id);
    await refund(`ref_${paymentId}_3`, 1_49n);
    expect(await provider.lookup(reference)).toMatchObject({ refunded: price });
  });

  it('stays pending when the card is refused, and the page can be paid after all', async () => {
    const { reference } = await begin(id);
    const { lookup } = providerOf(id);
    await act(id, reference, 'decline');
    expect(await lookup(reference)).toMatchObject({ state: 'pending' });
    await act(id, reference, 'pay');
    expect(await lookup(reference)).toMatchObject({ state: 'settled' });
  });

  it('is asked twice for one payment and makes one', async () => {
    const first = await begin(id);
    number -= 1;
    expect(await begin(id)).toEqual(first);
  });

  it('tells of everything in notices we can judge, and forgers in none', async () => {
    const paid = id === 'stripe' ? 'checkout.session.completed' : 'PAYMENT.CAPTURE.COMPLETED';
    const returned = id === 'stripe' ? 'charge.refunded' : 'PAYMENT.CAPTURE.REFUNDED';
    const lost = id === 'stripe' ? 'charge.dispute.closed' : 'PAYMENT.CAPTURE.REVERSED';
    await expect.poll(heard(id, paid), PATIENCE).toBe(true);
    await expect.poll(heard(id, returned), PATIENCE).toBe(true);
    const { reference } = await begin(id);
    await act(id, reference, 'pay');
    await providerOf(id).lookup(reference);
    await act(id, reference, 'dispute');
    await act(id, reference, 'lose');
    await expect.poll(heard(id, lost), PATIENCE).toBe(true);
    // Whatever a notice names can be read back.
    for (const each of judged.filter(({ provider }) => provider === id)) {
      await providerOf(id).lookup(each.reference);
    }
    expect(await providerOf(id).lookup(reference)).toMatchObject({ refunded: price });
    expect(refused).toEqual([]);

    const forged = { id: 'x', type: paid, event_type: paid, resource: {}, data: { object: {} } };
    const url = `${world.world.selfUrl}/${id}/control/notifications`;
    await fetch(url, { method: 'POST', body: JSON.stringify({ body: forged }) });
    await expect.poll(() => refused.length, PATIENCE).toBe(1);
    expect(refused.splice(0)[0]).toMatch(/signature/i);
  });
});

describe('stripe', () => {
  it('lists the sessions of a window', async () => {
    const to = new Date(systemClock.now().getTime() + 60_000);
    const seen: string[] = [];
    for await (const each of providerOf('stripe').list({
      from: new Date(to.getTime() - 600_000),
      to,
    })) {
      seen.push(each.state);
    }
    expect(seen.length).toBeGreaterThanOrEqual(4);
  });

  it('is cancelled by us while nobody has paid', async () => {
    const { paymentId, reference } = await begin('stripe');
    const cancelled = await providerOf('stripe').cancel(reference, paymentId);
    expect(cancelled).toMatchObject({ state: 'cancelled' });
  });
});
