import {
  API,
  moneyToWire,
  type NoticeRow,
  type OrderDetails,
  type PaymentDetails,
  type RefundWire,
} from '@opora/contracts';
import { assert, isPositive, subtractMoney } from '@opora/kernel';
import { serve, type App } from '../../../platform/http/index.ts';
import type { NoticeListed, Payment, RefundListed } from '../../payments/index.ts';
import { orderTitle } from '../../orders/index.ts';
import type { AdminParts } from '../deps.ts';
import { rawNotice } from '../raw-notice.ts';
import { refusalRow } from '../refusals.ts';
import { createRows, type Rows } from '../rows.ts';
import { entry, inOrder, paymentStory } from '../timeline.ts';
import { listed, period } from './query.ts';

/** Payments of one order whose timelines are joined; more than a few are somebody's experiment. */
const TOLD_PAYMENTS_MAX = 10;
const ORDER_PAYMENTS_MAX = 50;

/** Orders, payments, and what providers sent about them. */
export function saleRoutes(parts: AdminParts) {
  const rows = createRows(parts);
  return (app: App): void => {
    serve(app, API.orders.list, ({ query }) => {
      const filter = orderFilter(query);
      return listed(query, (page) => parts.orders.admin.list(filter, page), rows.orders);
    });
    serve(app, API.orders.read, ({ params }) => orderDetails(parts, rows, params.orderId));
    serve(app, API.payments.list, ({ query }) => {
      const filter = { ...period(query), provider: query.provider, state: query.state };
      return listed(query, (page) => parts.payments.admin.list(filter, page), rows.payments);
    });
    serve(app, API.payments.read, ({ params }) => paymentDetails(parts, rows, params.paymentId));
    noticeRoutes(parts)(app);
  };
}

function noticeRoutes({ payments }: AdminParts) {
  return (app: App): void => {
    serve(app, API.notices.list, ({ query }) => {
      const filter = { ...period(query), provider: query.provider, state: query.state };
      return listed(
        query,
        (page) => payments.admin.notices(filter, page),
        (notices) => notices.map(noticeRow),
      );
    });
    serve(app, API.notices.raw, async ({ params }) =>
      rawNotice(await payments.admin.raw(params.noticeId, 'accepted'), params.noticeId),
    );
    serve(app, API.notices.refusals, ({ query }) => {
      const filter = { ...period(query), provider: query.provider, reason: query.reason };
      return listed(
        query,
        (page) => payments.admin.refusals(filter, page),
        (refusals) => refusals.map(refusalRow),
      );
    });
    serve(app, API.notices.rawRefusal, async ({ params }) =>
      rawNotice(await payments.admin.raw(params.noticeId, 'refused'), params.noticeId),
    );
  };
}

type OrderQuery = Readonly<{
  state?: 'open' | 'paid' | 'expired' | 'cancelled' | 'refunded' | undefined;
  undelivered?: 'yes' | undefined;
  from?: string | undefined;
  to?: string | undefined;
}>;

export function orderFilter(query: OrderQuery) {
  const { state, undelivered } = query;
  return { ...period(query), state, isUndelivered: undelivered === 'yes' };
}

async function orderDetails(parts: AdminParts, rows: Rows, id: string): Promise<OrderDetails> {
  const order = await parts.orders.find(id);
  const page = { limit: ORDER_PAYMENTS_MAX };
  const { items: payments } = await parts.payments.admin.list({ orderId: id }, page);
  const [[row], paymentRows, stories] = await Promise.all([
    rows.orders([order]),
    rows.payments(payments),
    Promise.all(
      payments.slice(0, TOLD_PAYMENTS_MAX).map((payment) => paymentStory(parts, payment, order)),
    ),
  ]);
  assert(row !== undefined, `order ${id} has no row`);
  const { plan } = row;
  const what = plan === null ? 'top-up' : `order, plan ${plan.code} v${String(plan.version)}`;
  const placed = entry(order.createdAt, ['created', 'plain'], what);
  const told = stories.flatMap(({ timeline }, at) =>
    timeline.map((each) => ({
      ...each,
      detail: `${payments[at]?.id ?? ''}: ${each.detail}`.slice(0, 500),
    })),
  );
  return { order: row, payments: paymentRows, timeline: inOrder([placed, ...told]) };
}

async function paymentDetails(parts: AdminParts, rows: Rows, id: string): Promise<PaymentDetails> {
  const payment = await parts.payments.find(id);
  const order = await parts.orders.find(payment.orderId);
  const [[row], title, refunds, story] = await Promise.all([
    rows.payments([payment]),
    orderTitle(parts.catalog, order),
    parts.payments.admin.refunds(id),
    paymentStory(parts, payment, order),
  ]);
  assert(row !== undefined, `payment ${id} has no row`);
  return {
    payment: row,
    plan: title,
    refunds: refunds.map(refundWire),
    refundable: refundable(payment, refunds),
    notices: story.notices.map(noticeRow),
    timeline: story.timeline,
  };
}

/** What is left after what was given back and what is on its way back. */
function refundable(
  payment: Payment,
  refunds: readonly RefundListed[],
): PaymentDetails['refundable'] {
  if (payment.state !== 'settled' && payment.state !== 'partly_refunded') return null;
  const left = refunds
    .filter(({ state }) => state === 'requested')
    .reduce(
      (rest, { amount }) => subtractMoney(rest, amount),
      subtractMoney(subtractMoney(payment.amount, payment.refunded), payment.credited),
    );
  return isPositive(left) ? moneyToWire(left) : null;
}

function refundWire(refund: RefundListed): RefundWire {
  return {
    id: refund.id,
    amount: moneyToWire(refund.amount),
    target: refund.target,
    reason: refund.reason.slice(0, 500),
    state: refund.state,
    refusal: refund.refusal?.slice(0, 500) ?? null,
    createdAt: refund.createdAt.toISOString(),
    finishedAt: refund.finishedAt?.toISOString() ?? null,
  };
}

export function noticeRow(notice: NoticeListed): NoticeRow {
  return {
    id: notice.id,
    provider: notice.provider,
    event: notice.event.slice(0, 100),
    reference: notice.reference.slice(0, 128),
    confirmed: notice.confirmed,
    state: notice.state,
    outcome: notice.outcome ?? null,
    receipts: notice.receipts,
    firstReceivedAt: notice.firstReceivedAt.toISOString(),
    lastReceivedAt: notice.lastReceivedAt.toISOString(),
    remoteAddress: notice.remoteAddress,
  };
}
