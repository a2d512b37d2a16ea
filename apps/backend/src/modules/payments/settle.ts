/**
 * The one writer (principle 1). The return page, notices, the janitor and staff only bring facts;
 * this applies them: locked payments, pure judgement, then order, ledger, timeline, notices and
 * reactions in the same transaction. Facts that wait together are applied together.
 */
import { assert, formatMajor } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Transfer } from '../ledger/index.ts';
import type { MoneyInOutcome } from '../orders/index.ts';
import type { PaymentEvent } from './events.ts';
import { hasMoney, isEnd, judge, type Judgement, type Payment } from './payment.ts';
import { moneyBackTransfers, moneyInTransfers } from './postings.ts';
import { saveMethods, type Kept } from './methods.ts';
import type { ProviderPayment } from './provider.ts';
import type { PaymentsDeps } from './deps.ts';
import { insertEvents, lockPayments, updatePayments } from './repository.ts';
import type { Fact } from './fact.ts';
import { openBeside, withAgain } from './settle-again.ts';
import { isOver, openBalance, sourcesOf } from './settle-balance.ts';
import { closeRefunded } from './credit.ts';
import { finishNotices, type JudgedNotice } from './repository-notices.ts';
import { sumOpenRefunds, wakeRefunds } from './repository-refunds.ts';

/** How a fact ended: the judgement's outcome, the mismatch, or `unknown_order`. */
export type FactOutcome = Readonly<{
  fact: Fact;
  paymentId: string | undefined;
  outcome: string;
  /** It brought or took back money: what a notice has to lead to before its key is used up. */
  isProof: boolean;
}>;

type Moved = Extract<Judgement, { outcome: 'moved' }>;
type Step = Readonly<{ fact: Fact; payment: Payment; move: Moved }>;

/**
 * Facts of one provider in one transaction; each of them about another payment. `alongside` writes
 * what must never be seen apart from them, under the same locks.
 */
export async function applyFacts(
  deps: PaymentsDeps,
  given: readonly Fact[],
  alongside?: (tx: Tx) => Promise<void>,
): Promise<FactOutcome[]> {
  const facts = withAgain(given);
  const first = facts[0];
  if (first === undefined) return [];
  assert(
    facts.every((fact) => fact.provider === first.provider),
    'facts of one provider at a time',
  );
  const outcomes = await deps.db.transaction(async (tx) => {
    const applied = await applyInside(deps, tx, facts);
    await alongside?.(tx);
    return applied;
  });
  for (const { fact, paymentId, outcome } of outcomes) {
    deps.counted({ provider: fact.provider, source: fact.source, outcome });
    if (!isOrdinary(outcome)) {
      deps.log.error(
        { provider: fact.provider, reference: fact.payment.reference, paymentId, outcome },
        'quarantined: a provider says something that does not fit our payment',
      );
    }
  }
  return outcomes;
}

/** The same inside the transaction of an act of staff. */
export async function applyInside(
  deps: PaymentsDeps,
  tx: Tx,
  facts: readonly Fact[],
): Promise<FactOutcome[]> {
  const at = deps.clock.now();
  const provider = facts[0]?.provider ?? '';
  const named = await lockPayments(tx, provider, {
    ids: facts.flatMap(({ payment }) => payment.paymentId ?? []),
    references: facts.map(({ payment }) => payment.reference),
  });
  const locked = await openBeside(deps, tx, { facts, locked: named, at });
  const steps: Step[] = [];
  const moved = new Set<string>();
  const outcomes = facts.map((fact): FactOutcome => {
    const payment = findPayment(locked, fact.payment);
    if (payment === undefined) {
      return { fact, paymentId: undefined, outcome: 'unknown_order', isProof: false };
    }
    const judgement = judge(payment, fact.payment, { provider, acceptsTest: deps.acceptsTest });
    if (judgement.outcome === 'moved') {
      assert(!moved.has(payment.id), `two facts about payment ${payment.id} in one batch`);
      moved.add(payment.id);
      steps.push({ fact, payment, move: judgement });
    }
    const isProof = judgement.outcome === 'moved' && hasMoney(judgement.to);
    return { fact, paymentId: payment.id, outcome: outcomeWord(judgement), isProof };
  });
  await applySteps(deps, tx, steps, at);
  const told = await Promise.all(outcomes.map((one) => withOpenRefund(tx, one, locked)));
  await insertEvents(
    tx,
    told.flatMap((outcome) => contradiction(outcome, at)),
  );
  await finishNotices(tx, told.flatMap(judgedNotices), at);
  return told;
}

