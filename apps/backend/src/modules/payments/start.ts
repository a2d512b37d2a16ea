/** From an order to a link: store the intent, ask the provider, store the answer. */
import { DomainError, subtractMoney, type Language, type Money } from '@opora/kernel';
import { OrderNotOpen, type Order } from '../orders/index.ts';
import { partFromProvider, releaseHeld } from './balance.ts';
import { ProviderNotConfigured, ProviderUnavailable, UnsupportedByProvider } from './errors.ts';
import { noMoney, type Payment } from './payment.ts';
import type { PaymentOrder, PaymentProvider, ProviderId, StartedPayment } from './provider.ts';
import { selectHeld } from './repository-balance.ts';
import {
  insertEvents,
  insertPayment,
  selectPayable,
  selectPayment,
  updateRefusedStart,
  updateStarted,
} from './repository.ts';
import type { PaymentsDeps } from './deps.ts';
import { receiptMailbox, receiptNote, receiptOf } from './receipt.ts';
import { applyFacts } from './settle.ts';

export type StartRequest = Readonly<{
  orderId: string;
  provider: ProviderId;
  language: Language;
  /** What the buyer reads at the provider. */
  description: string;
  /** The balance pays what it can, and the provider is asked for the rest. */
  fromBalance?: boolean;
  /**
   * The words by which the buyer agreed that the method they pay with is kept for renewals. Left
   * out: it is not kept. Throws `UnsupportedByProvider` where the provider keeps none.
   */
  saveWords?: string | undefined;
}>;

export async function startPayment(deps: PaymentsDeps, request: StartRequest): Promise<Payment> {
  const provider = providerOf(deps, request.provider);
  const order = await deps.orders.find(request.orderId);
  if (order.state !== 'open') throw new OrderNotOpen(`order ${order.id} is ${order.state}`);
  const { saveWords, fromBalance = false } = request;
  const { savedMethods } = provider.capabilities;
  if (saveWords !== undefined && savedMethods === 'none') {
    throw new UnsupportedByProvider(`${provider.id} keeps no methods for us`);
  }
  // It would charge the rest of this sum for every term to come.
  if (saveWords !== undefined && savedMethods === 'provider' && fromBalance) {
    throw new UnsupportedByProvider(`${provider.id} charges one sum for every term`);
  }
  const receiptTo = await receiptMailbox(deps, order.personId);
  const { description, language } = request;
  const said = { receiptTo, asked: { description, language } };
  const wish = { orderId: order.id, provider: provider.id, saveWords, fromBalance, ...said };
  const known = await findPayable(deps, order, wish);
  if (known?.checkoutUrl !== undefined) return known;
  const ask = (asked: PaymentOrder): Promise<StartedPayment> => provider.start(asked);
  const payment = known ?? (await storeIntent(deps, wish));
  if (payment.checkoutUrl !== undefined) return payment;
  const asked = await askProvider(deps, { payment, order, provider, request, ask });
  if (known === undefined || asked.state !== 'cancelled') return asked;
  // Its link was lost with an answer and the provider gave it up: a new one takes its place.
  const fresh = await storeIntent(deps, wish);
  return askProvider(deps, { payment: fresh, order, provider, request, ask });
}

type Wish = Readonly<{
  orderId: string;
  provider: ProviderId;
  saveWords: string | undefined;
  fromBalance: boolean;
  receiptTo: string | undefined;
  asked: Payment['asked'];
}>;

/** The link that was given for the very same: whole, or beside the part that is held already. */
async function findPayable(
  { db }: PaymentsDeps,
  { id, amount }: Order,
  wish: Wish,
): Promise<Payment | undefined> {
  if (!wish.fromBalance) return selectPayable(db.read, { ...wish, amount });
  const held = await selectHeld(db.read, id);
  if (held === undefined) return undefined;
  return selectPayable(db.read, { ...wish, amount: subtractMoney(amount, held.amount) });
}

export function providerOf(deps: PaymentsDeps, id: string): PaymentProvider {
  for (const [key, provider] of deps.providers) if (key === id) return provider;
  throw new ProviderNotConfigured(`payment provider ${id} is not configured`);
}

