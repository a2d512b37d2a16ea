/**
 * PayPal: one order of Orders v2 for each payment of ours. The buyer only approves; the money comes
 * when we capture, so reading an approved order captures it (a notice, the buyer's return and the
 * janitor all read). The order is the payment, its capture is the money and what is refunded; its
 * disputes stand beside it. A saved wallet is charged by an order that is captured at once.
 *
 * States at the vendor: CREATED -> APPROVED -> COMPLETED | VOIDED, and beside it the capture's own.
 * Limits: a request id is kept six hours for orders; an approval holds for some hours only.
 */
import {
  assert,
  isPositive,
  sameMoney,
  type Currency,
  type Money,
  type Secret,
} from '@opora/kernel';
import { NetworkFailed } from '../../../../platform/http-client/index.ts';
import type { Log } from '../../../../platform/log/index.ts';
import { createNetworks } from '../../../../platform/network/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
  UnsupportedByProvider,
  WebhookRejected,
} from '../../errors.ts';
import type {
  Capabilities,
  PaymentOrder,
  PaymentProvider,
  StartedPayment,
} from '../../provider.ts';
import { createCertificates, isVendorHost } from './certificates.ts';
import { createClient, type ClientDeps, type PaypalCall } from './client.ts';
import { judged } from './disputes.ts';
import { readOrder, readRefund, type ReadOrder } from './map.ts';
import { captureApproved, findOrder } from './orders.ts';
import { chargeBody, orderBody, refundBody } from './requests.ts';
import { declined, withoutPayer } from './saved.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

/** The only host whose money is real; everything else is the sandbox or a simulator. */
const LIVE_HOST = 'api-m.paypal.com';
/** Longest time to fetch a certificate, in milliseconds: the vendor waits for our answer. */
const CERTIFICATE_TIMEOUT_MS = 5_000;

const CURRENCIES: readonly Currency[] = ['USD', 'EUR'];
const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'signature',
  capture: false,
  cancel: false,
  refunds: 'partial',
  lists: false,
  savedMethods: 'merchant',
};

/** This vendor's slice of the configuration, as far as the adapter reads it. */
export type PaypalSettings = Readonly<{
  clientId: string | undefined;
  secret: Secret | undefined;
  /** Id of our webhook at the vendor: part of what is signed. */
  webhookId: string | undefined;
  apiUrl: string;
  /** Where notices may come from; undefined: anywhere, the signature decides. */
  networks: readonly string[] | undefined;
}>;

export type PaypalDeps = ClientDeps &
  Readonly<{
    log: Log;
    /** A certificate in PEM to judge notices by, in place of fetching one. */
    certificate?: string | undefined;
  }>;

/** The provider, or undefined when client id, secret or webhook id is missing. */
export function createPaypal(
  config: PaypalSettings,
  deps: PaypalDeps,
): PaymentProvider | undefined {
  const { clientId, secret, webhookId, networks } = config;
  if (clientId === undefined || clientId === '') return undefined;
  if (webhookId === undefined || webhookId === '') return undefined;
  if (secret === undefined || secret.reveal() === '') return undefined;
  const apiUrl = new URL(config.apiUrl.endsWith('/') ? config.apiUrl : `${config.apiUrl}/`);
  const begin = createClient({ apiUrl, clientId, secret }, deps);
  const isTest = apiUrl.hostname !== LIVE_HOST;
  const allowed = networks && createNetworks(networks);
  const judging = {
    webhookId,
    isTest,
    isSenderAllowed: (address: string): boolean => allowed?.includes(address) ?? true,
    keyFrom: certificatesOf(apiUrl, deps).keyFrom,
  };

  return {
    id: 'paypal',
    capabilities,
    async start(order) {
      checkSum(order.amount);
      if (!order.captureAtOnce) return refuse('holding money')();
      const answer = await begin().post('v2/checkout/orders', order.paymentId, orderBody(order));
      const { payment, checkoutUrl } = ours(readOrder(answer, isTest), order);
      return { reference: payment.reference, checkoutUrl, payment };
    },
    charge(wallet, order) {
      checkSum(order.amount);
      return charge(begin(), { wallet, order, isTest });
    },
    removeMethod: (wallet) => removeWallet(begin(), wallet),
    verify: (raw) => verifyNotice(raw, judging),
    acknowledge: acknowledgeNotice,
    async lookup(reference) {
      const call = begin();
      const order = await findOrder(call, reference, isTest);
      if (order.isApproved) return (await captureApproved(call, order, isTest)).payment;
      return judged(call, order, deps.log);
    },
    list: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse('listing payments') }) }),
    capture: refuse('holding money'),
    cancel: refuse('cancelling an order'),
    async refund(request) {
      const { reference, amount } = request;
      checkSum(amount);
      const call = begin();
      const { capture } = await findOrder(call, reference, isTest);
      if (capture === undefined) throw new ProviderRefused('paypal: nothing was captured');
      const path = `v2/payments/captures/${capture}/refund`;
      const answer = await call.post(path, `refund:${request.refundId}`, refundBody(request));
      return readRefund(answer, amount);
    },
  };
}

