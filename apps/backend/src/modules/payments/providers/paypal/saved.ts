/** Wallets the buyer lets us charge again, and what the vendor's words of a refusal mean. */
import { money, Secret } from '@opora/kernel';
import { z } from 'zod';
import { ProviderPaymentMissing, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import type { MethodToken, PaymentOrder, ProviderPayment } from '../../provider.ts';
import { adviceOf, methodTitle, type AdviceTable } from '../saved-methods.ts';

export const ADVICE: AdviceTable = {
  // How an empty wallet shows, too: its other means may have money later.
  INSTRUMENT_DECLINED: 'retry',
  TRANSACTION_LIMIT_EXCEEDED: 'retry',
  // The payer took the consent back, or may not pay any more.
  TOKEN_ID_NOT_FOUND: 'stop',
  INVALID_RESOURCE_ID: 'stop',
  AGREEMENT_ALREADY_CANCELLED: 'stop',
  PAYER_ACCOUNT_RESTRICTED: 'stop',
  PAYER_ACCOUNT_LOCKED_OR_CLOSED: 'stop',
};
/** The payment was made before, and its answer was lost: neither a decline nor news. */
const MADE_BEFORE = new Set(['DUPLICATE_INVOICE_ID', 'ORDER_ALREADY_CAPTURED']);
/** The body was right, and the wallet, the payer or the bank said no. */
const UNPROCESSABLE = 422;

const tokenId = z.string().regex(/^[\w-]{1,255}$/);
const walletSchema = z.object({
  payment_source: z.object({
    paypal: z.object({
      email_address: z.string().max(254).nullish(),
      attributes: z.object({ vault: z.object({ id: tokenId, status: z.literal('VAULTED') }) }),
    }),
  }),
});

/** Undefined also where it is not as documented: money is read all the same. */
export function savedIn(order: unknown): MethodToken | undefined {
  const wallet = walletSchema.safeParse(order).data?.payment_source.paypal;
  if (wallet === undefined) return undefined;
  const token = new Secret(wallet.attributes.vault.id);
  return { token, title: titleOf(wallet.email_address ?? ''), expiresAt: undefined };
}

/** Its owner knows the address by its ends; nobody else learns it. */
function titleOf(email: string): string {
  const [, first, domain] = /^(.)[^@]*@([^@]+)$/u.exec(email) ?? [];
  const known = first === undefined || domain === undefined ? '' : ` ${first}•••@${domain}`;
  return methodTitle(undefined, `PayPal${known}`);
}

/** A charge that PayPal refused makes no order there: it is known by our own id. */
export function declined(error: unknown, order: PaymentOrder, isTest: boolean): ProviderPayment {
  // What we name is the wallet alone.
  const isRefusal = error instanceof ProviderRefused && error.facts['status'] === UNPROCESSABLE;
  if (!isRefusal && !(error instanceof ProviderPaymentMissing)) throw error;
  const reason = String(error.facts['vendorCode']);
  if (MADE_BEFORE.has(reason)) {
    throw new ProviderUnavailable(`paypal: ${reason}: the first answer was lost`, { cause: error });
  }
  return {
    reference: order.paymentId,
    state: 'cancelled',
    amount: order.amount,
    refunded: money(0n, order.amount.currency),
    paymentId: order.paymentId,
    reason,
    createdAt: undefined,
    isTest,
    advice: adviceOf(ADVICE, reason),
  };
}

/** PayPal wants to see the payer, and nobody is there: what was begun is left to run out. */
export function withoutPayer(payment: ProviderPayment): ProviderPayment {
  const reason = 'PAYER_ACTION_REQUIRED';
  return { ...payment, state: 'cancelled', reason, advice: adviceOf(ADVICE, reason) };
}
