/**
 * The books: double entry in minor units, append only. A transfer is one positive sum from a debit
 * to a credit account of one currency; its id is the caller's, so posting twice changes nothing.
 * A balance is a sum over transfers, never a stored number. Whoever takes from a customer's
 * balance locks it first, so that two who spend at once never spend the same money.
 */
export {
  adjustmentsAccount,
  clearingAccount,
  customerAccount,
  debtAccount,
  heldAccount,
  salesAccount,
  type Transfer,
} from './transfer.ts';
export type { TransferListed } from './repository-admin.ts';
export type { BalanceEntry } from './repository.ts';
export { createLedger, type Ledger } from './service.ts';
