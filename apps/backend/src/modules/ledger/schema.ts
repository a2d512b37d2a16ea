import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** One account, one currency. The code says what it is: `clearing:yookassa:RUB`. */
export const LedgerAccount = defineEntity({
  name: 'LedgerAccount',
  tableName: 'ledger_account',
  properties: {
    code: p.text().primary(),
    currency: p.text(),
    createdAt: p.datetime(6),
  },
  checks: [
    {
      name: 'ledger_account_currency_check',
      expression: "currency in ('RUB', 'USD', 'EUR', 'XTR', 'USDT')",
    },
  ],
});

/**
 * One positive sum from a debit to a credit account. Insert only: a trigger refuses update, delete
 * and truncate even to the owner, and the application's role was never granted them. The caller
 * makes the id, so a repeat changes nothing.
 */
export const LedgerTransfer = defineEntity({
  name: 'LedgerTransfer',
  tableName: 'ledger_transfer',
  properties: {
    id: p.text().primary(),
    debit: p.text(),
    credit: p.text(),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    /** `payment`, `sale`, `refund` ... */
    kind: p.text(),
    /** What it belongs to: a payment's, order's or refund's id. */
    reference: p.text(),
    postedAt: p.datetime(6),
  },
  indexes: [
    { name: 'ledger_transfer_debit_idx', properties: ['debit', 'postedAt'] },
    { name: 'ledger_transfer_credit_idx', properties: ['credit', 'postedAt'] },
    { name: 'ledger_transfer_reference_idx', properties: ['reference'] },
    { name: 'ledger_transfer_posted_idx', properties: ['postedAt', 'id'] },
  ],
  checks: [
    { name: 'ledger_transfer_amount_check', expression: 'amount_minor > 0' },
    { name: 'ledger_transfer_accounts_check', expression: 'debit <> credit' },
  ],
});

export type LedgerTables = InferKyselyDB<typeof LedgerAccount | typeof LedgerTransfer, TableNames>;
