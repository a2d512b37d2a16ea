/**
 * One simulated person who buys through the bot as people do. Everything through the chat and the
 * vendor's page, nothing by our API; only what staff does goes through the administration's door.
 */
import type { Bill } from '../simulated-world.ts';
import type { Behaviour } from './behaviours.ts';
import {
  billBehind,
  forge,
  insist,
  linksIn,
  pay,
  payOther,
  payTwice,
  resend,
  type Till,
} from './cashier.ts';
import { walk, type Wayfarer } from './chat.ts';
import type { Giving, Office } from './office.ts';
import type { PersonPlan } from './plan.ts';

const LATE_MS = { least: 3_000, spread: 7_000 };
/** A false notice is judged before the true one follows. */
const FORGED_AHEAD_MS = { least: 1_200, spread: 1_000 };
const SECOND_PURCHASE_MS = { least: 1_000, spread: 4_000 };
const SECOND_THOUGHTS_MS = { least: 500, spread: 4_000 };

export type Buyer = Wayfarer &
  Readonly<{
    office: Office;
    /** Called when a vendor has taken so many sums. */
    paid: (times: number) => void;
  }>;

type Visit = Readonly<{
  buyer: Buyer;
  plan: PersonPlan;
  till: Till;
  /** Links that were used. */
  links: string[];
  /** What they came for and did not get. */
  inVain: string[];
}>;

/** Resolves when the person is done: with the chat, and what never came. */
export async function beBuyer(
  buyer: Buyer,
  plan: PersonPlan,
  name: string,
): Promise<{ chatId: number; inVain: readonly string[] }> {
  const chatId = await buyer.world.createPerson({ name, language: plan.language });
  await buyer.world.say(chatId, '/start');
  const till = { ...buyer, vendor: plan.provider, chatId };
  const visit: Visit = { buyer, plan, till, links: [], inVain: [] };
  await STORIES[plan.behaviour](visit);
  return { chatId, inVain: visit.inVain };
}

const STORIES: Readonly<Record<Behaviour, (visit: Visit) => Promise<unknown>>> = {
  pays: (visit) => buy(visit),
  late: (visit) => buy(visit, () => hesitate(visit, LATE_MS)),
  forged: (visit) =>
    buy(visit, async (bill) => {
      await forge(visit.till, bill);
      await hesitate(visit, FORGED_AHEAD_MS);
    }),
  async declines(visit) {
    const bill = await findBill(visit, 0);
    if (bill !== undefined) await visit.buyer.world.till(visit.till.vendor).tryAct(bill, 'decline');
  },
  abandons: (visit) => findBill(visit, 0),
  async twice(visit) {
    const bills = [await findBill(visit, 0), await findBill(visit, 1)];
    await Promise.all(bills.flatMap((bill) => (bill === undefined ? [] : [payBill(visit, bill)])));
  },
  async again(visit) {
    await buy(visit);
    await hesitate(visit, SECOND_PURCHASE_MS);
    const bill = await findBill(visit, 1);
    if (bill !== undefined) await payBill(visit, bill);
  },
  async doubles(visit) {
    const bill = await findBill(visit, 0);
    if (bill !== undefined) visit.buyer.paid(await payTwice(visit.till, bill));
  },
  async other(visit) {
    const bill = await findBill(visit, 0);
    if (bill !== undefined) await payOther(visit.till, await billOf(visit, bill));
  },
  async saves(visit) {
    if ((await topUp(visit, TOP_UP_OF_A_MONTH)) !== undefined) await spend(visit, MONTH);
  },
  async mixes(visit) {
    if ((await topUp(visit, TOP_UP_OF_A_PART)) === undefined) return;
    const bill = await findBill(visit, QUARTER, 'mix');
    if (bill !== undefined) await payBill(visit, bill);
  },
  returns: (visit) => giveBack(visit, { part: 'all', target: 'provider' }),
  halves: (visit) => giveBack(visit, { part: 'half', target: 'provider' }),
  async credited(visit) {
    const isBack = await giveBack(visit, { part: 'all', target: 'balance' });
    if (isBack) await spend(visit, visit.plan.terms[0]);
  },
  cabinet: (visit) => after(visit, 'refund'),
  disputes: (visit) => after(visit, 'dispute'),
  wins: (visit) => after(visit, 'dispute', 'win'),
  loses: (visit) => after(visit, 'dispute', 'lose'),
};

