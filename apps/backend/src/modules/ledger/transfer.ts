import { assert, type Currency, isPositive, type Money } from '@opora/kernel';

export type Transfer = Readonly<{
  /** Made by the caller from what caused it: `<payment id>:in`. */
  id: string;
  debit: string;
  credit: string;
  amount: Money;
  kind: 'payment' | 'sale' | 'refund' | 'sale_refund' | 'hold' | 'release';
  /** The payment, order, refund or act of staff it belongs to. */
  reference: string;
  at: Date;
}>;

/** Money a provider holds for us: what its own books must equal. */
export const clearingAccount = (provider: string, currency: Currency): string =>
  `clearing:${provider}:${currency}`;

/** What we owe a customer: money that came and was not spent on an order. Its sum is the balance. */
export const customerAccount = (personId: string, currency: Currency): string =>
  `customer:${personId}:${currency}`;

/** The part of a balance that is promised to an order or to a refund underway. */
export const heldAccount = (personId: string, currency: Currency): string =>
  `held:${personId}:${currency}`;

/** What left us again after the customer had spent it: they owe it, their balance is not below zero. */
export const debtAccount = (personId: string, currency: Currency): string =>
  `debt:${personId}:${currency}`;

/** What was earned with a product. */
export const salesAccount = (product: string, currency: Currency): string =>
  `sales:${product}:${currency}`;

/** Asserted before writing and again after reading (house 8). */
export function assertTransfer(transfer: Transfer): void {
  assert(isPositive(transfer.amount), `transfer ${transfer.id} is not positive`);
  assert(transfer.debit !== transfer.credit, `transfer ${transfer.id} goes nowhere`);
  for (const account of [transfer.debit, transfer.credit]) {
    assert(
      account.endsWith(`:${transfer.amount.currency}`),
      `transfer ${transfer.id}: ${account} is not in ${transfer.amount.currency}`,
    );
  }
}
