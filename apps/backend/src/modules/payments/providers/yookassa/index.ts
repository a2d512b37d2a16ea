/**
 * YooKassa: bank cards, SBP and wallets in roubles, one payment object per order. A notice proves
 * nothing here (`webhookProof: 'lookup'`), so every one leads to a read with our credentials.
 *
 * States at the vendor: pending -> (waiting_for_capture) -> succeeded | canceled. A refunded payment
 * stays `succeeded` and tells what was given back. A saved method is the id of its payment method;
 * its charge is answered at once. Limits: 24 hours of idempotence per key; the vendor has no call
 * that forgets a method.
 */
import {
  assert,
  isPositive,
  sameMoney,
  type Currency,
  type Money,
  type Secret,
} from '@opora/kernel';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  UnsupportedByProvider,
} from '../../errors.ts';
import type {
  Capabilities,
  PaymentOrder,
  PaymentProvider,
  ProviderPayment,
  StartedPayment,
  TimeWindow,
} from '../../provider.ts';
import { createAddressFilter } from '../networks.ts';
import { createClient, YookassaForbids, type ClientDeps, type YookassaClient } from './client.ts';
import { readPage, readPayment, readRefund, vendorId } from './map.ts';
import { PUBLISHED_NETWORKS } from './networks.ts';
import { amountBody, chargeBody, paymentBody, refundBody } from './requests.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

/** Largest page the vendor gives. */
const PAGE_SIZE = 100;
/** 50,000 payments in one window; beyond it the caller must ask for shorter windows. */
const PAGES_MAX = 500;

const NO_AUTOPAYMENTS =
  'yookassa: the shop may not keep methods: ask its manager for automatic payments';

const CURRENCIES: readonly Currency[] = ['RUB'];
const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'lookup',
  capture: true,
  cancel: true,
  refunds: 'partial',
  lists: true,
  savedMethods: 'merchant',
};

/** This vendor's slice of the configuration, as far as the adapter reads it. */
export type YookassaSettings = Readonly<{
  shopId: string | undefined;
  secretKey: Secret | undefined;
  apiUrl: string;
  /** Where notices may come from; undefined: the published list. */
  networks: readonly string[] | undefined;
}>;

/**
 * The provider, or undefined when shop id or secret key is missing: a closed endpoint. Throws
 * `NetworkInvalid` when a configured network is none.
 */
export function createYookassa(
  config: YookassaSettings,
  deps: ClientDeps,
): PaymentProvider | undefined {
  const { shopId, secretKey } = config;
  if (shopId === undefined || shopId === '') return undefined;
  if (secretKey === undefined || secretKey.reveal() === '') return undefined;
  const client = createClient({ apiUrl: config.apiUrl, shopId, secretKey }, deps);
  const isSenderAllowed = createAddressFilter(config.networks ?? PUBLISHED_NETWORKS);

  const create = async (
    order: PaymentOrder,
    body: unknown,
    key = order.paymentId,
  ): Promise<StartedPayment> => {
    checkSum(order.amount);
    const answer = await client.post('payments', key, body);
    const { payment, checkoutUrl } = readPayment(answer, shopId);
    const { amount, paymentId } = payment;
    const isOurs = paymentId === order.paymentId && sameMoney(amount, order.amount);
    if (!isOurs) {
      throw new ProviderProtocolError(
        `yookassa: payment ${payment.reference} is not the one asked for`,
      );
    }
    return { reference: payment.reference, checkoutUrl, payment };
  };

  return {
    id: 'yookassa',
    capabilities,
    start: (order) =>
      create(order, paymentBody(order)).catch((error: unknown) => {
        if (!(error instanceof YookassaForbids) || order.saveMethod !== true) throw error;
        // The buyer pays all the same. A key of its own: the vendor may remember the other body's.
        deps.log.warn({ paymentId: order.paymentId }, NO_AUTOPAYMENTS);
        const { saveMethod, ...once } = order;
        return create(once, paymentBody(once), `once:${order.paymentId}`);
      }),
    charge: (method, order) =>
      create(order, chargeBody(method.reveal(), order)).catch(refusedForGood),
    verify: (raw) => Promise.try(() => verifyNotice(raw, isSenderAllowed)),
    acknowledge: acknowledgeNotice,
    async lookup(reference) {
      const { payment } = readPayment(await client.get(paymentPath(reference)), shopId);
      return sameObject(payment, reference);
    },
    list: (window) => listPayments(client, window, shopId),
    async capture(reference, paymentId, amount) {
      checkSum(amount);
      const path = `${paymentPath(reference)}/capture`;
      const answer = await client.post(path, `capture:${paymentId}`, {
        amount: amountBody(amount),
      });
      return sameObject(readPayment(answer, shopId).payment, reference);
    },
    async cancel(reference, paymentId) {
      const path = `${paymentPath(reference)}/cancel`;
      const answer = await client.post(path, `cancel:${paymentId}`, {});
      return sameObject(readPayment(answer, shopId).payment, reference);
    },
    async refund(request) {
      checkSum(request.amount);
      const key = `refund:${request.refundId}`;
      return readRefund(await client.post('refunds', key, refundBody(request)), request);
    },
  };
}

function refusedForGood(error: unknown): never {
  if (!(error instanceof YookassaForbids)) throw error;
  throw new ProviderRefused(error.message, { cause: error });
}

function paymentPath(reference: string): string {
  if (vendorId.safeParse(reference).success) return `payments/${reference}`;
  throw new ProviderPaymentMissing('yookassa: the reference is no id of this vendor');
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment or refund must be positive');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`yookassa: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
}

function sameObject(payment: ProviderPayment, reference: string): ProviderPayment {
  if (payment.reference === reference) return payment;
  throw new ProviderProtocolError(`yookassa: asked for ${reference}, got ${payment.reference}`);
}

/** Good items are delivered before an odd one is reported: it must not hide the rest of the money. */
async function* listPayments(
  client: YookassaClient,
  window: TimeWindow,
  shopId: string,
): AsyncGenerator<ProviderPayment> {
  let cursor: string | undefined;
  let odd: ProviderProtocolError | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = readPage(
      await client.get('payments', {
        'created_at.gte': window.from.toISOString(),
        'created_at.lt': window.to.toISOString(),
        limit: String(PAGE_SIZE),
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    const read = answer.items.map((item) => tryRead(item, shopId));
    for (const result of read) {
      if (result instanceof ProviderProtocolError) odd ??= result;
      else yield result;
    }
    if (answer.cursor === undefined) {
      if (odd !== undefined) throw odd;
      return;
    }
    cursor = answer.cursor;
  }
  throw new ProviderProtocolError(`yookassa: more than ${String(PAGES_MAX)} pages in one window`);
}

function tryRead(item: unknown, shopId: string): ProviderPayment | ProviderProtocolError {
  try {
    return readPayment(item, shopId).payment;
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}
