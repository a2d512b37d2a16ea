/** Money back: the intent under the payment's lock, then the provider, then its own truth. */
import {
  OperationalError,
  assert,
  compareMoney,
  isPositive,
  sameMoney,
  subtractMoney,
  type Money,
} from '@opora/kernel';
import type { Acted, StaffAct } from '../audit/index.ts';
import {
  PaymentNotFound,
  PaymentStateConflict,
  ProviderRefused,
  RefundExceedsPayment,
  UnsupportedByProvider,
} from './errors.ts';
import {
  creditBack,
  demandFree,
  demandSold,
  holdForRefund,
  isSoldBy,
  releaseRefundHold,
} from './credit.ts';
import { BALANCE, type Payment } from './payment.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { PaymentProvider, ProviderPayment, RefundOutcome } from './provider.ts';
import { receiptOf } from './receipt.ts';
import { insertEvents, lockPayments, selectPayment } from './repository.ts';
import {
  claimRefunds,
  finishRefund,
  insertRefund,
  leaveToStaff,
  selectRefundByKey,
  sumFinishedRefunds,
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
  /** To the payer (the default) or to the balance; what the balance paid always goes back to it. */
  target?: Refund['target'];
  /** The caller's own key: a repeated wish is the same refund (principle 8). */
  idempotencyKey: string;
}>;

const REFUNDS_PER_ROUND = 16;
/** The provider keeps our key for a day: asked again later it might give the money back twice. */
const REPEATED_FOR_MS = 23 * 3_600_000;

/**
 * Gives money back. The refund is written before the provider is asked; after a lost answer it
 * stays `requested` and `retryRefunds` asks again with the same key.
 */
export async function refundPayment(deps: PaymentsDeps, wish: RefundWish): Promise<Refund> {
  const refund = await deps.db.transaction((tx) => storeRefund(deps, tx, wish));
  return refund.state === 'requested' ? askForRefund(deps, refund) : refund;
}

/**
 * The same by a member of staff, with the audit entry in the transaction of the intent. A provider
 * that does not answer is asked again by itself, so the act is done: the refund says `requested`.
 */
export async function refundByStaff(
  deps: PaymentsDeps,
  act: StaffAct,
  asked: Pick<RefundWish, 'paymentId' | 'amount' | 'target'>,
): Promise<Acted & { refund: Refund }> {
  const { amount, paymentId, target = 'provider' } = asked;
  const wish = { ...asked, reason: act.reason, idempotencyKey: act.key };
  const { personId } = await deps.find(paymentId);
  const stored = await deps.db.transaction(async (tx) => {
    const refund = await storeRefund(deps, tx, wish);
    const acted = await deps.audit.record(tx, {
      ...act,
      act: 'payments.refund',
      subject: { kind: 'payment', id: paymentId },
      personId,
      asked: { minor: amount.minor.toString(), currency: amount.currency, target },
      after: { refundId: refund.id },
    });
    return { ...acted, refund };
  });
  const { refund } = stored;
  if (!stored.isFirst || refund.state !== 'requested') return stored;
  try {
    return { ...stored, refund: await askForRefund(deps, refund) };
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    deps.log.warn({ refund: refund.id, error }, 'a refund is still open; asking later');
    return stored;
  }
}

async function storeRefund(deps: PaymentsDeps, tx: Tx, wish: RefundWish): Promise<Refund> {
  const payment = await lockPayment(tx, wish.paymentId);
  const repeated = await selectRefundByKey(tx, wish.idempotencyKey);
  if (repeated !== undefined) return sameWish(repeated, wish);
  assertRefundable(payment, wish.amount, await sumOpenRefunds(tx, payment));
  const target = targetOf(payment, wish);
  if (target === 'provider') demandGivesBack(deps, payment, wish.amount);
  const order = (await deps.orders.lock(tx, [payment.orderId])).get(payment.orderId);
  assert(order !== undefined, `payment ${payment.id} has no order`);
  if (target === 'balance') demandSold(payment, order);
  const at = deps.clock.now();
  const refund: Refund = {
    id: deps.ids.next('ref'),
    ...wish,
    target,
    state: target === 'balance' ? 'refunded' : 'requested',
    reference: undefined,
    createdAt: at,
  };
  await insertRefund(tx, refund);
  await insertEvents(tx, [
    { paymentId: payment.id, at, kind: 'refund requested', detail: wish.reason },
  ]);
  if (target === 'balance') await creditBack(deps, tx, { payment, order, refund });
  else if (!isSoldBy(payment, order)) await holdForRefund(deps, tx, { payment, refund });
  return refund;
}

