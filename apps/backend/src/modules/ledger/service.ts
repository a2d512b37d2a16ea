import { assert, CURRENCIES, isCurrency, type Currency, type Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { ledgerAdmin, type LedgerAdmin } from './admin.ts';
import {
  insertTransfers,
  lockAccounts,
  readTransfers,
  selectEntries,
  sumAccount,
  sumAccounts,
  sumReference,
  trialBalance,
  type BalanceEntry,
} from './repository.ts';
import { assertTransfer, customerAccount, heldAccount, type Transfer } from './transfer.ts';

/** More than a screen shows at once. */
const ENTRIES_MAX = 20;

const ALL_CURRENCIES = Object.keys(CURRENCIES).filter(isCurrency);

export interface Ledger {
  readonly admin: LedgerAdmin;
  /**
   * Posts all transfers inside the caller's transaction. A repeat of the same transfer changes
   * nothing; the same id with other facts is a bug and rolls everything back.
   */
  post(tx: Tx, transfers: readonly Transfer[]): Promise<void>;
  /**
   * Locks balances until the transaction ends, in one order for everybody. Whoever debits a
   * customer's account by what it holds locks it before reading what that is.
   */
  lock(
    tx: Tx,
    balances: readonly { personId: string; currency: Currency; at: Date }[],
  ): Promise<void>;
  /** What is held of a person's balance for one payment. */
  heldFor(
    tx: Tx,
    personId: string,
    held: { paymentId: string; currency: Currency },
  ): Promise<Money>;
  /** What we owe a person in one currency. */
  balance(tx: Tx, personId: string, currency: Currency): Promise<Money>;
  /** What we owe a person in every currency in which it is something. */
  balances(tx: Tx, personId: string): Promise<readonly Money[]>;
  /** What moved a person's balances, newest first, `ENTRIES_MAX` at most. */
  entries(tx: Tx, personId: string): Promise<readonly BalanceEntry[]>;
  /** Every account with debits minus credits; sums to zero per currency. */
  trialBalance(tx: Tx): Promise<{ code: string; currency: string; minor: bigint }[]>;
}

export function createLedger(): Ledger {
  return {
    admin: ledgerAdmin,
    async post(tx, transfers) {
      if (transfers.length === 0) return;
      for (const transfer of transfers) assertTransfer(transfer);
      // The database would quietly keep the first of two; here it is a bug of the caller.
      const ids = new Set(transfers.map(({ id }) => id));
      assert(ids.size === transfers.length, 'two transfers of one id are posted together');
      const fresh = await insertTransfers(tx, transfers);
      const repeated = transfers.filter(({ id }) => !fresh.has(id));
      if (repeated.length > 0) await assertSame(tx, repeated);
    },
    async lock(tx, balances) {
      if (balances.length === 0) return;
      await lockAccounts(
        tx,
        balances.map(({ personId, ...rest }) => ({
          ...rest,
          code: customerAccount(personId, rest.currency),
        })),
      );
    },
    heldFor: (tx, personId, { paymentId, currency }) =>
      sumReference(tx, heldAccount(personId, currency), { reference: paymentId, currency }),
    balance: (tx, personId, currency) =>
      sumAccount(tx, customerAccount(personId, currency), currency),
    async balances(tx, personId) {
      const sums = await sumAccounts(
        tx,
        ALL_CURRENCIES.map((currency) => ({ code: customerAccount(personId, currency), currency })),
      );
      return sums.filter(({ minor }) => minor !== 0n);
    },
    entries: (tx, personId) =>
      selectEntries(
        tx,
        ALL_CURRENCIES.map((currency) => customerAccount(personId, currency)),
        ENTRIES_MAX,
      ),
    trialBalance,
  };
}

async function assertSame(tx: Tx, repeated: readonly Transfer[]): Promise<void> {
  const stored = new Map(
    (
      await readTransfers(
        tx,
        repeated.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  for (const { id, debit, credit, amount } of repeated) {
    const row = stored.get(id);
    assert(
      row?.debit === debit &&
        row.credit === credit &&
        row.amount_minor === amount.minor &&
        row.currency === amount.currency,
      `transfer ${id} was posted before with other facts`,
    );
  }
}
