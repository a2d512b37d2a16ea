import type { Currency, Language } from '@opora/kernel';
import type { Cabinet } from './cabinet.ts';

/**
 * A till: one simulated payment vendor as people and drills handle it, the same for all of them.
 * The vendor's own API lies beside it; the pages (`checkout-shell.ts`, `dashboard-shell.ts`) and the
 * control routes (`control.ts`) need only this. A driver needs only the vendor's id.
 */
export interface Till {
  /** The vendor, as in `/tkassa/control`, `PUT /faults` and the journal. */
  readonly id: string;
  /** Oldest first. */
  bills(): readonly Bill[];
  /** Throws `ActRefused` when there is none. */
  bill(id: string): Bill;
  /** What the vendor makes possible; an act that is not here does not exist there. */
  readonly acts: Acts;
  readonly cabinet: Cabinet;
  /** Sends a notice that nobody at the vendor made: `body` as it stands, once. */
  forge(body: string): void;
}

/**
 * What people, the bank, the merchant and time can do to a bill. Each throws `ActRefused` and
 * changes nothing when the state of the bill, or the vendor, forbids it.
 *
 * The buyer:
 * - `pay`      pays what is asked; a two-stage payment is held, any other is taken
 * - `decline`  tries to pay and the bank refuses; whether the bill stays open is the vendor's way
 * - `abandon`  opens the page and walks away: no money, no notice
 * - `late`     pays after `afterMs` (now, when absent), and the vendor's deadline waits for them:
 *              the shop may have closed the order meanwhile, its link still works
 * - `twice`    pays by this very link two times, where the vendor takes it (an order is also paid
 *              twice by paying two of its bills, everywhere)
 * - `other`    pays `value` instead of what is asked
 *
 * Time:
 * - `expire`   the vendor's deadline passes now
 *
 * The merchant, in the vendor's cabinet, without our knowing:
 * - `capture`  takes held money
 * - `cancel`   gives held money back, or closes a bill nobody has paid
 * - `refund`   gives back `value`, or all that is left of what was taken
 * - `resend`   sends the newest notice of this bill again
 *
 * The bank, later:
 * - `dispute`  the buyer disputes the payment and the money is locked
 * - `win`      the dispute ends for the shop: the money is back
 * - `lose`     the dispute ends for the buyer: the money is gone
 */
export const ACTS = [
  'pay',
  'decline',
  'abandon',
  'late',
  'twice',
  'other',
  'expire',
  'capture',
  'cancel',
  'refund',
  'resend',
  'dispute',
  'win',
  'lose',
] as const;
export type ActName = (typeof ACTS)[number];

/**
 * `value` is decimal text in the bill's currency, `afterMs` whole milliseconds, `method` one of the
 * ways to pay on the vendor's page.
 */
export type Wish = Readonly<{ value?: string; afterMs?: number; method?: string }>;
export type Acts = Readonly<Partial<Record<ActName, (billId: string, wish: Wish) => void>>>;

/**
 * `open` can be paid (again, when paid by nobody yet), `held` waits for the merchant, `paid` has
 * brought money, `closed` never will, `disputed` has brought money that the bank has locked or taken.
 */
export type BillState = 'open' | 'held' | 'paid' | 'closed' | 'disputed';

/** What a buyer is asked to pay, and what became of it. Plain JSON: control answers it as it is. */
export type Bill = Readonly<{
  /** The vendor's own id of the money object, as text. */
  id: string;
  /** Our id of it, as the shop sent it. */
  reference: string | undefined;
  /** Our order, where the vendor is told of it: its other bills are shown beside this one. */
  order?: string | undefined;
  state: BillState;
  /** The vendor's own word for its state. */
  status: string;
  /** What is asked: decimal text. */
  amount: Readonly<{ value: string; currency: Currency }>;
  /** Everything ever taken, and what of it went back: decimal text in the same currency. */
  taken: string;
  returned: string;
  createdAt: string;
  checkoutUrl: string;
  description?: string | undefined;
  /** Where the buyer goes afterwards. */
  returnUrl?: string | undefined;
  language?: Language | undefined;
  /** When a buyer who pays late will do so. */
  payAt?: string | undefined;
  /** When the vendor closes it by itself. */
  deadlineAt?: string | undefined;
}>;

/** An act that the state of a bill, or the vendor, forbids; the message is a sentence for people. */
export class ActRefused extends Error {
  override readonly name: string = 'ActRefused';
  readonly isMissing: boolean;

  constructor(message: string, isMissing = false) {
    super(message);
    this.isMissing = isMissing;
  }
}
