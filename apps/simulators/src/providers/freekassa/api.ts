import { isPositive, parseMajor } from '@opora/kernel';
import { type Answer, json, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { sumOf } from '../control.ts';
import { type Message, readMessage, textOf } from '../exact-json.ts';
import { ActRefused } from '../till.ts';
import { AMOUNT_TEXT } from './form.ts';
import { shortened } from './notices.ts';
import { CURRENCIES, type Order, type Wanted } from './order.ts';
import type { ShopCabinet } from './settings.ts';
import type { Shop } from './shop.ts';
import { isSame, signCall } from './signatures.ts';

const BASE = '/freekassa/v1';
const PAGE_SIZE = 100;
const TEXT_MAX = 255;
/** SBP by API: this method refuses a payer on the shop's own machine. */
const SBP_BY_API = 44;
const METHODS = [12, 15, 36, 42, 43, SBP_BY_API];
const SHOWN_BODY_MAX = 4_000;
/** The vendor's dates have no zone; it lives in Moscow. */
const ZONE_MS = 3 * 3_600_000;

type Method = (call: Message) => Readonly<Record<string, unknown>>;
/** Answered with 401: the shop, the signature or the nonce is wrong. */
class Unauthorized extends ActRefused {}

/** The vendor's API: POST JSON signed by HMAC, with a `nonce` that only grows. */
export function registerApi(
  router: Router,
  world: World,
  { shop, cabinet }: Readonly<{ shop: Shop; cabinet: ShopCabinet }>,
): void {
  const { shopId, apiKey } = world.config.payments.freekassa;
  const nonces = world.store.collection<string>('freekassa.nonces');

  /** The nonce is used up even when the call is refused for something else. */
  function admit(call: Message | undefined): Message {
    if (call === undefined) throw new ActRefused('the body is not a JSON object');
    if (textOf(call['shopId']) !== shopId) throw new Unauthorized('no such shop');
    if (!isSame(textOf(call['signature']) ?? '', signCall(call, apiKey))) {
      throw new Unauthorized('wrong signature');
    }
    const nonce = textOf(call['nonce']) ?? '';
    if (!/^\d{1,20}$/.test(nonce) || BigInt(nonce) <= BigInt(nonces.get(shopId) ?? '0')) {
      throw new Unauthorized('nonce must be greater than in every earlier request');
    }
    nonces.put(shopId, nonce);
    return call;
  }

  function answer(name: string, method: Method, request: Request): Answer {
    let result: Answer;
    try {
      const call = admit(readMessage(request.body));
      result = json(200, { type: 'success', ...world.store.together(() => method(call)) });
    } catch (error) {
      if (!(error instanceof ActRefused)) throw error;
      const status = error instanceof Unauthorized ? 401 : 400;
      result = json(status, { type: 'error', message: error.message });
    }
    const summary = `${name} ${typeof result === 'object' ? String(result.status) : ''}`;
    const detail = { body: request.body.toString('utf8', 0, SHOWN_BODY_MAX) };
    world.journal.add({ target: 'freekassa', direction: 'to-vendor', summary, detail });
    return result;
  }

  for (const [name, method] of Object.entries(createMethods(world, { shop, cabinet }))) {
    const handler = (request: Request): Answer => answer(name, method, request);
    router.on('POST', `${BASE}/${name}`, handler, { api: 'freekassa' });
  }
}

function createMethods(
  world: World,
  { shop, cabinet }: Readonly<{ shop: Shop; cabinet: ShopCabinet }>,
): Readonly<Record<string, Method>> {
  return {
    'orders/create'(call) {
      const order = shop.open(readWanted(call));
      const location = `${world.selfUrl}/freekassa/checkout/${order.id}`;
      return { orderId: Number(order.id), orderHash: order.id, location };
    },
    orders: (call) => listOrders(shop, call),
    'orders/refund'(call) {
      if (!cabinet.settings().refundsAllowed) throw new ActRefused('refunds are not available');
      const id = textOf(call['orderId']) ?? newestOf(shop, textOf(call['paymentId']));
      const order = shop.order(id ?? '');
      const value = textOf(call['orderAmount']);
      shop.refund(order.id, sumOf(value === undefined ? {} : { value }, order.currency));
      return { id: Number(order.id) };
    },
    balance: () => ({ balance: CURRENCIES.map((currency) => ({ currency, value: '0.00' })) }),
    shops: () => ({ shops: [{ id: Number(world.config.payments.freekassa.shopId) }] }),
  };
}

const newestOf = (shop: Shop, paymentId: string | undefined): string | undefined =>
  shop.orders.group(paymentId).at(-1)?.id;

function readWanted(call: Message): Wanted {
  const optional = (name: string): string | undefined => {
    const text = textOf(call[name]);
    if (text !== undefined && text.length > TEXT_MAX) throw new ActRefused(`${name} is too long`);
    return text;
  };
  const need = (name: string): string => {
    const text = optional(name);
    if (text === undefined || text === '') throw new ActRefused(`${name} is missing`);
    return text;
  };
  const currency = CURRENCIES.find((each) => each === need('currency'));
  if (currency === undefined) throw new ActRefused('this currency is not taken');
  const amount = need('amount');
  if (!AMOUNT_TEXT.test(amount) || !isPositive(parseMajor(amount, currency))) {
    throw new ActRefused('amount: a positive sum');
  }
  const method = Number(need('i'));
  if (!METHODS.includes(method)) throw new ActRefused('i: no such way to pay');
  const [email, ip] = [need('email'), need('ip')];
  if (email === 'test@example.com') throw new ActRefused('OP-SP-7');
  if (method === SBP_BY_API && ip === '127.0.0.1') throw new ActRefused('ip is not the payer');
  return {
    ...{ merchantOrderId: need('paymentId'), amount, currency, method, email, language: undefined },
    phone: optional('tel'),
    successUrl: optional('success_url'),
    failureUrl: optional('failure_url'),
    notificationUrl: optional('notification_url'),
    own: {},
  };
}

/** Newest first; several orders may carry one `paymentId`. */
function listOrders(shop: Shop, call: Message): Readonly<Record<string, unknown>> {
  const text = (name: string): string | undefined => textOf(call[name]);
  const [from, to] = [text('dateFrom'), text('dateTo')];
  const fits = (order: Order): boolean =>
    (text('paymentId') ?? order.merchantOrderId) === order.merchantOrderId &&
    (text('orderId') ?? order.id) === order.id &&
    (text('orderStatus') ?? String(order.status)) === String(order.status) &&
    (from ?? '') <= dateText(order.createdAt) &&
    (to === undefined || dateText(order.createdAt) <= to);
  const found = shop.orders
    .ids()
    .map((id) => shop.order(id))
    .filter(fits)
    .toReversed();
  const page = Math.max(Number(text('page') ?? 1) || 1, 1);
  const shown = found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  return { pages: Math.max(Math.ceil(found.length / PAGE_SIZE), 1), orders: shown.map(present) };
}

const present = (order: Order): Readonly<Record<string, unknown>> => ({
  merchant_order_id: order.merchantOrderId,
  fk_order_id: Number(order.id),
  amount: shortened(order.status === 1 || order.status === 6 ? order.paid : order.amount),
  currency: order.currency,
  email: order.email ?? '',
  account: '',
  date: dateText(order.createdAt),
  status: order.status,
});

/** `2026-11-20 15:00:00`. */
function dateText(iso: string): string {
  const moscow = new Date(Date.parse(iso) + ZONE_MS).toISOString();
  return moscow.slice(0, 19).replace('T', ' ');
}