/** Under the order's lock, so that two clicks at once get one payment and not two links. */
async function storeIntent(deps: PaymentsDeps, wish: Wish): Promise<Payment> {
  const { orderId, provider, saveWords, receiptTo, asked } = wish;
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    if (order?.state !== 'open') throw new OrderNotOpen(`order ${orderId} is not open any more`);
    const amount = await partFromProvider(deps, tx, { ...wish, order, at });
    const quicker = await selectPayable(tx, { ...wish, amount });
    if (quicker !== undefined) return quicker;
    const about = { order, provider, amount, createdAt: at, receiptTo, asked };
    const made = newPayment(deps.ids.next('pay'), about);
    const payment = { ...made, saveWords };
    await insertPayment(tx, payment, new Date(at.getTime() + deps.schedule.baseSeconds * 1000));
    await insertEvents(tx, [
      { paymentId: payment.id, at, kind: 'created', detail: `order ${order.id}` },
    ]);
    return payment;
  });
}

export function newPayment(
  id: string,
  about: Readonly<{
    order: Order;
    provider: Payment['provider'];
    amount: Money;
    createdAt: Date;
    receiptTo?: string | undefined;
    asked?: Payment['asked'];
  }>,
): Payment {
  const { order, provider, amount, createdAt } = about;
  return {
    id,
    orderId: order.id,
    personId: order.personId,
    ...{ provider, amount, createdAt },
    reference: undefined,
    state: 'created',
    refunded: noMoney(order.amount.currency),
    credited: noMoney(order.amount.currency),
    checkoutUrl: undefined,
    reason: undefined,
    settledAt: undefined,
    checks: 0,
    saveWords: undefined,
    methodId: undefined,
    advice: undefined,
    secondOf: undefined,
    receiptTo: about.receiptTo,
    asked: about.asked,
  };
}

type Asking = Readonly<{
  payment: Payment;
  order: Order;
  provider: PaymentProvider;
  request: Pick<StartRequest, 'language' | 'description'>;
  /** A link to pay, or the charge of a saved method. */
  ask: (order: PaymentOrder) => Promise<StartedPayment>;
}>;

/**
 * The key at the provider is our payment's id, so asking again after a lost answer gives the same
 * payment. A lost answer leaves the payment `created`: nobody guesses, the janitor asks again.
 */
export async function askProvider(deps: PaymentsDeps, asking: Asking): Promise<Payment> {
  const { payment, order, provider, request, ask } = asking;
  const startedMs = deps.clock.monotonicMs();
  const { amount, receiptTo: to } = payment;
  const { description, language } = payment.asked ?? request;
  const receipt = receiptOf(deps.receipts, { description, order, amount, to });
  const note = (kind: string, detail: string): Promise<void> =>
    insertEvents(deps.db.read, [{ paymentId: payment.id, at: deps.clock.now(), kind, detail }]);
  try {
    const started = await ask({
      paymentId: payment.id,
      orderId: order.id,
      amount: payment.amount,
      createdAt: payment.createdAt,
      description,
      returnUrl: deps.returnUrl(order),
      language,
      captureAtOnce: true,
      receipt,
      ...(payment.saveWords === undefined ? {} : { saveMethod: true }),
    });
    await updateStarted(deps.db.read, {
      id: payment.id,
      reference: started.reference,
      checkoutUrl: started.checkoutUrl,
    });
    const tookMs = Math.round(deps.clock.monotonicMs() - startedMs);
    await note(
      'sent',
      `key ${payment.id}, ${String(tookMs)} ms, ${started.reference ?? 'no id yet'}${receiptNote(receipt, to)}`,
    );
    if (started.payment.state !== 'pending') {
      await applyFacts(deps, [
        { provider: provider.id, payment: started.payment, source: 'start', notices: [] },
      ]);
    }
    return (await selectPayment(deps.db.read, payment.id)) ?? payment;
  } catch (error) {
    if (error instanceof ProviderUnavailable) await note('unknown', error.message);
    else if (error instanceof DomainError && error.kind === 'conflict') {
      await refuseStart(deps, payment, error.code);
      await note('refused', error.message);
    }
    throw error;
  }
}

/** The provider will not have it: what was held for its rest is free again. */
async function refuseStart(deps: PaymentsDeps, payment: Payment, reason: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await updateRefusedStart(tx, payment.id, reason);
    await deps.orders.lock(tx, [payment.orderId]);
    await releaseHeld(deps, tx, { orderIds: [payment.orderId], at: deps.clock.now() });
  });
}
