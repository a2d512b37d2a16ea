/** The noun: states of a payment and the one table of edges between them. Pure. */
import {
  addMoney,
  assert,
  money,
  sameMoney,
  subtractMoney,
  type Language,
  type Money,
} from '@opora/kernel';
import type { DeclineAdvice, ProviderId, ProviderPayment } from './provider.ts';

export const PAYMENT_STATES = [
  'created',
  'pending',
  'authorised',
  'settled',
  'failed',
  'cancelled',
  'expired',
  'partly_refunded',
  'refunded',
  'disputed',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** What pays when no provider does. */
export const BALANCE = 'balance';
/** Staff entered it from a document; no provider is asked, and it is never offered. */
export const MANUAL = 'manual';

export type Payment = Readonly<{
  id: string;
  orderId: string;
  personId: string;
  /** `balance`: nobody was asked, the money was here; its `authorised` is held for the order. */
  provider: ProviderId | typeof BALANCE | typeof MANUAL;
  reference: string | undefined;
  state: PaymentState;
  amount: Money;
  /** Given back by the provider. */
  refunded: Money;
  /** Given back to the balance. */
  credited: Money;
  checkoutUrl: string | undefined;
  reason: string | undefined;
  createdAt: Date;
  settledAt: Date | undefined;
  /** How often the janitor has asked. */
  checks: number;
  /** The words by which the buyer agreed that the method is kept; undefined: it is not kept. */
  saveWords: string | undefined;
  /** The saved method it charges; undefined: the buyer pays by themselves. */
  methodId: string | undefined;
  /** What a decline means for the next try. */
  advice: DeclineAdvice | undefined;
  /** The payment whose link was paid once more: the vendor's object names that one. */
  secondOf: string | undefined;
  /** Where its fiscal receipts go; undefined: to the shop's own mailbox. */
  receiptTo: string | undefined;
  /**
   * In which words its provider was asked: a repeat under one key says the very same, or it is taken for
   * another request. Undefined: nobody was asked.
   */
  asked: Readonly<{ description: string; language: Language }> | undefined;
}>;

/** Somebody else holds its money and can be asked about it. */
export function isAtProvider(provider: Payment['provider']): provider is ProviderId {
  return provider !== BALANCE && provider !== MANUAL;
}

/**
 * The allowed edges. Real money that arrives after an end without money is still money, so those
 * ends keep an edge to `settled`; nothing ever leads back to a state without money.
 */
const EDGES: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  created: ['pending', 'authorised', 'settled', 'failed', 'cancelled', 'expired'],
  pending: ['authorised', 'settled', 'failed', 'cancelled', 'expired'],
  authorised: ['settled', 'failed', 'cancelled', 'expired'],
  failed: ['authorised', 'settled'],
  cancelled: ['authorised', 'settled'],
  expired: ['authorised', 'settled'],
  settled: ['partly_refunded', 'refunded', 'disputed'],
  partly_refunded: ['refunded', 'disputed'],
  refunded: ['disputed'],
  disputed: ['settled', 'partly_refunded', 'refunded'],
};

export function canMove(from: PaymentState, to: PaymentState): boolean {
  return EDGES[from].includes(to);
}

/** States in which nothing more is expected to happen by itself, so nobody asks the provider. */
const ENDS: ReadonlySet<PaymentState> = new Set([
  'settled',
  'failed',
  'cancelled',
  'expired',
  'partly_refunded',
  'refunded',
]);

export function isEnd(state: PaymentState): boolean {
  return ENDS.has(state);
}

/** Why a fact of the provider's is not applied: kept for the operator, no money, no access. */
export type Mismatch =
  | 'other_provider'
  | 'other_reference'
  | 'other_payment'
  | 'wrong_currency'
  | 'wrong_amount'
  | 'test_object'
  | 'unrecognised';

/**
 * What the provider's truth makes of our payment.
 * - `moved`: a new state; `moneyIn` is the sum that arrived (once), `moneyBack` what was given back
 * - `duplicate`: all of it was known, and the money is in: nothing to do
 * - `unproven`: the provider does not (yet) say anything new, and no money came so far
 * - `mismatch`: the facts contradict ours: quarantined
 */
export type Judgement =
  | Readonly<{
      outcome: 'moved';
      from: PaymentState;
      to: PaymentState;
      moneyIn: Money | undefined;
      moneyBack: Money | undefined;
    }>
  | Readonly<{ outcome: 'duplicate' | 'unproven' }>
  | Readonly<{ outcome: 'mismatch'; mismatch: Mismatch }>;

/**
 * A part that went back, from a vendor that does not say how much: it is what we know already when the
 * sum it shows is what we gave back, or what that left.
 */
