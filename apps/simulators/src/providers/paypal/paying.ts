import { HOUR_MS } from '../cabinet.ts';
import type { Capture, Token } from './capture.ts';
import { nextId } from './ids.ts';
import { find, findOrder, type Merchant, saveCapture, shownOrder } from './merchant.ts';
import type { Funding, Order, OrderRequest } from './order.ts';
import { presentToken } from './present.ts';
import { forbid } from './refusal.ts';
import { zero } from './sum.ts';

/** How long an order waits for its payer, and an approved one for the merchant. */
const LIFE_MS = 6 * HOUR_MS;
const APPROVED_MS = 3 * HOUR_MS;

/** `POST /v2/checkout/orders`: waits for the payer, or charges a saved wallet at once. */
export function createOrder(merchant: Merchant, request: OrderRequest): Order {
  const order: Order = {
    ...request,
    id: nextId(merchant.world),
    createdAt: merchant.now(),
    status: request.namesWallet ? 'PAYER_ACTION_REQUIRED' : 'CREATED',
    deadlineAt: later(merchant, LIFE_MS),
    funding: 'good',
  };
  if (request.vaultId === undefined) return save(merchant, order);
  return chargeSaved(merchant, order, request.vaultId);
}

/** The payer agrees. This is no money yet: the merchant must capture. */
export function approve(merchant: Merchant, id: string, funding: Funding): Order {
  const order = expectWaiting(findOrder(merchant, id));
  const approved = save(merchant, {
    ...order,
    status: 'APPROVED',
    funding,
    payAt: undefined,
    deadlineAt: later(merchant, APPROVED_MS),
  });
  merchant.news.tell({
    type: 'CHECKOUT.ORDER.APPROVED',
    kind: 'checkout-order',
    resource: shownOrder(merchant, approved),
    about: id,
  });
  return approved;
}

/** The payer says when they will approve; the vendor waits for them. */
export function approveLater(merchant: Merchant, id: string, afterMs: number): Order {
  const order = expectWaiting(findOrder(merchant, id));
  const payAt = later(merchant, afterMs);
  const { deadlineAt = payAt } = order;
  const until = deadlineAt > payAt ? deadlineAt : later(merchant, afterMs + 1);
  return save(merchant, { ...order, payAt, deadlineAt: until });
}

/** The deadline of an order that is not completed: the vendor forgets it. */
export function forget(merchant: Merchant, id: string): Order {
  const order = findOrder(merchant, id);
  if (order.status === 'COMPLETED') forbid('ORDER_ALREADY_COMPLETED');
  return save(merchant, { ...order, status: 'VOIDED', payAt: undefined, deadlineAt: undefined });
}

/** `POST /v2/checkout/orders/{id}/capture`: takes the money as the wallet gives it. */
export function captureOrder(merchant: Merchant, id: string): Order {
  const order = findOrder(merchant, id);
  if (order.status === 'COMPLETED') forbid('ORDER_ALREADY_CAPTURED');
  if (order.status !== 'APPROVED') forbid('ORDER_NOT_APPROVED');
  if (merchant.captures.group(order.invoiceId).length > 0) forbid('DUPLICATE_INVOICE_ID');
  // The money is not given: the order stays, and its payer may choose another card.
  if (order.funding === 'declined') forbid('INSTRUMENT_DECLINED');
  return take(merchant, order, order.funding === 'review');
}

/** Money under review is released, or refused. */
export function settleCapture(merchant: Merchant, id: string, well: boolean): Capture {
  const capture = find(merchant.captures, id);
  if (capture.status !== 'PENDING') forbid('INVALID_CAPTURE_STATUS');
  const status = well ? 'COMPLETED' : 'DECLINED';
  const settled: Capture = { ...capture, status, reason: undefined };
  return saveCapture(merchant, settled, well ? 'COMPLETED' : 'DENIED');
}

function chargeSaved(merchant: Merchant, order: Order, vaultId: string): Order {
  const { savedCharge } = merchant.cabinet.settings();
  const token = merchant.tokens.find(vaultId);
  if (savedCharge === 'revoked' || token === undefined || token.revoked === true) {
    forbid('TOKEN_ID_NOT_FOUND', '/payment_source/paypal/vault_id');
  }
  if (merchant.captures.group(order.invoiceId).length > 0) forbid('DUPLICATE_INVOICE_ID');
  if (savedCharge === 'declined') forbid('INSTRUMENT_DECLINED');
  if (savedCharge === 'blocked') forbid('PAYER_CANNOT_PAY');
  return take(merchant, order, savedCharge === 'pending');
}

function take(merchant: Merchant, order: Order, underReview: boolean): Order {
  const capture: Capture = {
    id: nextId(merchant.world),
    orderId: order.id,
    createdAt: merchant.now(),
    sum: order.sum,
    status: underReview ? 'PENDING' : 'COMPLETED',
    reason: underReview ? 'PENDING_REVIEW' : undefined,
    customId: order.customId,
    invoiceId: order.invoiceId,
    refunded: zero(order.sum),
  };
  saveCapture(merchant, capture, capture.status);
  return save(merchant, {
    ...order,
    status: 'COMPLETED',
    captureId: capture.id,
    deadlineAt: undefined,
    savedAs: order.savesMethod ? vault(merchant, order).id : undefined,
  });
}

function vault(merchant: Merchant, order: Order): Token {
  const token: Token = {
    id: nextId(merchant.world).toLowerCase(),
    createdAt: merchant.now(),
    customerId: nextId(merchant.world, 12),
  };
  merchant.tokens.save(token);
  merchant.news.tell({
    type: 'VAULT.PAYMENT-TOKEN.CREATED',
    kind: 'payment_token',
    resource: presentToken(token, merchant.base),
    about: order.id,
  });
  return token;
}

function expectWaiting(order: Order): Order {
  if (order.status === 'CREATED' || order.status === 'PAYER_ACTION_REQUIRED') return order;
  // A payer whose card was refused at the capture comes back with another.
  if (order.status === 'APPROVED' && order.funding === 'declined') return order;
  return forbid(order.status === 'APPROVED' ? 'ORDER_ALREADY_APPROVED' : 'ORDER_ALREADY_CAPTURED');
}

function save(merchant: Merchant, order: Order): Order {
  merchant.orders.save(order);
  return order;
}

const later = ({ world }: Merchant, ms: number): string =>
  new Date(world.clock.now().getTime() + ms).toISOString();
