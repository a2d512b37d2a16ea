import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { type Fields, isFields } from './fields.ts';
import type { Payment } from './payment.ts';
import { presentPayment } from './present.ts';
import { Refusal } from './refusal.ts';
import type { Cabinet } from './settings.ts';
import type { Shop } from './shop.ts';

const BASE = '/yookassa/control';

/**
 * What a drill does in place of people: buyers who pay or not, an attacker who forges, a merchant
 * at the cabinet. No authentication: the simulators listen on this machine only.
 */
export function registerControl(
  router: Router,
  world: World,
  parts: Readonly<{ shop: Shop; cabinet: Cabinet }>,
): void {
  const { shop, cabinet } = parts;
  const on = (method: string, path: string, handler: (request: Request) => Answer): void => {
    router.on(method, `${BASE}${path}`, (request) => orConflict(() => handler(request)));
  };
  const idOf = (request: Request): string => request.params['id'] ?? '';
  const shown = (payment: Payment): Answer => json(200, presentPayment(payment, shop.face));

  on('GET', '/payments', () => {
    const all = shop.payments.ids().map((id) => compact(shop.payment(id)));
    return json(200, { payments: all });
  });
  on('POST', '/payments/:id/pay', (request) =>
    shown(buy(shop, idOf(request), readFields(request)['outcome'])),
  );
  on('POST', '/payments/:id/expire', (request) => shown(shop.expire(idOf(request))));
  on('GET', '/books', () => json(200, books(shop)));
  on('GET', '/settings', () => json(200, cabinet.settings()));
  on('PUT', '/settings', (request) => {
    const fault = cabinet.change(readFields(request));
    return fault === undefined ? json(200, cabinet.settings()) : json(400, { error: fault });
  });
  on('POST', '/notifications', (request) => {
    const { body } = readFields(request);
    if (body === undefined) return json(400, { error: 'body is missing' });
    const url = cabinet.settings().notificationUrl;
    const headers = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    world.deliveries.send({
      target: 'yookassa',
      url,
      headers,
      body: text,
      repeatsMs: [],
      accepts: '200',
    });
    return json(202, { sent: true });
  });
  on('GET', '/deliveries', () => json(200, { deliveries: world.deliveries.list('yookassa') }));
}

/** `authorised` is a hold, so it needs a two-stage payment; `succeeded` follows the shop's wish. */
function buy(shop: Shop, id: string, outcome: unknown): Payment {
  const payment = shop.payment(id);
  if (outcome === 'succeeded') return shop.pay(id);
  if (outcome === 'declined') return shop.decline(id, 'insufficient_funds');
  if (outcome === 'abandoned') return payment;
  if (outcome !== 'authorised') {
    throw new Refusal('invalid_request', 'outcome: succeeded, declined, abandoned or authorised');
  }
  if (payment.capture) {
    throw new Refusal('invalid_request', 'only a payment with capture false can be held');
  }
  return shop.pay(id);
}

/** The vendor's side of a reconciliation, with the ids behind each sum. */
function books(shop: Shop): unknown {
  const payments = shop.payments.ids().map((id) => shop.payment(id));
  return {
    ...shop.totals(),
    payments: payments.map(({ id, status }) => ({ id, status })),
    refunds: shop.refunds.ids(),
  };
}

const compact = ({ id, status, amount, metadata, refunded, createdAt }: Payment): unknown => ({
  id,
  status,
  amount,
  metadata,
  refunded_amount: refunded,
  created_at: createdAt,
});

function readFields(request: Request): Fields {
  const body = parseJson(request.body);
  if (!isFields(body)) throw new Refusal('invalid_request', 'the body must be a JSON object');
  return body;
}

function orConflict(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return json(error.code === 'not_found' ? 404 : 409, { error: error.message });
  }
}
