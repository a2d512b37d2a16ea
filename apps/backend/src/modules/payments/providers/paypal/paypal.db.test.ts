/** The whole way of an approval: a signed notice in, one capture, one payment in the books. */
import { money } from '@opora/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietLog } from '../../../../../test/database.ts';
import { createMoneyWorld, type MoneyWorld } from '../../../../../test/money-world.ts';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import type { RawWebhook } from '../../provider.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import orders from './fixtures/orders.json' with { type: 'json' };
import refunds from './fixtures/refunds.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { createPaypal } from './index.ts';
import {
  CAPTURE_ID,
  CERTIFICATE,
  configAt,
  prepares,
  ORDER_PATH,
  orderWith,
  vendorSum,
} from './testing/stage.ts';

const AMOUNT = money(49_900n, 'USD');
const PART = money(10_000n, 'USD');
const http = createHttpClient({ clock: systemClock });
let server: ScriptedServer;
let world: MoneyWorld;
let captures = 0;

beforeAll(async () => {
  server = await startScriptedServer();
  prepares(server);
  server.answer('GET /certs/1', { status: 200, body: CERTIFICATE });
  const breaker = { run: <T>(call: () => Promise<T>) => call() };
  const paypal = createPaypal(configAt(server.url), {
    ...{ http, breaker, clock: systemClock, log: quietLog() },
  });
  world = await createMoneyWorld(undefined, paypal);
});
afterAll(async () => {
  await world.close();
  await server.close();
  await http.close();
});

/** A started payment whose buyer has approved; the scripted vendor captures it once. */
async function approvedPayment(): Promise<{ id: string; unit: Record<string, string> }> {
  server.answerWith('POST /v2/checkout/orders', ({ body }) => ({
    status: 201,
    body: { ...orders.created, ...(body as object) }, // what our adapter sent
  }));
  const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
  const wish = { personId: 'per_1', product: 'vpn', planVersionId, amount: AMOUNT };
  const { id: orderId } = await world.orders.place(wish);
  const ask = { orderId, provider: 'paypal', language: 'en', description: 'Month' } as const;
  const { id } = await world.payments.start(ask);
  const unit = { custom_id: id, invoice_id: id };
  server.answerWith(`GET ${ORDER_PATH}`, () => {
    const waiting = { order: { status: 'APPROVED' }, unit: { ...unit, payments: null } };
    return { status: 200, body: orderWith(captures === 0 ? waiting : { unit }) };
  });
  server.answerWith(`POST ${ORDER_PATH}/capture`, () => {
    captures += 1;
    return captures === 1
      ? { status: 201, body: orderWith({ unit }) }
      : { status: 422, body: errors.already };
  });
  return { id, unit };
}

/** The recorded approval, its certificate where our API is. */
function approval(): RawWebhook {
  const vector = vectors.find(({ id }) => id === 'paypal-2');
  const own = { 'paypal-cert-url': `${server.url}/certs/1` };
  return {
    method: 'POST',
    query: '',
    headers: Object.fromEntries(Object.entries({ ...vector?.headers, ...own })),
    body: Buffer.from(vector?.body_base64 ?? '', 'base64'),
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-27T00:00:00Z'),
  };
}

it('an approved order is captured once by its notice, and given back by its capture', async () => {
  const { id, unit } = await approvedPayment();
  const forged = { ...approval(), body: Buffer.from('{}') };
  expect((await world.payments.accept('paypal', forged)).status).toBe(400);
  expect(await world.payments.judgeNotices()).toBe(0);
  expect(captures).toBe(0);

  for (const _time of [1, 2]) {
    expect((await world.payments.accept('paypal', approval())).status).toBe(200);
    await world.payments.judgeNotices();
    await world.payments.look(id);
  }
  expect(captures).toBe(1);
  expect(await world.payments.find(id)).toMatchObject({ state: 'settled', amount: AMOUNT });
  expect(await world.notices()).toEqual([
    { event: 'CHECKOUT.ORDER.APPROVED', state: 'done', outcome: 'moved' },
  ]);
  expect(await world.books()).toMatchObject({ clearing: AMOUNT.minor, sum: 0n });

  const part = { ...refunds.completed, amount: vendorSum(PART) };
  server.answerWith(`POST /v2/payments/captures/${CAPTURE_ID}/refund`, () => {
    const capture = { status: 'PARTIALLY_REFUNDED' };
    const body = orderWith({ unit, capture, refunds: [part] });
    server.answer(`GET ${ORDER_PATH}`, { status: 200, body });
    return { status: 201, body: part };
  });
  const wish = { paymentId: id, amount: PART, reason: 'asked', idempotencyKey: 'key-1' };
  expect((await world.payments.refund(wish)).state).toBe('refunded');
  expect(await world.payments.find(id)).toMatchObject({ state: 'partly_refunded', refunded: PART });
});
