import {
  addMoney,
  type Currency,
  formatMajor,
  type Language,
  type Money,
  parseMajor,
} from '@opora/kernel';
import { DAY_MS } from '../cabinet.ts';
import { ActRefused } from '../till.ts';

/** The vendor's statuses by its own numbers; `0` new, `1` paid. */
export const STATUSES = { open: 0, paid: 1, refunded: 6, error: 8, cancelled: 9 } as const;
export type Status = (typeof STATUSES)[keyof typeof STATUSES];

/** What the simulated shop's contract allows of RUB, USD, EUR, UAH and KZT. */
export const CURRENCIES: readonly Currency[] = ['RUB', 'USD', 'EUR'];

/** What a link or `orders/create` asks for. */
export type Wanted = Readonly<{
  /** The shop's own number: it may name several orders here. */
  merchantOrderId: string;
  /** Decimal text exactly as it came. */
  amount: string;
  currency: Currency;
  method: number;
  email: string | undefined;
  phone: string | undefined;
  language: Language | undefined;
  successUrl: string | undefined;
  failureUrl: string | undefined;
  notificationUrl: string | undefined;
  /** `us_*` fields: they come back in the notice. */
  own: Readonly<Record<string, string>>;
}>;

/** An order as FreeKassa remembers it: plain JSON, times as ISO text. */
export type Order = Wanted &
  Readonly<{
    /** `intid` of notices, `fk_order_id` of lists. */
    id: string;
    status: Status;
    createdAt: string;
    deadlineAt?: string | undefined;
    payAt?: string | undefined;
    /** What the buyer paid, decimal text; what of it went back. */
    paid: string;
    returned: string;
  }>;

const LINK_MS = DAY_MS;
const later = (at: Date, ms: number): string => new Date(at.getTime() + ms).toISOString();

export function opened(id: string, wanted: Wanted, at: Date): Order {
  return {
    ...wanted,
    id,
    status: STATUSES.open,
    createdAt: at.toISOString(),
    deadlineAt: later(at, LINK_MS),
    paid: '0',
    returned: '0',
  };
}

export const sumIn = (order: Order, text: string): Money => parseMajor(text, order.currency);

/** The sum may be another than asked: some ways to pay let the buyer choose it. */
export function paid(order: Order, method: number, amount = order.amount): Order {
  expectOpen(order);
  const ended = { deadlineAt: undefined, payAt: undefined };
  return { ...order, ...ended, status: STATUSES.paid, method, paid: amount };
}

export function ended(order: Order, status: 8 | 9): Order {
  expectOpen(order);
  return { ...order, status, deadlineAt: undefined, payAt: undefined };
}

/** The buyer will pay in `delayMs`; the order stays open at least until then. */
export function promised(order: Order, at: Date, delayMs: number): Order {
  expectOpen(order);
  const payAt = later(at, delayMs);
  const deadlineAt = order.deadlineAt ?? payAt;
  return { ...order, payAt, deadlineAt: deadlineAt > payAt ? deadlineAt : later(at, delayMs + 1) };
}

/** A part leaves the order paid; when all has gone back it is refunded. */
export function refunded(order: Order, asked: Money | undefined): Order {
  if (order.status !== STATUSES.paid) throw new ActRefused('the order is not paid');
  const [whole, before] = [sumIn(order, order.paid), sumIn(order, order.returned)];
  const rest = whole.minor - before.minor;
  const sum = asked ?? { ...whole, minor: rest };
  if (sum.minor > rest) throw new ActRefused('more than is left of the order');
  const returned = formatMajor(addMoney(before, sum));
  return { ...order, returned, status: sum.minor === rest ? STATUSES.refunded : STATUSES.paid };
}

function expectOpen({ status }: Order): void {
  if (status !== STATUSES.open) throw new ActRefused(`the order has status ${String(status)}`);
}
