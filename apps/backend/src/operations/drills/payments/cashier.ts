/** A buyer at the vendor's page: from the link the bot gave to the money. */
import type { Clock } from '@opora/kernel';
import type { Bill, ChatMessage, SimulatedWorld } from '../simulated-world.ts';
import type { VendorName } from '../vendors.ts';
import { forgeryOf } from './forgeries.ts';

const LOOK_EVERY_MS = 200;
/** What the vendor cannot do yet (a dispute of money that is not there) it is asked again. */
const ACT_WITHIN_MS = 60_000;
/** Telegram asks the bot first and takes nothing when that does not answer: one presses again. */
const PRESSES_MAX = 8;
const RESEND_AFTER_MS = 700;

export type Till = Readonly<{
  world: SimulatedWorld;
  clock: Clock;
  stopping: AbortSignal;
  vendor: VendorName;
  chatId: number;
}>;

/** Links to pay through this vendor that these messages hold. */
export function linksIn(vendor: VendorName, messages: readonly ChatMessage[]): string[] {
  const urls = messages.flatMap(({ buttons }) => buttons.flat().flatMap(({ url }) => url ?? []));
  return urls.filter((url) => LINKS[vendor].test(url));
}

const checkout = (vendor: string): RegExp => new RegExp(`/${vendor}/checkout/([\\w-]+)`);
const LINKS: Readonly<Record<VendorName, RegExp>> = {
  ...{ yookassa: checkout('yookassa'), tkassa: checkout('tkassa'), stripe: checkout('stripe') },
  ...{ paypal: checkout('paypal'), cryptopay: checkout('cryptopay') },
  ...{ tribute: checkout('tribute'), freekassa: /\/freekassa\/pay\b/ },
  stars: /\/telegram\/invoice\/([\w-]+)/,
};

/** Opens the page; FreeKassa hears of a payment only then. */
export async function billBehind({ world, vendor }: Till, link: string): Promise<string> {
  if (vendor !== 'freekassa') return LINKS[vendor].exec(link)?.[1] ?? '';
  return checkout(vendor).exec((await world.open(link)) ?? '')?.[1] ?? '';
}

/** How often money was taken: once, or not at all. */
export async function pay(till: Till, billId: string): Promise<number> {
  const { world, vendor } = till;
  const isPaid =
    vendor === 'stars'
      ? await payStars(till, billId)
      : await world.till(vendor).tryAct(billId, 'pay');
  return isPaid ? 1 : 0;
}

/** The same link two times. */
export async function payTwice(till: Till, billId: string): Promise<number> {
  if (till.vendor === 'stars') {
    const pays = await Promise.all([payStars(till, billId), payStars(till, billId)]);
    return pays.filter(Boolean).length;
  }
  return (await till.world.till(till.vendor).tryAct(billId, 'twice')) ? 2 : 0;
}

async function payStars(till: Till, id: string): Promise<boolean> {
  const { world, clock, stopping, chatId } = till;
  for (let presses = 0; presses < PRESSES_MAX && !stopping.aborted; presses += 1) {
    const { id: press } = await world.pressPay(id, chatId);
    if ((await answerTo(till, press)) === 'paid') return true;
    // The bot said no: the order is paid or over, or it did not know; a person looks again soon.
    await clock.sleep(LOOK_EVERY_MS * 5, stopping);
  }
  return false;
}

/** Telegram waits ten seconds for the bot and says what became of it. */
async function answerTo({ world, clock, stopping }: Till, press: string): Promise<string> {
  for (;;) {
    const { state } = await world.pressed(press);
    if (state !== 'asked' || stopping.aborted) return state;
    await clock.sleep(LOOK_EVERY_MS, stopping);
  }
}

/** The newest notice of the bill once more, so many times. */
export async function resend(till: Till, billId: string, times: number): Promise<void> {
  const { world, clock, stopping, vendor } = till;
  for (let sent = 0; sent < times && !stopping.aborted; sent += 1) {
    await clock.sleep(RESEND_AFTER_MS, stopping);
    await world.till(vendor).tryAct(billId, 'resend');
  }
}

/** Until the vendor does it; false: it never did. */
export async function insist(
  { world, clock, stopping, vendor }: Till,
  billId: string,
  act: 'dispute' | 'win' | 'lose' | 'refund' | 'decline',
): Promise<boolean> {
  const sinceMs = clock.monotonicMs();
  while (clock.monotonicMs() - sinceMs < ACT_WITHIN_MS && !stopping.aborted) {
    if (await world.till(vendor).tryAct(billId, act)) return true;
    await clock.sleep(LOOK_EVERY_MS * 5, stopping);
  }
  return false;
}

export async function payOther({ world, vendor }: Till, { id, amount }: Bill): Promise<void> {
  const value = (Number(amount.value) - 1).toFixed(2);
  await world.till(vendor).tryAct(id, 'other', { value });
}

export async function forge({ world, vendor }: Till, billId: string): Promise<void> {
  const till = world.till(vendor);
  await till.forge(forgeryOf(vendor, await till.bill(billId)));
}
