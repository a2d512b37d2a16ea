import { compareMoney } from '@opora/kernel';
import { forbid } from './refusal.ts';
import { minus, plus, type Sum, toMoney, zero } from './sum.ts';

/** Money taken, or on its way: `COMPLETED` alone means it is the merchant's. */
export type Capture = Readonly<{
  id: string;
  orderId: string;
  createdAt: string;
  sum: Sum;
  status: 'PENDING' | 'COMPLETED' | 'DECLINED' | 'PARTIALLY_REFUNDED' | 'REFUNDED';
  /** Why it is pending. */
  reason?: string | undefined;
  customId: string | undefined;
  invoiceId: string | undefined;
  refunded: Sum;
  /** Taken back by the vendor: a lost dispute. */
  reversed?: boolean | undefined;
}>;

export type Refund = Readonly<{
  id: string;
  captureId: string;
  createdAt: string;
  sum: Sum;
  status: 'PENDING' | 'COMPLETED' | 'FAILED';
  invoiceId: string | undefined;
  customId: string | undefined;
  note: string | undefined;
}>;

/** The payer complains: the money is held until the case is decided. `UNDER_REVIEW`: a claim. */
export type Dispute = Readonly<{
  id: string;
  captureId: string;
  createdAt: string;
  sum: Sum;
  status: 'OPEN' | 'UNDER_REVIEW' | 'RESOLVED';
  outcome?: 'RESOLVED_SELLER_FAVOUR' | 'RESOLVED_BUYER_FAVOUR' | undefined;
}>;

/** A wallet the merchant may charge without the payer. */
export type Token = Readonly<{
  id: string;
  createdAt: string;
  customerId: string;
  /** The payer, or the merchant, took it back. */
  revoked?: boolean;
}>;

export const leftOf = (capture: Capture): Sum => minus(capture.sum, capture.refunded);

/** Adds a refund; only money that is there, and never more than what is left. */
export function withRefund(capture: Capture, amount: Sum): Capture {
  if (capture.status === 'REFUNDED') forbid('CAPTURE_FULLY_REFUNDED');
  if (capture.status !== 'COMPLETED' && capture.status !== 'PARTIALLY_REFUNDED') {
    forbid('INVALID_CAPTURE_STATUS');
  }
  if (amount.currency_code !== capture.sum.currency_code) {
    forbid('CURRENCY_MISMATCH', '/amount/currency_code');
  }
  if (compareMoney(toMoney(amount), toMoney(leftOf(capture))) > 0) {
    forbid('REFUND_AMOUNT_EXCEEDED', '/amount/value');
  }
  return refundedBy(capture, plus(capture.refunded, amount));
}

/** The bank could not give a refund back: the money is the merchant's again. */
export const withoutRefund = (capture: Capture, amount: Sum): Capture =>
  refundedBy(capture, minus(capture.refunded, amount));

function refundedBy(capture: Capture, refunded: Sum): Capture {
  const isWhole = compareMoney(toMoney(refunded), toMoney(capture.sum)) === 0;
  const isNone = compareMoney(toMoney(refunded), toMoney(zero(refunded))) === 0;
  const status = isWhole ? 'REFUNDED' : isNone ? 'COMPLETED' : 'PARTIALLY_REFUNDED';
  return { ...capture, refunded, status };
}
