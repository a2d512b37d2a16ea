/**
 * FreeKassa: cards, SBP, wallets and coins behind one form. A payment is a signed link with our
 * payment id, made without asking anybody; the vendor has an order only when somebody opened it, and
 * may have several for one link: whoever opened it twice can pay it twice. Our reference is our own payment id (`MERCHANT_ORDER_ID`).
 *
 * States at the vendor: 0 new -> 1 paid | 8 error | 9 cancelled; 6 refunded. Limits: whole refunds
 * only, no holds, and where the buyer returns to is set in the vendor's cabinet.
 */
import {
  assert,
  formatMajor,
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
  RefundOutcome,
  RefundRequest,
  TimeWindow,
} from '../../provider.ts';
import { createAddressFilter } from '../networks.ts';
import { noCharges } from '../saved-methods.ts';
import { createClient, type ClientDeps, type FreekassaClient } from './client.ts';
import {
  isPaid,
  isRefunded,
  isVendorNumber,
  orderNumber,
  ordersOfLink,
  readOrder,
  readPage,
  toPayment,
  toSecond,
  unopened,
  type Order,
} from './map.ts';
import { PUBLISHED_NETWORKS } from './networks.ts';
import { signLink } from './signatures.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

/** Pages of one question; beyond it the caller must ask for shorter windows. */
const PAGES_MAX = 500;
/** The vendor does not say the zone of its dates: a window is asked a day wider on both sides. */
const ZONE_SLACK_MS = 24 * 3_600_000;

const CURRENCIES: readonly Currency[] = ['RUB', 'USD', 'EUR'];
const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'lookup',
  capture: false,
  cancel: false,
  refunds: 'full',
  lists: true,
  savedMethods: 'none',
};

/** This vendor's slice of the configuration. */
export type FreekassaSettings = Readonly<{
  shopId: string | undefined;
  /** Signs links. */
  word1: Secret | undefined;
  /** Signs notices. */
  word2: Secret | undefined;
  apiKey: Secret | undefined;
  apiUrl: string;
  /** Where the form is. */
  payUrl: string;
  /** Where notices may come from; undefined: the published list. */
  networks: readonly string[] | undefined;
}>;

/**
 * The provider, or undefined when the shop's id or one of its three secrets is missing: a closed
 * endpoint. Throws `NetworkInvalid` when a configured network is none.
 */
export function createFreekassa(
  config: FreekassaSettings,
  deps: ClientDeps,
): PaymentProvider | undefined {
  const { shopId, apiUrl, payUrl } = config;
  const [word1, word2, apiKey] = [config.word1, config.word2, config.apiKey].map(filled);
  if (shopId === undefined || shopId === '') return undefined;
  if (word1 === undefined || word2 === undefined || apiKey === undefined) return undefined;
  const client = createClient({ apiUrl, shopId, apiKey }, deps);
  const isSenderAllowed = createAddressFilter(config.networks ?? PUBLISHED_NETWORKS);
  const judge = { shopId, word2, isSenderAllowed };
  const link = (order: PaymentOrder) => linkTo(order, { payUrl, shopId, word1 });

  return {
    id: 'freekassa',
    capabilities,
    start: (order) =>
      Promise.try(() => ({
        reference: order.paymentId,
        checkoutUrl: link(order),
        payment: unopened(order.paymentId, order.amount),
      })),
    verify: (raw) => verifyNotice(raw, judge),
    ...noCharges('freekassa'),
    acknowledge: acknowledgeNotice,
    lookup: (reference, asked) => lookUp(client, reference, asked),
    list: (window) => listPayments(client, window),
    capture: () => unsupported('holds'),
    cancel: () => unsupported('cancelling'),
    refund: (request) => refund(client, request),
  };
}

function filled(secret: Secret | undefined): Secret | undefined {
  return secret?.reveal() === '' ? undefined : secret;
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(new UnsupportedByProvider(`freekassa: no ${what}`));
}

