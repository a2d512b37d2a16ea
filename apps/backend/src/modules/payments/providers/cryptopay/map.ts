/** Invoices as payments: narrow, tolerant schemas and the table of states. */
import {
  formatMajor,
  isCurrency,
  MoneyFormatError,
  money,
  parseMajor,
  type Currency,
  type Money,
} from '@opora/kernel';
import { z } from 'zod';
import type { PaymentOrder, ProviderPayment, ProviderPaymentState } from '../../provider.ts';
import { fit, readAs, webLink } from '../json-api.ts';

/** Currencies of states; everything else of ours is a coin to this vendor. */
const FIAT: readonly Currency[] = ['RUB', 'USD', 'EUR'];
const COINS: readonly Currency[] = ['USDT'];
export const CURRENCIES: readonly Currency[] = [...FIAT, ...COINS];

const DESCRIPTION_MAX = 1_024;
/** An order can be paid for an hour (`orders`), so its invoice lives no longer. */
const INVOICE_SECONDS = 3_600;

/** The number of an invoice, as our reference: text without leading zeros. */
export const invoiceId = z
  .union([
    z.int().positive().transform(String),
    z.bigint().positive().transform(String),
    z.string(),
  ])
  .pipe(z.string().regex(/^[1-9]\d{0,18}$/));

/** Up to 18 digits after the point: surplus zeros go, anything else beyond our scale is refused. */
const decimalText = z.string().regex(/^\d{1,20}(?:\.\d{1,18})?$/);

const invoiceSchema = z
  .object({
    invoice_id: invoiceId,
    status: z.string().max(64),
    currency_type: z.enum(['crypto', 'fiat']),
    asset: z.string().max(16).nullish(),
    fiat: z.string().max(16).nullish(),
    amount: decimalText,
    payload: z.string().max(4_096).nullish(),
    created_at: z.iso.datetime({ offset: true }),
    bot_invoice_url: webLink.nullish(),
  })
  .transform((invoice, context) => {
    const amount = readSum(invoice);
    if (amount !== undefined) return { ...invoice, amount };
    context.addIssue({ code: 'custom', message: 'not a sum in a known currency' });
    return z.NEVER;
  });

/**
 * Only the price counts: what was paid with (`paid_asset`, `paid_amount`) follows from a rate the
 * vendor chose and is not what we asked for.
 */
function readSum(invoice: {
  currency_type: 'crypto' | 'fiat';
  asset?: string | null | undefined;
  fiat?: string | null | undefined;
  amount: string;
}): Money | undefined {
  const isFiat = invoice.currency_type === 'fiat';
  const currency = (isFiat ? invoice.fiat : invoice.asset) ?? '';
  if (!isCurrency(currency) || FIAT.includes(currency) !== isFiat) return undefined;
  const [whole = '', fraction = ''] = invoice.amount.split('.');
  const digits = fraction.replace(/0+$/, '');
  try {
    return parseMajor(digits === '' ? whole : `${whole}.${digits}`, currency);
  } catch (error) {
    if (error instanceof MoneyFormatError) return undefined;
    throw error;
  }
}

export type ReadInvoice = Readonly<{ payment: ProviderPayment; checkoutUrl: string | undefined }>;

/** Throws `ProviderProtocolError` when the answer is no invoice in a currency we know. */
export function readInvoice(answer: unknown, isTest: boolean): ReadInvoice {
  const invoice = readAs(invoiceSchema, answer, 'invoice of cryptopay');
  const state = stateOf(invoice.status);
  return {
    checkoutUrl: invoice.bot_invoice_url ?? undefined,
    payment: {
      reference: invoice.invoice_id,
      state,
      amount: invoice.amount,
      // The vendor gives nothing back: a refund is a transfer by hand that it does not tie to this.
      refunded: money(0n, invoice.amount.currency),
      paymentId: invoice.payload ?? undefined,
      reason: reasonOf(state, invoice.status),
      createdAt: new Date(invoice.created_at),
      isTest,
      // Two invoices of one payment, when an answer was lost: the second is money of its own.
      ...(state === 'settled' ? { countsAlone: true } : {}),
    },
  };
}

function stateOf(status: string): ProviderPaymentState {
  switch (status) {
    case 'active':
      return 'pending';
    case 'paid':
      return 'settled';
    case 'expired':
      return 'cancelled';
    default:
      return 'unrecognised';
  }
}

function reasonOf(state: ProviderPaymentState, status: string): string | undefined {
  if (state === 'cancelled') return status;
  return state === 'unrecognised' ? `status ${status}` : undefined;
}

export function invoiceBody(order: PaymentOrder): Record<string, unknown> {
  const { currency } = order.amount;
  return {
    ...(FIAT.includes(currency)
      ? { currency_type: 'fiat', fiat: currency }
      : { currency_type: 'crypto', asset: currency }),
    amount: formatMajor(order.amount),
    description: fit(order.description, DESCRIPTION_MAX),
    payload: order.paymentId,
    paid_btn_name: 'callback',
    paid_btn_url: order.returnUrl,
    allow_comments: false,
    expires_in: INVOICE_SECONDS,
  };
}
