/**
 * One simulated person who buys through the bot as people do: writes, taps, taps again when nothing
 * happens for a while, and pays at the provider. Everything through the chat, nothing by our API.
 */
import type { Clock } from '@opora/kernel';
import type { ChatMessage, SimulatedWorld } from '../simulated-world.ts';
import type { PersonPlan } from './plan.ts';

const LOOK_EVERY_MS = 150;
/** After this long without an answer people tap or write again. */
const PATIENCE_MS = 4_000;
/** After this long they go away for good. */
const LEAVE_AFTER_MS = 120_000;
const LATE_MS = { least: 3_000, spread: 7_000 };
/** A false notice is judged before the true one follows. */
const FORGED_AHEAD_MS = { least: 1_200, spread: 1_000 };
const SECOND_PURCHASE_MS = { least: 1_000, spread: 4_000 };

/** What is tapped, the nearest to the link first. Data of buttons, because labels are words. */
const WAY_TO_THE_LINK = [/^1[:!]way:yookassa$/, /^1[:!]pay:/, /^1[:!]price:/];
const CHECKOUT = /\/yookassa\/checkout\/([0-9a-z-]+)/;

export type Buyer = Readonly<{
  world: SimulatedWorld;
  clock: Clock;
  /** Called when the provider has taken money. */
  paid: (paymentId: string) => void;
  stopping: AbortSignal;
}>;

/** Resolves when the person is done: with the chat, and how many links never came. */
export async function beBuyer(
  buyer: Buyer,
  plan: PersonPlan,
  name: string,
): Promise<{ chatId: number; gaveUp: number }> {
  const chatId = await buyer.world.createPerson({ name, language: plan.language });
  await buyer.world.say(chatId, '/start');
  const links: string[] = [];
  let gaveUp = 0;
  const next = async (term: number): Promise<string | undefined> => {
    const link = await findLink(buyer, { chatId, term, known: links });
    if (link === undefined) gaveUp += 1;
    else links.push(link);
    return link;
  };
  const first = await next(plan.terms[0]);
  if (plan.behaviour === 'twice') {
    const second = await next(plan.terms[1]);
    await Promise.all([first, second].map((link) => pay(buyer, link)));
    return { chatId, gaveUp };
  }
  await decide(buyer, plan, first);
  if (plan.behaviour === 'again') {
    await hesitate(buyer, SECOND_PURCHASE_MS, plan);
    await pay(buyer, await next(plan.terms[1]));
  }
  return { chatId, gaveUp };
}

async function decide(buyer: Buyer, plan: PersonPlan, link: string | undefined): Promise<void> {
  if (link === undefined) return;
  switch (plan.behaviour) {
    case 'abandons':
      return;
    case 'declines':
      await buyer.world.buy(link, 'declined');
      return;
    case 'late':
      await hesitate(buyer, LATE_MS, plan);
      break;
    case 'forged':
      await buyer.world.forge(paidNotice(link));
      await hesitate(buyer, FORGED_AHEAD_MS, plan);
      break;
    case 'pays':
    case 'again':
    case 'twice':
  }
  await pay(buyer, link);
}

async function pay({ world, paid }: Buyer, link: string | undefined): Promise<void> {
  if (link !== undefined && (await world.buy(link, 'succeeded'))) paid(link);
}

async function hesitate(
  { clock, stopping }: Buyer,
  range: { least: number; spread: number },
  { hesitation }: PersonPlan,
): Promise<void> {
  await clock.sleep(range.least + range.spread * hesitation, stopping);
}

/** The same bytes that matter in the true one: only the provider's own word tells them apart. */
function paidNotice(id: string): unknown {
  const object = { id, status: 'succeeded', paid: true };
  return { type: 'notification', event: 'payment.succeeded', object };
}

/** From "/plans" to the id of a payment at the provider; undefined when patience ended. */
async function findLink(
  { world, clock, stopping }: Buyer,
  wish: { chatId: number; term: number; known: readonly string[] },
): Promise<string | undefined> {
  const { chatId } = wish;
  const startedMs = clock.monotonicMs();
  let asked = await world.say(chatId, '/plans');
  let actedMs = clock.monotonicMs();
  let pressed = '';
  while (clock.monotonicMs() - startedMs < LEAVE_AFTER_MS && !stopping.aborted) {
    await clock.sleep(LOOK_EVERY_MS, stopping);
    const answers = (await world.chat(chatId)).filter(
      ({ by, messageId }) => by === 'bot' && messageId > asked,
    );
    const link = answers.flatMap(linksOf).find((id) => !wish.known.includes(id));
    if (link !== undefined) return link;
    const step = nextStep(answers, wish.term);
    const waited = clock.monotonicMs() - actedMs > PATIENCE_MS;
    if (step === undefined && !waited) continue;
    if (step === undefined || (waited && step.key === pressed)) {
      asked = await world.say(chatId, '/plans');
      pressed = '';
    } else if (step.key !== pressed || waited) {
      await world.tap(chatId, step.messageId, step.data);
      pressed = step.key;
    } else continue;
    actedMs = clock.monotonicMs();
  }
  return undefined;
}

function linksOf({ buttons }: ChatMessage): string[] {
  return buttons.flat().flatMap(({ url }) => CHECKOUT.exec(url ?? '')?.[1] ?? []);
}

/** The button to press now: of the newest message that has one on the way to the link. */
function nextStep(
  answers: readonly ChatMessage[],
  term: number,
): { key: string; messageId: number; data: string } | undefined {
  for (const { messageId, buttons } of answers.toReversed()) {
    const offered = buttons.flat().flatMap(({ callback_data }) => callback_data ?? []);
    for (const step of WAY_TO_THE_LINK) {
      const fitting = offered.filter((data) => step.test(data));
      const data = fitting[term % Math.max(1, fitting.length)];
      if (data !== undefined) return { key: `${String(messageId)} ${data}`, messageId, data };
    }
  }
  return undefined;
}
