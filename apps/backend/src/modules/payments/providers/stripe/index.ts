/**
 * Stripe: one Checkout Session in payment mode per order, paid on the vendor's page. The session is
 * the payment; the money sits in its payment intent, refunds and disputes at that intent's charge. A
 * saved method is charged by an intent of its own, which then is the payment.
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
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  UnsupportedByProvider,
} from '../../errors.ts';
import type {
  PaymentOrder,
  PaymentProvider,
  ProviderPayment,
  RefundOutcome,
  RefundRequest,
  StartedPayment,
} from '../../provider.ts';
import { createClient, type ClientDeps, type StripeCall } from './client.ts';
import { readCharged } from './charged.ts';
import { readRefund, readSession, type ReadSession } from './map.ts';
import { chargeForm, orderForm, refundForm } from './requests.ts';
import { idsOf } from './saved.ts';
import { findSession, judged, listPayments } from './sessions.ts';
import { toUnits } from './sums.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

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
      savedMethods: 'merchant',
    },
    async start(order) {
      checkSum(order.amount);
      const answer = await begin()(
        (stripe, options) => stripe.checkout.sessions.create(orderForm(order), options),
        order.paymentId,
      );
      return started(readSession(answer, 'expanded'), order);
    },
    async verify(raw) {
      const { checkSignature } = await import('./signature.ts');
      return verifyNotice(raw, { secrets, isSenderAllowed, checkSignature });
    },
    charge(method, order) {
      checkSum(order.amount);
      return charge(begin(), method, order);
    },
    removeMethod: (method) => removeMethod(begin(), method),
    acknowledge: acknowledgeNotice,
    async lookup(reference) {
      const call = begin();
      return judged(call, await findSession(call, reference));
    },
    list: (window) => listPayments(begin, window),
    capture(reference, paymentId, amount) {
      checkSum(amount);
      return capture(begin(), { reference, paymentId, amount });
    },
    cancel: (reference, paymentId) => cancel(begin(), { reference, paymentId }),
    refund(request) {
      checkSum(request.amount);
      return refund(begin(), request);
    },
  };
}

/** Throws `ProviderProtocolError` when it is not the payment that was asked for. */
function started({ payment, checkoutUrl }: ReadSession, order: PaymentOrder): StartedPayment {
  const { reference, paymentId, amount } = payment;
  if (paymentId === order.paymentId && sameMoney(amount, order.amount)) {
    return { reference, checkoutUrl, payment };
  }
  throw new ProviderProtocolError(`stripe: ${reference} is not the payment asked for`);
}

async function charge(
  call: StripeCall,
  method: Secret,
  order: PaymentOrder,
): Promise<StartedPayment> {
  try {
    const form = chargeForm(method, order);
    const answer = await call(
      ({ paymentIntents, errors }, options) =>
        paymentIntents.create(form, options).catch((error: unknown) => {
          // A decline is an answer: the intent as the bank left it.
          const left = error instanceof errors.StripeCardError ? error.payment_intent : undefined;
          if (left === undefined) throw error;
          return left;
        }),
      order.paymentId,
    );
    return started(readCharged(answer), order);
  } catch (error) {
    if (!(error instanceof ProviderPaymentMissing)) throw error;
    // No payment is missing: the method or its customer is.
    throw new ProviderRefused(error.message, { facts: error.facts });
  }
}

async function removeMethod(call: StripeCall, method: Secret): Promise<void> {
  const { payment_method: id } = idsOf(method);
  try {
    await call((stripe, options) => stripe.paymentMethods.detach(id, {}, options));
  } catch (error) {
    // Gone, or detached before: nobody can charge it any more.
    if (error instanceof ProviderPaymentMissing || error instanceof ProviderRefused) return;
    throw error;
  }
}

type Held = Readonly<{ reference: string; paymentId: string }>;

async function capture(
  call: StripeCall,
  { reference, paymentId, amount }: Held & Readonly<{ amount: Money }>,
): Promise<ProviderPayment> {
  const { intent } = await findSession(call, reference);
  if (intent === undefined) throw new ProviderRefused('stripe: nothing is held');
  const form = { amount_to_capture: toUnits(amount) };
  await call(
    (stripe, options) => stripe.paymentIntents.capture(intent, form, options),
    `capture:${paymentId}`,
  );
  return (await findSession(call, reference)).payment;
}

async function refund(call: StripeCall, request: RefundRequest): Promise<RefundOutcome> {
  const { refundId, reference, amount } = request;
  const { intent } = await findSession(call, reference);
  if (intent === undefined) throw new ProviderRefused('stripe: nothing was paid');
  const answer = await call(
    (stripe, options) => stripe.refunds.create(refundForm(request, intent), options),
    `refund:${refundId}`,
  );
  return readRefund(answer, { intent, amount });
}

/** A hold, and a charge of a saved method, is given up at its intent; a page nobody used is closed. */
async function cancel(call: StripeCall, { reference, paymentId }: Held): Promise<ProviderPayment> {
  const { intent, payment } = await findSession(call, reference);
  await call(
    ({ paymentIntents, checkout }, options) =>
      intent !== undefined && (payment.state === 'authorised' || payment.reference === intent)
        ? paymentIntents.cancel(intent, {}, options)
        : checkout.sessions.expire(reference, {}, options),
    `cancel:${paymentId}`,
  );
  return (await findSession(call, reference)).payment;
}
