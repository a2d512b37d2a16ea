/** Our orders in the vendor's words: the forms of what we ask. */
import type { Secret } from '@opora/kernel';
import type Stripe from 'stripe';
import type { PaymentOrder, RefundRequest } from '../../provider.ts';
import { fit } from '../json-api.ts';
import { MARK } from './charged.ts';
import { idsOf } from './saved.ts';
import { EXPAND, EXPAND_CHARGE } from './sessions.ts';
import { toUnits } from './sums.ts';

/** Longest value of our own beside the vendor's objects, in characters. */
const METADATA_MAX = 500;

/** Nothing here depends on the time of asking: the same key must come with the same form. */
export function orderForm(order: PaymentOrder): Stripe.Checkout.SessionCreateParams {
  const metadata = { payment_id: order.paymentId };
  return {
    mode: 'payment',
    client_reference_id: order.paymentId,
    metadata: { ...metadata, order_id: order.orderId },
    payment_intent_data: {
      metadata,
      ...(order.saveMethod === true ? { setup_future_usage: 'off_session' } : {}),
      ...(order.captureAtOnce ? {} : { capture_method: 'manual' }),
    },
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: order.amount.currency.toLowerCase(),
          unit_amount: toUnits(order.amount),
          product_data: { name: fit(order.description, METADATA_MAX) },
        },
      },
    ],
    // A method is kept for a customer, or for nobody.
    ...(order.saveMethod === true ? { customer_creation: 'always' } : {}),
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
    locale: order.language,
    expand: EXPAND,
  };
}

/** A saved method charged without its owner, in the vendor's own form for that. */
export function chargeForm(method: Secret, order: PaymentOrder): Stripe.PaymentIntentCreateParams {
  return {
    ...idsOf(method),
    amount: toUnits(order.amount),
    currency: order.amount.currency.toLowerCase(),
    confirm: true,
    off_session: true,
    automatic_payment_methods: { enabled: true },
    return_url: order.returnUrl,
    description: fit(order.description, METADATA_MAX),
    metadata: { ...MARK, payment_id: order.paymentId, order_id: order.orderId },
    expand: EXPAND_CHARGE,
  };
}

export function refundForm(
  { refundId, amount, reason }: RefundRequest,
  intent: string,
): Stripe.RefundCreateParams {
  return {
    payment_intent: intent,
    amount: toUnits(amount),
    metadata: { refund_id: refundId, reason: fit(reason, METADATA_MAX) },
  };
}
