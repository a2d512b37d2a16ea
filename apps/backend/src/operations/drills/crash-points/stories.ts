/**
 * What is lived through at every point. `before` makes the ground of a story, unobserved; `act` is
 * observed, and repeated by nobody but who would repeat it: a customer, staff, the vendor.
 */
import type { Clock } from '@opora/kernel';
import { DrillRefused } from '../simulated-only.ts';
import type { Bill, SimulatedWorld } from '../simulated-world.ts';
import { soldSchema } from './orders.ts';
import type { Subject } from './subject.ts';

export const STORIES = ['payment', 'duplicate', 'refund', 'partial-refund', 'dispute'] as const;
export type StoryName = (typeof STORIES)[number];

/** What we can give back through a vendor, and whether a buyer's bank can ask it back there. */
const VENDORS = {
  yookassa: { refunds: 'partial', disputes: false },
} as const;
export type CrashProvider = keyof typeof VENDORS;
export const CRASH_PROVIDERS = Object.keys(VENDORS) as CrashProvider[]; // its own keys

export function existsAt(provider: CrashProvider, story: StoryName): boolean {
  const { refunds, disputes }: { refunds: string; disputes: boolean } = VENDORS[provider];
  switch (story) {
    case 'payment':
    case 'duplicate':
      return true;
    case 'refund':
      return refunds !== 'none';
    case 'partial-refund':
      return refunds === 'partial';
    case 'dispute':
      return disputes;
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

type Story = Readonly<{
  before?: (hands: Hands) => Promise<void>;
  act: (hands: Hands) => Promise<void>;
}>;

const TELLINGS: Readonly<Record<StoryName, Story>> = {
  payment: { act: buy },
  // The vendor sends its newest notice again, long after everything was done.
  duplicate: { before: buy, act: (hands) => atTheTill(hands, 'resend') },
  refund: { before: buy, act: (hands) => refund(hands, 'all') },
  'partial-refund': { before: buy, act: (hands) => refund(hands, 'half') },
  dispute: { before: buy, act: (hands) => atTheTill(hands, 'dispute') },
};

export const storyOf = (name: StoryName): Story => TELLINGS[name];

async function buy(hands: Hands): Promise<void> {
  await sell(hands);
  await atTheTill(hands, 'pay');
}

async function sell({ subject, provider, chatId, key }: Hands): Promise<string> {
  const sold = await subject.order({ type: 'sell', key, chatId, provider });
  return soldSchema.parse(sold).paymentId;
}

async function refund(hands: Hands, part: 'all' | 'half'): Promise<void> {
  const paymentId = await sell(hands);
  await hands.subject.order({ type: 'refund', key: hands.key, paymentId, part });
}

const PRESSES_MAX = 10;
const LOOK_EVERY_MS = 500;

/** What a buyer, the merchant or the bank does with the bill of this telling's payment. */
async function atTheTill(hands: Hands, act: 'pay' | 'resend' | 'dispute'): Promise<void> {
  const till = hands.world.till(hands.provider);
  const paymentId = await sell(hands);
  const find = async (): Promise<Bill> => {
    const bill = await till.billOf(paymentId);
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