export function asKnown({ amount, refunded }: Payment, fact: ProviderPayment): ProviderPayment {
  if (fact.partlyBack !== true || fact.amount.currency !== amount.currency) return fact;
  const left = subtractMoney(amount, refunded);
  const isPart = refunded.minor > 0n && left.minor > 0n;
  const fits = sameMoney(fact.amount, refunded) || sameMoney(fact.amount, left);
  return isPart && fits ? { ...fact, state: 'settled', amount, refunded, reason: undefined } : fact;
}

/** Compares the provider's truth with our payment. The caller holds the payment's row lock. */
export function judge(
  payment: Payment,
  told: ProviderPayment,
  options: { provider: string; acceptsTest: boolean },
): Judgement {
  const fact = asKnown(payment, told);
  const mismatch = findMismatch(payment, fact, options);
  if (mismatch !== undefined) return { outcome: 'mismatch', mismatch };
  const to = targetState(payment, fact);
  const isNew = payment.settledAt === undefined && hasMoney(to);
  const moneyBack = subtractMoney(fact.refunded, payment.refunded);
  const back = hasMoney(to) && moneyBack.minor > 0n ? moneyBack : undefined;
  if (to === payment.state && back === undefined) {
    return nothingNew(payment);
  }
  const viaSettled = isNew && to !== 'settled';
  const isAllowed =
    to === payment.state ||
    canMove(payment.state, to) ||
    (viaSettled && canMove(payment.state, 'settled') && canMove('settled', to));
  // An older fact that arrives late never overwrites a newer one (principle 5).
  if (!isAllowed) return nothingNew(payment);
  return {
    outcome: 'moved',
    from: payment.state,
    to,
    moneyIn: isNew ? payment.amount : undefined,
    moneyBack: back,
  };
}

/** An end without money proves nothing: the money may still come, and its notice must count. */
function nothingNew(payment: Payment): Judgement {
  return { outcome: payment.settledAt === undefined ? 'unproven' : 'duplicate' };
}

function findMismatch(
  payment: Payment,
  fact: ProviderPayment,
  options: { provider: string; acceptsTest: boolean },
): Mismatch | undefined {
  if (payment.provider !== options.provider) return 'other_provider';
  if (payment.reference !== undefined && payment.reference !== fact.reference) {
    return 'other_reference';
  }
  // The vendor's object is known to us as this payment's, and says that it was made for another.
  const named = payment.secondOf ?? payment.id;
  if (fact.paymentId !== undefined && fact.paymentId !== named) return 'other_payment';
  if (fact.isTest && !options.acceptsTest) return 'test_object';
  if (fact.amount.currency !== payment.amount.currency) return 'wrong_currency';
  if (fact.partlyBack === true && fact.state === 'unrecognised') return 'unrecognised';
  if (!sameMoney(fact.amount, payment.amount)) return 'wrong_amount';
  if (fact.refunded.currency !== payment.amount.currency) return 'wrong_currency';
  if (fact.refunded.minor < 0n || fact.refunded.minor > payment.amount.minor) return 'wrong_amount';
  return fact.state === 'unrecognised' ? 'unrecognised' : undefined;
}

/** States in which the customer's money is or was with us. */
export function hasMoney(state: PaymentState): boolean {
  return (
    state === 'settled' ||
    state === 'partly_refunded' ||
    state === 'refunded' ||
    // Nobody's bank asks back what never came, though we may hear of the dispute first.
    state === 'disputed'
  );
}

/**
 * Vendors name an unpaid link's end with words such as `expired_on_confirmation`. A card that has
 * expired (`card_expired`, `expired_card`) is a refusal, and the customer is told of it.
 */
const EXPIRY_REASON = /^(deadline_)?expired(_on_\w+)?$/i;

function targetState(payment: Payment, fact: ProviderPayment): PaymentState {
  if (fact.state === 'pending') return payment.state === 'created' ? 'pending' : payment.state;
  if (fact.state === 'authorised' || fact.state === 'disputed') return fact.state;
  if (fact.state === 'cancelled') {
    if (EXPIRY_REASON.test(fact.reason ?? '')) return 'expired';
    return fact.reason?.startsWith('canceled_by_merchant') === true ? 'cancelled' : 'failed';
  }
  assert(fact.state === 'settled', `no state for ${fact.state}`);
  return stateAfter(payment, addMoney(fact.refunded, payment.credited));
}

/** The state of a settled payment of which this much went back, to the payer or to the balance. */
export function stateAfter({ amount }: Payment, back: Money): PaymentState {
  if (back.minor === 0n) return 'settled';
  return back.minor >= amount.minor ? 'refunded' : 'partly_refunded';
}

export function noMoney(currency: Money['currency']): Money {
  return money(0n, currency);
}

/** Vendors' words of a refusal that customers understand; the rest is "the bank declined". */
const REFUSALS = ['insufficient_funds', '3d_secure_failed', 'card_expired', 'fraud_suspected'];

/** The key of a product's words for why a payment was declined. */
export function refusalKey(reason: string | undefined): string {
  return `reason.${REFUSALS.find((known) => reason === known) ?? 'declined'}`;
}
