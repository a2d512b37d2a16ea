/** Recurring orders: sold only when it is known how to end them, and each sale is a term. */
import { money, Secret } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { ProviderPaymentMissing, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import orders from './fixtures/orders.json' with { type: 'json' };
import { createTribute } from './index.ts';

const CANCEL = 'shop/orders/{uuid}/stop';
const UUID = orders.pending.uuid;
const PATH = `/api/v1/shop/orders/${UUID}`;
const ORDER = orderOf(money(49_900n, 'RUB'));
const METHOD = new Secret(UUID);
const http = createHttpClient({ clock: systemClock });
let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterEach(() => {
  server.clear();
});
afterAll(async () => {
  await server.close();
  await http.close();
});

const good = (body: unknown) => ({ status: 200, body });

function tribute(cancelPath?: string) {
  const settings = { apiKey: new Secret('k'), signatureEncoding: 'hex' as const, cancelPath };
  const made = createTribute(
    { ...settings, apiUrl: `${server.url}/api/v1/` },
    { http, clock: systemClock, breaker: { run: (call) => call() } },
  );
  if (made === undefined) throw new Error('not offered');
  return made;
}

it('sells none without the path that ends one', () => {
  expect(tribute()).toMatchObject({ capabilities: { savedMethods: 'none' } });
  expect(tribute().removeMethod).toBeUndefined();
  expect(tribute(CANCEL).capabilities).toMatchObject({
    ...{ savedMethods: 'provider', chargesEveryDays: 30, chargesLateDays: 5 },
  });
});

it('is asked for by its period, only by whom agreed', async () => {
  server.answer('GET /api/v1/shop/orders', good([]));
  server.answer('POST /api/v1/shop/orders', good(orders.pending));
  await tribute(CANCEL).start({ ...ORDER, saveMethod: true });
  await tribute(CANCEL).start(ORDER);
  const bodies = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
  expect(bodies).toMatchObject([{ period: 'monthly' }, { period: 'onetime' }]);
});

it('has a term in each sale, and the first is the payment', async () => {
  const paid = { ...orders.pending, status: 'paid', isRecurrent: true, cardLast4: '4242' };
  server.answer(`GET ${PATH}`, good(paid));
  const transactions = [orders.sale, { ...orders.sale, id: 90_300 }];
  server.answer(`GET ${PATH}/transactions`, good({ transactions }));
  const payment = await tribute(CANCEL).lookup(UUID);
  expect(payment).toMatchObject({ renews: true, savedMethod: { title: 'Tribute •• 4242' } });
  expect(payment.savedMethod?.token.reveal()).toBe(UUID);
  const again = { reference: `${UUID}.90300`, renews: true, countsAlone: true };
  expect(payment.again).toMatchObject([again]);
  server.answer(`GET ${PATH}`, good({ ...paid, isRecurrent: false }));
  const once = await tribute(CANCEL).lookup(UUID);
  expect(once.savedMethod ?? once.renews).toBeUndefined();
});

it('is ended by the path of the settings, once, and a repeat changes nothing', async () => {
  server.answer(
    `GET ${PATH}`,
    good({ memberStatus: 'active' }),
    good({ memberStatus: 'cancelled' }),
  );
  server.answer(`POST ${PATH}/stop`, good({}));
  for (const _time of [1, 2]) await tribute(CANCEL).removeMethod?.(METHOD);
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

it.each([
  ['refused', { status: 400, body: orders.badRequest }, ProviderRefused],
  ['unknown there', { status: 404, body: orders.notFound }, ProviderPaymentMissing],
  ['unanswered', { status: 502, body: '<html>' }, ProviderUnavailable],
])('is not taken for ended when that is %s', async (_name, answer, error) => {
  server.answer(`GET ${PATH}`, good({ memberStatus: 'active' }));
  server.answer(`POST ${PATH}/stop`, answer);
  await expect(tribute(CANCEL).removeMethod?.(METHOD)).rejects.toBeInstanceOf(error);
});