/** A part that went back while we are asking for one: what comes of our own refund tells how much. */
async function withOpenRefund(
  tx: Tx,
  outcome: FactOutcome,
  locked: readonly Payment[],
): Promise<FactOutcome> {
  if (outcome.fact.payment.partlyBack !== true || isOrdinary(outcome.outcome)) return outcome;
  const payment = locked.find(({ id }) => id === outcome.paymentId);
  const isOurs = payment !== undefined && (await sumOpenRefunds(tx, payment)).minor > 0n;
  return isOurs ? { ...outcome, outcome: 'unproven' } : outcome;
}

/** A fact that was not applied because it contradicts ours stands in the timeline with its reason. */
function contradiction({ fact, paymentId, outcome }: FactOutcome, at: Date) {
  if (paymentId === undefined || isOrdinary(outcome)) return [];
  return [...asked(paymentId, fact, at), { paymentId, at, kind: 'quarantined', detail: outcome }];
}

/** The payment a fact speaks about: by the vendor's id, else by ours. */
export function findPayment(known: readonly Payment[], fact: ProviderPayment): Payment | undefined {
  return (
    known.find((payment) => payment.reference === fact.reference) ??
    known.find((payment) => payment.id === fact.paymentId)
  );
}

async function applySteps(
  deps: PaymentsDeps,
  tx: Tx,
  steps: readonly Step[],
  at: Date,
): Promise<void> {
  if (steps.length === 0) return;
  await updatePayments(
    tx,
    steps.map(({ fact, payment, move }) => ({
      id: payment.id,
      reference: fact.payment.reference,
      state: move.to,
      refundedMinor: payment.refunded.minor + (move.moneyBack?.minor ?? 0n),
      reason: fact.payment.reason,
      advice: move.to === 'failed' ? fact.payment.advice : undefined,
      settledAt: move.moneyIn === undefined ? undefined : at,
      nextCheckAt: isEnd(move.to)
        ? undefined
        : new Date(at.getTime() + deps.schedule.baseSeconds * 1000),
    })),
  );
  await saveMethods(deps, tx, { kept: steps.flatMap(toSave), at });
  const orders = await deps.orders.lock(
    tx,
    steps.filter(changesOrder).map(({ payment }) => payment.orderId),
  );
  const balance = await openBalance(deps, tx, { steps, orders, at });
  const arrivals = await deps.orders.moneyIn(
    tx,
    steps
      .filter(({ move }) => move.moneyIn !== undefined)
      .map(({ payment: { id, orderId } }) => {
        return { orderId, paymentId: id, at, isShort: balance.short.has(id) };
      }),
  );
  const posted: Transfer[] = [];
  const events: PaymentEvent[] = [];
  for (const step of steps) {
    const { payment, move } = step;
    const arrival = arrivals.get(payment.id);
    if (arrival !== undefined) {
      posted.push(...moneyInTransfers(payment, arrival, at));
      events.push(settled(payment, arrival.outcome));
    }
    const order = orders.get(payment.orderId);
    const isSold = arrival === undefined ? order?.paymentId === payment.id : isSale(arrival);
    if (move.moneyBack !== undefined) {
      // What of this step came in is in the books before it is asked where its money is.
      await deps.ledger.post(tx, posted);
      assert(order !== undefined, `payment ${payment.id} is refunded without an order`);
      const back = { amount: move.moneyBack, total: step.fact.payment.refunded };
      const sources = await sourcesOf(deps, tx, { payment, isSold });
      const taken = { ...back, sources, product: order.product, at };
      posted.push(...moneyBackTransfers(payment, taken));
      events.push({ ...common(payment), type: 'payment.refunded', ...back, target: 'provider' });
    }
    if (isSold) await followOrder(deps, tx, step, at);
    events.push(...disputed(step), ...declined(step));
  }
  await wakeRefunds(
    tx,
    steps.filter(({ move }) => move.moneyBack !== undefined).map(({ payment }) => payment.id),
  );
  await deps.ledger.post(tx, posted);
  await insertEvents(tx, timeline(steps, posted, at));
  await deps.publish(tx, events);
}

