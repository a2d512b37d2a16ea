/** The judge: looks at collected books only, and knows nothing of how they came about. Pure. */
import type { Books, Violation } from './books.ts';
import {
  customersTold,
  deliveredOnce,
  nobodyWaits,
  panelHolds,
  surplusOf,
} from './rules-access.ts';
import { moneyBack } from './rules-back.ts';
import { ledgerBalances, noOrderLost, noticesKept, settledOnce } from './rules-money.ts';

export type Judgement = Readonly<{
  violations: readonly Violation[];
  sold: number;
  paid: number;
  delivered: number;
  surplus: number;
  /** Customers may read a message twice, never none. */
  toldTwice: number;
}>;

export function judge(books: Books): Judgement {
  const words = customersTold(books);
  return {
    violations: [
      ...settledOnce(books),
      ...deliveredOnce(books),
      ...ledgerBalances(books),
      ...panelHolds(books),
      ...words.violations,
      ...noticesKept(books),
      ...noOrderLost(books),
      ...nobodyWaits(books),
      ...moneyBack(books),
    ],
    sold: books.provider.payments.filter(({ status }) => status === 'succeeded').length,
    paid: books.orders.filter(({ state }) => state === 'paid').length,
    delivered: books.deliveries.length,
    surplus: surplusOf(books).length,
    toldTwice: words.toldTwice,
  };
}
