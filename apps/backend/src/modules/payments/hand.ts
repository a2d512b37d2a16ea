/**
 * Money that no provider told of: a transfer, cash, an invoice. Staff enters it with its document; above
 * the product's limit a second member of staff confirms it. It settles by the one writer, as every
 * payment does, and each act is written with its audit entry or not at all.
 */
import { addMoney, assert, compareMoney, formatMajor, type Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Acted, StaffAct } from '../audit/index.ts';
import type { Order } from '../orders/index.ts';
import { lockBalance } from './balance.ts';
import { demandFree, isSoldBy } from './credit.ts';
import type { PaymentsDeps } from './deps.ts';
import { UnsupportedByProvider } from './errors.ts';
import {
  CONFIRMED_WITHIN_MS,
  DocumentUsed,
  HandPaymentDecided,
  HandPaymentNotFound,
  isForOne,
  referenceOf,
  SecondPersonNeeded,
  stateAt,
  wrongSum,
  type HandDocument,
  type HandPayment,
} from './hand-payment.ts';
import { MANUAL, noMoney, type Payment } from './payment.ts';
import { lockRefundable } from './refund.ts';
import {
  decideHand,
  expireHand,
  insertHand,
  lockHand,
  selectByAct,
  selectByDocument,
  selectHand,
  selectHands,
} from './repository-hand.ts';
import { insertRefund, type Refund } from './repository-refunds.ts';
import { insertEvents, insertPayment } from './repository.ts';
import { applyInside } from './settle.ts';
import { newPayment } from './start.ts';

export type HandWish = Readonly<{ orderId: string; amount: Money; document: HandDocument }>;
export type HandActed = Acted & Readonly<{ hand: HandPayment }>;

/** Entered at once or waiting, how many the page of staff shows. */
const LISTED_MAX = 50;

export interface HandPayments {
  /**
   * Enters money that came for an order. Up to the limit it settles at once; above it waits for a
   * second person. Throws `DocumentUsed`, `HandSumWrong`, `OrderNotFound`.
   */
  enter(act: StaffAct, wish: HandWish): Promise<HandActed>;
  /** The second person; throws `SecondPersonNeeded`, `HandPaymentDecided`, `HandPaymentNotFound`. */
  confirm(act: StaffAct, handId: string): Promise<HandActed>;
  /** Whoever may enter may reject, also their own; its document is free again. */
  reject(act: StaffAct, handId: string): Promise<HandActed>;
  /** Money of a payment by hand was given back by hand; throws as `refundByStaff`. */
  refund(
    act: StaffAct,
    wish: { paymentId: string; amount: Money; document: HandDocument },
  ): Promise<HandActed>;
  /** Throws what `enter` would throw; whether one person is enough. */
  check(wish: { order?: Order; amount: Money; document: HandDocument }): Promise<{
    isForOne: boolean;
  }>;
  /** Throws `HandPaymentNotFound`. */
  find(handId: string): Promise<HandPayment>;
  /** Those that wait first, then the newest, 50 at most; states as of now. */
  list(): Promise<readonly HandPayment[]>;
}

export function createHandPayments(deps: PaymentsDeps): HandPayments {
  const { db, clock, handLimits } = deps;
  return {
    enter: (act, wish) => enter(deps, act, wish),
    confirm: (act, handId) => decide(deps, act, { handId, isConfirmed: true }),
    reject: (act, handId) => decide(deps, act, { handId, isConfirmed: false }),
    refund: (act, wish) => giveBack(deps, act, wish),
    async check({ order, amount, document }) {
      if (order !== undefined) demandSum(order, amount);
      const used = await selectByDocument(db.read, document);
      if (used !== undefined && stateAt(used, clock.now()) !== 'expired') throw documentUsed(used);
      return { isForOne: isForOne(amount, handLimits) };
    },
    async find(handId) {
      return demand(await selectHand(db.read, handId), handId);
    },
    async list() {
      const at = clock.now();
      const found = await selectHands(db.read, LISTED_MAX);
      return found.map((hand) => ({ ...hand, state: stateAt(hand, at) }));
    },
  };
}

