import type { Collection, Store } from '../../store.ts';
import type { Attempt, Charge, Subscription } from './charge.ts';
import type { Invoice } from './invoice.ts';

/** A line of `getStarTransactions`: money in, or the same money out again. */
export type Movement = Readonly<{ chargeId: string; kind: 'in' | 'out'; at: number }>;

/** What Telegram keeps of Stars on disk. */
export type Books = Readonly<{
  invoices: Collection<Invoice>;
  attempts: Collection<Attempt>;
  charges: Collection<Charge>;
  subscriptions: Collection<Subscription>;
  /** In the order in which they happened. */
  movements: Collection<Movement>;
  /** Invoices that a person will pay later: by invoice, when and who. */
  promises: Collection<Readonly<{ personId: number; payAt: number }>>;
}>;

export const openBooks = (store: Store): Books => ({
  invoices: store.collection('telegram.stars.invoices'),
  attempts: store.collection('telegram.stars.attempts'),
  charges: store.collection('telegram.stars.charges'),
  subscriptions: store.collection('telegram.stars.subscriptions'),
  movements: store.collection('telegram.stars.movements'),
  promises: store.collection('telegram.stars.promises'),
});
