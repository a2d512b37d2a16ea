/**
 * What is lived through at every point. `before` makes the ground of a story, unobserved; `act` is
 * observed, and repeated by nobody but who would repeat it: a customer, staff, the vendor.
 */
import type { Clock } from '@opora/kernel';
import type { OrderRow, PaymentRow } from '../payments/books.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { Bill, SimulatedWorld } from '../simulated-world.ts';
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

export type Hands = Readonly<{
  subject: Subject;
  world: SimulatedWorld;
  clock: Clock;
  provider: string;
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
    ends: ({ state }, { isDisputed }) => state === 'disputed' && isDisputed,
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

const PRESSES_MAX = 10;
const LOOK_EVERY_MS = 500;

/** What a buyer, the merchant or the bank does with the bill of this telling's payment. */
async function atTheTill(hands: Hands, act: 'pay' | 'resend' | 'dispute'): Promise<void> {
  const till = hands.world.till(hands.provider);
  const { paymentId, checkoutUrl } = await sell(hands);
  // FreeKassa hears of a payment when its buyer opens the link.
  if (act === 'pay' && checkoutUrl !== undefined) await hands.world.open(checkoutUrl);
  const find = async (): Promise<Bill> => {
    const bills = await till.bills();
    const bill = bills.findLast(({ reference }) => reference === paymentId);
    if (bill === undefined) throw new DrillRefused(`${hands.provider} has no bill ${paymentId}`);
    return bill;
  };
  const { id } = await find();
  // Telegram names no payer by itself.
  const wish = hands.provider === 'stars' ? { method: String(hands.chatId) } : {};
  await till.act(id, act, wish);
  if (hands.provider !== 'stars' || act !== 'pay') return;
  // Telegram asks the bot first and takes nothing when that does not answer: one presses again.
  for (let presses = 1; (await find()).state === 'open' && presses < PRESSES_MAX;) {
    await hands.clock.sleep(LOOK_EVERY_MS);
    await hands.subject.ready();
    await hands.clock.sleep(LOOK_EVERY_MS);
    if ((await find()).state !== 'open') return;
    await till.act(id, act, wish);
    presses += 1;
  }
}
