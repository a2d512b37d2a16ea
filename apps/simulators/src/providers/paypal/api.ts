import { type Answer, json, parseJson, type Request, type Router } from '../../http.ts';
import { type Fields, isFields } from '../fields.ts';
import type { Access } from './access.ts';
import { nextUuid } from './ids.ts';
import type { Idempotence } from './idempotence.ts';
import { find, findOrder, findToken, type Merchant, shownCapture, shownOrder } from './merchant.ts';
import { readOrder, readText } from './order.ts';
import { captureOrder, createOrder } from './paying.ts';
import {
  presentDispute,
  presentDisputeBriefly,
  presentRefund,
  presentToken,
  type Shown,
} from './present.ts';
import { Refusal, refusalAnswer, refuse } from './refusal.ts';
import { refund } from './returning.ts';
import { readSum } from './sum.ts';

const BASE = '/paypal';
const SHOWN_BODY_MAX = 4_000;

type Parts = Readonly<{ merchant: Merchant; access: Access; idempotence: Idempotence }>;
type Done = Readonly<{ status: number; shown?: Shown }>;
type Call = (id: string, request: Request) => Done;

/** The vendor's REST API: a bearer token, JSON, `PayPal-Request-Id` on every POST. */
export function registerApi(router: Router, parts: Parts): void {
  const { merchant, access, idempotence } = parts;
  const { world } = merchant;

  function answer(request: Request, work: () => Answer): Answer {
    const result = attempt(request, work);
    if (typeof result !== 'object') return result;
    world.journal.add({
      target: 'paypal',
      direction: 'to-vendor',
      summary: `${request.method} ${request.path.slice(BASE.length)} ${String(result.status)}`,
      detail: {
        requestId: request.headers['paypal-request-id'],
        body: request.body.toString('utf8', 0, SHOWN_BODY_MAX),
      },
    });
    return { ...result, headers: { ...result.headers, 'paypal-debug-id': nextUuid(world) } };
  }

  function attempt(request: Request, work: () => Answer): Answer {
    try {
      if (!access.isAllowed(request)) {
        throw new Refusal('AUTHENTICATION_FAILURE', 'INVALID_TOKEN');
      }
      return work();
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error, nextUuid(world));
      throw error;
    }
  }

  for (const [route, call] of Object.entries(callsOf(merchant))) {
    const [method = '', path = ''] = route.split(' ');
    const handler = (request: Request): Answer =>
      answer(request, () => {
        const act = (): Answer => toAnswer(call(request.params['id'] ?? '', request));
        return method === 'POST' ? idempotence.once(request, act) : act();
      });
    router.on(method, `${BASE}${path}`, handler, { api: 'paypal' });
  }
  router.on('POST', `${BASE}/v1/oauth2/token`, (request) => access.token(request), {
    api: 'paypal',
  });
  router.on('GET', `${BASE}/v1/notifications/certs/:name`, ({ params }) => {
    const certificate = merchant.news.certificate(params['name'] ?? '');
    return certificate === undefined
      ? json(404, { name: 'RESOURCE_NOT_FOUND' })
      : { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate };
  });
}

/** Every call by its method and path. */
function callsOf(merchant: Merchant): Readonly<Record<string, Call>> {
  const { base, tokens, captures, refunds, disputes } = merchant;
  return {
    'POST /v2/checkout/orders': (_id, request) => {
      const order = readOrder(readBody(request));
      if (order.vaultId !== undefined && !request.headers['paypal-request-id']) {
        refuse('PayPal-Request-Id', 'PAYPAL_REQUEST_ID_REQUIRED');
      }
      const made = createOrder(merchant, order);
      // A wallet that is named is dealt with at once; without one the order is only written down.
      return { status: order.namesWallet ? 200 : 201, shown: shownOrder(merchant, made) };
    },
    'GET /v2/checkout/orders/:id': (id) => ok(shownOrder(merchant, findOrder(merchant, id))),
    'POST /v2/checkout/orders/:id/capture': (id, request) => {
      readBody(request);
      return { status: 201, shown: shownOrder(merchant, captureOrder(merchant, id)) };
    },
    'GET /v2/payments/captures/:id': (id) => ok(shownCapture(merchant, find(captures, id))),
    'POST /v2/payments/captures/:id/refund': (id, request) => {
      const body = readBody(request);
      const made = refund(merchant, id, {
        sum: body['amount'] === undefined ? undefined : readSum(body['amount'], '/amount'),
        invoiceId: readText(body, 'invoice_id', { at: '' }),
        customId: readText(body, 'custom_id', { at: '', max: 255 }),
        note: readText(body, 'note_to_payer', { at: '', max: 255 }),
      });
      return { status: 201, shown: presentRefund(made, base) };
    },
    'GET /v2/payments/refunds/:id': (id) => ok(presentRefund(find(refunds, id), base)),
    'GET /v1/customer/disputes': (_id, { query }) => {
      // The vendor lists all of them too; nobody here asks for that.
      const capture =
        query.get('disputed_transaction_id') ??
        refuse('disputed_transaction_id', 'MISSING_REQUIRED_PARAMETER');
      const items = disputes.group(capture).map((one) => presentDisputeBriefly(one, base));
      return ok({ items, links: [] });
    },
    'GET /v1/customer/disputes/:id': (id) => {
      const dispute = find(disputes, id);
      return ok(presentDispute(dispute, find(captures, dispute.captureId), base));
    },
    'GET /v3/vault/payment-tokens': (_id, { query }) => {
      const customer =
        query.get('customer_id') ?? refuse('customer_id', 'MISSING_REQUIRED_PARAMETER');
      const kept = tokens
        .group(customer)
        .filter(({ revoked }) => revoked !== true)
        .map((token) => presentToken(token, base));
      return ok({ customer: { id: customer }, payment_tokens: kept, links: [] });
    },
    'GET /v3/vault/payment-tokens/:id': (id) => ok(presentToken(findToken(merchant, id), base)),
    'DELETE /v3/vault/payment-tokens/:id': (id) => {
      tokens.save({ ...findToken(merchant, id), revoked: true });
      return { status: 204 };
    },
  };
}

const ok = (shown: Shown): Done => ({ status: 200, shown });

const toAnswer = ({ status, shown }: Done): Answer =>
  shown === undefined ? { status, body: '' } : json(status, shown);

function readBody(request: Request): Fields {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    refuse('Content-Type', 'INVALID_REQUEST');
  }
  const body: unknown = request.body.length === 0 ? {} : parseJson(request.body);
  return isFields(body) ? body : refuse('', 'MALFORMED_REQUEST_JSON');
}
