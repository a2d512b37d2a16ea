/** What the fiscal receipt of a payment or of a refund says (54-FZ). Pure. */
import type { Money } from '@opora/kernel';
import type { Order } from '../orders/index.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Receipt } from './provider.ts';

/**
 * One line over exactly the sum that moves: a part that goes back needs a receipt of that part, or
 * the vendor refuses it. Money for the balance is an advance: what it will buy is not known yet.
 * Undefined: receipts are not sent from here.
 */
export function receiptOf(
  receipts: PaymentsDeps['receipts'],
  moved: Readonly<{ order: Order; amount: Money; description: string }>,
): Receipt | undefined {
  if (!receipts.enabled || receipts.email === undefined) return undefined;
  const isAdvance = moved.order.kind === 'top_up';
  return {
    customer: { email: receipts.email },
    items: [
      {
        description: moved.description,
        quantity: 1,
        amount: moved.amount,
        vatCode: receipts.vatCode,
        paymentMode: isAdvance ? 'advance' : 'full_payment',
        paymentSubject: isAdvance ? 'payment' : 'service',
      },
    ],
    taxSystemCode: receipts.taxSystem,
  };
}