async function lockPayment(tx: Tx, id: string): Promise<Payment> {
  const [payment] = await lockPayments(tx, '', { ids: [id], references: [] });
  if (payment === undefined) throw new PaymentNotFound(`no payment ${id}`);
  return payment;
}

/** Locked, with that much left to give back. */
export async function lockRefundable(tx: Tx, id: string, amount: Money): Promise<Payment> {
  const payment = await lockPayment(tx, id);
  assertRefundable(payment, amount, await sumOpenRefunds(tx, payment));
  return payment;
}

function targetOf({ provider }: Payment, { target }: Pick<RefundWish, 'target'>) {
  return provider === BALANCE ? 'balance' : (target ?? 'provider');
}

/** Whether a refund would be taken now, without making one. */
export async function checkRefund(
  deps: PaymentsDeps,
  wish: Pick<RefundWish, 'paymentId' | 'amount' | 'target'>,
): Promise<void> {
  const payment = await deps.find(wish.paymentId);
  assertRefundable(payment, wish.amount, await sumOpenRefunds(deps.db.read, payment));
  const order = await deps.orders.find(payment.orderId);
  const { personId, amount } = payment;
  if (targetOf(payment, wish) === 'provider') demandGivesBack(deps, payment, wish.amount);
  if (targetOf(payment, wish) === 'balance') demandSold(payment, order);
  else if (!isSoldBy(payment, order)) {
    demandFree(await deps.ledger.balance(deps.db.read, personId, amount.currency), wish.amount);
  }
}

/** What its provider cannot do is said before the press; the balance takes any sum back. */
function demandGivesBack(
  deps: PaymentsDeps,
  { provider: id, amount }: Payment,
  asked: Money,
): void {
  // One that can never be asked for would stay underway and keep its sum from everybody.
  const { refunds } = providerOf(deps, id).capabilities;
  const isPart = !sameMoney(asked, amount);
  if (refunds === 'none' || (refunds === 'full' && isPart)) {
    throw new UnsupportedByProvider(
      `${id} gives ${refunds === 'none' ? 'nothing' : 'only the whole sum'} back: to the balance instead`,
    );
  }
}

function sameWish(repeated: Refund, wish: RefundWish): Refund {
  const isSame =
    repeated.paymentId === wish.paymentId &&
    sameMoney(repeated.amount, wish.amount) &&
    // What the balance paid goes to the balance, whatever was asked.
    (repeated.target === 'balance' || (wish.target ?? 'provider') === 'provider');
  if (isSame) return repeated;
  throw new PaymentStateConflict(`the key of refund ${repeated.id} came with another wish`);
}

function assertRefundable(payment: Payment, amount: Money, underway: Money): void {
  if (payment.state !== 'settled' && payment.state !== 'partly_refunded') {
    throw new PaymentStateConflict(
      `payment ${payment.id} is ${payment.state}: nothing to give back`,
    );
  }
  if (amount.currency !== payment.amount.currency) {
    throw new PaymentStateConflict(`payment ${payment.id} was not in ${amount.currency}`);
  }
  const left = [payment.refunded, payment.credited, underway].reduce(subtractMoney, payment.amount);
  if (!isPositive(amount) || compareMoney(amount, left) > 0) {
    throw new RefundExceedsPayment(`payment ${payment.id} has less left than the refund asks for`, {
      facts: { leftMinor: left.minor.toString(), currency: left.currency },
    });
  }
}

/**
 * The provider's truth about the payment is posted and the refund finished in one transaction: apart
 * it would count twice, as given back and as underway. Until then it is underway and asked again.
 */
