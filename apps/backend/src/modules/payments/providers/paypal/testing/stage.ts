/** For tests of this adapter: a scripted vendor, its objects, and the provider that talks to it. */
import { formatMajor, money, Secret, type Clock, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { systemClock } from '../../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../../platform/http-client/scripted-server.ts';
import { quietLog } from '../../../../../../test/database.ts';
import type { PaymentProvider } from '../../../provider.ts';
import orders from '../fixtures/orders.json' with { type: 'json' };
import vectors from '../fixtures/vectors.json' with { type: 'json' };
import { createPaypal, type PaypalDeps, type PaypalSettings } from '../index.ts';

export const CLIENT = 'AeA1QIZXiflr1_-r0U2UbWTziOWX1GRQ';
export const SECRET = 'EC6nvMoC53L7-canary-secret-of-the-app';
export const TOKEN =
  'A21AAFEpH4PsADK7qSS7pSRsgzfENtu-Q1ysgEDVDESseMHBYXVJYE8ovjj68elIDy8nF26AwPhfXTIeWAZHSLIsQkSYz9ifg';
export const WEBHOOK = '1JE4291016473214C';
export const REFERENCE = orders.completed.id;
export const ORDER_PATH = `/v2/checkout/orders/${REFERENCE}`;
export const DISPUTES_ROUTE = 'GET /v1/customer/disputes';
export const CAPTURE_ID = '42311647XV020574X';
/** The test certificate of the vectors. */
export const CERTIFICATE = vectors.find(({ id }) => id === 'paypal-1')?.certificate_pem ?? '';

export function configAt(baseUrl: string, change: Partial<PaypalSettings> = {}): PaypalSettings {
  return {
    clientId: CLIENT,
    secret: new Secret(SECRET),
    webhookId: WEBHOOK,
    apiUrl: `${baseUrl}/`,
    networks: undefined,
    ...change,
  };
}

export const vendorSum = (amount: Money) => ({
  currency_code: amount.currency,
  value: formatMajor(amount),
});
export const dollars = (minor: bigint): Money => money(minor, 'USD');

/** Answers every request for a token, and knows of no dispute. */
export function prepares(server: ScriptedServer): void {
  const body = { access_token: TOKEN, token_type: 'Bearer', expires_in: 32_400 };
  server.answer('POST /v1/oauth2/token', { status: 200, body });
  server.answer(DISPUTES_ROUTE, { status: 200, body: { items: [], links: [] } });
}

/** Makes an order per request id and repeats it for the same id. */
export function startsOrders(server: ScriptedServer): void {
  const made = new Map<string, unknown>();
  server.answerWith('POST /v2/checkout/orders', ({ headers, body }) => {
    const key = headers['paypal-request-id'] ?? '';
    const sent = body as { purchase_units: object[] }; // what our adapter sent
    const id = `${REFERENCE.slice(0, -2)}${String(10 + made.size)}`;
    const answer = made.get(key) ?? { ...orders.created, id, purchase_units: sent.purchase_units };
    made.set(key, answer);
    return { status: 200, body: answer };
  });
}

export const WALLET = '8kk8451t';

/** Captures every order at once, as it does with a wallet that was kept. */
export function chargesWallets(server: ScriptedServer): void {
  const made = new Map<string, unknown>();
  server.answerWith('POST /v2/checkout/orders', ({ headers, body }) => {
    const key = headers['paypal-request-id'] ?? '';
    const [unit] = (body as { purchase_units: Part[] }).purchase_units; // what our adapter sent
    const id = `${REFERENCE.slice(0, -2)}${String(10 + made.size)}`;
    const { custom_id, invoice_id, amount } = unit ?? {};
    const captured = { unit: { custom_id, invoice_id, amount }, capture: { amount } };
    const answer = made.get(key) ?? orderWith({ ...captured, order: { id } });
    made.set(key, answer);
    return { status: 201, body: answer };
  });
}

/** A captured order whose wallet was kept, or was not. */
export function keptOrder(isKept: boolean): unknown {
  const vault = isKept
    ? { id: WALLET, status: 'VAULTED', customer: { id: 'HxY1p9bR' } }
    : undefined;
  const paypal = { email_address: 'buyer@personal.example.com', attributes: { vault } };
  return orderWith({ order: { payment_source: { paypal } } });
}

export type Part = Readonly<Record<string, unknown>>;

/** A captured order with changed parts: of itself, of its unit, of its capture; and its refunds. */
export function orderWith(
  change: Readonly<{ order?: Part; unit?: Part; capture?: Part; refunds?: readonly Part[] }>,
): unknown {
  const [unit] = orders.completed.purchase_units;
  const captures = [{ ...unit?.payments.captures[0], ...change.capture }];
  const payments = { captures, refunds: change.refunds ?? [] };
  return {
    ...orders.completed,
    purchase_units: [{ ...unit, payments, ...change.unit }],
    ...change.order,
  };
}

export type Stage = Readonly<{
  server: () => ScriptedServer;
  make: (
    change?: Partial<PaypalSettings>,
    deps?: Partial<PaypalDeps>,
  ) => PaymentProvider | undefined;
  paypal: (clock?: Clock) => PaymentProvider;
  /** Shows that body as the order `REFERENCE`. */
  show: (body: unknown) => void;
}>;

/** A server for the tests of one file, forgotten after each of them. */
export function stage(): Stage {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer();
  });
  beforeEach(() => {
    prepares(server);
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
  });
  const make: Stage['make'] = (change = {}, deps = {}) => {
    const breaker = { run: <T>(call: () => Promise<T>) => call() };
    return createPaypal(configAt(server.url, change), {
      http,
      breaker,
      clock: systemClock,
      log: quietLog(),
      ...deps,
    });
  };
  return {
    server: () => server,
    make,
    paypal(clock = systemClock) {
      const provider = make({}, { clock });
      if (provider === undefined) throw new Error('not offered');
      return provider;
    },
    show(body) {
      server.answer(`GET ${ORDER_PATH}`, { status: 200, body });
    },
  };
}
