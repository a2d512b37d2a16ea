/**
 * What a provider's book and ours do not agree about. Pure: one object of theirs against one
 * payment of ours. Where neither book has money, there is nothing to disagree about.
 */
import { compareMoney } from '@opora/kernel';
import { asKnown, judge, type Judgement, type Mismatch, type Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { isBeside } from './settle-again.ts';

export type DifferenceKind =
  /** Money there under an id of ours that we do not have. */
  | 'unknown_here'
  /** Money there that names no payment of ours. */
  | 'without_our_id'
  | 'not_settled_here'
  /** Held there, waiting for our capture, and not known as held here. */
  | 'held_there'
  | 'not_paid_there'
  | 'unknown_there'
  | 'wrong_amount'
  | 'wrong_currency'
  | 'refunded_there'
  | 'refunded_here'
  | 'disputed_there'
  | 'dispute_over'
  /** A second object with money for a payment that has another one. */
  | 'second_object'
  | 'test_object'
  /** Their word for its state is none we know: perhaps money, perhaps not. */
  | 'unrecognised';

/**
 * - `equal`: both books say the same
 * - `apply`: theirs has a fact that our core can apply
 * - `differs`: a person has to look; `isDoubtful`: a list read a moment ago may have said it about
 *   a payment that has moved since, so the provider is asked again first
 */
export type Comparison =
  | Readonly<{ outcome: 'equal' }>
  | Readonly<{ outcome: 'apply'; kind: DifferenceKind }>
  | Readonly<{ outcome: 'differs'; kind: DifferenceKind; isDoubtful: boolean }>;

const EQUAL: Comparison = { outcome: 'equal' };

export function compare(
  payment: Payment | undefined,
  told: ProviderPayment,
  options: Readonly<{ provider: string; acceptsTest: boolean }>,
): Comparison {
  const fact = payment === undefined ? told : asKnown(payment, told);
  const isMoneyThere = fact.state !== 'pending' && fact.state !== 'cancelled';
  if (payment === undefined) {
    return isMoneyThere ? differs(strangerKind(fact, options)) : EQUAL;
  }
  const isMoneyHere = payment.settledAt !== undefined;
  if (!isMoneyThere && !isMoneyHere) return EQUAL;
  if (isBeside(payment, fact)) return { outcome: 'apply', kind: 'second_object' };
  if (payment.reference !== undefined && payment.reference !== fact.reference) {
    return isMoneyThere ? differs('second_object') : EQUAL;
  }
  const judgement = judge(payment, fact, options);
  if (judgement.outcome === 'mismatch') return differs(MISMATCHES[judgement.mismatch], true);
  if (judgement.outcome === 'moved') return { outcome: 'apply', kind: kindOf(judgement) };
  return isMoneyHere ? againstMoneyHere(payment, fact) : againstNoMoneyHere(fact);
}

function strangerKind(
  fact: ProviderPayment,
  { acceptsTest }: { acceptsTest: boolean },
): DifferenceKind {
  if (fact.isTest && !acceptsTest) return 'test_object';
  return fact.paymentId === undefined ? 'without_our_id' : 'unknown_here';
}

const MISMATCHES: Readonly<Record<Mismatch, DifferenceKind>> = {
  other_provider: 'unknown_here',
  other_reference: 'second_object',
  other_payment: 'second_object',
  wrong_currency: 'wrong_currency',
  wrong_amount: 'wrong_amount',
  test_object: 'test_object',
  unrecognised: 'unrecognised',
};

function kindOf({ from, to, moneyIn, moneyBack }: Extract<Judgement, { outcome: 'moved' }>) {
  if (moneyIn !== undefined) return 'not_settled_here';
  if (to === 'disputed') return 'disputed_there';
  if (moneyBack !== undefined) return 'refunded_there';
  if (to === 'authorised') return 'held_there';
  return from === 'disputed' ? 'dispute_over' : 'not_settled_here';
}

function againstMoneyHere(payment: Payment, fact: ProviderPayment): Comparison {
  if (fact.state !== 'settled' && fact.state !== 'disputed') return differs('not_paid_there', true);
  const more = compareMoney(fact.refunded, payment.refunded);
  if (more < 0) return differs('refunded_here', true);
  // The judge had no way to take it.
  return more > 0 ? differs('refunded_there', true) : EQUAL;
}

/** The judge found no way to take it, and it is money all the same. */
function againstNoMoneyHere({ state }: ProviderPayment): Comparison {
  if (state === 'authorised') return EQUAL;
  return differs(state === 'disputed' ? 'disputed_there' : 'not_settled_here', true);
}

function differs(kind: DifferenceKind, isDoubtful = false): Comparison {
  return { outcome: 'differs', kind, isDoubtful };
}