async function askForRefund(deps: PaymentsDeps, refund: Refund): Promise<Refund> {
  const payment = await deps.find(refund.paymentId);
  const provider = providerOf(deps, payment.provider);
  if (payment.reference === undefined) {
    throw new PaymentStateConflict(`payment ${payment.id} has no id at ${provider.id}`);
  }
  const outcome = await request(deps, provider, payment, refund);
  const { reference, state, reason } = outcome;
  const end = { id: refund.id, reference, refusal: reason, at: deps.clock.now() };
  if (state === 'refused') return refuse(deps, payment, refund, end);
  const told = await provider.lookup(payment.reference, payment.amount);
  const truth = withRest(told, payment, outcome);
  let finished: Refund | undefined;
  await applyFacts(
    deps,
    [{ provider: provider.id, payment: truth, source: 'refund', notices: [] }],
    async (tx) => {
      const isDone = await isInTheBooks(tx, refund);
      finished = isDone ? await finishRefund(tx, { ...end, state: 'refunded' }) : undefined;
      if (finished !== undefined) {
        await releaseRefundHold(deps, tx, { payment, refundId: refund.id, at: end.at });
      }
    },
  );
  return finished ?? refund;
}

/** The provider will not give it back: what was held for it is free again. */
async function refuse(
  deps: PaymentsDeps,
  payment: Payment,
  refund: Refund,
  end: Omit<Parameters<typeof finishRefund>[1], 'state'>,
): Promise<Refund> {
  const refused = await deps.db.transaction(async (tx) => {
    await lockPayments(tx, '', { ids: [payment.id], references: [] });
    const finished = await finishRefund(tx, { ...end, state: 'refused' });
    if (finished !== undefined) {
      await releaseRefundHold(deps, tx, { payment, refundId: refund.id, at: end.at });
    }
    return finished;
  });
  return refused ?? refund;
}

/** Some providers tell what a refund left only in the answer to it. */
function withRest(
  told: ProviderPayment,
  { amount }: Payment,
  { left }: RefundOutcome,
): ProviderPayment {
  if (left === undefined) return told;
  const { partlyBack: _unsaid, ...truth } = told;
  return { ...truth, state: 'settled', amount, refunded: subtractMoney(amount, left) };
}

/** A refusal for good is an outcome like any other: asking again would not help. */
async function request(
  deps: PaymentsDeps,
  provider: PaymentProvider,
  { orderId, reference = '', receiptTo: to, asked }: Payment,
  { id, amount, reason }: Refund,
): Promise<RefundOutcome> {
  const order = await deps.orders.find(orderId);
  const { description } = asked ?? (await deps.describe(order));
  const receipt = receiptOf(deps.receipts, { order, amount, description, to });
  try {
    return await provider.refund({ refundId: id, reference, amount, reason, receipt });
  } catch (error) {
    if (!(error instanceof ProviderRefused || error instanceof UnsupportedByProvider)) throw error;
    return { state: 'refused', reference: undefined, reason: error.message };
  }
}

/** True when the payment's own figure covers this refund beside those that are finished. */
async function isInTheBooks(tx: Tx, { paymentId, amount }: Refund): Promise<boolean> {
  const finished = await sumFinishedRefunds(tx, paymentId);
  const payment = await selectPayment(tx, paymentId);
  return payment !== undefined && payment.refunded.minor >= finished + amount.minor;
}

/** Refunds whose answer was lost or that the provider had not finished; one round. */
export async function retryRefunds(deps: PaymentsDeps): Promise<number> {
  const open = await claimRefunds(deps.db.read, REFUNDS_PER_ROUND, deps.schedule);
  for (const refund of open) {
    const { paymentId } = refund;
    if (deps.clock.now().getTime() - refund.createdAt.getTime() > REPEATED_FOR_MS) {
      await leaveToStaff(deps.db.read, refund.id);
      deps.log.error(
        { refundId: refund.id, paymentId },
        'a refund stayed unknown: look at the provider',
      );
      continue;
    }
    await askForRefund(deps, refund).catch((error: unknown) => {
      deps.log.warn(
        { refundId: refund.id, paymentId, error },
        'a refund is still open; asking later',
      );
    });
  }
  return open.length;
}
