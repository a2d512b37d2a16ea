import type { Capture, Dispute, Refund, Token } from './capture.ts';
import type { Order } from './order.ts';
import { feeOf, minus } from './sum.ts';

export type Shown = Readonly<Record<string, unknown>>;

/** Where the vendor's own addresses begin: `http://127.0.0.1:5050/paypal`. */
export type Base = string;

const PAYER = {
  email_address: 'buyer@personal.example.com',
  payer_id: 'QYR5Z8XDVJNXQ',
  name: { given_name: 'John', surname: 'Doe' },
};

const link = (href: string, rel: string, method = 'GET'): Shown => ({ href, rel, method });

export function presentOrder(
  order: Order,
  money: Readonly<{ capture: Capture | undefined; refunds: readonly Refund[] }>,
  how: Readonly<{ base: Base; token: Token | undefined }>,
): Shown {
  const { id, status, createdAt } = order;
  const isKnown = status === 'APPROVED' || status === 'COMPLETED';
  return {
    id,
    intent: 'CAPTURE',
    status,
    payment_source: presentWallet(order, how.token),
    purchase_units: [
      {
        reference_id: order.referenceId,
        amount: order.sum,
        description: order.description,
        custom_id: order.customId,
        invoice_id: order.invoiceId,
        payments: presentMoney(money, how.base),
      },
    ],
    payer: isKnown ? PAYER : undefined,
    create_time: createdAt,
    links: orderLinks(order, how.base),
  };
}

function presentMoney(
  { capture, refunds }: Readonly<{ capture: Capture | undefined; refunds: readonly Refund[] }>,
  base: Base,
): Shown | undefined {
  if (capture === undefined) return undefined;
  const returned = refunds.map((refund) => presentRefund(refund, base));
  return {
    captures: [presentCapture(capture, base)],
    refunds: returned.length === 0 ? undefined : returned,
  };
}

function presentWallet(order: Order, token: Token | undefined): Shown {
  if (order.status !== 'APPROVED' && order.status !== 'COMPLETED') return { paypal: {} };
  const vault = token && {
    id: token.id,
    status: 'VAULTED',
    customer: { id: token.customerId },
    links: [],
  };
  const attributes = vault && { vault };
  return {
    paypal: { email_address: PAYER.email_address, account_id: PAYER.payer_id, attributes },
  };
}

function orderLinks({ id, status, namesWallet }: Order, base: Base): Shown[] {
  const self = `${base}/v2/checkout/orders/${id}`;
  const links = [link(self, 'self')];
  if (status === 'CREATED' || status === 'PAYER_ACTION_REQUIRED') {
    links.push(link(`${base}/checkout/${id}`, namesWallet ? 'payer-action' : 'approve'));
  }
  if (status === 'CREATED' || status === 'APPROVED') {
    links.push(link(`${self}/capture`, 'capture', 'POST'));
  }
  return links;
}

export function presentCapture(capture: Capture, base: Base): Shown {
  const { id, orderId, sum, status } = capture;
  const self = `${base}/v2/payments/captures/${id}`;
  const isTaken = status !== 'PENDING' && status !== 'DECLINED';
  return {
    id,
    status,
    status_details: capture.reason === undefined ? undefined : { reason: capture.reason },
    amount: sum,
    final_capture: true,
    custom_id: capture.customId,
    invoice_id: capture.invoiceId,
    seller_protection: { status: 'ELIGIBLE' },
    seller_receivable_breakdown: isTaken
      ? { gross_amount: sum, paypal_fee: feeOf(sum), net_amount: minus(sum, feeOf(sum)) }
      : undefined,
    supplementary_data: { related_ids: { order_id: orderId } },
    create_time: capture.createdAt,
    update_time: capture.createdAt,
    links: [
      link(self, 'self'),
      link(`${self}/refund`, 'refund', 'POST'),
      link(`${base}/v2/checkout/orders/${orderId}`, 'up'),
    ],
  };
}

export function presentRefund(refund: Refund, base: Base): Shown {
  const { id, captureId, sum } = refund;
  return {
    id,
    status: refund.status,
    amount: sum,
    invoice_id: refund.invoiceId,
    custom_id: refund.customId,
    note_to_payer: refund.note,
    seller_payable_breakdown: {
      gross_amount: sum,
      net_amount: sum,
      total_refunded_amount: sum,
    },
    create_time: refund.createdAt,
    update_time: refund.createdAt,
    links: [
      link(`${base}/v2/payments/refunds/${id}`, 'self'),
      link(`${base}/v2/payments/captures/${captureId}`, 'up'),
    ],
  };
}

/** A dispute in a list: without its transactions and its outcome. */
export const presentDisputeBriefly = (dispute: Dispute, base: Base): Shown => ({
  dispute_id: dispute.id,
  create_time: dispute.createdAt,
  update_time: dispute.createdAt,
  reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
  status: dispute.status,
  dispute_amount: dispute.sum,
  dispute_life_cycle_stage: stageOf(dispute),
  links: [link(`${base}/v1/customer/disputes/${dispute.id}`, 'self')],
});

const stageOf = ({ status }: Dispute): string => (status === 'OPEN' ? 'INQUIRY' : 'CHARGEBACK');

export function presentDispute(dispute: Dispute, capture: Capture, base: Base): Shown {
  const { outcome } = dispute;
  return {
    ...presentDisputeBriefly(dispute, base),
    disputed_transactions: [
      {
        seller_transaction_id: capture.id,
        create_time: capture.createdAt,
        transaction_status: 'COMPLETED',
        gross_amount: capture.sum,
        custom: capture.customId,
        invoice_number: capture.invoiceId,
      },
    ],
    dispute_outcome: outcome && { outcome_code: outcome },
  };
}

export const presentToken = (token: Token, base: Base): Shown => ({
  id: token.id,
  customer: { id: token.customerId },
  payment_source: { paypal: { email_address: PAYER.email_address, usage_type: 'MERCHANT' } },
  links: [link(`${base}/v3/vault/payment-tokens/${token.id}`, 'self')],
});
