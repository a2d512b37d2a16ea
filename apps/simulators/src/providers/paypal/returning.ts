import {
  type Capture,
  type Dispute,
  leftOf,
  type Refund,
  withoutRefund,
  withRefund,
} from './capture.ts';
import { nextId } from './ids.ts';
import { find, type Merchant } from './merchant.ts';
import { presentDispute, presentRefund } from './present.ts';
import { forbid } from './refusal.ts';
import type { Sum } from './sum.ts';

export type RefundRequest = Readonly<{
  /** Undefined: all that is left. */
  sum: Sum | undefined;
  invoiceId: string | undefined;
  customId: string | undefined;
  note: string | undefined;
}>;

/** `POST /v2/payments/captures/{id}/refund`, and the merchant's own button. */
export function refund(merchant: Merchant, captureId: string, request: RefundRequest): Refund {
  const capture = find(merchant.captures, captureId);
  if (openDispute(merchant, captureId) !== undefined) forbid('REFUND_CAPTURE_IN_DISPUTE');
  const sum = request.sum ?? leftOf(capture);
  merchant.captures.save(withRefund(capture, sum));
  const made: Refund = {
    id: nextId(merchant.world),
    captureId,
    createdAt: merchant.now(),
    sum,
    status: merchant.cabinet.settings().refund,
    invoiceId: request.invoiceId,
    customId: request.customId ?? capture.customId,
    note: request.note,
  };
  merchant.refunds.save(made);
  if (made.status === 'COMPLETED') tellRefund(merchant, made, capture, 'REFUNDED');
  return made;
}

/** A begun refund arrives, or fails: then the money is the merchant's again. */
export function settleRefund(merchant: Merchant, id: string, well: boolean): Refund {
  const pending = find(merchant.refunds, id);
  if (pending.status !== 'PENDING') forbid('INVALID_REFUND_STATUS');
  const settled: Refund = { ...pending, status: well ? 'COMPLETED' : 'FAILED' };
  merchant.refunds.save(settled);
  const capture = find(merchant.captures, pending.captureId);
  if (well) tellRefund(merchant, settled, capture, 'REFUNDED');
  else merchant.captures.save(withoutRefund(capture, pending.sum));
  return settled;
}

/** The payer complains: what is left of the money is locked. */
export function dispute(merchant: Merchant, captureId: string): Dispute {
  const capture = find(merchant.captures, captureId);
  const isThere = capture.status === 'COMPLETED' || capture.status === 'PARTIALLY_REFUNDED';
  if (!isThere || merchant.disputes.group(captureId).length > 0) forbid('DISPUTE_NOT_POSSIBLE');
  const made: Dispute = {
    id: `PP-D-${String(merchant.world.store.sequence('paypal.disputes')).padStart(5, '0')}`,
    captureId,
    createdAt: merchant.now(),
    sum: leftOf(capture),
    status: 'OPEN',
  };
  tellDispute(merchant, made, capture, 'CREATED');
  return made;
}

/** The payer asks the vendor to decide: the inquiry becomes a claim. */
export function escalateDispute(merchant: Merchant, captureId: string): Dispute {
  const open = openDispute(merchant, captureId);
  if (open?.status !== 'OPEN') return forbid('DISPUTE_NOT_OPEN');
  const claim: Dispute = { ...open, status: 'UNDER_REVIEW' };
  tellDispute(merchant, claim, find(merchant.captures, captureId), 'UPDATED');
  return claim;
}

/** Lost: the vendor takes the money back from the merchant, which is a notice of its own. */
export function closeDispute(merchant: Merchant, captureId: string, won: boolean): Dispute {
  const open = openDispute(merchant, captureId);
  if (open === undefined) return forbid('DISPUTE_NOT_OPEN');
  const outcome = won ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR';
  const closed: Dispute = { ...open, status: 'RESOLVED', outcome };
  const capture = find(merchant.captures, captureId);
  tellDispute(merchant, closed, capture, 'RESOLVED');
  if (!won) reverse(merchant, capture, closed.sum);
  return closed;
}

/** Money the vendor takes back by itself. */
function reverse(merchant: Merchant, capture: Capture, sum: Sum): void {
  merchant.captures.save({ ...withRefund(capture, sum), reversed: true });
  const made: Refund = {
    id: nextId(merchant.world),
    captureId: capture.id,
    createdAt: merchant.now(),
    sum,
    status: 'COMPLETED',
    invoiceId: capture.invoiceId,
    customId: capture.customId,
    note: undefined,
  };
  merchant.refunds.save(made);
  tellRefund(merchant, made, capture, 'REVERSED');
}

export const openDispute = ({ disputes }: Merchant, captureId: string): Dispute | undefined =>
  disputes.group(captureId).find(({ status }) => status !== 'RESOLVED');

function tellRefund(
  { news, base }: Merchant,
  refund: Refund,
  capture: Capture,
  event: 'REFUNDED' | 'REVERSED',
): void {
  news.tell({
    type: `PAYMENT.CAPTURE.${event}`,
    kind: 'refund',
    resource: presentRefund(refund, base),
    about: capture.orderId,
  });
}

function tellDispute(
  { disputes, news, base }: Merchant,
  dispute: Dispute,
  capture: Capture,
  event: 'CREATED' | 'UPDATED' | 'RESOLVED',
): void {
  disputes.save(dispute);
  news.tell({
    type: `CUSTOMER.DISPUTE.${event}`,
    kind: 'dispute',
    resource: presentDispute(dispute, capture, base),
    about: capture.orderId,
  });
}
