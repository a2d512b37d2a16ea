import { type Form, readMetadata, readText, readWhole, readWord, refuseUnknown } from './form.ts';
import type { Sum } from './sum.ts';

/** Money on its way back: a card's arrives at once, or stays pending and may still fail. */
export type Refund = Readonly<{
  id: string;
  createdAt: number;
  chargeId: string;
  intentId: string;
  sum: Sum;
  status: 'pending' | 'succeeded' | 'failed';
  reason: string | undefined;
  metadata: Readonly<Record<string, string>>;
}>;

export type RefundOrder = Readonly<{
  chargeId: string | undefined;
  intentId: string | undefined;
  /** Undefined: all that is left. */
  amount: number | undefined;
  reason: string | undefined;
  metadata: Readonly<Record<string, string>>;
}>;

/** The buyer asked their bank for the money: it is gone until the merchant wins. */
export type Dispute = Readonly<{
  id: string;
  createdAt: number;
  chargeId: string;
  intentId: string;
  sum: Sum;
  reason: string;
  status: 'needs_response' | 'won' | 'lost';
}>;

const KNOWN = ['charge', 'payment_intent', 'amount', 'reason', 'metadata', 'instructions_email'];
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export function readRefund(form: Form): RefundOrder {
  refuseUnknown(form, KNOWN);
  return {
    chargeId: readText(form, 'charge', 100),
    intentId: readText(form, 'payment_intent', 100),
    amount: readWhole(form, 'amount'),
    reason: readWord(form, 'reason', REASONS),
    metadata: readMetadata(form, 'metadata'),
  };
}
