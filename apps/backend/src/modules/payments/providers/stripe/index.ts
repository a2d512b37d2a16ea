/**
 * Stripe: one Checkout Session in payment mode per order, paid on the vendor's page. The session is
 * the payment; the money sits in its payment intent, refunds and disputes at that intent's charge.
 *
 * States at the vendor: open -> complete | expired, and beside it unpaid -> paid. `complete` alone is
 * no money: slow methods come later. Limits: a session lives for a day, a key for at least a day.
 */
import {
  assert,
  isPositive,
  sameMoney,
  type Currency,
  type Money,
  type Secret,
} from '@opora/kernel';
import { createNetworks } from '../../../../platform/network/index.ts';
import { ProviderProtocolError, ProviderRefused, UnsupportedByProvider } from '../../errors.ts';
import type { PaymentOrder, PaymentProvider, ProviderPayment } from '../../provider.ts';
import { noCharges } from '../saved-methods.ts';
import { createClient, type ClientDeps, type Form, type StripeCall } from './client.ts';
import { readRefund, readSession } from './map.ts';
import { EXPAND, findSession, judged, listSessions, sessionPath } from './sessions.ts';
import { toUnits } from './sums.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

/** Longest value of our own beside the vendor's objects, in characters. */
const METADATA_MAX = 500;

/** This vendor's slice of the configuration, as far as the adapter reads it. */
export type StripeSettings = Readonly<{
  apiKey: Secret | undefined;
  /** Secrets of the endpoint, newest first, comma-separated: several while one is replaced. */
  webhookSecret: Secret | undefined;
  apiUrl: string;
  /** Where notices may come from; undefined: anywhere, the signature decides. */
  networks: readonly string[] | undefined;
  /** What the account takes. */
  currencies: readonly Currency[];
}>;

/** The provider, or undefined when the API key or every webhook secret is missing. */
export function createStripe(
  config: StripeSettings,
  deps: ClientDeps,
): PaymentProvider | undefined {
  const { apiKey, networks, currencies } = config;
  const secrets = (config.webhookSecret?.reveal() ?? '').split(/[\s,]+/).filter(Boolean);
  if (apiKey === undefined || apiKey.reveal() === '' || secrets.length === 0) return undefined;
  const begin = createClient({ apiUrl: config.apiUrl, apiKey }, deps);
  const allowed = networks && createNetworks(networks);
  const isSenderAllowed = (address: string): boolean => allowed?.includes(address) ?? true;
  const checkSum = (amount: Money): void => {
    assert(isPositive(amount), 'a payment or refund must be positive');
    if (currencies.includes(amount.currency)) return;
    const facts = { currency: amount.currency };
    throw new UnsupportedByProvider(`stripe: currency ${amount.currency}`, { facts });
  };

  return {
    id: 'stripe',
    capabilities: {
      currencies,
      webhookProof: 'signature',
      capture: true,
      cancel: true,
      refunds: 'partial',
      lists: true,
      savedMethods: 'none',
    },
    async start(order) {
      checkSum(order.amount);
      const answer = await begin().post('checkout/sessions', order.paymentId, orderForm(order));
      const { payment, checkoutUrl } = readSession(answer, 'expanded');
      const isOurs =
        payment.paymentId === order.paymentId && sameMoney(payment.amount, order.amount);
      if (isOurs) return { reference: payment.reference, checkoutUrl, payment };
      throw new ProviderProtocolError(
        `stripe: session ${payment.reference} is not the one asked for`,
      );
    },
    verify: (raw) => Promise.try(() => verifyNotice(raw, { secrets, isSenderAllowed })),
    ...noCharges('stripe'),
    acknowledge: acknowledgeNotice,
    async lookup(reference) {
      const call = begin();
      return judged(call, await findSession(call, reference));
    },
    list: (window) => listSessions(begin, window),
    capture(reference, paymentId, amount) {
      checkSum(amount);
      return capture(begin(), { reference, paymentId, amount });
    },
    cancel: (reference, paymentId) => cancel(begin(), { reference, paymentId }),
    async refund({ refundId, reference, amount, reason }) {
      checkSum(amount);
      const call = begin();
      const { intent } = await findSession(call, reference);
      if (intent === undefined) throw new ProviderRefused('stripe: nothing was paid');
      const form = {
        payment_intent: intent,
        amount: toUnits(amount),
        'metadata[refund_id]': refundId,
        'metadata[reason]': fit(reason),
      };
      return readRefund(await call.post('refunds', `refund:${refundId}`, form), { intent, amount });
    },
  };
}

type Held = Readonly<{ reference: string; paymentId: string }>;

async function capture(
  call: StripeCall,
  { reference, paymentId, amount }: Held & Readonly<{ amount: Money }>,
): Promise<ProviderPayment> {
  const { intent } = await findSession(call, reference);
  if (intent === undefined) throw new ProviderRefused('stripe: nothing is held');
  const form = { amount_to_capture: toUnits(amount) };
  await call.post(`payment_intents/${intent}/capture`, `capture:${paymentId}`, form);
  return (await findSession(call, reference)).payment;
}

/** A hold is given up at its intent; a page that nobody used is closed. */
async function cancel(call: StripeCall, { reference, paymentId }: Held): Promise<ProviderPayment> {
  const { intent, payment } = await findSession(call, reference);
  const isHeld = payment.state === 'authorised' && intent !== undefined;
  const path = isHeld ? `payment_intents/${intent}/cancel` : `${sessionPath(reference)}/expire`;
  await call.post(path, `cancel:${paymentId}`, {});
  return (await findSession(call, reference)).payment;
}

/** Nothing here depends on the time of asking: the same key must come with the same form. */
function orderForm(order: PaymentOrder): Form {
  return {
    mode: 'payment',
    client_reference_id: order.paymentId,
    'metadata[payment_id]': order.paymentId,
    'metadata[order_id]': order.orderId,
    'payment_intent_data[metadata][payment_id]': order.paymentId,
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': order.amount.currency.toLowerCase(),
    'line_items[0][price_data][unit_amount]': toUnits(order.amount),
    'line_items[0][price_data][product_data][name]': fit(order.description),
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
    locale: order.language,
    ...(order.captureAtOnce ? {} : { 'payment_intent_data[capture_method]': 'manual' }),
    ...EXPAND,
  };
}

/** Cut to what the vendor takes, never through the middle of a character outside the BMP. */
function fit(text: string): string {
  return text.slice(0, METADATA_MAX).replace(/[\ud800-\udbff]$/, '');
}
