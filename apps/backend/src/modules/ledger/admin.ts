import { addMoney, CURRENCIES, type Currency, type Money } from '@opora/kernel';
import type { Page, PageWish, Tx } from '../../platform/db/index.ts';
import {
  foldPeople,
  selectBalances,
  selectTransfers,
  type TransferFilter,
  type TransferListed,
} from './repository-admin.ts';
import { trialBalance } from './repository.ts';
import { customerAccount } from './transfer.ts';

/** What staff reads in the books. */
export interface LedgerAdmin {
  /** Accounts with debits minus credits, people as one row a currency; and the sum of all. */
  accounts(tx: Tx): Promise<{ items: { code: string; balance: Money }[]; sums: Money[] }>;
  transfers(tx: Tx, filter: TransferFilter, page: PageWish): Promise<Page<TransferListed>>;
  /** What we owe a person, per currency; nothing where it is zero. */
  balances(tx: Tx, personId: string): Promise<readonly Money[]>;
}

const ALL_CURRENCIES = Object.keys(CURRENCIES) as Currency[]; // its own keys

export const ledgerAdmin: LedgerAdmin = {
  async accounts(tx) {
    const items = foldPeople(await trialBalance(tx));
    const sums = new Map<Currency, Money>();
    for (const { balance } of items) {
      const { currency } = balance;
      const before = sums.get(currency);
      sums.set(currency, before === undefined ? balance : addMoney(before, balance));
    }
    return { items, sums: [...sums.values()] };
  },
  transfers: selectTransfers,
  balances: (tx, personId) =>
    selectBalances(
      tx,
      ALL_CURRENCIES.map((currency) => customerAccount(personId, currency)),
    ),
};
