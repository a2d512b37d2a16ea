/**
 * Charging a saved method: the same story as a link to pay, with nobody at the till. An order has
 * one charge underway at most; the key at the provider is our payment's id, so a charge whose answer
 * was lost is repeated as the same one, or looked for, and never made a second time.
 */
import type { Language } from '@opora/kernel';
import { OrderNotOpen } from '../orders/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { ProviderRefused } from './errors.ts';
import { tokenOf } from './methods.ts';
import type { Payment } from './payment.ts';
import { CHARGE_KEY_MS, type PaymentProvider, type ProviderPayment } from './provider.ts';
import { receiptMailbox } from './receipt.ts';
import { insertEvents, insertPayment, selectOfOrder, updateRefusedStart } from './repository.ts';
import { lockMethod, selectMethod } from './repository-methods.ts';
import type { SavedMethod } from './saved-method.ts';
import { askProvider, newPayment, providerOf } from './start.ts';
import { selectSwitchedOff } from './switches.ts';

export type ChargeRequest = Readonly<{
  orderId: string;
  methodId: string;
  /** The newest try the caller knows of: with a newer one nothing is charged. */
  after: string | undefined;
  language: Language;
  description: string;
}>;

/** The vendor's clock and ours differ; its list is searched a bit around our own moment. */
const LIST_AROUND_MS = 10 * 60_000;
/** States in which a charge may still become money: nothing else is charged meanwhile. */
const UNDERWAY = new Set(['created', 'pending', 'authorised', 'settled', 'disputed', 'expired']);

/**
 * Charges the method for an open order. `confirm` is asked in the transaction that writes the
 * intent and may lock what the charge rests on. Undefined: it said no, the method is not active any
 * more, or staff switched its provider off, and nothing was charged. A charge that is underway or unknown, or that somebody else
 * made meanwhile, is returned as it is.
 */
export async function chargePayment(
  deps: PaymentsDeps,
  request: ChargeRequest,
  confirm: (tx: Tx) => Promise<boolean>,
): Promise<Payment | undefined> {
  const { personId } = await deps.orders.find(request.orderId);
  const receiptTo = await receiptMailbox(deps, personId);
  const intent = await storeCharge(deps, { ...request, receiptTo }, confirm);
  if (intent === undefined || !intent.isNew) return intent?.payment;
  return askForCharge(deps, intent.payment, request);
}

type Intent = Readonly<{ payment: Payment; isNew: boolean }>;

function storeCharge(
  deps: PaymentsDeps,
  request: ChargeRequest & { receiptTo: string | undefined },
  confirm: (tx: Tx) => Promise<boolean>,
): Promise<Intent | undefined> {
  const { orderId, methodId, after, receiptTo, description, language } = request;
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const order = (await deps.orders.lock(tx, [orderId])).get(orderId);
    if (order?.state !== 'open') throw new OrderNotOpen(`order ${orderId} is not open any more`);
    const [newest] = await selectOfOrder(tx, orderId, 1);
    const isUnderway = newest !== undefined && UNDERWAY.has(newest.state);
    if (isUnderway || newest?.id !== after) return newest && { payment: newest, isNew: false };
    const method = await lockMethod(tx, methodId);
    if (method?.state !== 'active' || !(await confirm(tx))) return undefined;
    if ((await selectSwitchedOff(tx)).has(method.provider)) return undefined;
    const payment: Payment = {
      ...newPayment(deps.ids.next('pay'), {
        ...{ order, provider: method.provider, amount: order.amount, createdAt: at },
        receiptTo,
        asked: { description, language },
      }),
      methodId,
    };
    await insertPayment(tx, payment, new Date(at.getTime() + deps.schedule.baseSeconds * 1000));
    const detail = `order ${order.id}, saved method ${method.title}`;
    await insertEvents(tx, [{ paymentId: payment.id, at, kind: 'created', detail }]);
    return { payment, isNew: true };
  });
}

/** Read again just before the call: what its owner removed a moment ago is not charged. */
async function askForCharge(
  deps: PaymentsDeps,
  payment: Payment,
  request: Pick<ChargeRequest, 'language' | 'description'>,
): Promise<Payment> {
  const method = await activeMethod(deps, payment);
  if (method === undefined) {
    await updateRefusedStart(deps.db.read, payment.id, 'method_removed');
    return deps.find(payment.id);
  }
  const order = await deps.orders.find(payment.orderId);
  const provider = providerOf(deps, payment.provider);
  try {
    return await askProvider(deps, {
      ...{ payment, order, provider, request },
      ask: (asked) => provider.charge(tokenOf(deps, method), asked),
    });
  } catch (error) {
    // Refused for good: written down as the failed payment it is.
    if (error instanceof ProviderRefused) return deps.find(payment.id);
    throw error;
  }
}

/**
 * A charge whose answer was lost: the same key again while that is certainly the same charge and
 * still wanted; else the vendor is asked by our id, or its list is searched. Undefined: nothing is known yet.
 */
export async function recoverCharge(
  deps: PaymentsDeps,
  payment: Payment,
): Promise<ProviderPayment | undefined> {
  const order = await deps.orders.find(payment.orderId);
  const age = deps.clock.now().getTime() - payment.createdAt.getTime();
  const method = await activeMethod(deps, payment);
  if (order.state === 'open' && method !== undefined && age < CHARGE_KEY_MS) {
    await askForCharge(deps, payment, await deps.describe(order));
    return undefined;
  }
  const provider = providerOf(deps, payment.provider);
  if (provider.find !== undefined) return provider.find(payment.id, age >= CHARGE_KEY_MS);
  return findInList(provider, payment);
}

async function activeMethod(
  deps: PaymentsDeps,
  { methodId }: Payment,
): Promise<SavedMethod | undefined> {
  const method = methodId === undefined ? undefined : await selectMethod(deps.db.read, methodId);
  return method?.state === 'active' ? method : undefined;
}

async function findInList(
  provider: PaymentProvider,
  { id, createdAt }: Payment,
): Promise<ProviderPayment | undefined> {
  if (!provider.capabilities.lists) return undefined;
  const window = {
    from: new Date(createdAt.getTime() - LIST_AROUND_MS),
    to: new Date(createdAt.getTime() + CHARGE_KEY_MS + LIST_AROUND_MS),
  };
  for await (const found of provider.list(window)) if (found.paymentId === id) return found;
  return undefined;
}
