import {
  ADVICE,
  type Charge,
  type Customer,
  DECLINES,
  type Intent,
  type Method,
} from './intent.ts';
import type { Dispute, Refund } from './refund.ts';
import type { Session } from './session.ts';

/** An object as the API and the events show it. */
export type Shown = Readonly<Record<string, unknown>>;

const CARD = { brand: 'visa', country: 'US', exp_month: 12, exp_year: 2030, last4: '4242' };
const DEBIT = { bank_code: '37040044', country: 'DE', last4: '3000' };

export const presentSession = (session: Session, baseUrl: string): Shown => ({
  id: session.id,
  object: 'checkout.session',
  amount_subtotal: session.sum.amount,
  amount_total: session.sum.amount,
  cancel_url: session.cancelUrl ?? null,
  client_reference_id: session.reference ?? null,
  created: session.createdAt,
  currency: session.sum.currency,
  customer: session.customerId ?? null,
  customer_details: session.status === 'complete' ? { email: session.email ?? null } : null,
  customer_email: session.email ?? null,
  expires_at: session.expiresAt,
  livemode: false,
  locale: session.locale ?? null,
  metadata: session.metadata,
  mode: 'payment',
  payment_intent: session.intentId ?? null,
  payment_method_types: ['card', 'sepa_debit'],
  payment_status: session.paymentStatus,
  status: session.status,
  success_url: session.successUrl,
  ui_mode: 'hosted',
  url: session.status === 'open' ? `${baseUrl}/stripe/checkout/${session.id}` : null,
});

export const presentIntent = (intent: Intent): Shown => ({
  id: intent.id,
  object: 'payment_intent',
  amount: intent.sum.amount,
  amount_capturable: 0,
  amount_received: intent.status === 'succeeded' ? intent.sum.amount : 0,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  created: intent.createdAt,
  currency: intent.sum.currency,
  customer: intent.customerId ?? null,
  description: intent.description ?? null,
  last_payment_error: presentDecline(intent),
  latest_charge: intent.latestChargeId ?? null,
  livemode: false,
  metadata: intent.metadata,
  next_action:
    intent.status === 'requires_action' ? { type: 'use_stripe_sdk', use_stripe_sdk: {} } : null,
  payment_method: intent.declined === undefined ? (intent.methodId ?? null) : null,
  payment_method_types: ['card', 'sepa_debit'],
  setup_future_usage: intent.savesMethod ? 'off_session' : null,
  status: intent.status,
});

/** What a decline says, in an intent and in the refusal of a charge alike. */
export function presentDecline({ declined, methodId }: Intent): Shown | null {
  if (declined === undefined) return null;
  return {
    type: 'card_error',
    code: codeOf(declined),
    decline_code: declined,
    advice_code: ADVICE[declined],
    message: DECLINES[declined],
    payment_method: { id: methodId, object: 'payment_method', type: 'card' },
  };
}

const OWN_CODES = new Set(['expired_card', 'authentication_required', 'processing_error']);

/** Some declines have a code of their own, the rest share one and differ in `decline_code`. */
export const codeOf = (declined: keyof typeof DECLINES): string =>
  OWN_CODES.has(declined) ? declined : 'card_declined';

export const presentCharge = (
  charge: Charge,
  intent: Intent | undefined,
  method: Method | undefined,
): Shown => ({
  id: charge.id,
  object: 'charge',
  amount: charge.sum.amount,
  amount_captured: charge.status === 'failed' ? 0 : charge.sum.amount,
  amount_refunded: charge.refunded,
  balance_transaction: charge.status === 'succeeded' ? `txn_${charge.id.slice(3)}` : null,
  captured: charge.status !== 'failed',
  created: charge.createdAt,
  currency: charge.sum.currency,
  customer: intent?.customerId ?? null,
  description: intent?.description ?? null,
  disputed: charge.disputed,
  failure_code: charge.declined === undefined ? null : codeOf(charge.declined),
  failure_message: charge.declined === undefined ? null : DECLINES[charge.declined],
  livemode: false,
  metadata: intent?.metadata ?? {},
  paid: charge.status === 'succeeded',
  payment_intent: charge.intentId,
  payment_method: charge.methodId,
  payment_method_details: method && { type: method.type, ...detailsOf(method) },
  refunded: charge.refunded === charge.sum.amount,
  status: charge.status,
});

export const presentRefund = (refund: Refund): Shown => ({
  id: refund.id,
  object: 'refund',
  amount: refund.sum.amount,
  charge: refund.chargeId,
  created: refund.createdAt,
  currency: refund.sum.currency,
  failure_reason: refund.status === 'failed' ? 'expired_or_canceled_card' : undefined,
  metadata: refund.metadata,
  payment_intent: refund.intentId,
  reason: refund.reason ?? null,
  status: refund.status,
});

export const presentDispute = (dispute: Dispute): Shown => ({
  id: dispute.id,
  object: 'dispute',
  amount: dispute.sum.amount,
  charge: dispute.chargeId,
  created: dispute.createdAt,
  currency: dispute.sum.currency,
  evidence_details: { due_by: null, has_evidence: false, past_due: false, submission_count: 0 },
  is_charge_refundable: false,
  livemode: false,
  metadata: {},
  payment_intent: dispute.intentId,
  reason: dispute.reason,
  status: dispute.status,
});

export const presentMethod = (method: Method): Shown => ({
  id: method.id,
  object: 'payment_method',
  created: method.createdAt,
  customer: method.customerId ?? null,
  livemode: false,
  metadata: {},
  type: method.type,
  ...detailsOf(method),
});

const detailsOf = ({ type }: Method): Shown =>
  type === 'card' ? { card: CARD } : { sepa_debit: DEBIT };

export const presentCustomer = (customer: Customer): Shown => ({
  id: customer.id,
  object: 'customer',
  created: customer.createdAt,
  email: customer.email ?? null,
  livemode: false,
  metadata: customer.metadata,
  name: customer.name ?? null,
});
