import { type Account, find, latestCharge, saveCharge } from './account.ts';
import { nextId } from './ids.ts';
import { type Charge, withRefund } from './intent.ts';
import { presentDispute, presentRefund } from './present.ts';
import type { Dispute, Refund, RefundOrder } from './refund.ts';
import { refuse } from './refusal.ts';

/** `POST /refunds`: by charge or by payment, of a part or of what is left. */
export function refund(account: Account, order: RefundOrder): Refund {
  const charge = chargeOf(account, order);
  if (account.disputes.group(charge.id).some((each) => each.status !== 'won')) {
    refuse('charge', `Charge ${charge.id} has been charged back.`, 'charge_disputed');
  }
  const amount = order.amount ?? charge.sum.amount - charge.refunded;
  const after = withRefund(charge, amount);
  const made: Refund = {
    id: nextId(account.world, 'refund'),
    createdAt: account.now(),
    chargeId: charge.id,
    intentId: charge.intentId,
    sum: { ...charge.sum, amount },
    status: account.cabinet.settings().refund,
    reason: order.reason,
    metadata: order.metadata,
  };
  saveRefund(account, made, 'refund.created');
  saveCharge(account, after, 'refunded');
  return made;
}

/** The bank has given the money back, or could not: then it is the merchant's again. */
export function settleRefund(account: Account, id: string, well: boolean): Refund {
  const pending = find(account.refunds, 'refund', id);
  if (pending.status !== 'pending') refuse('refund', `This refund is ${pending.status}`);
  const settled: Refund = { ...pending, status: well ? 'succeeded' : 'failed' };
  saveRefund(account, settled, 'refund.updated');
  if (!well) {
    const charge = find(account.charges, 'charge', pending.chargeId);
    const refunded = charge.refunded - pending.sum.amount;
    account.charges.save({ ...charge, refunded });
    account.news.tell('charge.refund.updated', presentRefund(settled), settled.intentId);
    account.news.tell('refund.failed', presentRefund(settled), settled.intentId);
  }
  return settled;
}

/** The buyer asks their bank for the whole sum: the money is taken from the merchant at once. */
export function dispute(account: Account, chargeId: string, reason = 'fraudulent'): Dispute {
  const charge = find(account.charges, 'charge', chargeId);
  if (charge.status !== 'succeeded' || account.disputes.group(chargeId).length > 0) {
    refuse('charge', 'Only money that is there can be disputed, and once');
  }
  const made: Dispute = {
    id: nextId(account.world, 'dispute'),
    createdAt: account.now(),
    chargeId,
    intentId: charge.intentId,
    sum: { ...charge.sum, amount: charge.sum.amount - charge.refunded },
    reason,
    status: 'needs_response',
  };
  account.charges.save({ ...charge, disputed: true });
  saveDispute(account, made, 'created');
  account.news.tell('charge.dispute.funds_withdrawn', presentDispute(made), made.intentId);
  return made;
}

/** Won: the money is the merchant's again. Lost: it stays with the buyer. */
export function closeDispute(account: Account, chargeId: string, won: boolean): Dispute {
  const open = account.disputes.group(chargeId).find((each) => each.status === 'needs_response');
  if (open === undefined) return refuse('dispute', 'There is no open dispute of this charge');
  const closed: Dispute = { ...open, status: won ? 'won' : 'lost' };
  saveDispute(account, closed, 'closed');
  if (won)
    account.news.tell('charge.dispute.funds_reinstated', presentDispute(closed), closed.intentId);
  return closed;
}

function chargeOf(account: Account, { chargeId, intentId }: RefundOrder): Charge {
  if (chargeId !== undefined) return find(account.charges, 'charge', chargeId);
  if (intentId === undefined) {
    return refuse('charge', 'One of charge, payment_intent is required', 'parameter_missing');
  }
  const charge = latestCharge(account, find(account.intents, 'payment_intent', intentId));
  return (
    charge ?? refuse('payment_intent', 'This PaymentIntent has no successful charge to refund')
  );
}

function saveRefund(account: Account, refund: Refund, event: string): void {
  account.refunds.save(refund);
  account.news.tell(event, presentRefund(refund), refund.intentId);
}

function saveDispute(account: Account, dispute: Dispute, event: string): void {
  account.disputes.save(dispute);
  account.news.tell(`charge.dispute.${event}`, presentDispute(dispute), dispute.intentId);
}
