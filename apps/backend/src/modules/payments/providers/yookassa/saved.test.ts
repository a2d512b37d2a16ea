/** A shop whose contract has no automatic payments: its buyers pay, and nothing is kept. */
import { money, Secret } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import { ProviderProtocolError, ProviderRefused } from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import { createYookassa } from './index.ts';
import payments from './fixtures/payments.json' with { type: 'json' };

const FORBIDDEN = {
  type: 'error',
  id: '019e74f0-45b7-01bb-56b1-590ed4b00000',
  code: 'forbidden',
  description: "This store can't make recurring payments. Contact the YooMoney manager",
};
const ORDER = orderOf(money(49_900n, 'RUB'));
const KEEPING = { ...ORDER, saveMethod: true as const };
/** What our adapter sends, as far as it is about saved methods. */
type Sent = Readonly<{
  save_payment_method?: boolean;
  payment_method_id?: string;
  amount: object;
  metadata: object;
}>;
const http = createHttpClient({ clock: systemClock });
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
beforeEach(() => {
  server.clear();
  const made = new Map<string, unknown>();
  server.answerWith('POST /v3/payments', ({ headers, body }) => {
    const { save_payment_method, payment_method_id, amount, metadata } = body as Sent; // our own JSON
    if (save_payment_method === true || payment_method_id !== undefined) {
      return { status: 403, body: FORBIDDEN };
    }
    const key = headers['idempotence-key'] ?? '';
    const id = `${payments.pending.id.slice(0, -2)}${String(10 + made.size)}`;
    const answer = made.get(key) ?? { ...payments.pending, id, amount, metadata };
    made.set(key, answer);
    return { status: 200, body: answer };
  });
});
afterAll(async () => {
  await server.close();
  await http.close();
});

function yookassa() {
  const settings = { shopId: '100500', secretKey: new Secret('k'), networks: undefined };
  const made = createYookassa(
    { ...settings, apiUrl: `${server.url}/v3/` },
    {
      ...{ http, clock: systemClock, log: createLog({ level: 'fatal', role: 'test' }) },
      breaker: { run: (call) => call() },
    },
  );
  if (made === undefined) throw new Error('not offered');
  return made;
}

it('takes the payment without keeping the method, once however often it is asked', async () => {
  const one = await yookassa().start(KEEPING);
  const again = await yookassa().start(KEEPING);
  expect(one.checkoutUrl).toBeDefined();
  expect(again.reference).toBe(one.reference);
  const keys = [ORDER.paymentId, `once:${ORDER.paymentId}`];
  expect(server.requests.map(({ headers }) => headers['idempotence-key'])).toEqual([
    ...keys,
    ...keys,
  ]);
});

it('refuses a charge for good, and nobody takes that for wrong credentials', async () => {
  const charge = yookassa().charge(new Secret('2e7a0000'), ORDER);
  await expect(charge).rejects.toBeInstanceOf(ProviderRefused);
  expect(server.requests).toHaveLength(1);
});

it('that forbids a payment which keeps nothing is a fault of its settings', async () => {
  server.answer('POST /v3/payments', { status: 403, body: FORBIDDEN });
  await expect(yookassa().start(ORDER)).rejects.toBeInstanceOf(ProviderProtocolError);
  expect(server.requests).toHaveLength(1);
});
