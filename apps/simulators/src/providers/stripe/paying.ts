import {
  type Account,
  find,
  latestCharge,
  newCustomer,
  newMethod,
  saveCharge,
  saveIntent,
  saveSession,
} from './account.ts';
import { nextId } from './ids.ts';
import {
  type Charge,
  type DeclineCode,
  DECLINES,
  expectPayable,
  type Intent,
  type IntentOrder,
  openIntent,
} from './intent.ts';
import { codeOf, presentIntent } from './present.ts';
import { Refusal, refuse } from './refusal.ts';
import { completed, expectOpen, expired, type Session } from './session.ts';

/** The buyer pays on the page: a card at once, a bank debit in some days. */
export function payBySession(account: Account, id: string, type: 'card' | 'sepa_debit'): Session {
  const session = attempt(account, id);
  const started = find(account.intents, 'payment_intent', session.intentId ?? '');
  const method = newMethod(account, type, started.savesMethod ? started.customerId : undefined);
  const intent = { ...started, methodId: method.id, declined: undefined };
  if (type === 'sepa_debit') {
    begin(account, intent);
    return saveSession(account, completed(session, false), 'completed');
  }
  succeed(account, intent);
  return saveSession(account, completed(session, true), 'completed');
}

/** The bank refuses; the page stays open for another card. */
export function declineSession(account: Account, id: string, reason: DeclineCode): Session {
  const session = attempt(account, id);
  const started = find(account.intents, 'payment_intent', session.intentId ?? '');
  const methodId = newMethod(account, 'card', undefined).id;
  fail(account, { ...started, methodId }, reason);
  return session;
}

/** The bank wants to see the buyer (3-D Secure); nothing is decided. */
export function challengeSession(account: Account, id: string): Session {
  const session = attempt(account, id);
  const started = find(account.intents, 'payment_intent', session.intentId ?? '');
  saveIntent(account, { ...started, status: 'requires_action' }, 'requires_action');
  return session;
}

/** Nobody paid in time, or the merchant closed the page. */
export function expireSession(account: Account, id: string): Session {
  const session = expired(find(account.sessions, 'checkout.session', id));
  const intent =
    session.intentId === undefined ? undefined : account.intents.find(session.intentId);
  if (intent !== undefined) saveIntent(account, { ...intent, status: 'canceled' }, 'canceled');
  return saveSession(account, session, 'expired');
}

/** The money of a delayed method has come, or has not. */
export function settleIntent(account: Account, id: string, well: boolean): void {
  const intent = find(account.intents, 'payment_intent', id);
  if (intent.status !== 'processing') refuse(undefined, `This PaymentIntent is ${intent.status}`);
  if (well) succeed(account, intent);
  else fail(account, intent, 'insufficient_funds');
  const session =
    intent.sessionId === undefined ? undefined : account.sessions.find(intent.sessionId);
  if (session === undefined) return;
  const after: Session = { ...session, paymentStatus: well ? 'paid' : 'unpaid' };
  saveSession(account, after, well ? 'async_payment_succeeded' : 'async_payment_failed');
}

/** `POST /payment_intents`: without `confirm` it only waits for a method. */
export function createIntent(
  account: Account,
  { confirm, ...order }: IntentOrder & { confirm: boolean },
): Intent {
  if (order.customerId !== undefined) find(account.customers, 'customer', order.customerId);
  const id = nextId(account.world, 'intent');
  const intent = saveIntent(account, openIntent(id, order, account.now()), 'created');
  return confirm ? confirmIntent(account, intent.id, intent.methodId) : intent;
}

/** Charges a saved method as the settings say it meets its bank; a decline throws `Refusal`. */
export function confirmIntent(account: Account, id: string, methodId: string | undefined): Intent {
  const intent = expectPayable(find(account.intents, 'payment_intent', id));
  if (methodId === undefined) {
    return refuse('payment_method', 'You cannot confirm this PaymentIntent: it has no method');
  }
  const method = find(account.methods, 'payment_method', methodId);
  if (method.customerId === undefined || method.customerId !== intent.customerId) {
    refuse('payment_method', 'The PaymentMethod does not belong to the Customer of this payment');
  }
  const ready = { ...intent, methodId };
  const { savedCharge } = account.cabinet.settings();
  if (savedCharge === 'succeeded') return succeed(account, ready);
  if (savedCharge === 'processing') return begin(account, ready);
  const failed = fail(account, ready, savedCharge);
  throw new Refusal('card_error', DECLINES[savedCharge], {
    code: codeOf(savedCharge),
    declineCode: savedCharge,
    paymentIntent: presentIntent(failed),
  });
}

export function cancelIntent(account: Account, id: string): Intent {
  const intent = expectPayable(find(account.intents, 'payment_intent', id));
  return saveIntent(account, { ...intent, status: 'canceled' }, 'canceled');
}

/** The session with an intent to pay it: made at the first attempt, used by the next ones. */
function attempt(account: Account, id: string): Session {
  const session = expectOpen(find(account.sessions, 'checkout.session', id));
  if (session.intentId !== undefined) {
    expectPayable(find(account.intents, 'payment_intent', session.intentId));
    return session;
  }
  const customerId = customerOf(account, session);
  const intent = createIntent(account, {
    sum: session.sum,
    customerId,
    methodId: undefined,
    metadata: session.intentMetadata,
    description: session.description,
    savesMethod: session.savesMethod,
    offSession: false,
    confirm: false,
  });
  account.intents.save({ ...intent, sessionId: id });
  return saveSession(account, { ...session, customerId, intentId: intent.id });
}

/** A method can only be saved for somebody: the customer given, or made when the page was asked to. */
function customerOf(account: Account, session: Session): string | undefined {
  if (session.customerId !== undefined || !session.makesCustomer) return session.customerId;
  return newCustomer(account, { email: session.email, name: undefined, metadata: {} }).id;
}

function succeed(account: Account, intent: Intent): Intent {
  const before = latestCharge(account, intent);
  const charge =
    before?.status === 'pending' ? { ...before, status: 'succeeded' as const } : undefined;
  const { id } = saveCharge(
    account,
    charge ?? newCharge(account, intent, 'succeeded'),
    'succeeded',
  );
  const paid: Intent = { ...intent, status: 'succeeded', latestChargeId: id, settles: undefined };
  return saveIntent(account, paid, 'succeeded');
}

/** A delayed method was taken on: its money is still on the way. */
function begin(account: Account, intent: Intent): Intent {
  const { id } = saveCharge(account, newCharge(account, intent, 'pending'), 'pending');
  const at = account.now() + Math.round(account.cabinet.settings().delayMs / 1_000);
  const begun: Intent = {
    ...intent,
    status: 'processing',
    latestChargeId: id,
    settles: { at, well: true },
  };
  return saveIntent(account, begun, 'processing');
}

function fail(account: Account, intent: Intent, declined: DeclineCode): Intent {
  const before = latestCharge(account, intent);
  const charge = before?.status === 'pending' ? before : newCharge(account, intent, 'failed');
  const { id } = saveCharge(account, { ...charge, status: 'failed', declined }, 'failed');
  const failed: Intent = {
    ...intent,
    status: 'requires_payment_method',
    latestChargeId: id,
    declined,
    settles: undefined,
  };
  return saveIntent(account, failed, 'payment_failed');
}

function newCharge(account: Account, intent: Intent, status: Charge['status']): Charge {
  return {
    id: nextId(account.world, 'charge'),
    intentId: intent.id,
    createdAt: account.now(),
    sum: intent.sum,
    status,
    refunded: 0,
    disputed: false,
    methodId: intent.methodId ?? '',
  };
}