async function enter(deps: PaymentsDeps, act: StaffAct, wish: HandWish): Promise<HandActed> {
  const { amount, document } = wish;
  const order = await deps.orders.find(wish.orderId);
  demandSum(order, amount);
  const done = await deps.db.transaction(async (tx) => {
    const at = deps.clock.now();
    const id = deps.ids.next('hnd');
    const forOne = isForOne(amount, deps.handLimits);
    const acted = await deps.audit.record(tx, {
      ...act,
      act: 'payments.enter',
      subject: { kind: 'order', id: order.id },
      personId: order.personId,
      asked: facts(amount, document),
      after: { handId: id, state: forOne ? 'settled' : 'waiting' },
    });
    if (!acted.isFirst) return { ...acted, hand: demand(await selectByAct(tx, acted.id), id) };
    const waiting: HandPayment = {
      ...{ id, direction: 'in', orderId: order.id, personId: order.personId },
      ...{ amount, document, reason: act.reason, state: 'waiting', enteredBy: act.actor },
      ...{ enteredAt: at, expiresAt: new Date(at.getTime() + CONFIRMED_WITHIN_MS) },
      ...{ decidedBy: undefined, decidedAt: undefined, paymentId: undefined, actId: acted.id },
    };
    await store(tx, waiting, at);
    return { ...acted, hand: forOne ? await settle(deps, tx, waiting, { order, at }) : waiting };
  });
  count(deps, done);
  return done;
}

/** The document is claimed before anything else: who comes second reads where it was used. */
async function store(tx: Tx, hand: HandPayment, at: Date): Promise<void> {
  await expireHand(tx, hand.document, at);
  if (await insertHand(tx, hand)) return;
  const used = await selectByDocument(tx, hand.document);
  assert(used !== undefined, `the document of ${hand.id} is used by nobody`);
  throw documentUsed(used);
}

async function decide(
  deps: PaymentsDeps,
  act: StaffAct,
  { handId, isConfirmed }: { handId: string; isConfirmed: boolean },
): Promise<HandActed> {
  const done = await deps.db.transaction(async (tx) => {
    const at = deps.clock.now();
    const hand = demand(await lockHand(tx, handId), handId);
    const acted = await deps.audit.record(tx, {
      ...act,
      act: isConfirmed ? 'payments.confirm' : 'payments.reject',
      subject: { kind: 'hand_payment', id: handId },
      personId: hand.personId,
      before: { state: 'waiting', enteredBy: hand.enteredBy.id },
      after: { state: isConfirmed ? 'settled' : 'rejected', ...facts(hand.amount, hand.document) },
    });
    if (!acted.isFirst) return { ...acted, hand };
    if (stateAt(hand, at) !== 'waiting') {
      throw new HandPaymentDecided(`hand payment ${handId} is ${stateAt(hand, at)}`);
    }
    if (isConfirmed && hand.enteredBy.id === act.actor.id) {
      throw new SecondPersonNeeded(`${act.actor.id} entered ${handId}: another person confirms it`);
    }
    const decided = { ...hand, decidedBy: act.actor, decidedAt: at };
    if (isConfirmed) {
      const order = await deps.orders.find(hand.orderId);
      return { ...acted, hand: await settle(deps, tx, decided, { order, at }) };
    }
    const rejected: HandPayment = { ...decided, state: 'rejected' };
    await decideHand(tx, rejected);
    return { ...acted, hand: rejected };
  });
  count(deps, done);
  return done;
}

/** The document is the provider, and this is what it says. */
async function settle(
  deps: PaymentsDeps,
  tx: Tx,
  hand: HandPayment,
  { order, at }: { order: Order; at: Date },
): Promise<HandPayment> {
  const { amount, document } = hand;
  const about = { order, provider: MANUAL, amount, createdAt: at } as const;
  const payment = newPayment(deps.ids.next('pay'), about);
  await insertPayment(tx, payment, undefined);
  const detail = `entered by ${hand.enteredBy.name}, ${document.kind} ${document.number}`;
  await insertEvents(tx, [{ paymentId: payment.id, at, kind: 'created', detail }]);
  await tell(deps, tx, { payment, document, refunded: noMoney(amount.currency) });
  const settled: HandPayment = { ...hand, state: 'settled', paymentId: payment.id };
  await decideHand(tx, settled);
  return settled;
}

