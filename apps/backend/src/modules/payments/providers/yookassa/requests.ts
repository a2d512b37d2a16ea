/** Our orders in the vendor's words: the bodies of what we ask. */
import { formatMajor, type Money } from '@opora/kernel';
import type { PaymentOrder, Receipt, RefundRequest } from '../../provider.ts';

/** Longest description of a payment, a refund or a receipt's line, in characters. */
const DESCRIPTION_MAX = 128;
const LOCALES = { ru: 'ru_RU', en: 'en_US' } as const;

export function paymentBody(order: PaymentOrder): Record<string, unknown> {
  return {
    ...commonBody(order),
    capture: order.captureAtOnce,
    confirmation: {
      type: 'redirect',
      return_url: order.returnUrl,
      locale: LOCALES[order.language],
    },
    ...(order.saveMethod === true ? { save_payment_method: true } : {}),
  };
}

/** A saved method charged without its owner: nobody is sent anywhere. */
export function chargeBody(methodId: string, order: PaymentOrder): Record<string, unknown> {
  return { ...commonBody(order), capture: true, payment_method_id: methodId };
}

function commonBody(order: PaymentOrder): Record<string, unknown> {
  return {
    amount: amountBody(order.amount),
    description: fit(order.description),
    metadata: { payment_id: order.paymentId, order_id: order.orderId },
    ...receiptBody(order.receipt),
  };
}

export function refundBody(request: RefundRequest): Record<string, unknown> {
  return {
    payment_id: request.reference,
    amount: amountBody(request.amount),
    description: fit(request.reason),
    ...receiptBody(request.receipt),
  };
}

export function amountBody(amount: Money): { value: string; currency: string } {
  return { value: formatMajor(amount), currency: amount.currency };
}

function receiptBody(receipt: Receipt | undefined): Record<string, unknown> {
  if (receipt === undefined) return {};
  return {
    receipt: {
      customer: receipt.customer,
      items: receipt.items.map((item) => ({
        description: fit(item.description),
        quantity: item.quantity,
        amount: amountBody(item.amount),
        vat_code: item.vatCode,
        payment_mode: item.paymentMode,
        payment_subject: item.paymentSubject,
      })),
      ...(receipt.taxSystemCode === undefined ? {} : { tax_system_code: receipt.taxSystemCode }),
    },
  };
}

/** Cut to what the vendor takes, never through the middle of a character outside the BMP. */
function fit(text: string): string {
  return text.slice(0, DESCRIPTION_MAX).replace(/[\ud800-\udbff]$/, '');
}
