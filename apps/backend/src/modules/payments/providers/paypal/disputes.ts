/**
 * Disputes of a payment. An open one is nobody's money; a lost one is money that went back. They
 * stand beside the capture, which tells only of money that has already moved.
 */
import { compareMoney, type Money } from '@opora/kernel';
import { z } from 'zod';
import type { Log } from '../../../../platform/log/index.ts';
import { ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment } from '../../provider.ts';
import type { PaypalCall } from './client.ts';
import { amountSchema, parse, vendorId, word, type ReadOrder } from './map.ts';

/** A payment is disputed once, rarely twice. */
const DISPUTES_MAX = 10;
const OVER = 'RESOLVED';
/** Outcomes that give the money to the buyer; after any other it is ours, or was never taken. */
const LOST: ReadonlySet<string> = new Set(['RESOLVED_BUYER_FAVOUR', 'ACCEPTED']);

const listSchema = z.object({
  items: z
    .array(z.object({ dispute_id: vendorId, status: word }))
    .max(DISPUTES_MAX)
    .nullish(),
});
const disputeSchema = z.object({
  dispute_id: vendorId,
  dispute_amount: amountSchema.nullish(),
  dispute_outcome: z
    .object({ outcome_code: word.nullish(), amount_refunded: amountSchema.nullish() })
    .nullish(),
});

/** The payment with what its disputes made of it. */
export async function judged(
  call: PaypalCall,
  { payment, capture }: ReadOrder,
  log: Log,
): Promise<ProviderPayment> {
  const isAllBack = compareMoney(payment.refunded, payment.amount) >= 0;
  if (payment.state !== 'settled' || capture === undefined || isAllBack) return payment;
  const disputes = await disputesOf(call, capture, log);
  if (disputes.some(({ status }) => status !== OVER)) {
    return { ...payment, state: 'disputed', reason: 'disputed' };
  }
  let { refunded } = payment;
  for (const { dispute_id: id } of disputes) {
    const taken = await takenBy(call, id, payment.amount);
    // Not added: the reversal of the same money stands among the refunds, now or a little later.
    if (taken !== undefined && compareMoney(taken, refunded) > 0) refunded = taken;
  }
  return { ...payment, refunded };
}

/** Without the right to read disputes a payment is read as before; the log says what is missing. */
async function disputesOf(call: PaypalCall, capture: string, log: Log) {
  const path = 'v1/customer/disputes';
  const query = `disputed_transaction_id=${capture}&page_size=${String(DISPUTES_MAX)}`;
  try {
    return parse(listSchema, await call.get(`${path}?${query}`), 'list of disputes').items ?? [];
  } catch (error) {
    if (!(error instanceof ProviderProtocolError) || error.facts['status'] !== 403) throw error;
    log.warn({ capture }, 'paypal: the app may not read disputes: an open one is not seen');
    return [];
  }
}

/** What a lost dispute took, never more than there was; the whole when PayPal does not say. */
async function takenBy(call: PaypalCall, id: string, whole: Money): Promise<Money | undefined> {
  const answer = await call.get(`v1/customer/disputes/${id}`);
  const dispute = parse(disputeSchema, answer, 'dispute');
  if (dispute.dispute_id !== id) {
    throw new ProviderProtocolError(`paypal: asked for ${id}, got ${dispute.dispute_id}`);
  }
  const outcome = dispute.dispute_outcome;
  if (!LOST.has(outcome?.outcome_code ?? '')) return undefined;
  const taken = outcome?.amount_refunded ?? dispute.dispute_amount ?? whole;
  const isPart = taken.currency === whole.currency && compareMoney(taken, whole) < 0;
  return isPart ? taken : whole;
}