/** The same order gives the same link. */
function linkTo(
  { paymentId, amount, language }: PaymentOrder,
  shop: Readonly<{ payUrl: string; shopId: string; word1: Secret }>,
): string {
  assert(isPositive(amount), 'a payment must be positive');
  assert(orderNumber.safeParse(paymentId).success, 'an order number the signature can hold');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`freekassa: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
  const { shopId } = shop;
  const parts = { shopId, sum: formatMajor(amount), currency: amount.currency, orderId: paymentId };
  const url = new URL(shop.payUrl);
  url.searchParams.set('m', shopId);
  url.searchParams.set('oa', parts.sum);
  url.searchParams.set('currency', parts.currency);
  url.searchParams.set('o', paymentId);
  url.searchParams.set('s', signLink(parts, shop.word1));
  url.searchParams.set('lang', language);
  return url.href;
}

/** By our payment id, or by the vendor's number of a second payment by the same link. */
async function lookUp(
  client: FreekassaClient,
  reference: string,
  asked: Money | undefined,
): Promise<ProviderPayment> {
  const { leading, again } = await findOrders(client, reference);
  if (leading !== undefined) {
    if (isVendorNumber(reference)) return toSecond(leading);
    const payment = toPayment(leading, reference);
    return again.length === 0 ? payment : { ...payment, again: again.map(toSecond) };
  }
  if (asked !== undefined && !isVendorNumber(reference)) return unopened(reference, asked);
  throw new ProviderPaymentMissing('freekassa: nobody opened the link of this payment');
}

/** Every order the vendor has for one payment of ours, or the one of its own number. */
async function findOrders(
  client: FreekassaClient,
  reference: string,
): Promise<ReturnType<typeof ordersOfLink>> {
  if (!orderNumber.safeParse(reference).success) {
    throw new ProviderPaymentMissing('freekassa: the reference is no order number of ours');
  }
  const isTheirs = isVendorNumber(reference);
  const asked = isTheirs ? { orderId: Number(reference) } : { paymentId: reference };
  const { items } = readPage(await client.call('orders', asked));
  // Never trusted to have filtered: another order must not pay this one.
  return ordersOfLink(
    items
      .map(readOrder)
      .filter((order) => (isTheirs ? order.fk_order_id : order.merchant_order_id) === reference),
  );
}

/**
 * The whole payment or nothing. The vendor knows no idempotence key, so the order is read first: one
 * that is refunded already is told as such.
 */
async function refund(client: FreekassaClient, request: RefundRequest): Promise<RefundOutcome> {
  const { reference, amount } = request;
  const { leading: order } = await findOrders(client, reference);
  if (order === undefined) throw new ProviderPaymentMissing('freekassa: no order to give back');
  const done: RefundOutcome = {
    state: 'refunded',
    reference: order.fk_order_id,
    reason: undefined,
    left: { ...order.amount, minor: 0n },
  };
  if (isRefunded(order)) return done;
  if (!isPaid(order) || !sameMoney(amount, order.amount)) {
    throw new ProviderRefused('freekassa: only a whole paid order can be given back');
  }
  await client.call('orders/refund', {
    orderId: Number(order.fk_order_id),
    orderAmount: formatMajor(amount),
  });
  return done;
}

/**
 * Several orders of one link are one payment and its seconds, as `lookup` has it. An order made while
 * pages are read pushes others to the next page: one that is met twice is still one order. Good ones
 * are delivered before an odd one is reported: it must not hide the rest of the money.
 */
async function* listPayments(
  client: FreekassaClient,
  window: TimeWindow,
): AsyncGenerator<ProviderPayment> {
  const met = new Map<string, Order>();
  let odd: ProviderProtocolError | undefined;
  for (const item of await readAll(client, window)) {
    const order = tryRead(item);
    if (order instanceof ProviderProtocolError) odd ??= order;
    else met.set(order.fk_order_id, order);
  }
  const links = Map.groupBy(met.values(), (order) => order.merchant_order_id ?? order.fk_order_id);
  for (const [reference, orders] of links) {
    const { leading, again } = ordersOfLink(orders);
    if (leading !== undefined) yield toPayment(leading, reference);
    yield* again.map(toSecond);
  }
  if (odd !== undefined) throw odd;
}

async function readAll(client: FreekassaClient, window: TimeWindow): Promise<unknown[]> {
  const dates = {
    dateFrom: dateText(window.from.getTime() - ZONE_SLACK_MS),
    dateTo: dateText(window.to.getTime() + ZONE_SLACK_MS),
  };
  const all: unknown[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const { items, pages } = readPage(await client.call('orders', { ...dates, page }));
    all.push(...items);
    if (page >= pages) return all;
  }
  throw new ProviderProtocolError(`freekassa: more than ${String(PAGES_MAX)} pages in one window`);
}

function tryRead(item: unknown): Order | ProviderProtocolError {
  try {
    return readOrder(item);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}

/** `2026-11-20 20:46:30`. */
function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
