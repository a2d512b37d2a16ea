import { timingSafeEqual } from 'node:crypto';
import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { type Fields, isFields } from '../fields.ts';
import type { Order } from './order.ts';
import { presentOrder, presentTransactions, SHOP_ID } from './present.ts';
import { Refusal, refusalAnswer, refuse } from './refusal.ts';
import { readOrderRequest } from './request.ts';
import type { Shop } from './shop.ts';

const BASE = '/tribute/api/v1';
/** Of `2026-11-20`. */
const DAY_LENGTH = 10;
const SHOWN_BODY_MAX = 4_000;
const SHOP = { id: SHOP_ID, name: 'Simulated shop', status: 'active' };

/** The Shop API: header `Api-Key`, JSON. */
export function registerApi(router: Router, world: World, shop: Shop): void {
  const { apiKey } = world.config.payments.tribute;
  const on = (method: string, path: string, work: (request: Request) => unknown): void => {
    const handler = (request: Request): Answer => {
      const result = attempt(request, apiKey, work);
      const status = typeof result === 'object' ? ` ${String(result.status)}` : '';
      const body = request.body.toString('utf8', 0, SHOWN_BODY_MAX);
      world.journal.add({
        target: 'tribute',
        direction: 'to-vendor',
        summary: `${method} ${request.path.slice(BASE.length)}${status}`,
        detail: { query: request.query.toString(), body },
      });
      return result;
    };
    router.on(method, `${BASE}${path}`, handler, { api: 'tribute' });
  };
  const orderOf = (request: Request): Order => shop.order(request.params['id'] ?? '');

  const shown = (order: Order): unknown => presentOrder(order, shop.checkoutUrl(order.id));

  on('GET', '/shops', () => [SHOP]);
  on('GET', '/shop', () => SHOP);
  on('POST', '/shop/orders', (request) => {
    const { id } = shop.create(readOrderRequest(readBody(request)));
    const url = shop.checkoutUrl(id);
    return { uuid: id, paymentUrl: url, webappPaymentUrl: url };
  });
  on('GET', '/shop/orders', (request) => listOrders(shop, request.query).map(shown));
  on('GET', '/shop/orders/:id', (request) => shown(orderOf(request)));
  on('GET', '/shop/orders/:id/status', (request) => ({ status: orderOf(request).status }));
  on('GET', '/shop/orders/:id/transactions', (request) => presentTransactions(orderOf(request)));
  on('POST', '/shop/orders/:id/transactions/:transaction/refund', (request) => {
    const sale = shop.refund(orderOf(request).id, Number(request.params['transaction']));
    return { success: true, status: sale.refund, message: `Refund of ${String(sale.id)}` };
  });
  // The vendor's text names no path for this; ours is a guess.
  on('POST', '/shop/orders/:id/cancel', (request) =>
    shown(shop.cancel(orderOf(request).id, 'shop')),
  );
  on('GET', '/shop/tokens', () => []);
  on('POST', '/shop/charges', () => {
    throw new Refusal(403, 'token charging is not enabled for this shop');
  });
}

function attempt(request: Request, apiKey: string, work: (request: Request) => unknown): Answer {
  try {
    if (!isAuthentic(request.headers['api-key'], apiKey)) {
      throw new Refusal(401, 'invalid Api-Key');
    }
    return json(200, work(request));
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error);
    throw error;
  }
}

/** Newest first; `dateFrom` and `dateTo` are whole days of UTC, both within. */
function listOrders(shop: Shop, query: URLSearchParams): Order[] {
  const [from, to] = [readDay(query, 'dateFrom'), readDay(query, 'dateTo')];
  return shop.book
    .ids()
    .map((id) => shop.order(id))
    .filter(({ createdAt }) => {
      const day = createdAt.slice(0, DAY_LENGTH);
      return (from === undefined || day >= from) && (to === undefined || day <= to);
    })
    .toReversed();
}

function readDay(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return refuse(`${name} is not a date`);
  return at.toISOString().slice(0, DAY_LENGTH);
}

function readBody(request: Request): Fields {
  const body = parseJson(request.body);
  return isFields(body) ? body : refuse('the body must be a JSON object');
}

function isAuthentic(given: string | string[] | undefined, apiKey: string): boolean {
  const [a, b] = [Buffer.from(String(given ?? '')), Buffer.from(apiKey)];
  return a.length === b.length && timingSafeEqual(a, b);
}
