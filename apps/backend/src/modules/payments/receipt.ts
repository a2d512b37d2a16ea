/** What the fiscal receipt of a payment or of a refund says (54-FZ). Pure. */
import { assert, type Money } from '@opora/kernel';
import type { Order } from '../orders/index.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Receipt } from './provider.ts';

/**
 * The buyer's own mailbox, where the law wants their receipt; undefined: the shop's takes it. Read
 * once, when a payment begins, and written with it: a repeat of a lost call must say the very same, or
 * the vendor takes it for another one.
 */
export async function receiptMailbox(
  { receipts, emailOf }: Pick<PaymentsDeps, 'receipts' | 'emailOf'>,
  personId: string,
): Promise<string | undefined> {
  return receipts.enabled ? emailOf(personId) : undefined;
}

/** For the timeline, without the address itself. */
export function receiptNote(receipt: Receipt | undefined, to: string | undefined): string {
  if (receipt === undefined) return '';
  return `, receipt to ${to === undefined ? "the shop's mailbox" : 'the customer'}`;
}

/**
 * One line over exactly the sum that moves: a part that goes back needs a receipt of that part, or
 * the vendor refuses it. Money for the balance is an advance: what it will buy is not known yet.
 * Undefined: receipts are not sent from here.
 */
export function receiptOf(
  receipts: PaymentsDeps['receipts'],
  moved: Readonly<{
    order: Order;
    amount: Money;
    description: string;
    /** The buyer's own mailbox, if it was known when the payment began. */
    to: string | undefined;
  }>,
): Receipt | undefined {
  if (!receipts.enabled) return undefined;
  const email = moved.to ?? receipts.email;
  assert(email !== undefined, 'the settings refuse receipts that nobody would get');
  const isAdvance = moved.order.kind === 'top_up';
  return {
    customer: { email },
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