/** Places in the window and among the sums of a top-up, counted from 0. */
const [MONTH, QUARTER] = [0, 1];
const [TOP_UP_OF_A_PART, TOP_UP_OF_A_MONTH] = [0, 1];

/** Undefined: there was no link. */
async function buy(
  visit: Visit,
  first?: (bill: string) => Promise<void>,
): Promise<string | undefined> {
  const bill = await findBill(visit, 0);
  if (bill === undefined) return undefined;
  await first?.(bill);
  return (await payBill(visit, bill)) ? bill : undefined;
}

async function payBill(visit: Visit, bill: string): Promise<boolean> {
  const times = await pay(visit.till, bill);
  visit.buyer.paid(times);
  if (times > 0) await resend(visit.till, bill, visit.plan.resends);
  else visit.inVain.push('a payment');
  return times > 0;
}

/** Buys, and later the vendor or the bank does this. */
async function after(visit: Visit, ...acts: ('refund' | 'dispute' | 'win' | 'lose')[]) {
  const bill = await buy(visit);
  if (bill === undefined) return;
  for (const act of acts) {
    await hesitate(visit, SECOND_THOUGHTS_MS);
    if (!(await insist(visit.till, bill, act))) visit.inVain.push(act);
  }
}

async function giveBack(visit: Visit, how: Giving): Promise<boolean> {
  const bill = await buy(visit);
  if (bill === undefined) return false;
  await hesitate(visit, SECOND_THOUGHTS_MS);
  const isDone = await visit.buyer.office.giveBack(await billOf(visit, bill), how);
  if (!isDone) visit.inVain.push(`a refund to the ${how.target}`);
  return isDone;
}

const billOf = ({ buyer, till }: Visit, bill: string): Promise<Bill> =>
  buyer.world.till(till.vendor).bill(bill);

/** From the window to the vendor's bill; `mix`: beside what the balance pays. */
function findBill(visit: Visit, term: number, how: '' | 'mix' = ''): Promise<string | undefined> {
  const { plan } = visit;
  const ways = how === 'mix' ? [/^1[:!]waysmix:/] : [/^1[:!]ways:/];
  return followLink(visit, {
    from: '/plans',
    steps: [new RegExp(`^1[:!]way${how}:${plan.provider}$`), ...ways, ...TO_PAY],
    choice: how === 'mix' ? term : (plan.terms[term] ?? 0),
  });
}

const TO_PAY = [/^1[:!]pay:/, /^1[:!]price:/];

async function topUp(visit: Visit, choice: number): Promise<string | undefined> {
  const way = visit.plan.provider;
  const bill = await followLink(visit, {
    from: '/menu',
    steps: [
      ...[new RegExp(`^1[:!]topupsum:${way}-`), new RegExp(`^1[:!]topupby:${way}$`)],
      ...[/^1[:!]topup$/, /^1[:!]balance$/],
    ],
    choice,
  });
  return bill !== undefined && (await payBill(visit, bill)) ? bill : undefined;
}

async function followLink(
  { buyer, till, links, inVain }: Visit,
  way: { from: string; steps: readonly RegExp[]; choice: number },
): Promise<string | undefined> {
  const { chatId, vendor } = till;
  const link = await walk(buyer, {
    ...{ ...way, chatId },
    found: (answers) => linksIn(vendor, answers).find((url) => !links.includes(url)),
  });
  if (link === undefined) {
    inVain.push(`a link of ${vendor}`);
    return undefined;
  }
  links.push(link);
  return billBehind(till, link);
}

/** Buys from the balance, as soon as its money is there. */
async function spend({ buyer, till, inVain }: Visit, choice: number): Promise<void> {
  const isPaid = await walk(buyer, {
    chatId: till.chatId,
    from: '/plans',
    steps: [/^1[:!]wallet:/, ...TO_PAY],
    choice,
    found: (answers) =>
      answers.some(({ buttons }) =>
        buttons.flat().some(({ callback_data: data }) => /^1[:!]check:/.test(data ?? '')),
      ) || undefined,
  });
  if (isPaid === undefined) inVain.push('a purchase from the balance');
}

async function hesitate(
  { buyer: { clock, stopping }, plan }: Visit,
  range: { least: number; spread: number },
): Promise<void> {
  await clock.sleep(range.least + range.spread * plan.hesitation, stopping);
}
