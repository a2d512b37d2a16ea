/** Our orders in the vendor's words: the bodies of what we ask. */
import { formatMajor, type Money } from '@opora/kernel';
import type { PaymentOrder, RefundRequest } from '../../provider.ts';

/** Longest text of ours in the vendor's objects, in characters. */
const TEXT_MAX = 127;
/** The wallet is kept once it has paid, for us to charge. */
const KEPT = { store_in_vault: 'ON_SUCCESS', usage_type: 'MERCHANT' } as const;
const LOCALES = { ru: 'ru-RU', en: 'en-US' } as const;

/** The payment's id stands in two places: `invoice_id` makes a second payment of it impossible. */
export function orderBody(order: PaymentOrder): unknown {
  return {
    ...commonBody(order),
    payment_source: {
      paypal: {
        ...(order.saveMethod === true ? { attributes: { vault: KEPT } } : {}),
        experience_context: {
          return_url: order.returnUrl,
          cancel_url: order.returnUrl,
          user_action: 'PAY_NOW',
          shipping_preference: 'NO_SHIPPING',
          locale: LOCALES[order.language],
        },
      },
    },
  };
}

/** A saved wallet charged without its payer. */
export function chargeBody(walletId: string, order: PaymentOrder): unknown {
  return { ...commonBody(order), payment_source: { paypal: { vault_id: walletId } } };
}

function commonBody(order: PaymentOrder): object {
  return {
    intent: 'CAPTURE',
    purchase_units: [
      {
        reference_id: order.orderId,
        custom_id: order.paymentId,
        invoice_id: order.paymentId,
        description: fit(order.description),
        amount: amountBody(order.amount),
      },
    ],
  };
}

export function refundBody({ amount, reason }: RefundRequest): unknown {
  return { amount: amountBody(amount), note_to_payer: fit(reason) };
}

function amountBody(amount: Money): unknown {
  return { currency_code: amount.currency, value: formatMajor(amount) };
}

/** Cut to what the vendor takes, never through the middle of a character outside the BMP. */
function fit(text: string): string {
  return text.slice(0, TEXT_MAX).replace(/[\ud800-\udbff]$/, '');
}
