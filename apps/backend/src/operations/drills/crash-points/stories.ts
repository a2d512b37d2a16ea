/**
 * What is lived through at every point. `before` makes the ground of a story, unobserved; `act` is
 * observed, and repeated by nobody but who would repeat it: a customer, staff, the vendor.
 */
import type { Clock } from '@opora/kernel';
import type { OrderRow, PaymentRow } from '../payments/books.ts';
import { pay } from '../payments/cashier.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { SimulatedWorld } from '../simulated-world.ts';
import { soldSchema } from './orders.ts';
import { VENDOR_NAMES, VENDORS, type Vendor, type VendorName } from '../vendors.ts';
import type { Subject } from './subject.ts';

export const STORIES = ['payment', 'duplicate', 'refund', 'partial-refund', 'dispute'] as const;
export type StoryName = (typeof STORIES)[number];

export type CrashProvider = VendorName;
export const CRASH_PROVIDERS = VENDOR_NAMES;

export function existsAt(provider: CrashProvider, story: StoryName): boolean {
  const { refunds, disputes, resends }: Vendor = VENDORS[provider];
  switch (story) {
    case 'payment':
      return true;
    case 'duplicate':
      return resends;
    case 'refund':
      return refunds !== 'none';
    case 'partial-refund':
      return refunds === 'partial';
    case 'dispute':
      return disputes !== 'none';
  }
}

/** The bank has taken the money then and there: nobody decides any more. */
function isLostAtOnce(provider: string): boolean {
  return VENDOR_NAMES.some((name) => name === provider && VENDORS[name].disputes === 'lost');
}

export type Hands = Readonly<{
  subject: Subject;
  world: SimulatedWorld;
  clock: Clock;
  provider: VendorName;
  chatId: number;
  /** The same for all that is repeated in one telling. */
  key: string;
}>;

export type Story = Readonly<{
  before?: (hands: Hands) => Promise<void>;
  act: (hands: Hands) => Promise<void>;
  /** What must have become of its payment and order. */
  ends: (payment: PaymentRow, order: OrderRow) => boolean;
}>;

const isSold = (_payment: PaymentRow, { state }: OrderRow): boolean => state === 'paid';

const TELLINGS: Readonly<Record<StoryName, Story>> = {
  payment: { act: buy, ends: isSold },
  // The vendor sends its newest notice again, long after everything was done.
  duplicate: { before: buy, act: (hands) => atTheTill(hands, 'resend'), ends: isSold },
  refund: {
    before: buy,
    act: (hands) => refund(hands, 'all'),
    ends: (_payment, { state }) => state === 'refunded',
  },
  'partial-refund': {
    before: buy,
    act: (hands) => refund(hands, 'half'),
    ends: ({ state }, order) => state === 'partly_refunded' && order.state === 'paid',
  },
  dispute: {
    before: buy,
    act: (hands) => atTheTill(hands, 'dispute'),
    ends: ({ state, provider }, order) =>
      isLostAtOnce(provider)
        ? state === 'refunded' && order.state === 'refunded'
        : state === 'disputed' && order.isDisputed,
  },
};

export const storyOf = (name: StoryName): Story => TELLINGS[name];

async function buy(hands: Hands): Promise<void> {
  await sell(hands);
  await atTheTill(hands, 'pay');
}

/** Asked again with its key it only says which payment it was. */
export async function sell({ subject, provider, chatId, key }: Hands) {
  return soldSchema.parse(await subject.order({ type: 'sell', key, chatId, provider }));
}

async function refund(hands: Hands, part: 'all' | 'half'): Promise<void> {
  const { paymentId } = await sell(hands);
  await hands.subject.order({ type: 'refund', key: hands.key, paymentId, part });
}

/** What a buyer, the merchant or the bank does with the bill of this telling's payment. */
async function atTheTill(hands: Hands, act: 'pay' | 'resend' | 'dispute'): Promise<void> {
  const { world, provider, clock, chatId } = hands;
  const till = world.till(provider);
  const { paymentId, checkoutUrl } = await sell(hands);
  // FreeKassa hears of a payment when its buyer opens the link.
  if (act === 'pay' && checkoutUrl !== undefined) await world.open(checkoutUrl);
  const bill = (await till.bills()).findLast(({ reference }) => reference === paymentId);
  if (bill === undefined) throw new DrillRefused(`${provider} has no bill ${paymentId}`);
  if (act !== 'pay') await till.act(bill.id, act);
  else await pay({ world, clock, chatId, vendor: provider, stopping: NEVER }, bill.id);
}

/** The drill ends its stories by ending their ground. */
const NEVER = new AbortController().signal;
