/** The whole way of a session: signed notices in, one payment in the books, a dispute and its end. */
import { money } from '@opora/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMoneyWorld, type MoneyWorld } from '../../../../../test/money-world.ts';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import events from './fixtures/events.json' with { type: 'json' };
import { createStripe } from './index.ts';
import { signed } from './testing/notices.ts';
import { configAt, REFERENCE, SESSION_PATH, sessionWith, startsSessions } from './testing/stage.ts';

const AMOUNT = money(49_900n, 'USD');
const http = createHttpClient({ clock: systemClock });
let server: ScriptedServer;
let world: MoneyWorld;

beforeAll(async () => {
  server = await startScriptedServer();
  startsSessions(server);
  const breaker = { run: <T>(call: () => Promise<T>) => call() };
  const stripe = createStripe(configAt(server.url), { http, breaker, clock: systemClock });
  world = await createMoneyWorld(undefined, stripe);
});
afterAll(async () => {
  await world.close();
  await server.close();
  await http.close();
});

async function startedPayment(): Promise<{ id: string; reference: string }> {
  const { versionId: planVersionId } = await world.catalog.byCode('vpn', 'month');
  const wish = { personId: 'per_1', product: 'vpn', planVersionId, amount: AMOUNT };
  const { id: orderId } = await world.orders.place(wish);
  const ask = { orderId, provider: 'stripe', language: 'en', description: 'Month' } as const;
  const payment = await world.payments.start(ask);
  return { id: payment.id, reference: payment.reference ?? '' };
}

async function told(event: { type: string; data: { object: object } }, object: object) {
  const body = { ...event, data: { object: { ...event.data.object, ...object } } };
  const { status } = await world.payments.accept('stripe', signed(JSON.stringify(body)));
  await world.payments.judgeNotices();
  return status;
}

it('a session is paid once, disputed, and given back when the dispute is lost', async () => {
  const { id, reference } = await startedPayment();
  expect(reference).toBe(`${REFERENCE}_0`);
  const path = `${SESSION_PATH}_0`;
  const show = (charge: Record<string, unknown>, change: Record<string, unknown> = {}): void => {
    const session = { id: reference, metadata: { payment_id: id }, ...change };
    const body = sessionWith(session, {}, charge);
    server.answer(`GET ${path}`, { status: 200, body });
    const list = { data: [body], has_more: false };
    server.answer('GET /v1/checkout/sessions', { status: 200, body: list });
  };
  const stateNow = async () => (await world.payments.find(id)).state;

  show({}, { payment_status: 'unpaid' });
  expect(await told(events.completed, { id: reference, payment_status: 'unpaid' })).toBe(200);
  expect(await stateNow()).toBe('pending');

  show({});
  for (const _time of [1, 2, 3]) await told(events.completed, { id: reference });
  expect(await stateNow()).toBe('settled');
  expect(await world.books()).toMatchObject({ clearing: AMOUNT.minor, sum: 0n });

  const dispute = { amount: 49_900, currency: 'usd' };
  const disputes = (status: string): void => {
    const body = { data: [{ ...dispute, status }], has_more: false };
    server.answer('GET /v1/disputes', { status: 200, body });
  };
  show({ disputed: true });
  disputes('needs_response');
  await told(events.disputed, {});
  expect(await stateNow()).toBe('disputed');
  disputes('lost');
  await told({ ...events.disputed, type: 'charge.dispute.closed' }, { status: 'lost' });
  expect(await stateNow()).toBe('refunded');
  expect(await world.books()).toMatchObject({ clearing: 0n, sum: 0n });
});
