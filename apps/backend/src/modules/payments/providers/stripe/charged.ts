/**
 * Charges of a saved method: a payment intent of its own, without a session. The intent is the
 * payment; it carries our mark, because the intents of sessions carry our payment's id as well.
 */
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { DeclineAdvice } from '../../provider.ts';
import { intentSchema, odd, only, parse, sum, units, word } from './map.ts';
import type { ReadSession, Verdict } from './map.ts';
import { readDecline } from './saved.ts';

/** Stands in the metadata of what we charged. */
export const MARK = { charge: 'saved_method' } as const;

const chargedSchema = intentSchema.extend({
  amount: units,
  currency: word,
  created: z.int().positive(),
  livemode: z.boolean().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
type Charged = z.infer<typeof chargedSchema>;

const markedSchema = z.object({ metadata: z.object({ charge: z.literal(MARK.charge) }) });

/** An intent that we charged ourselves; those of sessions are read as their sessions. */
export function isCharged(intent: unknown): boolean {
  return markedSchema.safeParse(intent).success;
}

/** Throws `ProviderProtocolError` when it is no intent, or is paid and hides its charge. */
export function readCharged(answer: unknown): ReadSession {
  const intent = parse(chargedSchema, answer, 'payment intent');
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : undefined;
  const { state, reason, advice } = stateOf(intent);
  if (state === 'settled' && !charge) {
    throw new ProviderProtocolError(`stripe: ${intent.id} does not show its charge`);
  }
  const paymentId = intent.metadata?.['payment_id'];
  return {
    checkoutUrl: undefined,
    intent: intent.id,
    isDisputed: charge?.disputed === true,
    payment: {
      reference: intent.id,
      state,
      amount: sum(intent.amount, intent.currency, intent.id),
      refunded: sum(charge?.amount_refunded ?? 0, intent.currency, intent.id),
      paymentId: typeof paymentId === 'string' && isCharged(answer) ? paymentId : undefined,
      reason,
      createdAt: new Date(intent.created * 1000),
      isTest: intent.livemode !== true,
      ...(advice === undefined ? {} : { advice }),
    },
  };
}

function stateOf(intent: Charged): Verdict & Readonly<{ advice?: DeclineAdvice }> {
  switch (intent.status) {
    case 'succeeded':
      return only('settled');
    case 'requires_capture':
      return only('authorised');
    case 'processing':
      return only('pending');
    // It waits for its owner, who is not there.
    case 'requires_action':
    case 'requires_confirmation':
      return { state: 'cancelled', ...readDecline({ code: 'authentication_required' }) };
    case 'canceled':
      return { state: 'cancelled', reason: intent.cancellation_reason ?? 'canceled_by_merchant' };
    // It waits for another method, and nobody is there to give one.
    case 'requires_payment_method':
      return { state: 'cancelled', ...readDecline(intent.last_payment_error) };
    default:
      return odd(`status ${intent.status}`);
  }
}
