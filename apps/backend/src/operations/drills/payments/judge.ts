/** The judge: looks at collected books only, and knows nothing of how they came about. Pure. */
import { isOtherSum, timesTaken, type Books, type Violation } from './books.ts';
import {
  customersTold,
  deliveredOnce,
  nobodyWaits,
  panelHolds,
  surplusOf,
} from './rules-access.ts';
import { moneyBack } from './rules-back.ts';
import { ledgerBalances } from './rules-ledger.ts';
import { noOrderLost, noticesKept, settledOnce } from './rules-money.ts';

export type VendorFigures = Readonly<{
  sold: number;
  /** Another sum came than was asked for. */
  setAside: number;
  /** Payments of which something went back to the payer. */
  refunded: number;
  deliveries: number;
  acknowledged: number;
}>;

export type Judgement = Readonly<{
  violations: readonly Violation[];
  /** By vendor, in the order they were given. */
  vendors: Readonly<Record<string, VendorFigures>>;
  /** Sums that vendors took as they were asked for. */
  sold: number;
  /** Orders of a plan. */
  paid: number;
  delivered: number;
  surplus: number;
  /** Customers may read a message twice, never none. */
  toldTwice: number;
}>;

export function judge(books: Books): Judgement {
  const words = customersTold(books);
  const vendors = figuresOf(books);
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
    vendors,
    sold: Object.values(vendors).reduce((sum, { sold }) => sum + sold, 0),
    paid: books.orders.filter(({ kind, paidAtMs }) => kind === 'plan' && paidAtMs !== undefined)
      .length,
    delivered: books.deliveries.length,
    surplus: surplusOf(books).length,
    toldTwice: words.toldTwice,
  };
}

function figuresOf({ providers, payments }: Books): Record<string, VendorFigures> {
  const back = payments.filter(({ refundedMinor }) => refundedMinor > 0n);
  return Object.fromEntries(
    providers.map(({ name, payments: bills, deliveries, accepted }) => [
      name,
      {
        sold: bills.reduce((sum, bill) => sum + timesTaken(bill), 0),
        setAside: bills.filter(isOtherSum).length,
        refunded: back.filter(({ provider }) => provider === name).length,
        deliveries,
        acknowledged: accepted.length,
      },
    ]),
  );
}
