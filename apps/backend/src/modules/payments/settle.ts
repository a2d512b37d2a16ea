/**
 * The one writer (principle 1). The return page, notices, the janitor and staff only bring facts;
 * this applies them: locked payments, pure judgement, then order, ledger, timeline, notices and
 * reactions in the same transaction. Facts that wait together are applied together.
 */
import { assert, formatMajor } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { clearingAccount, customerAccount, salesAccount, type Transfer } from '../ledger/index.ts';
import type { PaymentEvent } from './events.ts';
import { isEnd, judge, type Judgement, type Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import type { PaymentsDeps } from './deps.ts';
import { insertEvents, lockPayments, updatePayments } from './repository.ts';
import { finishNotices, type ClaimedNotice, type JudgedNotice } from './repository-notices.ts';

/** The provider's truth about one payment, and the notices that made us ask. */
export type Fact = Readonly<{
  provider: string;
  payment: ProviderPayment;
  source: 'notice' | 'janitor' | 'start' | 'refund' | 'reconciliation';
  notices: readonly ClaimedNotice[];
}>;

/** How a fact ended: the judgement's outcome, the mismatch, or `unknown_order`. */
export type FactOutcome = Readonly<{ fact: Fact; paymentId: string | undefined; outcome: string }>;

type Moved = Extract<Judgement, { outcome: 'moved' }>;
type Step = Readonly<{ fact: Fact; payment: Payment; move: Moved }>;

/** Facts of one provider in one transaction; each of them about another payment. */
export async function applyFacts(
  deps: PaymentsDeps,
  facts: readonly Fact[],
): Promise<FactOutcome[]> {
  const first = facts[0];
  if (first === undefined) return [];
  assert(
    facts.every((fact) => fact.provider === first.provider),
    'facts of one provider at a time',
  );
  const outcomes = await deps.db.transaction((tx) => applyInside(deps, tx, facts));
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

async function applyInside(
  deps: PaymentsDeps,
  tx: Tx,
  facts: readonly Fact[],
): Promise<FactOutcome[]> {
  const at = deps.clock.now();
  const provider = facts[0]?.provider ?? '';
  const locked = await lockPayments(tx, provider, {
    ids: facts.flatMap(({ payment }) => payment.paymentId ?? []),
    references: facts.map(({ payment }) => payment.reference),
  });
  const steps: Step[] = [];
  const moved = new Set<string>();
  const outcomes = facts.map((fact): FactOutcome => {
    const payment = findPayment(locked, fact.payment);
    if (payment === undefined) return { fact, paymentId: undefined, outcome: 'unknown_order' };
    const judgement = judge(payment, fact.payment, { provider, acceptsTest: deps.acceptsTest });
    if (judgement.outcome === 'moved') {
      assert(!moved.has(payment.id), `two facts about payment ${payment.id} in one batch`);
      moved.add(payment.id);
      steps.push({ fact, payment, move: judgement });
    }
    return { fact, paymentId: payment.id, outcome: outcomeWord(judgement) };
  });
  await applySteps(deps, tx, steps, at);
  await finishNotices(tx, outcomes.flatMap(judgedNotices), at);
  return outcomes;
}

function findPayment(locked: readonly Payment[], fact: ProviderPayment): Payment | undefined {
  return (
    locked.find((payment) => payment.reference === fact.reference) ??
    locked.find((payment) => payment.id === fact.paymentId)
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
      settledAt: move.moneyIn === undefined ? undefined : at,
      nextCheckAt: isEnd(move.to)
        ? undefined
        : new Date(at.getTime() + deps.schedule.baseSeconds * 1000),
    })),
  );
  const arrivals = steps.filter(({ move }) => move.moneyIn !== undefined);
  const orders = await deps.orders.moneyIn(
    tx,
    arrivals.map(({ payment }) => ({ orderId: payment.orderId, paymentId: payment.id, at })),
  );
  const transfers: Transfer[] = [];
  const events: PaymentEvent[] = [];
  for (const step of steps) {
    const arrival = orders.get(step.payment.id);
    if (arrival !== undefined) {
      transfers.push(...moneyInTransfers(step, arrival, at));
      events.push({
        type: 'payment.settled',
        paymentId: step.payment.id,
        orderId: step.payment.orderId,
        personId: step.payment.personId,
        outcome: arrival.outcome,
        amount: step.payment.amount,
      });
    }
    const reversal = await moneyBack(deps, tx, step, arrival, at);
    transfers.push(...reversal.transfers);
    events.push(...reversal.events, ...declined(step));
  }
  await deps.ledger.post(tx, transfers);
  await insertEvents(tx, timeline(steps, transfers, at));
  await deps.publish(tx, events);
}

