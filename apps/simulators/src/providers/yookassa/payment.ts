import { compareMoney, formatMajor, type Money, percent, subtractMoney } from '@opora/kernel';
import { DAY_MS, HOUR_MS } from '../cabinet.ts';
import { type Amount, toMoney } from './fields.ts';
import type { MethodType, PaymentOrder } from './order.ts';
import type { Receipt } from './receipt.ts';
import { refuse } from './refusal.ts';

/** `pending` -> (`waiting_for_capture`) -> `succeeded` | `canceled`; the last two are final. */
export const PAYMENT_STATUSES = [
  'pending',
  'waiting_for_capture',
  'succeeded',
  'canceled',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

export type CancelReason =
  | 'insufficient_funds'
  | '3d_secure_failed'
  | 'card_expired'
  | 'permission_revoked'
  | 'expired_on_confirmation'
  | 'expired_on_capture'
  | 'canceled_by_merchant';

/** A means of payment as the buyer used it; a saved one can be charged again without the buyer. */
export type Method = Readonly<{ type: MethodType; id: string; saved: boolean }>;

/** A payment as YooKassa remembers it: plain JSON, times as ISO text. */
export type Payment = Readonly<
  PaymentOrder & {
    id: string;
    status: PaymentStatus;
    createdAt: string;
    /** When YooKassa cancels it by itself: a pending or a held one. */
    deadlineAt?: string | undefined;
    /** A buyer who pays late: the moment they do. */
    payAt?: string | undefined;
    capturedAt?: string | undefined;
    /** What the shop receives after the fee. */
    income?: Amount | undefined;
    refunded: Amount;
    method?: Method | undefined;
    cancelReason?: CancelReason | undefined;
  }
>;

/** A return of money; the simulated one succeeds at once. */
export type Refund = Readonly<{
  id: string;
  paymentId: string;
  amount: Amount;
  createdAt: string;
  description: string | undefined;
  receipt: Receipt | undefined;
}>;

const PENDING_MS = HOUR_MS;
const HOLD_MS = 7 * DAY_MS;

const later = (at: Date, ms: number): string => new Date(at.getTime() + ms).toISOString();
const toAmount = (sum: Money): Amount => ({ value: formatMajor(sum), currency: 'RUB' });

export function opened(id: string, order: PaymentOrder, at: Date): Payment {
  return {
    ...order,
    id,
    status: 'pending',
    createdAt: at.toISOString(),
    deadlineAt: later(at, PENDING_MS),
    refunded: { value: '0.00', currency: 'RUB' },
  };
}

/** The buyer's bank said yes: a one-stage payment is taken, a two-stage one is held. */
export function confirmed(
  payment: Payment,
  method: Method,
  { at, feeBps }: Readonly<{ at: Date; feeBps: number }>,
): Payment {
  expect(payment, 'pending');
  const held: Payment = {
    ...payment,
    status: 'waiting_for_capture',
    method,
    payAt: undefined,
    deadlineAt: later(at, HOLD_MS),
  };
  return payment.capture ? captured(held, { amount: held.amount, at, feeBps }) : held;
}

/** Takes held money, or a part of it: the rest goes back to the buyer and is never seen again. */
export function captured(
  payment: Payment,
  take: Readonly<{ amount: Amount; at: Date; feeBps: number; receipt?: Receipt | undefined }>,
): Payment {
  expect(payment, 'waiting_for_capture');
  const sum = toMoney(take.amount);
  if (compareMoney(sum, toMoney(payment.amount)) > 0) {
    refuse('amount', 'Capture amount is larger than the authorised amount');
  }
  return {
    ...payment,
    status: 'succeeded',
    amount: take.amount,
    capturedAt: take.at.toISOString(),
    deadlineAt: undefined,
    receipt: take.receipt ?? payment.receipt,
    income: toAmount(subtractMoney(sum, percent(sum, BigInt(take.feeBps), 'half_even'))),
  };
}

export function canceled(payment: Payment, from: PaymentStatus, reason: CancelReason): Payment {
  expect(payment, from);
  return {
    ...payment,
    status: 'canceled',
    cancelReason: reason,
    deadlineAt: undefined,
    payAt: undefined,
  };
}

/** The buyer promises to pay in `delayMs`; YooKassa keeps the payment open at least until then. */
export function promised(payment: Payment, at: Date, delayMs: number): Payment {
  expect(payment, 'pending');
  const payAt = later(at, delayMs);
  const deadlineAt = payment.deadlineAt ?? payAt;
  return {
    ...payment,
    payAt,
    deadlineAt: deadlineAt > payAt ? deadlineAt : later(at, delayMs + 1),
  };
}

/** What can still be given back. */
export function refundable(payment: Payment): Money {
  return subtractMoney(toMoney(payment.amount), toMoney(payment.refunded));
}

/** Adds a refund to a payment's sum; more than what is left is refused. */
export function refunded(payment: Payment, amount: Amount): Payment {
  if (payment.status !== 'succeeded') refuse('payment_id', 'Payment is not succeeded');
  const left = subtractMoney(refundable(payment), toMoney(amount));
  if (left.minor < 0n) refuse('amount', 'Refund amount exceeds the remaining amount');
  return { ...payment, refunded: toAmount(subtractMoney(toMoney(payment.amount), left)) };
}

function expect(payment: Payment, status: PaymentStatus): void {
  if (payment.status !== status) {
    refuse('payment_id', `Payment is ${payment.status}, this needs ${status}`);
  }
}