async function tell(
  deps: PaymentsDeps,
  tx: Tx,
  truth: { payment: Payment; document: HandDocument; refunded: Money },
): Promise<void> {
  const { payment, document, refunded } = truth;
  const [told] = await applyInside(deps, tx, [
    {
      provider: MANUAL,
      source: 'hand',
      notices: [],
      payment: {
        reference: payment.reference ?? referenceOf(document),
        ...{ state: 'settled', amount: payment.amount, refunded, paymentId: payment.id },
        ...{ reason: undefined, createdAt: undefined, isTest: false },
      },
    },
  ]);
  assert(told?.outcome === 'moved', `payment ${payment.id} by hand was ${String(told?.outcome)}`);
}

async function giveBack(
  deps: PaymentsDeps,
  act: StaffAct,
  wish: { paymentId: string; amount: Money; document: HandDocument },
): Promise<HandActed> {
  const { paymentId, amount, document } = wish;
  const done = await deps.db.transaction(async (tx) => {
    const at = deps.clock.now();
    const id = deps.ids.next('hnd');
    const { personId } = await deps.find(paymentId);
    const acted = await deps.audit.record(tx, {
      ...{ ...act, act: 'payments.refund_by_hand', personId },
      subject: { kind: 'payment', id: paymentId },
      asked: facts(amount, document),
      after: { handId: id },
    });
    if (!acted.isFirst) return { ...acted, hand: demand(await selectByAct(tx, acted.id), id) };
    const payment = await lockRefundable(tx, paymentId, amount);
    if (payment.provider !== MANUAL) {
      throw new UnsupportedByProvider(`payment ${paymentId} goes back through ${payment.provider}`);
    }
    const order = await deps.orders.find(payment.orderId);
    if (!isSoldBy(payment, order)) {
      demandFree(await lockBalance(deps, tx, { ...payment, at }), amount);
    }
    const hand: HandPayment = {
      ...{ id, direction: 'back', orderId: order.id, personId, amount, document, paymentId },
      ...{ reason: act.reason, state: 'settled', enteredBy: act.actor, enteredAt: at },
      ...{ expiresAt: at, decidedBy: undefined, decidedAt: undefined, actId: acted.id },
    };
    await store(tx, hand, at);
    await insertRefund(tx, refundOf(deps, hand, paymentId));
    await tell(deps, tx, { payment, document, refunded: addMoney(payment.refunded, amount) });
    return { ...acted, hand };
  });
  count(deps, done);
  return done;
}

function refundOf(deps: PaymentsDeps, hand: HandPayment, paymentId: string): Refund {
  const { amount, reason, document, enteredAt: createdAt, actId: idempotencyKey } = hand;
  return {
    ...{ id: deps.ids.next('ref'), paymentId, amount, reason, idempotencyKey, createdAt },
    ...{ target: 'provider', state: 'refunded', reference: referenceOf(document) },
  };
}

/** Never above the price: what comes beside it is a top-up of its own. Throws `HandSumWrong`. */
function demandSum({ id, amount: price }: Order, amount: Money): void {
  const isSame = price.currency === amount.currency;
  if (!isSame || compareMoney(amount, price) > 0) throw wrongSum(id, price, amount.currency);
}

function facts(amount: Money, { kind, number }: HandDocument) {
  const { minor, currency } = amount;
  return { minor: minor.toString(), currency, document: `${kind} ${number}` };
}

function documentUsed(used: HandPayment): DocumentUsed {
  const { document, orderId, state, enteredBy, enteredAt, amount } = used;
  const day = enteredAt.toISOString().slice(0, 10);
  const sum = `${formatMajor(amount)} ${amount.currency}`;
  const where = `${orderId}, ${sum}, ${enteredBy.name}, ${day}, ${state}`;
  return new DocumentUsed(`${document.kind} ${document.number} was entered before`, {
    facts: { orderId, enteredAt: enteredAt.toISOString(), state },
    publicText: where,
  });
}

function demand(hand: HandPayment | undefined, id: string): HandPayment {
  if (hand === undefined) throw new HandPaymentNotFound(`no hand payment ${id}`);
  return hand;
}

function count(deps: PaymentsDeps, { isFirst, hand }: HandActed): void {
  if (!isFirst || hand.state !== 'settled') return;
  deps.counted({ provider: MANUAL, source: 'hand', outcome: 'moved' });
}