/** What was paid with is kept when its owner agreed to that, and never because a vendor did. */
function toSave({ fact, payment, move }: Step): Kept[] {
  const { savedMethod: method } = fact.payment;
  const { saveWords: words } = payment;
  if (move.moneyIn === undefined || method === undefined || words === undefined) return [];
  return [{ payment, method, words }];
}

function changesOrder({ move }: Step): boolean {
  const { from, to, moneyIn, moneyBack } = move;
  const movesMoney = moneyIn !== undefined || moneyBack !== undefined;
  return movesMoney || [from, to].includes('disputed') || isOver(move);
}

/** The order that this payment paid hears what became of its money. */
async function followOrder(
  deps: PaymentsDeps,
  tx: Tx,
  { payment: { id, orderId }, move: { from, to } }: Step,
  at: Date,
): Promise<void> {
  if (to === 'refunded') await closeRefunded(deps, tx, { id: orderId, paymentId: id });
  if (to === 'disputed') await deps.orders.disputed(tx, orderId, at);
  // A dispute that took all of it was lost: what it closed stays closed.
  else if (from === 'disputed' && to !== 'refunded') {
    await deps.orders.disputed(tx, orderId, undefined);
  }
}

function isSale({ outcome }: MoneyInOutcome): boolean {
  return outcome === 'paid';
}

function common({ id, orderId, personId }: Payment) {
  return { paymentId: id, orderId, personId };
}

function settled(payment: Payment, outcome: MoneyInOutcome['outcome']): PaymentEvent {
  return { ...common(payment), type: 'payment.settled', outcome, amount: payment.amount };
}

function disputed({ payment, move: { from, to, moneyBack } }: Step): PaymentEvent[] {
  if (to === from) return [];
  if (to === 'disputed') return [{ ...common(payment), type: 'payment.disputed' }];
  if (from !== 'disputed') return [];
  const isLost = to === 'refunded' || moneyBack !== undefined;
  return [{ ...common(payment), type: isLost ? 'payment.dispute_lost' : 'payment.dispute_won' }];
}

/** A final "no" of the provider. An expired link is no news to somebody who walked away. */
function declined({ payment, fact, move }: Step): PaymentEvent[] {
  if (move.to !== 'failed') return [];
  const isCharge = payment.methodId !== undefined;
  const reason = fact.payment.reason ?? '';
  return [{ ...common(payment), type: 'payment.declined', reason, isCharge }];
}

function timeline(
  steps: readonly Step[],
  transfers: readonly Transfer[],
  at: Date,
): { paymentId: string; at: Date; kind: string; detail: string }[] {
  return steps.flatMap(({ payment, fact, move }) => [
    ...asked(payment.id, fact, at),
    { paymentId: payment.id, at, kind: move.to, detail: `told by ${fact.source}` },
    ...transfers
      .filter(({ reference }) => reference === payment.id || reference === payment.orderId)
      .map(({ id, amount }) => ({
        paymentId: payment.id,
        at,
        kind: 'posted',
        detail: `${id} ${formatMajor(amount)} ${amount.currency}`,
      })),
  ]);
}

/** What the provider said when it was asked; its answer to `start` is the entry `sent`. */
function asked(paymentId: string, { payment, source, provider }: Fact, at: Date) {
  if (source === 'start') return [];
  const { state, amount, refunded, reason } = payment;
  const words = [
    `${provider}: ${state}`,
    `${formatMajor(amount)} ${amount.currency}`,
    ...(refunded.minor === 0n ? [] : [`given back ${formatMajor(refunded)}`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  return [{ paymentId, at, kind: 'asked', detail: words.join(', ').slice(0, 200) }];
}

function outcomeWord(judgement: Judgement): string {
  return judgement.outcome === 'mismatch' ? judgement.mismatch : judgement.outcome;
}

function isOrdinary(outcome: string): outcome is 'moved' | 'duplicate' | 'unproven' {
  return outcome === 'moved' || outcome === 'duplicate' || outcome === 'unproven';
}

/**
 * A notice that led to no money may have been forged or early: it stays `unproven`, so that the
 * true one, which has the same key, is judged again (principle 4).
 */
function judgedNotices({ fact, outcome, isProof }: FactOutcome): JudgedNotice[] {
  return fact.notices.map((notice) => ({
    notice,
    state: isOrdinary(outcome) ? 'done' : 'quarantined',
    outcome: outcome === 'moved' && !isProof ? 'unproven' : outcome,
  }));
}