/** Money comes to the customer's account; a sale moves it on. A surplus stays: it is the balance. */
function moneyInTransfers(
  { payment }: Step,
  arrival: { order: { product: string }; outcome: 'paid' | 'surplus' },
  at: Date,
): Transfer[] {
  const { currency } = payment.amount;
  const customer = customerAccount(payment.personId, currency);
  const common = { amount: payment.amount, at };
  const arrived: Transfer = {
    ...common,
    id: `${payment.id}:in`,
    debit: clearingAccount(payment.provider, currency),
    credit: customer,
    kind: 'payment',
    reference: payment.id,
  };
  if (arrival.outcome === 'surplus') return [arrived];
  return [
    arrived,
    {
      ...common,
      id: `${payment.orderId}:sale`,
      debit: customer,
      credit: salesAccount(arrival.order.product, currency),
      kind: 'sale',
      reference: payment.orderId,
    },
  ];
}

/**
 * Money went back: from the sale when this payment paid the order, else from the balance. The
 * total given back so far makes the id, so two partial refunds are two transfers.
 */
async function moneyBack(
  deps: PaymentsDeps,
  tx: Tx,
  { payment, fact, move }: Step,
  arrival: { outcome: 'paid' | 'surplus' } | undefined,
  at: Date,
): Promise<{ transfers: Transfer[]; events: PaymentEvent[] }> {
  const amount = move.moneyBack;
  if (amount === undefined) return { transfers: [], events: [] };
  const order = await deps.orders.find(payment.orderId);
  const { currency } = amount;
  const customer = customerAccount(payment.personId, currency);
  const key = `${payment.id}:back:${fact.payment.refunded.minor.toString()}`;
  const wasSale =
    arrival === undefined ? order.paymentId === payment.id : arrival.outcome === 'paid';
  const common = { amount, reference: payment.id, at };
  const transfers: Transfer[] = wasSale
    ? [
        {
          ...common,
          id: `${key}:sale`,
          debit: salesAccount(order.product, currency),
          credit: customer,
          kind: 'sale_refund',
        },
      ]
    : [];
  transfers.push({
    ...common,
    id: key,
    debit: customer,
    credit: clearingAccount(payment.provider, currency),
    kind: 'refund',
  });
  if (move.to === 'refunded' && wasSale) await deps.orders.refunded(tx, payment.orderId);
  return {
    transfers,
    events: [
      {
        type: 'payment.refunded',
        paymentId: payment.id,
        orderId: payment.orderId,
        personId: payment.personId,
        amount,
        total: fact.payment.refunded,
      },
    ],
  };
}

/** A final "no" of the provider. An expired link is no news to somebody who walked away. */
function declined({ payment, fact, move }: Step): PaymentEvent[] {
  if (move.to !== 'failed') return [];
  return [
    {
      type: 'payment.declined',
      paymentId: payment.id,
      orderId: payment.orderId,
      personId: payment.personId,
      reason: fact.payment.reason ?? '',
    },
  ];
}

function timeline(
  steps: readonly Step[],
  transfers: readonly Transfer[],
  at: Date,
): { paymentId: string; at: Date; kind: string; detail: string }[] {
  return steps.flatMap(({ payment, fact, move }) => [
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

function outcomeWord(judgement: Judgement): string {
  return judgement.outcome === 'mismatch' ? judgement.mismatch : judgement.outcome;
}

function isOrdinary(outcome: string): outcome is 'moved' | 'duplicate' | 'unproven' {
  return outcome === 'moved' || outcome === 'duplicate' || outcome === 'unproven';
}

function judgedNotices({ fact, outcome }: FactOutcome): JudgedNotice[] {
  return fact.notices.map((notice) => ({
    notice,
    state: isOrdinary(outcome) ? 'done' : 'quarantined',
    outcome,
  }));
}
