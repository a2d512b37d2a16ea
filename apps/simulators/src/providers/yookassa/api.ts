import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, parseJson, type Request, type Router } from '../../http.ts';
import type { World } from '../../world.ts';
import { type Fields, isFields } from '../fields.ts';
import { readAmount, readText } from './fields.ts';
import type { Idempotence } from './idempotence.ts';
import { nextVendorId } from './ids.ts';
import { listPayments, listRefunds } from './lists.ts';
import { readOrder } from './order.ts';
import type { Payment, Refund } from './payment.ts';
import { presentPayment, presentRefund } from './present.ts';
import { readReceipt } from './receipt.ts';
import { Refusal, refusalAnswer, refuse } from './refusal.ts';
import type { ShopCabinet } from './settings.ts';
import type { Shop } from './shop.ts';

const BASE = '/yookassa/v3';
const ID_MAX = 64;
const REFUND_DESCRIPTION_MAX = 250;
const SHOWN_BODY_MAX = 4_000;

/** The vendor's API v3: Basic authentication, JSON, `Idempotence-Key` on every POST. */
export function registerApi(
  router: Router,
  world: World,
  parts: Readonly<{ shop: Shop; cabinet: ShopCabinet; idempotence: Idempotence }>,
): void {
  const { shop, cabinet, idempotence } = parts;
  const { shopId, secretKey } = world.config.payments.yookassa;
  const credentials = `${shopId}:${secretKey}`;
  const acts = createActs(shop, cabinet);

  function answer(request: Request, work: () => string): Answer {
    const result = attempt(request, work);
    const status = typeof result === 'object' ? ` ${String(result.status)}` : '';
    const summary = `${request.method} ${request.path.slice(BASE.length)}${status}`;
    const detail = {
      query: request.query.toString(),
      idempotenceKey: request.headers['idempotence-key'],
      body: request.body.toString('utf8', 0, SHOWN_BODY_MAX),
    };
    world.journal.add({ target: 'yookassa', direction: 'to-vendor', summary, detail });
    return result;
  }

  function attempt(request: Request, work: () => string): Answer {
    try {
      if (!isAuthentic(request.headers.authorization, credentials)) {
        throw new Refusal('invalid_credentials', 'Authentication failed: check shopId and key');
      }
      return answerJson(work());
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error, nextVendorId(world, 'error'));
      throw error;
    }
  }

  const get = (path: string, read: (request: Request) => unknown): void => {
    const handler = (request: Request): Answer =>
      answer(request, () => JSON.stringify(read(request)));
    router.on('GET', `${BASE}${path}`, handler, { api: 'yookassa' });
  };
  const post = (path: string, act: (id: string, body: Fields) => unknown): void => {
    const handler = (request: Request): Answer =>
      answer(request, () =>
        idempotence.once(request, () => act(request.params['id'] ?? '', readBody(request))),
      );
    router.on('POST', `${BASE}${path}`, handler, { api: 'yookassa' });
  };

  get('/payments', (request) => listPayments(shop, request.query));
  get('/payments/:id', (request) =>
    presentPayment(shop.payment(request.params['id'] ?? ''), shop.face),
  );
  get('/refunds', (request) => listRefunds(shop, request.query));
  get('/refunds/:id', (request) => presentRefund(findRefund(shop, request.params['id'] ?? '')));
  post('/payments', (_id, body) => presentPayment(acts.create(body), shop.face));
  post('/payments/:id/capture', (id, body) => presentPayment(acts.capture(id, body), shop.face));
  post('/payments/:id/cancel', (id) => presentPayment(shop.cancel(id), shop.face));
  post('/refunds', (_id, body) => presentRefund(acts.refund(body)));
}

/** The acts a request body is read for. */
function createActs(shop: Shop, cabinet: ShopCabinet) {
  const required = (): boolean => cabinet.settings().receiptsRequired;
  return {
    create: (body: Fields): Payment => shop.create(readOrder(body, required())),
    capture(id: string, body: Fields): Payment {
      const payment = shop.payment(id);
      const amount =
        body['amount'] === undefined ? payment.amount : readAmount(body['amount'], 'amount');
      // A receipt of the whole sum is untrue for a part of it, so a part needs its own.
      const needed = payment.receipt !== undefined && amount.value !== payment.amount.value;
      return shop.capture(id, amount, readReceipt(body['receipt'], amount, needed));
    },
    refund(body: Fields): Refund {
      const paymentId = readText(body, 'payment_id', { max: ID_MAX });
      const payment = paymentId === undefined ? undefined : shop.payments.find(paymentId);
      if (payment === undefined) return refuse('payment_id', "Payment doesn't exist");
      const amount = readAmount(body['amount'], 'amount');
      const needed = required() && amount.value !== payment.amount.value;
      return shop.refund({
        paymentId: payment.id,
        amount,
        description: readText(body, 'description', { max: REFUND_DESCRIPTION_MAX }),
        receipt: readReceipt(body['receipt'], amount, needed),
      });
    },
  };
}

function findRefund(shop: Shop, id: string): Refund {
  const refund = shop.refunds.find(id);
  if (refund === undefined) throw new Refusal('not_found', "Refund doesn't exist", 'refund_id');
  return refund;
}

function readBody(request: Request): Fields {
  // Capture and cancel may come without any body.
  const body: unknown = request.body.length === 0 ? {} : parseJson(request.body);
  if (!isFields(body)) throw new Refusal('invalid_request', 'The body is not a JSON object');
  return body;
}

function answerJson(body: string): Answer {
  return { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' }, body };
}

function isAuthentic(header: string | undefined, credentials: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const [, encoded = ''] = /^basic\s+(\S+)$/i.exec(header ?? '') ?? [];
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return timingSafeEqual(digest(given), digest(credentials));
}
