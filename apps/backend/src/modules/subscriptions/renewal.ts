/**
 * A renewal: the customer's consent that the next term is charged to a saved method, and what is
 * due about it. Pure: `nextStep` says what to do now, whoever asks and however often.
 *
 * States: on -> off (by the customer) | ended (it cannot go on: `why`); a new consent makes it `on`.
 * Promises: told at least `NOTICE_MS` before a charge; one charge of a term underway at most; a
 * decline is tried again only when the vendor's word allows it, by a bounded growing schedule.
 */
import { assertNever, type Money } from '@opora/kernel';
import type { Payment, ProviderId } from '../payments/index.ts';

const HOUR_MS = 3_600_000;
/** When the customer is told that a charge is coming, before the end of the term. */
export const TOLD_BEFORE_MS = 72 * HOUR_MS;
/** When it is charged, before the end of the term. */
export const CHARGED_BEFORE_MS = 24 * HOUR_MS;
/** Between the word and the charge at least. */
export const NOTICE_MS = 24 * HOUR_MS;
/** After each decline that may be tried again; then no more. */
export const RETRY_AFTER_MS = [6 * HOUR_MS, 12 * HOUR_MS, 24 * HOUR_MS];
/** After the end of the term nobody is charged any more. */
export const GRACE_MS = 24 * HOUR_MS;
/** How soon an unfinished charge is looked at again. */
export const LOOK_AGAIN_MS = 5 * 60_000;

/** The words of the consent; a change of what they promise makes a new version. */
export const RENEWAL_WORDS = '2026-11';

