import { DAY_MS } from '../cabinet.ts';
import type { PaymentOrder } from './order.ts';
import type { Receipt } from './receipt.ts';
import { Refusal } from './refusal.ts';

/** The statuses this simulator reaches; those of a moment (`AUTHORIZING`, `REFUNDING`) it skips. */
export type Status =
  | 'NEW'
  | 'FORM_SHOWED'
  | 'AUTHORIZED'
  | 'CONFIRMED'
  | 'REJECTED'
  | 'PARTIAL_REVERSED'
  | 'REVERSED'
  | 'PARTIAL_REFUNDED'
  | 'REFUNDED'
  | 'CANCELED'
  | 'DEADLINE_EXPIRED';

/** A payment as T-Kassa remembers it: plain JSON, kopecks, times as ISO text. */
export type Payment = PaymentOrder &
  Readonly<{
    /** 20 digits: more than a JavaScript number holds, so it stays text here. */
    id: string;
    status: Status;
    createdAt: string;
    deadlineAt?: string | undefined;
    payAt?: string | undefined;
    /** What is authorised or taken now: less after a part was reversed or refunded. */
    left: number;
    /** What was ever taken, and what of it was refunded. */
    taken: number;
    refunded: number;
    rebillId?: string | undefined;
    /** The kept card was removed: it is charged no more. */
    isCardGone?: true;
    /** How it was paid: `ACQ` by card through the bank, `SBP` otherwise. */
    route?: 'ACQ' | 'SBP' | undefined;
    /** Why the last try was refused. */
    errorCode: string;
    /** What `Cancel` was asked with an `ExternalRequestId`, and its answer then. */
    requests: Readonly<Record<string, Cancelled>>;
  }>;

export type Cancelled = Readonly<{ status: Status; originalAmount: number; newAmount: number }>;

/** Can be paid: a refused try ends nothing, the same form takes the next one. */
export const OPEN: readonly Status[] = ['NEW', 'FORM_SHOWED', 'REJECTED'];
export const HELD: readonly Status[] = ['AUTHORIZED', 'PARTIAL_REVERSED'];
export const TAKEN: readonly Status[] = ['CONFIRMED', 'PARTIAL_REFUNDED'];

const LINK_MS = DAY_MS;
const HOLD_MS = 7 * DAY_MS;
const later = (at: Date, ms: number): string => new Date(at.getTime() + ms).toISOString();

export function opened(id: string, order: PaymentOrder, at: Date): Payment {
  return {
    ...order,
    id,
    status: 'NEW',
    createdAt: at.toISOString(),
    deadlineAt: order.dueAt ?? later(at, LINK_MS),
    left: 0,
    taken: 0,
    refunded: 0,
    errorCode: '0',
    requests: {},
  };
}

export function shown(payment: Payment): Payment {
  return payment.status === 'NEW' ? { ...payment, status: 'FORM_SHOWED' } : payment;
}

export function authorized(
  payment: Payment,
  at: Date,
  { rebillId, route }: Pick<Payment, 'rebillId' | 'route'>,
): Payment {
  expect(payment, OPEN);
  return {
    ...payment,
    status: 'AUTHORIZED',
    left: payment.amount,
    errorCode: '0',
    rebillId,
    route,
    payAt: undefined,
    deadlineAt: later(at, HOLD_MS),
  };
}

/** Takes what is held, or a part of it: the rest goes back to the buyer. */
export function confirmed(payment: Payment, amount = payment.left, receipt?: Receipt): Payment {
  expect(payment, HELD);
  if (amount > payment.left) throw new Refusal('amount', 'more than is held');
  return {
    ...payment,
    status: 'CONFIRMED',
    left: amount,
    taken: amount,
    receipt: receipt ?? payment.receipt,
    deadlineAt: undefined,
  };
}

export function rejected(payment: Payment, errorCode: string): Payment {
  expect(payment, OPEN);
  return { ...payment, status: 'REJECTED', errorCode, payAt: undefined };
}

/** `Cancel`: what it does depends on how far the payment has come. */
export function cancelled(payment: Payment, asked: number | undefined): Payment {
  const { status, left } = payment;
  if (OPEN.includes(status)) {
    return { ...payment, status: 'CANCELED', deadlineAt: undefined, payAt: undefined };
  }
  expect(payment, [...HELD, ...TAKEN]);
  const amount = asked ?? left;
  if (amount > left) throw new Refusal('amount', `${String(left)} are left`);
  const rest = left - amount;
  if (HELD.includes(status)) {
    const ended = rest === 0 ? { status: 'REVERSED' as const, deadlineAt: undefined } : {};
    return { ...payment, status: 'PARTIAL_REVERSED', left: rest, ...ended };
  }
  return {
    ...payment,
    status: rest === 0 ? 'REFUNDED' : 'PARTIAL_REFUNDED',
    left: rest,
    refunded: payment.refunded + amount,
  };
}

/** The deadline of a link, or of a hold, has passed. */
export function expired(payment: Payment): Payment {
  if (HELD.includes(payment.status)) return cancelled(payment, undefined);
  expect(payment, OPEN);
  return { ...payment, status: 'DEADLINE_EXPIRED', deadlineAt: undefined, payAt: undefined };
}

/** The buyer will pay in `delayMs`; the link lives at least until then. */
export function promised(payment: Payment, at: Date, delayMs: number): Payment {
  expect(payment, OPEN);
  const payAt = later(at, delayMs);
  const deadlineAt = payment.deadlineAt ?? payAt;
  return {
    ...payment,
    payAt,
    deadlineAt: deadlineAt > payAt ? deadlineAt : later(at, delayMs + 1),
  };
}

function expect(payment: Payment, statuses: readonly Status[]): void {
  if (!statuses.includes(payment.status)) {
    throw new Refusal('status', `${payment.status}, this needs ${statuses.join(' or ')}`);
  }
}
