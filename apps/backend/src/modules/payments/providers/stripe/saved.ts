/** Methods the buyer lets us charge again, and what the vendor's words of a decline mean. */
import { Secret } from '@opora/kernel';
import { z } from 'zod';
import type { DeclineAdvice, MethodToken } from '../../provider.ts';
import { adviceOf, cardExpiry, methodTitle, type AdviceTable } from '../saved-methods.ts';

/** What the issuer advises, where it does: it knows its card. */
const ISSUERS_ADVICE: AdviceTable = {
  try_again_later: 'retry',
  do_not_try_again: 'stop',
  confirm_card_data: 'another_method',
};
const ADVICE: AdviceTable = {
  insufficient_funds: 'retry',
  card_velocity_exceeded: 'retry',
  withdrawal_count_limit_exceeded: 'retry',
  processing_error: 'retry',
  issuer_not_available: 'retry',
  reenter_transaction: 'retry',
  approve_with_id: 'retry',
  // Called theft by the bank, or forbidden by its owner: never tried again.
  lost_card: 'stop',
  stolen_card: 'stop',
  pickup_card: 'stop',
  restricted_card: 'stop',
  fraudulent: 'stop',
  merchant_blacklist: 'stop',
  stop_payment_order: 'stop',
  revocation_of_authorization: 'stop',
  revocation_of_all_authorizations: 'stop',
  ...ISSUERS_ADVICE,
};

const reason = z.string().max(100).nullish();
export const declineSchema = z.object({
  code: reason,
  decline_code: reason,
  advice_code: reason,
});
type Decline = z.infer<typeof declineSchema>;

/** The word that says most, and what to do. */
export function readDecline(said: Decline | null | undefined): {
  reason: string;
  advice: DeclineAdvice;
} {
  const word = said?.decline_code ?? said?.code ?? 'payment_failed';
  const issuers = said?.advice_code ?? '';
  const isAdvised = Object.hasOwn(ISSUERS_ADVICE, issuers);
  return { reason: word, advice: adviceOf(ADVICE, isAdvised ? issuers : word) };
}

const keptSchema = z.object({
  setup_future_usage: z.literal('off_session'),
  customer: z.string().regex(/^cus_\w{1,100}$/),
  payment_method: z.string().regex(/^pm_\w{1,100}$/),
});
const detailsSchema = z.object({
  type: z.string().max(40),
  card: z
    .object({
      last4: z.string().regex(/^\d{4}$/),
      exp_year: z.int().min(2_000).max(9_999),
      exp_month: z.int().min(1).max(12),
    })
    .nullish(),
});

/** Between the two ids a charge needs: whose method it is, and which. */
const AND = ':';

/** What the paid intent kept, if it kept something; an odd one never hides the money. */
export function savedIn(intent: unknown, details: unknown): MethodToken | undefined {
  const kept = keptSchema.safeParse(intent).data;
  if (kept === undefined) return undefined;
  const { type, card } = detailsSchema.safeParse(details).data ?? { type: 'card', card: null };
  return {
    token: new Secret(`${kept.customer}${AND}${kept.payment_method}`),
    title: methodTitle(card?.last4, type),
    expiresAt: card ? cardExpiry(card.exp_year, card.exp_month) : undefined,
  };
}

export function idsOf(method: Secret): { customer: string; payment_method: string } {
  const [customer = '', payment_method = ''] = method.reveal().split(AND);
  return { customer, payment_method };
}