function ours(read: ReadOrder, { paymentId, amount }: PaymentOrder): ReadOrder {
  const { payment } = read;
  if (payment.paymentId === paymentId && sameMoney(payment.amount, amount)) return read;
  throw new ProviderProtocolError(`paypal: order ${payment.reference} is not the one asked for`);
}

async function charge(
  call: PaypalCall,
  { wallet, order, isTest }: Readonly<{ wallet: Secret; order: PaymentOrder; isTest: boolean }>,
): Promise<StartedPayment> {
  const checkoutUrl = undefined;
  try {
    const body = chargeBody(wallet.reveal(), order);
    const answer = await call.post('v2/checkout/orders', order.paymentId, body);
    const { payment, isOpen } = ours(readOrder(answer, isTest), order);
    const { reference } = payment;
    return { reference, checkoutUrl, payment: isOpen ? withoutPayer(payment) : payment };
  } catch (error) {
    return { reference: undefined, checkoutUrl, payment: declined(error, order, isTest) };
  }
}

async function removeWallet(call: PaypalCall, wallet: Secret): Promise<void> {
  const path = `v3/vault/payment-tokens/${encodeURIComponent(wallet.reveal())}`;
  try {
    await call.remove(path);
  } catch (error) {
    // Removed before, or by the payer.
    if (!(error instanceof ProviderPaymentMissing)) throw error;
  }
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment or refund must be positive');
  if (CURRENCIES.includes(amount.currency)) return;
  const facts = { currency: amount.currency };
  throw new UnsupportedByProvider(`paypal: currency ${amount.currency}`, { facts });
}

function refuse(what: string): () => Promise<never> {
  return () => Promise.reject(new UnsupportedByProvider(`paypal: ${what}`));
}

function certificatesOf(apiUrl: URL, { http, clock, certificate }: PaypalDeps) {
  return createCertificates({
    clock,
    given: certificate,
    ownOrigin: isVendorHost(apiUrl.hostname) ? undefined : apiUrl.origin,
    async fetch(url) {
      try {
        const headers = { accept: '*/*' };
        const call = { method: 'GET', url, headers, timeoutMs: CERTIFICATE_TIMEOUT_MS } as const;
        const { status, text } = await http.call(call);
        if (status === 200) return text;
        if (status !== 429 && status < 500) {
          throw new WebhookRejected('signature', `no certificate there (${String(status)})`);
        }
        throw new ProviderUnavailable(`paypal: certificate not served (${String(status)})`);
      } catch (error) {
        if (!(error instanceof NetworkFailed)) throw error;
        throw new ProviderUnavailable(`paypal: ${error.message}`, { cause: error });
      }
    },
  });
}