export const END_REASONS = [
  'terms_changed',
  'money_back',
  'another_method',
  'stop',
  'declined',
  'unknown',
  'late',
  'method_removed',
  'banned',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export type Renewal = Readonly<{
  subscriptionId: string;
  personId: string;
  state: 'on' | 'off' | 'ended';
  why: EndReason | undefined;
  provider: ProviderId;
  methodId: string;
  /** What was agreed: this version of the plan at this price, by these words, then. */
  planVersionId: string;
  amount: Money;
  words: string;
  agreedAt: Date;
  changedAt: Date;
  /** The end of the term whose charge was announced, and when that was said. */
  told: Readonly<{ term: Date; at: Date }> | undefined;
}>;

export type Step =
  | Readonly<{ do: 'wait'; until: Date }>
  | Readonly<{ do: 'tell'; chargedAt: Date }>
  /** `after`: the newest try so far; when there is a newer one by then, somebody was quicker. */
  | Readonly<{ do: 'charge'; after: string | undefined }>
  /** Declined, and tried again later: the customer is told once of each. */
  | Readonly<{ do: 'retry'; at: Date; payment: Payment }>
  | Readonly<{ do: 'end'; why: EndReason }>;

/** What stands around a renewal when it is looked at. */
export type Facts = Readonly<{
  /** The end of the running term. */
  term: Date;
  at: Date;
  /** What is offered now is what was agreed. */
  isAgreed: boolean;
  /** Nobody is charged for what they could not use. */
  isBanned: boolean;
  /** The newest order of this subscription was given its money back. */
  isMoneyBack: boolean;
  /** An order of this subscription is disputed at its payer's bank: nothing is charged meanwhile. */
  isDisputed: boolean;
  /** The order of the next term was paid (or closed) already: only its extension is missing. */
  isPaid: boolean;
  /** Charges of the next term so far, newest first. */
  tries: readonly Payment[];
}>;

/** What is to be done now about a renewal that is on. */
export function nextStep({ told }: Renewal, facts: Facts): Step {
  const { term, at, isAgreed, isBanned, isPaid, isMoneyBack, isDisputed, tries } = facts;
  const [newest] = tries;
  const last = plus(term, GRACE_MS);
  const toldFrom = plus(term, -TOLD_BEFORE_MS);
  if (newest !== undefined && newest.state !== 'failed') return afterTry(newest, at);
  if (isMoneyBack) return { do: 'end', why: 'money_back' };
  if (at > last) return { do: 'end', why: newest === undefined ? 'late' : 'declined' };
  if (newest === undefined && at < toldFrom) return { do: 'wait', until: toldFrom };
  if (isPaid || isBanned || isDisputed) return { do: 'wait', until: plus(at, LOOK_AGAIN_MS) };
  if (newest !== undefined) {
    const verdict = afterDecline(newest, { count: tries.length, last });
    if (verdict.do !== 'retry' || at < verdict.at) return verdict;
    return isAgreed ? { do: 'charge', after: newest.id } : { do: 'end', why: 'terms_changed' };
  }
  if (!isAgreed) return { do: 'end', why: 'terms_changed' };
  const saidAt = told?.term.getTime() === term.getTime() ? told.at : undefined;
  const chargedAt = latest(plus(term, -CHARGED_BEFORE_MS), plus(saidAt ?? at, NOTICE_MS));
  if (chargedAt > last) return { do: 'end', why: 'late' };
  if (saidAt === undefined) return { do: 'tell', chargedAt };
  return at < chargedAt ? { do: 'wait', until: chargedAt } : { do: 'charge', after: undefined };
}

/**
 * The same where the vendor charges by its own schedule, about the end of the term: the customer is
 * told before, and a charge that does not come within `lateMs` does not come any more. It would charge
 * whom we keep out, too: their renewal ends, and they agree anew when they may come back.
 */
export function nextStepAtVendor(
  { told }: Renewal,
  {
    term,
    at,
    isMoneyBack,
    isBanned,
    lateMs,
  }: Pick<Facts, 'term' | 'at' | 'isMoneyBack' | 'isBanned'> & { lateMs: number },
): Step {
  const last = plus(term, lateMs);
  if (isMoneyBack) return { do: 'end', why: 'money_back' };
  if (isBanned) return { do: 'end', why: 'banned' };
  if (at > last) return { do: 'end', why: 'declined' };
  const toldFrom = plus(term, -TOLD_BEFORE_MS);
  if (at < toldFrom) return { do: 'wait', until: toldFrom };
  const isTold = told?.term.getTime() === term.getTime();
  if (!isTold && at < term) return { do: 'tell', chargedAt: term };
  return { do: 'wait', until: plus(at < term ? term : last, LOOK_AGAIN_MS) };
}

/** A charge that is not declined: money, on its way to it, or nobody knows. */
function afterTry({ state }: Payment, at: Date): Step {
  const again: Step = { do: 'wait', until: plus(at, LOOK_AGAIN_MS) };
  switch (state) {
    case 'created':
    case 'pending':
    case 'authorised':
    case 'settled':
    case 'partly_refunded':
    case 'disputed':
    case 'failed':
      return again;
    case 'refunded':
      return { do: 'end', why: 'money_back' };
    case 'expired':
      // Its answer never came and its key is forgotten: a second charge could be the second money.
      return { do: 'end', why: 'unknown' };
    case 'cancelled':
      return { do: 'end', why: 'another_method' };
    default:
      return assertNever(state);
  }
}

function afterDecline(payment: Payment, tries: { count: number; last: Date }): Step {
  if (payment.reason === 'method_removed') return { do: 'end', why: 'method_removed' };
  if (payment.advice !== 'retry') return { do: 'end', why: payment.advice ?? 'another_method' };
  const pause = RETRY_AFTER_MS[tries.count - 1];
  const at = plus(payment.createdAt, pause ?? 0);
  if (pause === undefined || at > tries.last) return { do: 'end', why: 'declined' };
  return { do: 'retry', at, payment };
}

/** The key of the next term's order: two workers, a crash and a repeat make the same one. */
export function renewalKey(subscriptionId: string, term: Date): string {
  return `renewal:${subscriptionId}:${String(term.getTime())}`;
}

function plus(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
