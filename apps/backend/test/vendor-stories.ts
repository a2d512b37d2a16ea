/**
 * What can happen to a payment at each vendor, and how it ends with us: every vendor has a word for
 * every story. A story that a vendor cannot have says why, and the test sees that it cannot.
 */
import { money, type Money } from '@opora/kernel';
import type { Order } from '../src/modules/orders/index.ts';
import type { Payment, ProviderId } from '../src/modules/payments/index.ts';

/**
 * - `accepted`  paid as asked
 * - `declined`  the bank says no
 * - `recovered` the bank says no, and the buyer pays after all
 * - `abandoned` the page is left, for days
 * - `late`      paid after our order's offer ended
 * - `again`     one link is paid two times
 * - `twice`     the order is paid by another way first, and then by the link that still works
 * - `other`     another sum is paid
 * - `whole`, `part`, `rest`  given back to the payer; after a part the rest, and no more
 */
export const STORIES = [
  'accepted',
  'declined',
  'recovered',
  'abandoned',
  'late',
  'again',
  'twice',
  'other',
  'whole',
  'part',
  'rest',
] as const;
export type Story = (typeof STORIES)[number];

export type Ending = Readonly<{
  /** Of the order's payments at this vendor, oldest first. */
  payments: readonly Payment['state'][];
  order: Order['state'];
  /** What was bought can be used; absent: a refund decides, by the product's policy. */
  hasAccess?: boolean;
  /** How many prices are left on the buyer's balance. */
  spare: number;
  /** How many prices the vendor has, what it gave back aside. */
  taken: number;
  /** Why a notice was not booked: staff sees it. */
  quarantine?: string;
}>;
export type Impossible = Readonly<{ cannot: string }>;

export type Row = Readonly<{
  price: Money;
  /** The page's button that pays. */
  pay: string;
  /** Of the buttons of the other outcomes, where the vendor has its own. */
  buttons?: Partial<Record<'declined' | 'abandoned' | 'late' | 'again', string>>;
  stories: Readonly<Record<Story, Ending | Impossible>>;
}>;

const PAID: Ending = { payments: ['settled'], order: 'paid', hasAccess: true, spare: 0, taken: 1 };
const NOTHING = { order: 'open', hasAccess: false, spare: 0, taken: 0 } as const;
const WAITS: Ending = { ...NOTHING, payments: ['pending'] };
const FAILED: Ending = { ...WAITS, payments: ['failed'] };
/** The order was paid by another way; this vendor's money is too much. */
const SURPLUS: Ending = { ...PAID, spare: 1 };
const TWICE_BY_LINK: Ending = { ...SURPLUS, payments: ['settled', 'settled'], taken: 2 };
const GIVEN_BACK: Ending = { payments: ['refunded'], order: 'refunded', spare: 0, taken: 0 };
const PARTLY: Ending = { ...PAID, payments: ['partly_refunded'], taken: 0.5 };
/** A refused bill is over; the next one is paid. */
const SECOND_BILL: Ending = { ...PAID, payments: ['failed', 'settled'] };

const exactly = { cannot: 'its page has no field for a sum: the buyer pays what is asked' };
const whole = { cannot: 'it gives back whole payments only' };

const COMMON = {
  accepted: PAID,
  declined: WAITS,
  recovered: PAID,
  abandoned: WAITS,
  late: PAID,
  // The page of a paid bill takes nothing more.
  again: PAID,
  twice: SURPLUS,
  other: exactly,
  whole: GIVEN_BACK,
  part: PARTLY,
  rest: GIVEN_BACK,
} as const;

export const VENDORS: Readonly<Record<ProviderId, Row>> = {
  yookassa: {
    price: money(500_00n, 'RUB'),
    pay: 'pay-card',
    stories: { ...COMMON, declined: FAILED, recovered: SECOND_BILL },
  },
  tkassa: {
    price: money(500_00n, 'RUB'),
    pay: 'pay-now',
    stories: {
      ...COMMON,
      declined: FAILED,
      recovered: SECOND_BILL,
    },
  },
  stripe: { price: money(5_00n, 'USD'), pay: 'pay-now', stories: COMMON },
  paypal: { price: money(5_00n, 'USD'), pay: 'pay-now', stories: COMMON },
  cryptopay: {
    price: money(5_00n, 'USD'),
    pay: 'pay-now',
    stories: {
      ...COMMON,
      whole: { cannot: 'its API gives nothing back' },
      part: { cannot: 'its API gives nothing back' },
      rest: { cannot: 'its API gives nothing back' },
    },
  },
  freekassa: {
    price: money(500_00n, 'RUB'),
    pay: 'pay-now',
    buttons: { again: 'pay-twice' },
    stories: {
      ...COMMON,
      declined: FAILED,
      recovered: SECOND_BILL,
      // Every opening of the link is a bill of its own.
      again: TWICE_BY_LINK,
      other: { ...WAITS, taken: 0.5, quarantine: 'wrong_amount' },
      part: whole,
      rest: whole,
    },
  },
  stars: {
    price: money(250n, 'XTR'),
    pay: 'stars-pay',
    buttons: {
      declined: 'stars-poor',
      abandoned: 'stars-cancel',
      late: 'stars-late',
      again: 'stars-twice',
    },
    stories: {
      ...COMMON,
      // The bot is asked before anything is taken, and says no for an order that is not open.
      late: WAITS,
      twice: { ...WAITS, order: 'paid', hasAccess: true },
      // Two taps at once are asked about before either is paid: a charge too many, which is kept.
      again: TWICE_BY_LINK,
      part: whole,
      rest: whole,
    },
  },
  tribute: {
    price: money(500_00n, 'RUB'),
    pay: 'pay-now',
    stories: { ...COMMON, part: whole, rest: whole },
  },
};
