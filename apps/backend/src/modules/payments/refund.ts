/** Money back: the intent under the payment's lock, then the provider, then its own truth. */
import { compareMoney, isPositive, subtractMoney, type Money } from '@opora/kernel';
import { PaymentNotFound, PaymentStateConflict, RefundExceedsPayment } from './errors.ts';
import type { Payment } from './payment.ts';
import { insertEvents, lockPayments } from './repository.ts';
import {
  finishRefund,
  insertRefund,
  selectOpenRefunds,
  selectRefundByKey,
  sumOpenRefunds,
  type Refund,
} from './repository-refunds.ts';
import type { PaymentsDeps } from './deps.ts';
import { applyFacts } from './settle.ts';
import { providerOf } from './start.ts';

export type RefundWish = Readonly<{
  paymentId: string;
  amount: Money;
  reason: string;
  /** The caller's own key: a repeated wish is the same refund (principle 8). */
  idempotencyKey: string;
}>;

const REFUNDS_PER_ROUND = 16;

/**
 * Gives money back. The refund is written before the provider is asked; after a lost answer it
 * stays `requested` and `retryRefunds` asks again with the same key.
 */
export async function refundPayment(deps: PaymentsDeps, wish: RefundWish): Promise<Refund> {
  const refund = await storeRefund(deps, wish);
  return refund.state === 'requested' ? askForRefund(deps, refund) : refund;
}

async function storeRefund(deps: PaymentsDeps, wish: RefundWish): Promise<Refund> {
  return deps.db.transaction(async (tx) => {
    const [payment] = await lockPayments(tx, '', { ids: [wish.paymentId], references: [] });
    if (payment === undefined) throw new PaymentNotFound(`no payment ${wish.paymentId}`);
    const repeated = await selectRefundByKey(tx, wish.idempotencyKey);
    if (repeated !== undefined) return repeated;
    assertRefundable(payment, wish.amount, await sumOpenRefunds(tx, payment));
    const at = deps.clock.now();
    const refund: Refund = {
      id: deps.ids.next('ref'),
      ...wish,
      state: 'requested',
      reference: undefined,
      createdAt: at,
    };
    await insertRefund(tx, refund);
    await insertEvents(tx, [
      { paymentId: payment.id, at, kind: 'refund requested', detail: wish.reason },
    ]);
    return refund;
  });
}

function assertRefundable(payment: Payment, amount: Money, underway: Money): void {
  if (payment.state !== 'settled' && payment.state !== 'partly_refunded') {
    throw new PaymentStateConflict(
      `payment ${payment.id} is ${payment.state}: nothing to give back`,
    );
  }
  const left = subtractMoney(subtractMoney(payment.amount, payment.refunded), underway);
  if (!isPositive(amount) || compareMoney(amount, left) > 0) {
    throw new RefundExceedsPayment(`payment ${payment.id} has less left than the refund asks for`, {
      facts: { leftMinor: left.minor.toString(), currency: left.currency },
    });
  }
}

async function askForRefund(deps: PaymentsDeps, refund: Refund): Promise<Refund> {
  const payment = await deps.find(refund.paymentId);
  const provider = providerOf(deps, payment.provider);
  if (payment.reference === undefined) {
    throw new PaymentStateConflict(`payment ${payment.id} has no id at ${provider.id}`);
  }
  const outcome = await provider.refund({
    refundId: refund.id,
    reference: payment.reference,
    amount: refund.amount,
    reason: refund.reason,
    receipt: undefined,
  });
  if (outcome.state === 'pending') return refund;
  const finished = await finishRefund(deps.db.read, {
    id: refund.id,
    state: outcome.state,
    reference: outcome.reference,
    refusal: outcome.reason,
    at: deps.clock.now(),
  });
  if (outcome.state === 'refunded') {
    const truth = await provider.lookup(payment.reference);
    await applyFacts(deps, [
      { provider: provider.id, payment: truth, source: 'refund', notices: [] },
    ]);
  }
  return finished ?? refund;
}

/** Refunds whose answer was lost or that the provider had not finished; one round. */
export async function retryRefunds(deps: PaymentsDeps): Promise<number> {
  const open = await selectOpenRefunds(deps.db.read, REFUNDS_PER_ROUND);
  for (const refund of open) {
    await askForRefund(deps, refund).catch((error: unknown) => {
      deps.log.warn({ refund: refund.id, error }, 'a refund is still open; asking later');
    });
  }
  return open.length;
}
