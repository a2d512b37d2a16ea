import {
  type Form,
  readAddress,
  readFlag,
  readMetadata,
  readText,
  readWhole,
  readWord,
  refuseUnknown,
} from './form.ts';
import { Refusal, refuse } from './refusal.ts';
import { readSum, type Sum } from './sum.ts';

/** What `POST /payment_intents` asks for: a charge without the hosted page. */
export type IntentOrder = Readonly<{
  sum: Sum;
  customerId: string | undefined;
  methodId: string | undefined;
  metadata: Readonly<Record<string, string>>;
  description: string | undefined;
  savesMethod: boolean;
  /** The buyer is not there. */
  offSession: boolean;
}>;

/** A buyer's one purchase, however many attempts it takes. `succeeded` and `canceled` are final. */
export type Intent = Readonly<
  IntentOrder & {
    id: string;
    createdAt: number;
    status:
      | 'requires_payment_method'
      | 'requires_confirmation'
      | 'requires_action'
      | 'processing'
      | 'succeeded'
      | 'canceled';
    sessionId?: string | undefined;
    latestChargeId?: string | undefined;
    declined?: DeclineCode | undefined;
    /** A delayed method: when its money comes or fails (unix seconds), and which. */
    settles?: Readonly<{ at: number; well: boolean }> | undefined;
  }
>;

/** Why a bank says no; the texts are the vendor's own manner. */
export const DECLINES = {
  insufficient_funds: 'Your card has insufficient funds.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  generic_decline: 'Your card was declined.',
  expired_card: 'Your card has expired.',
  lost_card: 'Your card was declined.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
} as const;
export type DeclineCode = keyof typeof DECLINES;
/** What the issuer advises, where it does. */
export const ADVICE: Readonly<Partial<Record<DeclineCode, string>>> = {
  insufficient_funds: 'try_again_later',
  lost_card: 'do_not_try_again',
};

/** One movement from a means of payment; a declined attempt leaves a failed one. */
export type Charge = Readonly<{
  id: string;
  intentId: string;
  createdAt: number;
  sum: Sum;
  status: 'succeeded' | 'pending' | 'failed';
  refunded: number;
  disputed: boolean;
  methodId: string;
  declined?: DeclineCode | undefined;
}>;

/** A card or an account the buyer used; only one that belongs to a customer can be charged again. */
export type Method = Readonly<{
  id: string;
  createdAt: number;
  type: 'card' | 'sepa_debit';
  customerId?: string | undefined;
}>;

export type Customer = Readonly<{
  id: string;
  createdAt: number;
  email: string | undefined;
  name: string | undefined;
  metadata: Readonly<Record<string, string>>;
}>;

const KNOWN = [
  'amount',
  'currency',
  'customer',
  'payment_method',
  'payment_method_types',
  'automatic_payment_methods',
  'confirm',
  'off_session',
  'error_on_requires_action',
  'setup_future_usage',
  'metadata',
  'description',
  'receipt_email',
  'return_url',
];

export function readIntent(
  form: Form,
  currencies: readonly string[],
): IntentOrder & { confirm: boolean } {
  refuseUnknown(form, KNOWN);
  const amount =
    readWhole(form, 'amount') ??
    refuse('amount', 'Missing required param: amount.', 'parameter_missing');
  readAddress(form, 'return_url');
  const order = {
    sum: readSum({ amount, currency: form.get('currency'), param: 'amount' }, currencies),
    customerId: readText(form, 'customer', 100),
    methodId: readText(form, 'payment_method', 100),
    metadata: readMetadata(form, 'metadata'),
    description: readText(form, 'description', 1_000),
    savesMethod: readWord(form, 'setup_future_usage', ['off_session', 'on_session']) !== undefined,
    offSession: readFlag(form, 'off_session'),
    confirm: readFlag(form, 'confirm'),
  };
  if (order.offSession && !order.confirm) {
    refuse('off_session', 'off_session may only be used together with confirm=true');
  }
  return order;
}

export function openIntent(id: string, order: IntentOrder, now: number): Intent {
  const status = order.methodId === undefined ? 'requires_payment_method' : 'requires_confirmation';
  return { ...order, id, createdAt: now, status };
}

const PAYABLE: readonly Intent['status'][] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];

/** The same intent, or a refusal when it cannot be paid (any more). */
export function expectPayable(intent: Intent): Intent {
  if (PAYABLE.includes(intent.status)) return intent;
  throw new Refusal(
    'invalid_request_error',
    `This PaymentIntent's status is ${intent.status}: it cannot be confirmed.`,
    { code: 'payment_intent_unexpected_state' },
  );
}

/** Adds a refund to a charge; more than what is left is refused. */
export function withRefund(charge: Charge, amount: number): Charge {
  const left = charge.sum.amount - charge.refunded;
  if (charge.status !== 'succeeded') {
    refuse('charge', `Charge ${charge.id} has not succeeded and cannot be refunded.`);
  }
  if (left === 0) {
    refuse('charge', `Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  }
  if (amount < 1 || amount > left) {
    refuse('amount', `Refund amount is greater than unrefunded amount on charge (${String(left)})`);
  }
  return { ...charge, refunded: charge.refunded + amount };
}
