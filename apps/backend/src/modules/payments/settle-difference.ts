/**
 * One object of a provider's book against one payment of ours, inside a run: asked again where the
 * first word may be old, applied where our core can apply it, written down where the books differ.
 */
import { DomainError, OperationalError } from '@opora/kernel';
import { DatabaseUnavailable } from '../../platform/db/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { compare, type Comparison, type DifferenceKind } from './difference.ts';
import { ProviderPaymentMissing, ProviderUnavailable } from './errors.ts';
import type { Payment } from './payment.ts';
import type { PaymentProvider, ProviderPayment } from './provider.ts';
import {
  upsertDifference,
  type BookEntry,
  type DifferenceState,
} from './repository-differences.ts';
import { selectKnown, type ReconciliationRun } from './repository-reconciliation.ts';
import { applyFacts, findPayment } from './settle.ts';
import { truthOf } from './truth.ts';

const DIFFERENCES_MAX = 10_000;
const FAILURE_LENGTH = 200;

/** What is known in the middle of a run. */
export type Round = {
  readonly deps: PaymentsDeps;
  readonly provider: PaymentProvider;
  readonly run: ReconciliationRun;
  readonly from: Date;
  readonly to: Date;
  /** Our payments whose own object was read in their list. */
  readonly met: Set<string>;
  /** `kind reference` of what was found, so that an object that is read twice counts once. */
  readonly found: Map<string, DifferenceState>;
  theirs: number;
  ours: number;
  failure: string | undefined;
  /** The vendor does not answer, or there is too much: nothing more is asked. */
  isOver: boolean;
};

/** Undefined: the vendor did not say. */
export async function ask(
  round: Round,
  payment: Payment,
): Promise<ProviderPayment | 'missing' | undefined> {
  try {
    return (await truthOf(round.deps, payment)) ?? 'missing';
  } catch (error) {
    if (error instanceof ProviderPaymentMissing) return 'missing';
    failed(round, error);
    return undefined;
  }
}

export async function noteMissing(round: Round, payment: Payment): Promise<void> {
  if (payment.settledAt === undefined) return;
  await note(round, { kind: 'unknown_there', state: 'open', payment, object: undefined });
}

export async function judgeDifference(
  round: Round,
  payment: Payment | undefined,
  object: ProviderPayment,
): Promise<void> {
  const told = compareIn(round, payment, object);
  if (told.outcome === 'equal') return;
  if (told.outcome === 'differs' && told.isDoubtful && payment !== undefined) {
    await judgeAgain(round, payment);
    return;
  }
  await conclude(round, { payment, object, told });
}

/**
 * Ours is read before theirs: then ours cannot be ahead of what the vendor knows, and a payment
 * that moved while the list was read is no difference.
 */
async function judgeAgain(round: Round, { id }: Payment): Promise<void> {
  const payment = await round.deps.find(id);
  const object = await ask(round, payment);
  if (object === undefined) return;
  if (object === 'missing') {
    await noteMissing(round, payment);
    return;
  }
  const told = compareIn(round, payment, object);
  if (told.outcome !== 'equal') await conclude(round, { payment, object, told });
}

type Found = Readonly<{
  payment: Payment | undefined;
  object: ProviderPayment;
  told: Exclude<Comparison, { outcome: 'equal' }>;
}>;

/** Applies what can be applied. It is repaired when both books then say the same. */
async function conclude(round: Round, { payment, object, told }: Found): Promise<void> {
  const { kind } = told;
  if (told.outcome === 'differs' || payment === undefined) {
    await note(round, { kind, state: 'open', payment, object });
    return;
  }
  await apply(round, object);
  const known = await selectKnown(round.deps.db.read, round.provider.id, [object]);
  const after = findPayment(known, object);
  const state = compareIn(round, after, object).outcome === 'equal' ? 'repaired' : 'open';
  await note(round, { kind, state, payment, object });
}

async function apply({ deps, provider }: Round, payment: ProviderPayment): Promise<void> {
  try {
    await applyFacts(deps, [
      { provider: provider.id, payment, source: 'reconciliation', notices: [] },
    ]);
  } catch (error) {
    // Not this fact's fault: nothing could be written at all.
    if (error instanceof DatabaseUnavailable) throw error;
    deps.log.error({ error, reference: payment.reference }, 'a fact could not be applied');
  }
}

function compareIn(
  { deps, provider }: Round,
  payment: Payment | undefined,
  object: ProviderPayment,
): Comparison {
  const options = { provider: provider.id, acceptsTest: deps.acceptsTest };
  return compare(payment, object, options);
}

type Noted = Readonly<{
  kind: DifferenceKind;
  state: DifferenceState;
  payment: Payment | undefined;
  object: ProviderPayment | undefined;
}>;

async function note(round: Round, { kind, state, payment, object }: Noted): Promise<void> {
  const { deps, provider, run, found } = round;
  const reference = object?.reference ?? payment?.reference ?? payment?.id ?? '';
  found.set(`${kind} ${reference}`, state);
  if (found.size > DIFFERENCES_MAX) {
    tooMuch(round, `more than ${String(DIFFERENCES_MAX)} differences`);
    return;
  }
  await upsertDifference(deps.db.read, {
    id: deps.ids.next('dif'),
    runId: run.id,
    provider: provider.id,
    day: run.day,
    kind,
    state,
    reference,
    paymentId: payment?.id,
    ours: payment && entryOf(payment),
    theirs: object && entryOf(object),
    at: deps.clock.now(),
  });
  const facts = { provider: provider.id, day: run.day, kind, reference, paymentId: payment?.id };
  const level = state === 'open' ? 'error' : 'warn';
  deps.log[level](facts, `reconciliation: the books differed (${state})`);
}

function entryOf({
  state,
  amount,
  refunded,
}: Pick<Payment | ProviderPayment, 'state' | 'amount' | 'refunded'>): BookEntry {
  return {
    state,
    minor: amount.minor.toString(),
    refundedMinor: refunded.minor.toString(),
    currency: amount.currency,
  };
}

export function failed(round: Round, error: unknown): void {
  if (!(error instanceof OperationalError || error instanceof DomainError)) throw error;
  round.failure ??= error.message.slice(0, FAILURE_LENGTH);
  if (error instanceof ProviderUnavailable) round.isOver = true;
  const { provider, run } = round;
  round.deps.log.warn({ provider: provider.id, day: run.day, error }, 'reconciliation is partial');
}

export function tooMuch(round: Round, what: string): void {
  round.failure ??= `${what} in one day`;
  round.isOver = true;
}
