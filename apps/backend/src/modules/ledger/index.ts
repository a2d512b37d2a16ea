/**
 * The books: double entry in minor units, append only. A transfer is one positive sum from a debit
 * to a credit account of one currency; its id is the caller's, so posting twice changes nothing.
 * A balance is a sum over transfers, never a stored number.
 */
export { clearingAccount, customerAccount, salesAccount, type Transfer } from './transfer.ts';
export type { TransferListed } from './repository-admin.ts';
export { createLedger, type Ledger } from './service.ts';
