/** What the checkout shows of each way to pay: sums in words, made where the language is known. */
import {
  moneyFromWire,
  type MoneyWire,
  type PayMethodWire,
  type SubscriptionWire,
} from '@opora/contracts';
import { formatMoney, subtractMoney } from '@opora/kernel';
import type { Plan } from '../product/product.ts';
import type { Visit } from '../site/visit.ts';
import { checkoutWords } from './words.ts';

const DAY_MS = 86_400_000;
/** Our own money as a way to pay. */
const BALANCE = 'balance';

export type Way = Readonly<{
  provider: string;
  title: string;
  detail?: string;
  /** Goes with the order: nobody is charged what they did not see. */
  price: MoneyWire;
  sum: string;
  /** The button's words with the sum. */
  pay: string;
  /** Under the button: where the money is taken. */
  where: string;
  isResting: boolean;
  /** What is left for it when the balance pays first; undefined: it pays whole only. */
  rest?: Readonly<{ price: MoneyWire; sum: string; pay: string }> | undefined;
  /** What is agreed to when the box of renewals is ticked; undefined: there is no box. */
  consent?: Readonly<{ version: string; text: string }> | undefined;
}>;

/** The box that lets the balance pay its part. */
export type Part = Readonly<{ label: string; text: string }>;

export function wayOf(
  { provider, title, price, resting, rest, keeps }: PayMethodWire,
  given: Readonly<{ visit: Visit; renewalWords: string | null; date: string }>,
): Way {
  const { visit, renewalWords, date } = given;
  const words = checkoutWords[visit.language];
  const sum = said(price, visit);
  return {
    ...{ provider, title: title[visit.language], price, sum },
    ...{ pay: words.pay(sum), where: words.where },
    isResting: resting,
    rest:
      rest === null
        ? undefined
        : { price: rest, sum: said(rest, visit), pay: words.payRest(said(rest, visit)) },
    consent:
      keeps && renewalWords !== null
        ? { version: renewalWords, text: words.renewHow(sum, date) }
        : undefined,
  };
}

type Balance = Readonly<{ amount: MoneyWire; price: MoneyWire; covers: boolean }>;

/** What the balance can do here: pay it all, pay a part, or only say how much is missing. */
export function ownMoney(
  { amount, price, covers }: Balance,
  items: readonly PayMethodWire[],
  visit: Visit,
): Readonly<{ way?: Way; part?: Part; short?: string }> {
  const words = checkoutWords[visit.language];
  const [has, sum] = [said(amount, visit), said(price, visit)];
  if (covers) {
    const way = { provider: BALANCE, title: words.balance, detail: words.balanceHas(has) };
    const pay = { pay: words.payBalance(sum), where: words.balanceWhere };
    return { way: { ...way, ...pay, price, sum, isResting: false } };
  }
  const rest = items.find((item) => item.rest?.currency === price.currency)?.rest ?? undefined;
  const missing = subtractMoney(moneyFromWire(price), moneyFromWire(amount));
  const short = words.balanceShort(has, formatMoney(missing, visit.language));
  if (rest === undefined) return { short };
  const part = subtractMoney(moneyFromWire(price), moneyFromWire(rest));
  return {
    part: {
      label: words.useBalance(formatMoney(part, visit.language)),
      text: words.useBalanceHow(has, said(rest, visit)),
    },
  };
}

/** A term begins when the running one ends; its renewal is charged a day before its own end. */
export function firstChargeAt(plan: Plan, owned: readonly SubscriptionWire[]): Date {
  const ends = owned.map(({ endsAt }) => Date.parse(endsAt));
  return new Date(Math.max(Date.now(), ...ends) + (plan.termDays - 1) * DAY_MS);
}

function said(sum: MoneyWire, { language }: Visit): string {
  return formatMoney(moneyFromWire(sum), language);
}
