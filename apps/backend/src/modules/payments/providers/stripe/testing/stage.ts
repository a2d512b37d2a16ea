/** For tests of this adapter: a scripted vendor, its objects, and the provider that talks to it. */
import { money, Secret, type Clock, type Currency, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { systemClock } from '../../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../../platform/http-client/scripted-server.ts';
import type { PaymentProvider } from '../../../provider.ts';
import errors from '../fixtures/errors.json' with { type: 'json' };
import sessions from '../fixtures/sessions.json' with { type: 'json' };
import { createStripe, type StripeSettings } from '../index.ts';

export const KEY = 'sk_test_51SVtAa2eZvKYlo2C0aB1cD2e';
export const SIGNING = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
export const REFERENCE = sessions.paid.id;
export const SESSION_PATH = `/v1/checkout/sessions/${REFERENCE}`;
export const INTENT = sessions.paid.payment_intent;

export function configAt(baseUrl: string, change: Partial<StripeSettings> = {}): StripeSettings {
  return {
    apiKey: new Secret(KEY),
    webhookSecret: new Secret(SIGNING),
    apiUrl: `${baseUrl}/v1/`,
    networks: undefined,
    currencies: ['USD', 'EUR', 'RUB'],
    ...change,
  };
}

/** A form as it was sent. */
export const form = (body: unknown): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(String(body)));

/** Makes a session per key and repeats it for the same key. */
export function startsSessions(server: ScriptedServer): void {
  const made = new Map<string, unknown>();
  server.answerWith('POST /v1/checkout/sessions', ({ headers, body }) => {
    const key = headers['idempotency-key'];
    if (key === undefined) return { status: 400, body: errors.key_reused };
    const sent = form(body);
    const answer = made.get(key) ?? {
      ...sessions.open,
      id: `${REFERENCE}_${String(made.size)}`,
      amount_total: Number(sent['line_items[0][price_data][unit_amount]']),
      currency: sent['line_items[0][price_data][currency]'],
      metadata: { payment_id: sent['metadata[payment_id]'] },
    };
    made.set(key, answer);
    return { status: 200, body: answer };
  });
}

/** A saved method: whose it is, and which. */
export const METHOD = 'cus_TR1aBcDeFgHiJk:pm_1SVtAa2eZvKYlo2C';
const [CUSTOMER, CARD] = METHOD.split(':');

/** Charges a saved method once per key and repeats it for the same key; `change` is of the intent. */
export function chargesMethods(server: ScriptedServer, change: Part = {}): void {
  const made = new Map<string, Part>();
  server.answerWith('POST /v1/payment_intents', ({ headers, body }) => {
    const key = headers['idempotency-key'] ?? '';
    const answer = made.get(key) ?? {
      ...chargedIntent(form(body)),
      id: `pi_charged_${String(made.size)}`,
      ...change,
    };
    made.set(key, answer);
    return { status: 200, body: answer };
  });
}

/** Declines every charge with that word, the intent in the error. */
export function declinesMethods(server: ScriptedServer, decline: Part): void {
  server.answerWith('POST /v1/payment_intents', ({ body }) => {
    const error = { type: 'card_error', code: 'card_declined', message: 'No.', ...decline };
    const intent = { ...chargedIntent(form(body)), status: 'requires_payment_method' };
    const left = { ...intent, latest_charge: 'ch_1', last_payment_error: error };
    return { status: 402, body: { error: { ...error, payment_intent: left } } };
  });
}

/** The intent of that form, paid. */
export function chargedIntent(sent: Readonly<Record<string, string>>): Part {
  return {
    ...INTENT,
    created: sessions.paid.created,
    livemode: false,
    amount: Number(sent['amount']),
    currency: sent['currency'],
    metadata: { charge: sent['metadata[charge]'], payment_id: sent['metadata[payment_id]'] },
  };
}

/** A paid session whose card was kept, or was not. */
export function keptSession(isKept: boolean): unknown {
  const kept = { setup_future_usage: 'off_session', customer: CUSTOMER, payment_method: CARD };
  const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030 };
  const details = { payment_method_details: { type: 'card', card } };
  return sessionWith({}, isKept ? kept : { ...kept, setup_future_usage: null }, details);
}

export type Part = Readonly<Record<string, unknown>>;

/** A paid session with changed parts: of itself, of its intent, of its charge. */
export function sessionWith(session: Part, intent: Part = {}, charge: Part = {}): unknown {
  const latest = { ...INTENT.latest_charge, ...charge };
  return {
    ...sessions.paid,
    payment_intent: { ...INTENT, latest_charge: latest, ...intent },
    ...session,
  };
}

export const dollars = (minor: bigint, currency: Currency = 'USD'): Money => money(minor, currency);

export type Stage = Readonly<{
  server: () => ScriptedServer;
  make: (change?: Partial<StripeSettings>, clock?: Clock) => PaymentProvider | undefined;
  stripe: (change?: Partial<StripeSettings>) => PaymentProvider;
  /** Shows that body as the session `REFERENCE`. */
  show: (body: unknown) => void;
}>;

/** A server for the tests of one file, forgotten after each of them. */
export function stage(): Stage {
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
  const make: Stage['make'] = (change = {}, clock = systemClock) => {
    const breaker = { run: <T>(call: () => Promise<T>) => call() };
    return createStripe(configAt(server.url, change), { http, breaker, clock });
  };
  return {
    server: () => server,
    make,
    stripe(change) {
      const provider = make(change);
      if (provider === undefined) throw new Error('not offered');
      return provider;
    },
    show(body) {
      server.answer(`GET ${SESSION_PATH}`, { status: 200, body });
    },
  };
}
